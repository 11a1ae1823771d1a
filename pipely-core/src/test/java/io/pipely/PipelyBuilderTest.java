package io.pipely;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.config.TextOptions;
import io.pipely.http.PipelyHttp;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class PipelyBuilderTest {

  @Test
  void refusesWhatIsNotPositive() {
    PipelyBuilder builder = Pipely.builder();
    Duration second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> builder.maxMembers(0));
    assertThrows(IllegalArgumentException.class, () -> builder.maxChannels(-1));
    assertThrows(IllegalArgumentException.class, () -> builder.keep(0, second));
    assertThrows(IllegalArgumentException.class, () -> builder.keep(1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> builder.heartbeat(second.negated()));
  }

  @Test
  void theBoundsAreThoseGiven() {
    try (Pipely pipely = Pipely.builder().maxChannels(1).maxMembers(1).build()) {
      join(pipely, "channel-0000", "alice");
      assertEquals(Refusal.CHANNEL_FULL, refusal(pipely, "channel-0000", "bobby"));
      assertEquals(Refusal.TOO_MANY_CHANNELS, refusal(pipely, "channel-0001", "alice"));
    }
  }

  @Test
  void eventsAreKeptForNoLessThanAStallMayLast() {
    Duration second = Duration.ofSeconds(1);
    PipelyBuilder builder = Pipely.builder().keep(1, second);
    builder.build().close(); // What is not given is what goes with it.
    builder.stall(second).build().close();
    builder.stall(second.plusNanos(1));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "events must be kept for at least the time of a stall, PT1.000000001S: PT1S",
        e.getMessage());
  }

  /** They are written down a second time, as texts. */
  @Test
  void optionsAsTextsHaveTheSameDefaults() {
    PipelyBuilder builder = Pipely.builder();
    TextOptions none = TextOptions.of(Map.of(), name -> name);
    none.applyTo(builder);
    assertEquals(Pipely.builder().options(), builder.options());
    try (Pipely pipely = builder.build()) {
      PipelyHttp.Builder http = PipelyHttp.builder(pipely);
      none.applyTo(http);
      assertEquals(PipelyHttp.of(pipely).maxBody(), http.build().maxBody());
    }
  }

  private static Refusal refusal(Pipely pipely, String channelId, String clientId) {
    CompletionException e =
        assertThrows(CompletionException.class, () -> join(pipely, channelId, clientId));
    return ((RefusedException) e.getCause()).refusal();
  }

  private static void join(Pipely pipely, String channelId, String clientId) {
    Answer.<Membership>future(
            a -> pipely.join(Join.of(channelId, clientId), (batch, done) -> done.complete(null), a))
        .join();
  }
}
