package io.pipely.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChannelsTest {

  @Test
  void idsAreTwelveLettersAndDiffer() {
    Channels channels = Channels.random(100, 100, new Random(1));
    assertEquals(100, new HashSet<>(channels.ids()).size());
    assertTrue(channels.ids().stream().allMatch(id -> id.matches("[a-z]{12}")));
  }

  @Test
  void everyChannelHasTheMembersThatJoinIt() {
    for (int streams = 1; streams < 20; streams++) {
      for (int count = 1; count <= streams; count++) {
        Channels channels = Channels.random(count, streams, new Random(1));
        for (int channel = 0; channel < count; channel++) {
          String id = channels.ids().get(channel);
          long joining = IntStream.range(0, streams).filter(s -> channels.of(s).equals(id)).count();
          assertEquals(joining, channels.members(channel));
        }
      }
    }
  }
}
