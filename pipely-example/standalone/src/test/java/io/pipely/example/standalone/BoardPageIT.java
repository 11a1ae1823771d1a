package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The board: what one draws the others see, whenever they come. */
class BoardPageIT extends Demos {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void cursorsAndStrokesAreSeenByTheOthers() {
    BoardWindow ann = enter(Screen.DESKTOP, "Ann");
    ann.expectSaid("You are alone here.");
    BoardWindow bob = enter(Screen.DESKTOP_DARK, "Bob");
    ann.expectSaid("Here: Ann, Bob");
    ann.moveTo(0.25, 0.5);
    await().atMost(PATIENCE).until(() -> bob.hasCursor("Ann", 0.25, 0.5));
    bob.moveTo(0.75, 0.2);
    await().atMost(PATIENCE).until(() -> ann.hasCursor("Bob", 0.75, 0.2));

    ann.draw(0.1, 0.1, 0.6, 0.8, 40);
    awaitInk(bob);
    bob.chooseInk(5);
    bob.draw(0.9, 0.1, 0.2, 0.7, 40);
    ann.chooseInk(2);
    ann.draw(0.2, 0.3, 0.8, 0.3, 40);
    awaitInk(ann);
    bob.moveTo(0.5, 0.6);
    ann.moveTo(0.3, 0.8);
    await().atMost(PATIENCE).until(() -> ann.hasCursor("Bob", 0.5, 0.6));
    await().atMost(PATIENCE).until(() -> bob.hasCursor("Ann", 0.3, 0.8));
    ann.screenshot("board");
    bob.screenshot("board");
    BoardWindow carol = enter(Screen.PHONE_DARK, "Carol");
    await().atMost(PATIENCE).until(() -> carol.picture().equals(bob.picture()));
    carol.screenshot("board");

    carol.leave();
    bob.leave();
    ann.expectCursors();
    ann.expectSaid("You are alone here.");
  }

  /** By finger, on a phone; and the two have the same colours, so the pictures are the same. */
  @Test
  void theBoardBecomesTheSameForAll() {
    BoardWindow ann = enter(Screen.DESKTOP, "Ann");
    BoardWindow bob = enter(Screen.PHONE, "Bob");
    ann.expectMembers("Ann", "Bob");
    ann.draw(0.1, 0.2, 0.9, 0.4, 30);
    bob.chooseInk(4);
    bob.tap(0.5, 0.3);
    ann.chooseInk(3);
    ann.draw(0.5, 0.1, 0.5, 0.9, 30);
    bob.tap(0.7, 0.7);
    awaitSame(ann, bob);
    bob.screenshot("board");
  }

  /** So many points that they take several messages. */
  @Test
  void whoComesLateSeesTheWholeBoard() {
    BoardWindow ann = enter(Screen.DESKTOP, "Ann");
    BoardWindow bob = enter(Screen.DESKTOP, "Bob");
    ann.scribble(2_500);
    bob.chooseInk(5);
    bob.scribble(700);
    ann.chooseInk(2);
    ann.draw(0.1, 0.9, 0.9, 0.1, 20);
    awaitSame(ann, bob);

    BoardWindow carol = enter(Screen.PHONE, "Carol");
    awaitSame(ann, carol);
    ann.leave();
    bob.leave();
    carol.expectMembers("Carol");
    BoardWindow dave = enter(Screen.DESKTOP, "Dave");
    awaitSame(carol, dave);
    carol.screenshot("board-late");
  }

  @Test
  void clearingIsForAllAndForGood() {
    BoardWindow ann = enter(Screen.DESKTOP, "Ann");
    BoardWindow bob = enter(Screen.DESKTOP, "Bob");
    ann.draw(0.1, 0.2, 0.9, 0.4, 30);
    awaitInk(bob);
    bob.clear();
    await().atMost(PATIENCE).until(ann::isEmpty);
    BoardWindow carol = enter(Screen.DESKTOP, "Carol");
    carol.draw(0.3, 0.2, 0.3, 0.8, 10);
    awaitInk(ann);
    awaitSame(ann, carol);
    awaitSame(bob, carol);
  }

  @Test
  void whatIsDrawnOfflineIsThereOnceOneIsBack() {
    BoardWindow ann = enter(Screen.DESKTOP, "Ann");
    BoardWindow bob = enter(Screen.DESKTOP, "Bob");
    ann.expectMembers("Ann", "Bob");
    bob.setOffline(true);
    bob.expectState("Connection lost");
    bob.draw(0.1, 0.8, 0.9, 0.8, 30);
    ann.draw(0.2, 0.1, 0.8, 0.6, 30);
    bob.setOffline(false);
    bob.expectState("Connected");
    awaitSame(ann, bob);
  }

