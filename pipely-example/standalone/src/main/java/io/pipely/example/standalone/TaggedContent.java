package io.pipely.example.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.content.HttpContent;
import org.jspecify.annotations.Nullable;

/**
 * A file whose ETag is made from its bytes. Jetty would make it from time and length; but in a
 * reproducible build all files have one and the same time, so that a browser would never learn of a
 * change that keeps the length. For the same reason the time is not told.
 */
final class TaggedContent extends HttpContent.Wrapper {

  private final HttpField tag;

  private TaggedContent(HttpContent content, HttpField tag) {
    super(content);
    this.tag = tag;
  }

  static TaggedContent of(HttpContent content) {
    try (InputStream in = content.getResource().newInputStream()) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
      String tag = '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
      return new TaggedContent(content, new HttpField(HttpHeader.ETAG, tag));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public HttpField getETag() {
    return tag;
  }

  @Override
  public @Nullable HttpField getLastModified() {
    return null;
  }
}
