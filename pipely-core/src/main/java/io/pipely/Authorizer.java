package io.pipely;

/**
 * Decides whether a client may create a channel, join one, look at it, or publish; by a token in a
 * header, by a web session, by whatever an application goes by. It is asked once the request is
 * known to be well formed, and ahead of the channel's own rules, which hold besides: passwords,
 * tokens, limits.
 *
 * <p>Called with no lock held, on the thread that the request came by; several at once. It may
 * decide later, on any thread, and should where it has to wait: one that blocks holds up the
 * request it is asked about, and the thread. One that throws has refused. One that never decides
 * leaves the request without an answer.
 *
 * <p>It is asked about what comes with a {@link Caller}: every request that a server hands over,
 * and what an application hands over on behalf of somebody. What the application does itself, which
 * is all that has {@link Caller#APPLICATION} or none, is not asked about.
 */
@FunctionalInterface
public interface Authorizer {

  /** What somebody wants to do. */
  enum Action {
    /** Join a channel that does not exist, and so create it. */
    CREATE,
    /** Join a channel. */
    JOIN,
    /** Publish an event. */
    PUBLISH,
    /** Look at a channel: who is in it. Who has the server's key is not asked about. */
    LOOK
  }

  /**
   * Is asked.
   *
   * @param verdict to be told what was decided; only the first word counts
   */
  void authorize(Operation operation, Verdict verdict);

  /**
   * One thing that somebody wants to do.
   *
   * @param clientId who wants to join, or the origin of the event; empty for {@link Action#LOOK}
   */
  record Operation(Action action, String channelId, String clientId, Caller caller) {}

  /** Takes the decision. Safe for use by several threads. */
  interface Verdict {

    /** Goes on with it. */
    void allow();

    /** Refuses it with {@link Refusal#FORBIDDEN}. */
    void deny();
  }
}
