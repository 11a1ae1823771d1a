package io.pipely.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The proxies behind which a server is tried, with what the documents say that they need. */
public enum ProxyKind {

  /** With nginx's own defaults. */
  NGINX("nginx") {
    @Override
    String configuration(Path home, int port, String snippet) {
      String site = site(home, port, snippet);
      String http = "http {\n  access_log %s/access.log;\n%s}\n".formatted(home, site);
      return "pid %s/nginx.pid;\nevents {}\n%s".formatted(home, http);
    }
  },

  /** With what Debian makes of them: its nginx.conf with our site among its own. */
  NGINX_OF_DEBIAN("nginx") {
    @Override
    String configuration(Path home, int port, String snippet) throws IOException {
      Path site = Files.writeString(home.resolve("site.conf"), site(home, port, snippet));
      return Files.readString(Path.of("/etc/nginx/nginx.conf"))
          .replace("/run/nginx.pid", home + "/nginx.pid")
          .replace("/var/log/nginx/", home + "/")
          .replace("/etc/nginx/sites-enabled/*", site.toString());
    }
  },

  /** With its own defaults, and the timeouts without which it warns. */
  HAPROXY("haproxy"),

  /** With two options more that suit streams. */
  HAPROXY_PROMPT("haproxy") {
    @Override
    public String plain(Path root) throws IOException {
      return super.plain(root) + block(root, "prompt");
    }
  };

  /** Where the documents have the server. */
  static final String SERVER = "127.0.0.1:6550";

  private static final Path DOCUMENT = Path.of("docs", "operations.md");

  private final String program;

  ProxyKind(String program) {
    this.program = program;
  }

  /** The whole of a configuration. */
  String configuration(Path home, int port, String snippet) throws IOException {
    return snippet.replace("bind :8080", "bind 127.0.0.1:" + port);
  }

  /** Runs it in the foreground. */
  List<String> command(Path executable, Path configuration) {
    if (!isNginx()) {
      return List.of(executable.toString(), "-W", "-f", configuration.toString());
    }
    String log = configuration.resolveSibling("error.log").toString();
    return List.of(
        executable.toString(), "-c", configuration.toString(), "-e", log, "-g", "daemon off;");
  }

  /** What has its master read the configuration again. */
  String reload() {
    return isNginx() ? "HUP" : "USR2";
  }

  private boolean isNginx() {
    return program.equals("nginx");
  }

  /**
   * What the documents say is enough.
   *
   * @param root the project's directory
   */
  public String plain(Path root) throws IOException {
    return block(root, "plain");
  }

  /** What they say is needed where addresses are limited. */
  public String limits(Path root) throws IOException {
    String limits = block(root, "limits");
    return isNginx() ? limits : plain(root) + limits;
  }

  String block(Path root, String name) throws IOException {
    return Snippets.block(root.resolve(DOCUMENT), program + " " + name);
  }

  /** Whether the server learns at once that a client has closed its stream in good order. */
  public boolean tellsOfEnds() {
    return this != HAPROXY;
  }

  /**
   * Where it is. Without it, tests are skipped; but they fail where a skipped test would go
   * unnoticed, in CI.
   */
  public Path require() {
    Optional<Path> found =
        Stream.concat(
                Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    String missing = "There is no " + program + "; on Debian, apt-get install " + program;
    if ("true".equals(System.getenv("CI"))) {
      return Assertions.fail(missing);
    }
    System.err.println("Tests of proxies are skipped. " + missing); // Maven does not tell why.
    return Assumptions.abort(missing);
  }

  /** The directories of a body that does not fit into memory are the system's otherwise. */
  private static String site(Path home, int port, String snippet) {
    StringBuilder site = new StringBuilder();
    for (String module : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      site.append("  %s_temp_path %s/%s;\n".formatted(module, home, module));
    }
    return site.append("  server {\n    listen 127.0.0.1:%d;\n%s  }\n".formatted(port, snippet))
        .toString();
  }
}
