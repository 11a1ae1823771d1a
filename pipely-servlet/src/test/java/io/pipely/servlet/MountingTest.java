package io.pipely.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.RunningServer;
import jakarta.servlet.ServletException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** Where and how the servlet can be mounted, and what is said where it cannot. */
class MountingTest {

  private static final String UNKNOWN_CHANNEL = "channel with given id does not exist\n";

  @Test
  void withAPipelyOfItsOwnItAnswersBelowAnyPath() throws Exception {
    for (Mount mount :
        new Mount[] {
          Mount.of(new PipelyServlet(), "", "/*"),
          Mount.of(new PipelyServlet(), "", "/"),
          Mount.of(new PipelyServlet(), "/app", "/*"),
          Mount.of(new PipelyServlet(), "/a/b", "/c/d/*")
        }) {
      try (RunningServer tomcat = TomcatContainer.start(mount)) {
        assertEquals(UNKNOWN_CHANNEL, publish(tomcat.uri()), mount::toString);
      }
      try (RunningServer jetty = JettyContainer.start(mount)) {
        assertEquals(UNKNOWN_CHANNEL, publish(jetty.uri()), mount::toString);
      }
    }
  }

  @Test
  void jettyDoesNotStartWithoutAsyncSupport() {
    Mount mount = Mount.of(new PipelyServlet(), "", "/*").withoutAsyncSupport();

    Throwable failure = assertThrows(Exception.class, () -> JettyContainer.start(mount));

    while (!(failure instanceof ServletException)) {
      failure = failure.getCause();
    }
    assertTrue(failure.getMessage().contains("registered without async support"));
  }

  @Test
  void tomcatHasNoServletWithoutAsyncSupport() throws Exception {
    PipelyServlet servlet = new PipelyServlet();
    try (TomcatContainer tomcat =
        TomcatContainer.start(Mount.of(servlet, "", "/*").withoutAsyncSupport())) {
      ServletException failure =
          assertThrows(ServletException.class, servlet::init); // As Tomcat did, and logged.
      assertTrue(failure.getMessage().contains("registered without async support"));
      assertTrue(tomcat.isAvailable());
    }
  }

  private static String publish(URI base) throws Exception {
    String body = "{\"channel_id\":\"channel-0001\",\"type\":\"chat\",\"origin_id\":\"ann\"}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + "/publish"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
