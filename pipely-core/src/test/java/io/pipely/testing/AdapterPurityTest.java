package io.pipely.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterPurityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response.setStatus(404);",
        "int ok = 200;",
        "response.setStatus(HttpStatus.OK_200);",
        "response.sendError(SC_NOT_FOUND);",
        "if (path.equals(\"/subscribe\")) {",
        "new Route(\"publish\");",
        "path.startsWith(\"/channel/\")",
        "put(\"Content-Type\", \"text/event-stream\");",
        "write(\"data: \" + json);",
        "write(\"id:\");",
        "type.equals(\"CLIENT_LIST\")",
        "headers.put(\"Access-Control-Allow-Origin\", \"*\");"
      })
  void findsWhatIsTheProtocolsAffair(String source) {
    assertEquals(1, AdapterPurity.finds(source).size(), () -> "" + AdapterPurity.finds(source));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "// answers 404 on /subscribe, or a line of data:",
        "/** {@code text/event-stream} with 200. */ int x = 1;",
        "int port = 6550; int bytes = 512; long n = 1_000; int m = 4096;",
        "String host = \"127.0.0.1\";",
        "String url = \"http://\" + host; // 200",
        "hub.publish(event); channel.subscribe();",
        "char c = '\"'; int a = 64; // CONNECT"
      })
  void leavesTheRestAlone(String source) {
    assertEquals(List.of(), AdapterPurity.finds(source));
  }
}
