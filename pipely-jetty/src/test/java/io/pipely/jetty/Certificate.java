package io.pipely.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A server's certificate that no authority has signed. */
final class Certificate {

  private static final String PASSWORD = "changeit";

  private Certificate() {}

  /** That in a folder, for a connector; it is made where there is none yet. */
  static SslContextFactory.Server in(Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    if (Files.notExists(file)) {
      make(file);
    }
    SslContextFactory.Server certificate = new SslContextFactory.Server();
    certificate.setKeyStorePath(file.toString());
    certificate.setKeyStorePassword(PASSWORD);
    return certificate;
  }

  private static void make(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
  }
}
