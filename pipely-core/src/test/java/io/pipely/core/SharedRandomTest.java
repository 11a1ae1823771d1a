package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Refusal;
import io.pipely.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Three nodes, members that come, go and come back anywhere, nodes that are cut off and taken for
 * dead, answers that are lost, a store that forgets; and what is told comes at any time. In the end
 * all nodes agree, and every member has had every event once and in order, or knows of a gap.
 */
class SharedRandomTest {

  private static final List<String> CHANNELS = List.of("channel-0000", "channel-0001");
  private static final int STEPS = 400;
  private static final int CLIENTS = 8;

  @Test
  void inTheEndAllNodesAgreeAndNobodyHasMissedAnythingUnknowingly() {
    Seeds.each(300, random -> new Run(random).run());
  }

  private static final class Run {

    private final Random random;
    private final ManualTicker ticker = new ManualTicker();
    private final SharedStore store = new SharedStore();
    private final List<SharedStore.Node> nodes = new ArrayList<>();
    private final List<Hub> hubs = new ArrayList<>();
    private final List<Recorder> recorders = new ArrayList<>();
    private final List<Membership> memberships = new ArrayList<>();
    private int published;

    Run(Random random) {
      this.random = random;
      for (String name : List.of("east", "west", "north")) {
        SharedStore.Node node = store.node(name);
        nodes.add(node);
        hubs.add(node.hub(ticker));
      }
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        act();
        letSomeThrough(6);
      }
      settleAll();
      check();
    }

    private void letSomeThrough(int bound) {
      for (int more = random.nextInt(bound); more > 0; more--) {
        store.step(random);
      }
    }

    private void act() {
      switch (random.nextInt(18)) {
        case 0, 1, 2, 3 -> join();
        case 4, 5 -> end();
        case 6 -> cutOffOrBack();
        case 7 -> pass(Duration.ofMillis(random.nextInt(2_000)));
        case 8 -> {
          if (random.nextInt(8) == 0) {
            store.restore(anyChannel());
          }
        }
        case 9 -> any(nodes).loseNextAnswer();
        case 10 -> any(nodes).loseNextChange();
        default -> publish();
      }
    }

    private void join() {
      String clientId = "client-" + random.nextInt(CLIENTS);
      Join join = Join.of(anyChannel(), clientId);
      join = random.nextBoolean() ? join.token("token-of-" + clientId + "-which-is-long") : join;
      join = random.nextInt(4) == 0 ? join.history(random.nextInt(5)) : join;
      join = random.nextInt(6) == 0 ? join.password("password-" + random.nextInt(2)) : join;
      Recorder recorder = Recorder.atOnce(clientId + "/" + recorders.size());
      recorders.add(recorder);
      any(hubs).join(join, recorder, Answer.of(memberships::add, why -> {}));
    }

    private void end() {
      if (!memberships.isEmpty()) {
        Membership membership = any(memberships);
        if (random.nextBoolean()) {
          membership.leave();
        } else {
          membership.lost();
        }
      }
    }

    private void publish() {
      String origin = "client-" + random.nextInt(CLIENTS);
      Publication publication =
          Publication.of(anyChannel(), "chat", "by-" + origin, Payload.of(published++));
      publication = random.nextInt(5) == 0 ? publication.to(List.of(origin)) : publication;
      any(hubs).publish(publication, Answer.of(receipt -> {}, why -> {}));
    }

    private void cutOffOrBack() {
      SharedStore.Node node = any(nodes);
      if (!node.isCutOff()) {
        node.cutOff();
      } else {
        if (random.nextBoolean()) {
          store.takeForDead(node);
          letSomeThrough(30);
        }
        node.reconnect();
      }
    }

    private void pass(Duration time) {
      ticker.advance(time);
      for (Hub hub : hubs) {
        hub.endGraces();
        hub.sweep();
      }
    }

    private void settleAll() {
      nodes.forEach(SharedStore.Node::loseNoMore);
      nodes.stream().filter(SharedStore.Node::isCutOff).forEach(SharedStore.Node::reconnect);
      for (int i = 0; i < 10; i++) {
        store.settle();
        pass(Duration.ofSeconds(6));
      }
      store.settle();
      for (String channelId : CHANNELS) {
        hubs.get(0)
            .publish(
                Publication.ofServer(channelId, "last", null),
                Answer.of(receipt -> {}, why -> assertEquals(Refusal.NO_SUCH_CHANNEL, why)));
      }
      store.settle();
    }

    private void check() {
      for (String channelId : CHANNELS) {
        List<String> members = store.members(channelId);
        for (Hub hub : hubs) {
          List<String> listed = new ArrayList<>();
          hub.look(
              channelId, Answer.<ChannelInfo>of(info -> listed.addAll(info.clients()), why -> {}));
          store.settle();
          assertEquals(members, listed, channelId);
        }
      }
      for (Recorder recorder : recorders) {
        recorder.check();
        checkSequence(recorder);
      }
      for (Recorder recorder : open()) {
        Event last = recorder.events().get(recorder.events().size() - 1);
        assertEquals("last", last.type(), () -> recorder + " was left behind");
      }
      int members = CHANNELS.stream().mapToInt(id -> store.members(id).size()).sum();
      assertEquals(members, open().size(), () -> "streams of " + open() + ", members: " + store);
      assertEquals(members, hubs.stream().mapToInt(hub -> hub.stats().clients()).sum());
    }

    private List<Recorder> open() {
      return recorders.stream()
          .filter(recorder -> recorder.ends().isEmpty() && !recorder.events().isEmpty())
          .toList();
    }

    /** Between two events of one life with no gap between them it has all that are for all. */
    private void checkSequence(Recorder recorder) {
      String epoch = "";
      long number = 0;
      Set<Long> seen = new HashSet<>();
      for (Event event : recorder.events()) {
        String id = event.id();
        if (id == null || event.type().equals("CLIENT_LIST")) {
          continue; // Its place is that of what is ahead of the history.
        }
        String newEpoch = id.substring(0, id.indexOf('-'));
        long newNumber = Long.parseLong(id.substring(id.indexOf('-') + 1));
        boolean isGap = event.type().equals("GAP");
        if (!isGap) {
          assertTrue(
              seen.add(newNumber) || !newEpoch.equals(epoch), () -> recorder + " twice: " + id);
        }
        if (newEpoch.equals(epoch) && !isGap && number > 0) {
          long from = number;
          Set<Long> known = seen;
          List<Long> missed =
              store.published(epoch).stream()
                  .filter(each -> each > from && each < newNumber && !known.contains(each))
                  .toList();
          assertEquals(List.of(), missed, () -> recorder + " misses, ahead of " + id);
          assertTrue(newNumber >= from, () -> recorder + " goes back to " + id);
        } else {
          assertTrue(isGap || number == 0, () -> recorder + " is told of no gap ahead of " + id);
        }
        seen = newEpoch.equals(epoch) ? seen : new HashSet<>();
        epoch = newEpoch;
        number = newNumber;
      }
    }

    private String anyChannel() {
      return any(CHANNELS);
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }
}
