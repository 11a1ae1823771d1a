package io.pipely.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.Pipely;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.RunningServer;
import jakarta.servlet.ServletException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of a servlet that a deployment descriptor makes. */
class InitParamsTest {

  @Test
  void setTheOptionsOfAServletWithAPipelyOfItsOwn() throws Exception {
    Map<String, String> params =
        Map.of(
            "serverKey", "key-1",
            "maxBody", "1KiB",
            "allowedOrigins", "https://a.example, https://b.example",
            "keepTime", "30s");
    try (RunningServer jetty =
        JettyContainer.start(mount(new PipelyServlet()).withInitParams(params))) {
      assertSet(jetty);
    }
    try (RunningServer tomcat =
        TomcatContainer.start(mount(new PipelyServlet()).withInitParams(params))) {
      assertSet(tomcat);
    }
  }

  private static void assertSet(RunningServer server) throws Exception {
    Http.Response channels =
        Http.once(
            server.uri(),
            RawRequest.get("/channels").serverKey("key-1").header("Origin", "https://b.example"));
    assertEquals("[]", channels.text());
    assertEquals("https://b.example", channels.headers().all("Access-Control-Allow-Origin").get(0));
    assertEquals(413, Http.once(server.uri(), RawRequest.publish(" ".repeat(1025))).status());
    assertEquals(400, Http.once(server.uri(), RawRequest.publish(" ".repeat(1024))).status());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "maxbody, 1, \"init-param 'maxbody' is not known; there are serverKey, strictOrigins,"
            + " allowedOrigins, maxBody, maxMembers, maxChannels, keepBytes, keepTime, grace,"
            + " heartbeat, stall\"",
        "heartbeat, 45, \"init-param 'heartbeat' must be a time like '500ms', '10s' or '2m', above"
            + " zero: '45'\"",
        "serverKey, \"a b\", init-param 'serverKey' must be of visible ASCII characters",
        "stall, 61s, \"init-param 'keepTime' must be at least init-param 'stall', which is 61s:"
            + " '60s'\"",
      })
  void thatAreUnknownOrWrongKeepItFromStarting(String name, String value, String why) {
    assertEquals("PipelyServlet 'pipely': " + why, refusal(new PipelyServlet(), name, value));
  }

  @Test
  void thatWouldHaveNoEffectKeepItFromStarting() {
    try (Pipely pipely = Pipely.create()) {
      assertEquals(
          "PipelyServlet 'pipely': init-param 'grace' has no effect: the servlet was made with a"
              + " Pipely that has its own",
          refusal(new PipelyServlet(pipely), "grace", "1s"));
    }
  }

  @Test
  void ofASubclassAreItsOwnAffair() throws Exception {
    try (Pipely pipely = Pipely.create();
        RunningServer jetty =
            JettyContainer.start(
                mount(new PipelyServlet(pipely)).withInitParams(Map.of("colour", "red")))) {
      assertEquals(403, Http.once(jetty.uri(), RawRequest.get("/channels")).status());
    }
  }

  private static String refusal(PipelyServlet servlet, String name, String value) {
    Mount mount = mount(servlet).withInitParams(Map.of(name, value));
    Throwable failure = assertThrows(Exception.class, () -> JettyContainer.start(mount));
    while (!(failure instanceof ServletException)) {
      failure = failure.getCause();
    }
    return failure.getMessage();
  }

  private static Mount mount(PipelyServlet servlet) {
    return Mount.of(servlet, "", "/*");
  }
}
