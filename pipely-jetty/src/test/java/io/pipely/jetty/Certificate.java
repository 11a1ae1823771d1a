package io.pipely.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A server's certificate that no authority has signed, for the loopback address. */
public final class Certificate {

  /** What it is called in its file. */
  public static final String ALIAS = "server";

  /** Of the file, and of the key in it. */
  public static final String PASSWORD = "changeit";

  private Certificate() {}

  /** That in a folder, for a connector; it is made where there is none yet. */
  static SslContextFactory.Server in(Path folder) throws Exception {
    SslContextFactory.Server certificate = new SslContextFactory.Server();
    certificate.setKeyStorePath(fileIn(folder).toString());
    certificate.setKeyStorePassword(PASSWORD);
    return certificate;
  }

  /** That in a folder, with its key (PKCS #12); it is made where there is none yet. */
  public static Path fileIn(Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    if (Files.notExists(file)) {
      make(file);
    }
    return file;
  }

  private static void make(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
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
