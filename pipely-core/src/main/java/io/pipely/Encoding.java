package io.pipely;

/**
 * A wire format. Stateless; one instance stands for one format, compared by identity. Results are
 * shared between members and threads, so they must not be changed.
 *
 * @param <T> the bytes, in whatever form suits the transport
 */
public interface Encoding<T> {

  /** One event; called once for each event. */
  T encode(Event event);

  /**
   * A batch of any size but one, from its events in this format ({@link Event#as}); called once for
   * each batch.
   */
  T join(Batch batch);
}