  @Test
  void aMemberThatLeavesAsItIsAskedCostsNobodyTheBoard() {
    assertWholeThoughTheFirstDoes("location.reload();");
  }

  /** As where its device has lost its network, which for a while nobody knows. */
  @Test
  void aMemberThatIsAskedAndSilentCostsNobodyTheBoard() {
    assertWholeThoughTheFirstDoes("");
  }

  /** The first of all is the one that is asked. It is silent, and does that. */
  private void assertWholeThoughTheFirstDoes(String that) {
    String script =
        """
        const own = window.fetch;
        window.fetch = (url, init) => {
          if (!init?.body?.includes?.('"to":["Carol"]')) return own(url, init);
          window.isAsked = true;
          %s
          return new Promise(() => {});
        };
        """
            .formatted(that);
    BoardWindow ann = enter(Screen.DESKTOP, "Ann", address("/board.html"), script);
    BoardWindow bob = enter(Screen.DESKTOP, "Bob");
    ann.expectMembers("Ann", "Bob");
    ann.draw(0.1, 0.2, 0.9, 0.4, 30);
    awaitSame(ann, bob);
    BoardWindow carol = enter(Screen.PHONE, "Carol");
    awaitSame(bob, carol);
    if (that.isEmpty()) {
      assertEquals(true, ann.page().evaluate("isAsked"));
    } else {
      assertThat(ann.page().locator("#start")).isVisible();
    }
  }

  /** More than is kept is missed, within the grace: so it is no newcomer who has to ask. */
  @Test
  void theBoardIsWholeAgainAfterAGap() throws Exception {
    Map<String, String> settings =
        Map.of(
            "ADDRESS", "127.0.0.1:0",
            "PIPELY_SERVER_KEY", Numbers.KEY,
            "PIPELY_KEEP_BYTES", "256KiB",
            "PIPELY_GRACE", "10m");
    try (LauncherProcess forgetful = LauncherProcess.start(settings)) {
      String address = forgetful.uri() + "/board.html";
      BoardWindow ann = enter(Screen.DESKTOP, "Ann", address, "");
      BoardWindow bob = enter(Screen.DESKTOP, "Bob", address, "");
      BoardWindow carol = enter(Screen.DESKTOP, "Carol", address, "");
      ann.draw(0.1, 0.2, 0.9, 0.4, 30);
      awaitSame(ann, bob);
      bob.setOffline(true);
      bob.expectState("Connection lost");
      ann.draw(0.5, 0.1, 0.5, 0.9, 30);
      awaitSame(ann, carol);
      Numbers flood = new Numbers(forgetful::uri, room);
      for (int i = 0; i < 100; i++) {
        flood.publish(50);
      }
      AtomicInteger questions = bob.countPublications("ask");
      bob.setOffline(false);
      awaitSame(ann, bob);
      assertTrue(questions.get() > 0);
    }
  }

  @Test
  void theKeyboardIsEnough() {
    BoardWindow ann = enter(Screen.DESKTOP, "Ann");
    BoardWindow bob = enter(Screen.DESKTOP, "Bob");
    ann.expectMembers("Ann", "Bob");
    assertThat(ann.page().locator("#board")).isFocused();
    ann.press("2", "Space");
    ann.expectSaid("The pen is down.");
    for (int i = 0; i < 5; i++) {
      ann.press("Shift+ArrowRight", "ArrowDown");
    }
    ann.press("Space", "ArrowLeft");
    ann.expectSaid("The pen is up.");
    assertThat(ann.page().locator(".ink input").nth(1)).isChecked();
    assertFalse(ann.isEmpty());
    awaitSame(ann, bob);
    await().atMost(PATIENCE).until(() -> bob.hasCursor("Ann", 1184.0 / 1600, 720.0 / 1280));
    ann.screenshot("board-keyboard");
    ann.press("Tab", "Tab"); // The colours are one stop.
    assertThat(ann.page().locator("#clear")).isFocused();
    ann.press("Enter");
    await().atMost(PATIENCE).until(bob::isEmpty);
  }

  private static void awaitInk(BoardWindow window) {
    await().atMost(PATIENCE).until(() -> !window.isEmpty());
  }

  private static void awaitSame(BoardWindow one, BoardWindow other) {
    awaitInk(one);
    await().atMost(PATIENCE).until(() -> one.picture().equals(other.picture()));
  }

  private BoardWindow enter(Screen screen, String name) {
    return enter(screen, name, address("/board.html"), "");
  }

  private BoardWindow enter(Screen screen, String name, String address, String script) {
    BoardWindow window = openAt(BoardWindow::new, screen, address, script);
    window.enter(room, name, "");
    window.expectState("Connected");
    return window;
  }
}
