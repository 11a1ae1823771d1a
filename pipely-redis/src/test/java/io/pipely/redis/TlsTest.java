package io.pipely.redis;

import static io.pipely.redis.Node.event;
import static io.pipely.redis.Node.outcome;
import static io.pipely.redis.Node.unique;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.jetty.Certificate;
import io.pipely.spi.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that speaks TLS too, with a certificate that no authority has signed. */
class TlsTest {

  private static final char[] PASSWORD = Certificate.PASSWORD.toCharArray();
  private static final String TRUST_STORE = "javax.net.ssl.trustStore";
  private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

  @TempDir private Path folder;

  private TestRedis redis;
  private java.security.cert.Certificate certificate;

  @BeforeEach
  void start() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(Certificate.fileIn(folder))) {
      keys.load(stream, PASSWORD);
    }
    byte[] key = keys.getKey(Certificate.ALIAS, PASSWORD).getEncoded();
    certificate = keys.getCertificate(Certificate.ALIAS);
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
      trusted.store(stream, PASSWORD);
    }
    System.setProperty(TRUST_STORE, file.toString());
    System.setProperty(TRUST_STORE_PASSWORD, Certificate.PASSWORD);
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
}
