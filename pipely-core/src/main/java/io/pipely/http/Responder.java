package io.pipely.http;

/** How an adapter answers one request. One of the two methods is called, once, on any thread. */
public interface Responder {

  /** Answers. */
  void reply(Reply reply);

  /**
   * Begins an answer without end. Nothing has to be sent before the first write, which follows at
   * once.
   *
   * @param head status and headers; it has no body
   * @param gone to be run when the connection has ended other than by {@link Sink#close}, at least
   *     once, on any thread
   */
  Sink stream(Reply head, Runnable gone);
}
