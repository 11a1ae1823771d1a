package io.pipely;

import org.jspecify.annotations.Nullable;

/** What can be put into a wire format, which is then made once and shared. */
public abstract sealed class Encodable permits Event, Batch {

  /** The formats made so far: a list, since there is nearly always one. */
  private volatile @Nullable Made<?> made;

  /** This in a wire format, made at the first call and kept as long as this is. */
  public final <T> T as(Encoding<T> encoding) {
    T known = find(encoding);
    return known != null ? known : makeOnce(encoding);
  }

  /** Makes a format anew; called under this object's monitor. */
  abstract <T> T make(Encoding<T> encoding);

  private synchronized <T> T makeOnce(Encoding<T> encoding) {
    T known = find(encoding);
    if (known != null) {
      return known;
    }
    T value = make(encoding);
    made = new Made<>(encoding, value, made);
    return value;
  }

  @SuppressWarnings("unchecked") // A value stands beside the encoding that made it.
  private <T> @Nullable T find(Encoding<T> encoding) {
    for (Made<?> m = made; m != null; m = m.next) {
      if (m.encoding == encoding) {
        return (T) m.value;
      }
    }
    return null;
  }

  private record Made<T>(Encoding<T> encoding, T value, @Nullable Made<?> next) {}
}
