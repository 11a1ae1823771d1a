package io.pipely.contract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts the body of an event stream into frames: the lines up to an empty one. Lines end with a line
 * feed and with nothing else here, so that a carriage return would be seen as a part of its line.
 */
final class FrameDecoder implements ResponseDecoder.Body {

  private final Consumer<List<String>> frames;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private List<String> lines = new ArrayList<>();

  FrameDecoder(Consumer<List<String>> frames) {
    this.frames = frames;
  }

  @Override
  public void bytes(byte[] bytes, int from, int to) {
    int start = from;
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, start, i - start);
        start = i + 1;
        takeLine(line.toString(StandardCharsets.UTF_8));
        line.reset();
      }
    }
    line.write(bytes, start, to - start);
  }

  /** Whether the stream has been cut within a frame. */
  boolean isWithinFrame() {
    return line.size() > 0 || !lines.isEmpty();
  }

  private void takeLine(String text) {
    if (text.isEmpty()) {
      frames.accept(lines);
      lines = new ArrayList<>();
    } else {
      lines.add(text);
    }
  }
}
