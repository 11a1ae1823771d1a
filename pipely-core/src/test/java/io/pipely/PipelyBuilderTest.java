package io.pipely;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
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
