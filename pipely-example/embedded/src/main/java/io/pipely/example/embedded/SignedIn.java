package io.pipely.example.embedded;

import io.pipely.Authorizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who is signed in, under the own name and no other. A browser sends the session's cookie
 * by itself, with an {@code EventSource} too; the cookie should be {@code SameSite}, as should any
 * that allows writing.
 */
final class SignedIn implements Authorizer {

  private static final Pattern SESSION = Pattern.compile("(?:^|; )session=([^;]+)");

  private final Function<String, @Nullable String> userOfSession;
  private final Executor executor;

  /**
   * Signed in are those that a function knows.
   *
   * @param userOfSession may take its time: it is asked on the executor
   */
  SignedIn(Function<String, @Nullable String> userOfSession, Executor executor) {
    this.userOfSession = userOfSession;
    this.executor = executor;
  }

  /** Decides later. Each request has to be decided, so a failure is a no. */
  @Override
  public void authorize(Operation operation, Verdict verdict) {
    var unused =
        CompletableFuture.supplyAsync(() -> isAllowed(operation), executor)
            .exceptionally(failure -> false)
            .thenAccept(isAllowed -> decide(isAllowed, verdict));
  }

  private boolean isAllowed(Operation operation) {
    String cookies = operation.caller().header("Cookie");
    Matcher session = SESSION.matcher(cookies == null ? "" : cookies);
    return session.find()
        && operation.clientId().equals(userOfSession.apply(session.group(1)))
        && operation.action() != Action.CREATE; // The application opens the channels.
  }

  private static void decide(boolean isAllowed, Verdict verdict) {
    if (isAllowed) {
      verdict.allow();
    } else {
      verdict.deny();
    }
  }
}
