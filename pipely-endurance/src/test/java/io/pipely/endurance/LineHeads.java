package io.pipely.endurance;

import io.pipely.contract.ResponseDecoder;

/** Cuts the body of an event stream into lines, and keeps of each only how it begins. */
final class LineHeads implements ResponseDecoder.Body {

  private static final int MOST = 200;

  /** Takes a line without its end. */
  interface Listener {

    /**
     * A line has come.
     *
     * @param head how it begins; used for the next line too
     * @param kept how many bytes of it are there
     * @param length how many bytes the line has
     */
    void line(byte[] head, int kept, int length);
  }

  private final Listener listener;
  private final byte[] head = new byte[MOST];
  private int length;

  LineHeads(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void bytes(byte[] bytes, int from, int to) {
    int start = from;
    while (start < to) {
      int end = start;
      while (end < to && bytes[end] != '\n') {
        end++;
      }
      keep(bytes, start, end);
      if (end < to) {
        listener.line(head, Math.min(length, MOST), length);
        length = 0;
      }
      start = end + 1;
    }
  }

  private void keep(byte[] bytes, int from, int to) {
    if (length < MOST) {
      System.arraycopy(bytes, from, head, length, Math.min(to - from, MOST - length));
    }
    length += to - from;
  }
}
