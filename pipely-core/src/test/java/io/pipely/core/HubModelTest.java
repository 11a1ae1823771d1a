package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Refusal;
import io.pipely.testing.Logs;
import io.pipely.testing.Seeds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hub against {@link Model}, by random operations; from within deliveries too. */
class HubModelTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final Options OPTIONS =
      Options.DEFAULTS.withHeartbeat(Duration.ofSeconds(45)).withGrace(Duration.ofSeconds(10));

  private Logs logs;

  @BeforeEach
  void catchLogs() {
    logs = Logs.of(Attachment.class); // Subscribers fail by the thousand.
  }

  @AfterEach
  void releaseLogs() {
    logs.close();
  }

  @Test
  void fewMembersOfManyShortLives() {
    Options options = OPTIONS.withMaxChannels(2);
    Seeds.each(2_000, random -> new ModelSession(random, options, 3, 5, 20).run(300));
  }

  @Test
  void membersWithoutGrace() {
    Options options = OPTIONS.withKeep(4_000, MINUTE).withGrace(Duration.ZERO);
    Seeds.each(2_000, random -> new ModelSession(random, options, 2, 4, 20).run(300));
  }

  @Test
  void onlyMembersMaySpeak() {
    Options options = OPTIONS.withKeep(8_000, MINUTE).withStrictOrigins(true);
    Seeds.each(2_000, random -> new ModelSession(random, options, 2, 5, 20).run(300));
  }

  @Test
  void slowMembersAreLeftBehindByASmallLog() {
    Options options = OPTIONS.withKeep(2_000, MINUTE).withMaxMembers(6);
    Seeds.each(3_000, random -> new ModelSession(random, options, 2, 8, 60).run(300));
  }

  @Test
  void largePayloadsAreCutIntoBatches() {
    Options options = OPTIONS.withKeep(400_000, HOUR);
    Seeds.each(100, random -> new ModelSession(random, options, 2, 6, 30_000).run(300));
  }

  @Test
  void passesOverManyMembersWaitOnTheExecutor() {
    Options options = OPTIONS.withKeep(30_000, MINUTE).withMaxMembers(350);
    Seeds.each(30, random -> new ModelSession(random, options, 2, 500, 60).crowd(300).run(800));
  }

  @Test
  void theOperationsReachWhatTheyAreToReach() {
    Map<String, Integer> reached = new HashMap<>();
    Options options = OPTIONS.withKeep(2_000, MINUTE).withMaxMembers(4).withMaxChannels(2);
    for (long seed = 1; seed <= 150; seed++) {
      ModelSession session =
          new ModelSession(new Random(seed), options.withStrictOrigins(seed % 4 == 0), 3, 8, 60);
      session.run(300);
      session.model.reached.forEach((what, count) -> reached.merge(what, count, Integer::sum));
    }
    for (Refusal refusal :
        List.of(
            Refusal.CHANNEL_ID_LENGTH,
            Refusal.CLIENT_ID_TOO_SHORT,
            Refusal.CLIENT_ID_RESERVED,
            Refusal.CLIENT_ID_TAKEN,
            Refusal.INVALID_TOKEN,
            Refusal.TOKEN_IN_USE,
            Refusal.WRONG_PASSWORD,
            Refusal.INVALID_PASSWORD,
            Refusal.TYPE_MISSING,
            Refusal.TYPE_RESERVED,
            Refusal.ORIGIN_ID_TOO_SHORT,
            Refusal.ORIGIN_OF_ANOTHER,
            Refusal.ORIGIN_NOT_A_MEMBER,
            Refusal.NO_RECIPIENT,
            Refusal.NO_SUCH_CLIENT,
            Refusal.NO_SUCH_CHANNEL,
            Refusal.CHANNEL_FULL,
            Refusal.TOO_MANY_CHANNELS,
            Refusal.SHUTTING_DOWN)) {
      requireOften(refusal.name(), reached);
    }
    for (String what :
        List.of(
            "leave: NO_SUCH_CHANNEL",
            "leave: NO_SUCH_CLIENT",
            "leave: CLIENT_OF_ANOTHER",
            "array: EVENT_COUNT",
            "array: SEVERAL_CHANNELS",
            "array: WRONG_PASSWORD",
            "look: WRONG_PASSWORD",
            "array",
            "refused in the midst",
            "GAP",
            "GAP epoch",
            "GAP evicted",
            "GAP invalid",
            "resumed",
            "replay",
            "history",
            "directed",
            "heartbeat",
            "id alone",
            "takeover",
            "return",
            "grace over",
            "left in grace",
            "left by token",
            "LEFT",
            "LOST",
            "CLOSED",
            "drained",
            "look: SHUTTING_DOWN",
            "ended before",
            "failed",
            "many",
            "second life")) {
      requireOften(what, reached);
    }
  }

  private static void requireOften(String what, Map<String, Integer> reached) {
    assertTrue(reached.getOrDefault(what, 0) > 20, () -> what + " is rare in " + reached);
  }
}
