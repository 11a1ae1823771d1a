package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.RawRequest.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which routes there are, and the methods they know. */
public interface RouteContract extends Contract {

  /** All routes, each with its method. */
  Map<String, String> ROUTES =
      Map.of(
          "/subscribe", "GET",
          "/publish", "POST",
          "/leave", "POST",
          "/channel", "GET",
          "/channels", "GET",
          "/channel/channel-0001", "GET");

  @Test
  default void thereIsARouteForEachChannel() throws Exception {
    join("ann").upTo(connect("ann"));

    assertEquals(200, ask(get("/channel/" + CHANNEL)).status());
  }

  @Test
  default void aChannelIdIsPercentEncodedInAPath() throws Exception {
    join(RawRequest.subscribe(SubscribeContract.TWELVE_EMOJI, "ann"))
        .upTo(Events.event(SubscribeContract.TWELVE_EMOJI, "CONNECT", "ann", "null"));

    assertEquals(200, ask(get("/channel/" + "%F0%9F%98%80".repeat(12))).status());
  }

  /** Part 2 gives the answer a meaning, and has it refused to most: 403. */
  @Test
  default void thereIsARouteForAllChannels() throws Exception {
    int status = ask(get("/channels")).status();

    assertTrue(status == 200 || status == 403, () -> "status " + status);
  }

  @Test
  default void anotherPathIsNoRoute() throws Exception {
    List<String> paths =
        List.of(
            "/nothing",
            "/Subscribe",
            "/subscribe/",
            "/subscribe/more",
            "/publisher",
            "/channels/",
            "/channel/",
            "/channel/a/b",
            "/nothing?channelId=channel-0001&clientId=ann");
    for (String path : paths) {
      assertRefused(404, "no such route", ask(get(path)));
      assertRefused(404, "no such route", ask(RawRequest.of("POST", path)));
      assertRefused(404, "no such route", ask(RawRequest.of("OPTIONS", path)));
    }
  }

  @Test
  default void anotherMethodIsRefusedWithThoseThatAreAllowed() throws Exception {
    for (Map.Entry<String, String> route : ROUTES.entrySet()) {
      for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "NONSENSE", "get")) {
        if (!method.equals(route.getValue())) {
          Http.Response response = ask(RawRequest.of(method, route.getKey()));
          assertRefused(405, "method is not allowed here", response);
          assertAllows(route.getValue(), response);
        }
      }
    }
  }

  @Test
  default void headIsAnotherMethodToo() throws Exception {
    for (Map.Entry<String, String> route : ROUTES.entrySet()) {
      Http.Response response = ask(RawRequest.of("HEAD", route.getKey()));
      assertEquals(405, response.status(), response::toString);
      assertAllows(route.getValue(), response);
    }
  }

  private static void assertAllows(String method, Http.Response response) {
    List<String> allowed = response.headers().list("Allow");
    assertTrue(allowed.contains(method) && allowed.contains("OPTIONS"), response::toString);
  }
}
