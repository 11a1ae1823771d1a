package io.pipely.example.webapp;

import java.nio.file.Path;

class WarOnTomcatIT extends WarContract {
  @Override
  Container start(Path war, Path folder) throws Exception {
    return TomcatContainer.start(war, folder);
  }
}
