package io.pipely.contract;

import static io.pipely.contract.Events.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Sends raw requests to a server, with a member of the channel as the witness of what they did. */
final class RawCases {

  private final ServedPipely served;
  private final boolean isStrict;
  private final SseClient witness;

  private RawCases(ServedPipely served, boolean isStrict) throws IOException {
    this.served = served;
    this.isStrict = isStrict;
    this.witness = served.join(RawRequest.subscribe(Events.CHANNEL, "witness"));
    witness.upTo(connect("witness"));
  }

  /**
   * A test for each case.
   *
   * @param isStrict whether the server's HTTP is ours
   */
  static Stream<DynamicTest> tests(ServedPipely served, boolean isStrict, List<RawCase> cases)
      throws IOException {
    RawCases all = new RawCases(served, isStrict);
    return cases.stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> all.check(each)));
  }

  private void check(RawCase each) throws Exception {
    List<Http.Response> answers = answersTo(each);
    String statuses = statuses(answers);
    assertTrue(each.allows(statuses, isStrict), () -> statuses + " for " + each + ": " + answers);
    for (Http.Response answer : answers) {
      assertShowsNothing(answer);
      if (isStrict && answer.status() >= 400) {
        assertEquals(1, answer.headers().all("Pipely-Error").size(), answer::toString);
      }
    }
    assertPublished(answers.stream().filter(RawCases::isReceipt).count());
  }

  /** The server goes on, and has published what it has said, and nothing else. */
  private void assertPublished(long count) throws IOException {
    String last = Events.event("last", "ann", "1");
    Answers.assertAccepted(served.ask(RawRequest.publish(last)));
    List<String> seen = witness.upTo(last);
    List<String> others = seen.subList(0, seen.size() - 1);
    assertFalse(others.contains(RawCorpus.event(RawCorpus.SMUGGLED)), others::toString);
    assertEquals(count, others.size(), () -> others.toString() + witness.frames());
  }

  /** An answer that cannot be read, where HTTP/0.9 is spoken, is null. */
  private List<Http.Response> answersTo(RawCase each) throws IOException {
    List<Http.Response> answers = new ArrayList<>();
    try (Http http = Http.connect(served.uri())) {
      http.send(each.bytes());
      boolean isEnded = each.isCutOff();
      if (isEnded) {
        http.endOutput();
      }
      Http.Response answer = http.nextAnswer("GET");
      while (answer != null) {
        answers.add(answer);
        if (isStream(answer)) {
          return answers;
        }
        if (answers.size() >= each.answers() && !isEnded) {
          isEnded = true;
          http.endOutput(); // Whatever else comes now is an answer too many.
        }
        answer = http.nextAnswer("GET");
      }
    } catch (SocketException e) {
      return answers; // A reset ends a connection, too.
    } catch (AssertionError e) {
      if (!e.getMessage().matches("(?s)(not the status line|the answer has been cut short).*")) {
        throw e;
      }
      answers.add(null);
    }
    return answers;
  }

  private static String statuses(List<Http.Response> answers) {
    return answers.stream()
        .map(answer -> answer == null ? "0.9" : String.valueOf(answer.status()))
        .collect(Collectors.joining(" "));
  }

  private static boolean isStream(Http.Response answer) {
    return answer.headers().all("Content-Type").contains("text/event-stream");
  }

  private static boolean isReceipt(Http.Response answer) {
    return answer != null && !answer.headers().all("Pipely-Event-Id").isEmpty();
  }

  private static void assertShowsNothing(Http.Response answer) {
    String text = Objects.toString(answer).toLowerCase(Locale.ROOT);
    assertFalse(text.contains(RawCorpus.ECHO), text);
    assertFalse(text.contains("\tat ") || text.contains("exception"), text);
  }
}
