package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pages for those who do not see them, or not well: by the rules of axe-core, among which are
 * names for all that can be used, and contrast; and by what a screen reader is told.
 */
class AccessibilityIT extends Demos {

  @ParameterizedTest
  @EnumSource(Screen.class)
  void thePagesAreAsTheRulesHaveThem(Screen screen) {
    requireNoViolation(open(Window::new, screen, "/"));
    for (String path : List.of("/chat.html", "/board.html", "/drop.html")) {
      RoomWindow window = open(RoomWindow::new, screen, path);
      requireNoViolation(window);
      window.enter(path.charAt(1) + room.substring(1), "Ann", "");
      window.expectState("Connected");
      requireNoViolation(window);
    }
  }

  @Test
  void whatIsSaidInTheChatIsReadOut() {
    ChatWindow ann = open(ChatWindow::new, Screen.DESKTOP, "/chat.html");
    ann.enter(room, "Ann", "");
    ann.expectState("Connected");
    ann.say("Hello");
    Locator log = ann.page().getByRole(AriaRole.LOG);
    assertThat(log).hasAccessibleName("Messages");
    assertThat(log).containsText("Hello");
    requireNoViolation(ann);
  }

  private static void requireNoViolation(Window window) {
    AxeResults results = new AxeBuilder(window.page()).analyze();
    List<String> violations =
        results.getViolations().stream()
            .map(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes())
            .toList();
    assertEquals(List.of(), violations, () -> window.page().url());
    Set<String> kept = results.getPasses().stream().map(Rule::getId).collect(toSet());
    assertTrue(kept.contains("color-contrast"), () -> "looked at: " + kept);
  }
}
