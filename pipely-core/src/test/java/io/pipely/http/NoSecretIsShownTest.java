package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pipely.Authorizer.Action;
import io.pipely.Authorizer.Operation;
import io.pipely.Credentials;
import io.pipely.Join;
import io.pipely.Payload;
import io.pipely.Pipely;
import io.pipely.Publication;
import io.pipely.config.TextOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What has secrets in it says nothing of them where it is logged, or is part of a message. */
class NoSecretIsShownTest {

  private static final Credentials ALL =
      Credentials.NONE.password("canary-1").token("canary-token-123456").serverKey("canary-2");

  static Stream<Object> thingsWithSecrets() throws BadRequest {
    Map<String, String> headers =
        Map.of("Authorization", "Password canary-1", "Pipely-Token", "canary-token-123456");
    Request request =
        new Request("GET", "/subscribe", "password=canary", headers::get, new byte[0], "10.0.0.1");
    byte[] event = "{\"payload\":\"canary\"}".getBytes(UTF_8);
    byte[] leave = "{\"channel_id\":\"channel-0001\",\"token\":\"canary\"}".getBytes(UTF_8);
    Join join = Join.of("channel-0001", "ann").credentials(ALL).caller(request.caller());
    Publication publication = Publication.of("channel-0001", "chat", "ann", Payload.of("canary"));
    return Stream.of(
        ALL,
        join,
        publication.credentials(ALL).caller(request.caller()),
        request,
        request.caller(),
        new Operation(Action.JOIN, "channel-0001", "ann", request.caller()),
        Authorization.of(request),
        Query.parse("password=canary&token=canary"),
        SubscribeParser.parse(request),
        PublishParser.parse(event, ALL, request.caller()),
        PublishParser.parse(
            ("[" + new String(event, UTF_8) + "]").getBytes(UTF_8), ALL, request.caller()),
        LeaveParser.parse(leave),
        Pipely.builder().serverKey("canary-key"),
        TextOptions.of(Map.of("serverKey", "canary-key"), name -> name),
        TextOptions.of(Map.of("serverKey", "canary-key"), name -> name).effective(),
        List.of(join, request));
  }

  @ParameterizedTest
  @MethodSource("thingsWithSecrets")
  void byNothingThatHasOne(Object thing) {
    String shown = Objects.toString(thing);
    assertFalse(shown.contains("canary"), shown);
  }
}
