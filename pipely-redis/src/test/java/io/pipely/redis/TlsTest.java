package io.pipely.redis;

import static io.pipely.redis.Node.event;
import static io.pipely.redis.Node.outcome;
import static io.pipely.redis.Node.unique;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.spi.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that speaks TLS alone, with a certificate that no authority has signed. */
class TlsTest {

  private static final String PASSWORD = "changeit";
  private static final String TRUST_STORE = "javax.net.ssl.trustStore";
  private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

  @TempDir private Path folder;

  private TestRedis redis;
  private Certificate certificate;

  @BeforeEach
  void start() throws Exception {
    Path store = makeKeys();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(store)) {
      keys.load(stream, PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
    certificate = keys.getCertificate("server");
    redis =
        TestRedis.start(
            TestRedis.freePort(),
            "--tls-port",
            Integer.toString(TestRedis.freePort()),
            "--tls-cert-file",
            pem("CERTIFICATE", certificate.getEncoded()),
            "--tls-key-file",
            pem("PRIVATE KEY", key),
            "--tls-auth-clients",
            "no");
  }

  @AfterEach
  void stop() {
    System.clearProperty(TRUST_STORE);
    System.clearProperty(TRUST_STORE_PASSWORD);
    redis.close();
  }

  @Test
  void nodeThatTrustsItIsServed() throws Exception {
    trust();
    String channel = unique("room");
    try (Node node = Node.on(redis.tlsUri())) {
      node.follow(channel);
      assertEquals(Outcome.COMMITTED, outcome(node.create(channel, "hash", node.seat("anna"))));
      assertEquals(Outcome.COMMITTED, outcome(node.publish(channel, "one")));
      assertEquals(event("one"), node.feed(channel).entries().get(1));
    }
  }

  @Test
  void nodeThatDoesNotTrustItDoesNotStart() {
    RedisLedgerBuilder builder = RedisLedger.builder(redis.tlsUri());
    assertThrows(IllegalStateException.class, () -> builder.connect(Duration.ofSeconds(2)));
  }

  /** As with {@code -Djavax.net.ssl.trustStore} of the JVM. */
  private void trust() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("redis", certificate);
    Path file = folder.resolve("trusted.p12");
    try (OutputStream stream = Files.newOutputStream(file)) {
      trusted.store(stream, PASSWORD.toCharArray());
    }
    System.setProperty(TRUST_STORE, file.toString());
    System.setProperty(TRUST_STORE_PASSWORD, PASSWORD);
  }

  private String pem(String what, byte[] bytes) throws IOException {
    Path file = folder.resolve(what + ".pem");
    String base64 = Base64.getMimeEncoder().encodeToString(bytes);
    Files.writeString(
        file,
        "-----BEGIN %s-----%n%s%n-----END %1$s-----%n".formatted(what, base64),
        StandardCharsets.US_ASCII);
    return file.toString();
  }

  private Path makeKeys() throws IOException, InterruptedException {
    Path file = folder.resolve("keys.p12");
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
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
    return file;
  }
}
