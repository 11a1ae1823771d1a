package io.pipely.example.webapp;

import java.nio.file.Path;

class WarOnJettyIT extends WarContract {
  @Override
  Container start(Path war, Path folder) throws Exception {
    return JettyContainer.start(war, folder);
  }
}
