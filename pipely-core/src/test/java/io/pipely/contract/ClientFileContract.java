package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.RawRequest.get;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Where {@code pipely-js} is on the class path, the client is served beside the routes it needs.
 */
public interface ClientFileContract extends Contract {

  /** The module, the one for tabs that share a stream, and the plain script. */
  List<String> CLIENT_FILES = List.of("/pipely.js", "/pipely-tabs.js", "/pipely.global.js");

  @Test
  default void theClientIsServedAsItIs() throws Exception {
    for (String path : CLIENT_FILES) {
      Http.Response response = ask(get(path));
      Headers headers = response.headers();
      assertAll(
          path,
          () -> assertEquals(200, response.status()),
          () -> assertEquals("text/javascript;charset=utf-8", type(headers)),
          () -> assertEquals("nosniff", headers.only("X-Content-Type-Options")),
          () -> assertEquals("*", headers.only("Access-Control-Allow-Origin")),
          () -> assertArrayEquals(content(path), response.body()));
    }
  }

  @Test
  default void theClientIsSentAgainOnlyWhereItHasChanged() throws Exception {
    for (String path : CLIENT_FILES) {
      Headers first = ask(get(path)).headers();
      String tag = first.only("ETag");
      assertEquals("no-cache", first.only("Cache-Control"));
      for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag)) {
        Http.Response response = ask(get(path).header("If-None-Match", known));
        assertAll(
            response.toString(),
            () -> assertEquals(304, response.status()),
            () -> assertEquals("", response.text()),
            () -> assertEquals(tag, response.headers().only("ETag")),
            () -> assertEquals("no-cache", response.headers().only("Cache-Control")),
            () -> assertEquals("*", response.headers().only("Access-Control-Allow-Origin")));
      }
      assertEquals(200, ask(get(path).header("If-None-Match", "\"other\"")).status());
    }
  }

  @Test
  default void theClientsFilesKnowNoOtherMethod() throws Exception {
    for (String path : CLIENT_FILES) {
      Http.Response response = ask(RawRequest.of("POST", path));
      assertRefused(405, "method is not allowed here", response);
      assertEquals(List.of("GET", "OPTIONS"), response.headers().list("Allow"));
    }
  }

  @Test
  default void nothingElseOfTheClassPathIsServed() throws Exception {
    for (String path : List.of("/pipely.d.ts", "/pipely.js/", "/../MANIFEST.MF", "/META-INF")) {
      assertEquals(4, ask(get(path)).status() / 100, path);
    }
  }

  private static String type(Headers headers) {
    return headers.only("Content-Type").replace(" ", "").toLowerCase(Locale.ROOT);
  }

  private static byte[] content(String path) throws IOException {
    try (InputStream in =
        ClientFileContract.class.getResourceAsStream("/META-INF/resources" + path)) {
      assertNotNull(in, "pipely-js is not on the class path");
      return in.readAllBytes();
    }
  }
}
