package io.pipely.bench;

import java.io.PrintStream;
import java.util.List;

final class Load {
  private Load() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    return 0;
  }
}
