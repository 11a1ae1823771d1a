package io.pipely.bench;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The channels of one run, and how the streams are spread over them: one after the other.
 *
 * @param ids twelve characters each
 * @param streams how many there are in all channels together
 */
record Channels(List<String> ids, int streams) {

  private static final int ID_LENGTH = 12;

  Channels {
    ids = List.copyOf(ids);
  }

  /** With random ids, so that runs at the same time do not meet. */
  static Channels random(int channels, int streams, RandomGenerator random) {
    return new Channels(IntStream.range(0, channels).mapToObj(i -> id(random)).toList(), streams);
  }

  private static String id(RandomGenerator random) {
    return random
        .ints(ID_LENGTH, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  int count() {
    return ids.size();
  }

  /** The id of the channel that a stream joins. */
  String of(int stream) {
    return ids.get(stream % count());
  }

  /** How many streams a channel has. */
  int members(int channel) {
    return streams / count() + (channel < streams % count() ? 1 : 0);
  }
}
