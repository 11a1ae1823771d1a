package io.pipely.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A file of the browser client, which is served beside the routes where {@code pipely-js} is on the
 * class path. Servlet containers find it there by themselves, but not where Pipely is mounted.
 */
final class ClientFile {

  /** As RFC 9239 has it; browsers run a module under no other kind of type. */
  static final Header TYPE = new Header("Content-Type", "text/javascript; charset=utf-8");

  private static final Map<String, ClientFile> FILES =
      List.of("/pipely.js", "/pipely-tabs.js", "/pipely.global.js").stream()
          .map(ClientFile::read)
          .filter(Objects::nonNull)
          .collect(Collectors.toUnmodifiableMap(file -> file.path, file -> file));

  private final String path;
  private final byte[] content;
  private final String tag;

  private ClientFile(String path, byte[] content) {
    this.path = path;
    this.content = content;
    this.tag = '"' + hash(content) + '"';
  }

  /** Null where there is no such file. */
  static @Nullable ClientFile at(String path) {
    return FILES.get(path);
  }

  ByteBuffer content() {
    return ByteBuffer.wrap(content);
  }

  /** Changes with the content, and with nothing else (RFC 9110, 8.8.3). */
  Header tag() {
    return new Header("ETag", tag);
  }

  /** Whether a client has it already, by what its {@code If-None-Match} says; weak will do. */
  boolean isNamedBy(@Nullable String tags) {
    return tags != null && tags.contains(tag);
  }

  private static @Nullable ClientFile read(String path) {
    try (InputStream in = ClientFile.class.getResourceAsStream("/META-INF/resources" + path)) {
      return in == null ? null : new ClientFile(path, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
