package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;

import io.pipely.Stats;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which client ids are the same: simple case folding on NFC text (Unicode's CaseFolding.txt). */
public interface ClientIdContract extends Contract {

  @Test
  default void idsThatDifferByCaseOnlyAreTheSame() throws Exception {
    assertSame("ann", "ANN");
    assertSame("Bob", "bOB");
    assertSame("Äpfel", "äpfel");
    assertSame("ЖУК", "жук");
    assertSame("ＡＢＣ", "ａｂｃ");
    assertSame("\uD801\uDC00-1", "\uD801\uDC28-1"); // Deseret, beyond the first plane
  }

  @Test
  default void charactersThatFoldToOneAreTheSame() throws Exception {
    assertSame("\u212Aelvin", "kelvin"); // the Kelvin sign
    assertSame("\u212Bngstrom", "ångstrom"); // the Ångström sign
    assertSame("ΣΊΣ", "σίς"); // the sigma at the end of a word
    assertSame("\u017Fam", "Sam"); // the long s
    assertSame("stra\u1E9Ee", "straße"); // the capital sharp s
  }

  @Test
  default void composedAndDecomposedCharactersAreTheSame() throws Exception {
    assertSame("\u00E9mile", "e\u0301mile");
    assertSame("\u00C4rger", "a\u0308rger");
    assertSame("\uD55C\uAD6D\uC5B4", "\u1112\u1161\u11AB\u1100\u116E\u11A8\u110B\u1165"); // Hangul
  }

  @Test
  default void idsThatOnlyLookAlikeDiffer() throws Exception {
    assertDiffer("straße", "STRASSE"); // full case folding only
    assertDiffer("\uFB01sh", "fish"); // the ligature: NFKC only
    assertDiffer("１２３", "123"); // full width: NFKC only
    assertDiffer("\u0130pek", "ipek"); // the dotted I: Turkic folding only
    assertDiffer("\u0131rmak", "irmak"); // the dotless i: Turkic folding only
    assertDiffer("émile", "emile");
    assertDiffer("ann", "ann ");
    assertDiffer("\u0430nn", "ann"); // a Cyrillic a
  }

  @Test
  default void anIdIsShownAsItWasWritten() throws Exception {
    List<String> ids =
        List.of("ANN", "a\u0308rger", "\u212Aelvin", "quo\"te\\", "a<b>&c", "a/b?c#d");
    List<String> joined = new ArrayList<>();
    for (String id : ids) {
      joined.add(id);
      join(id).expect(clientList(joined.toArray(String[]::new)), connect(id));
    }
  }

  @Test
  default void anEventShowsTheOriginIdAsItWasWritten() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String event = event("chat", "ANN", "1");

    publish(event);

    ann.expect(event);
  }

  private void assertSame(String one, String other) throws Exception {
    SseClient owner = join(one);
    assertRefused(400, "client id already used in channel", ask(subscribe(other)));
    owner.close();
    awaitNobody();
  }

  private void assertDiffer(String one, String other) throws Exception {
    SseClient first = join(one);
    SseClient second = join(other);
    second.expect(clientList(one, other));
    first.close();
    second.close();
    awaitNobody();
  }

  private void awaitNobody() {
    await().atMost(Patience.ONE).until(() -> served().pipely().stats().equals(new Stats(0, 0)));
  }

  private static RawRequest subscribe(String clientId) {
    return RawRequest.subscribe(CHANNEL, clientId);
  }
}
