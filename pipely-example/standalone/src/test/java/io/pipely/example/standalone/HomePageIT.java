package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What one sees first, and where one gets from there. */
class HomePageIT extends Demos {

  @ParameterizedTest
  @EnumSource(Screen.class)
  void itSaysWhatPipelyIs(Screen screen) {
    Window window = open(Window::new, screen, "/");
    assertThat(window.page().locator("h1")).hasText("Pipely");
    assertThat(window.page().locator("header p")).containsText("without anybody writing a server");
    assertThat(window.page().locator(".demo h2")).hasText(new String[] {"Chat", "Board", "Drop"});
    window.screenshot("home");
  }

  @ParameterizedTest
  @CsvSource({"chat.html, Chat", "board.html, Board", "drop.html, Drop"})
  void itLeadsToTheDemosAndTheyLeadBack(String file, String title) {
    Window window = open(Window::new, Screen.PHONE, "/");
    window.page().locator(".demo[href='" + file + "']").click();
    assertThat(window.page()).hasURL(Pattern.compile("/" + file));
    assertThat(window.page().locator("#start h1")).containsText(title);
    window.screenshot(title.toLowerCase(Locale.ROOT) + "-start");
    window.page().locator("#start h1 a").click();
    assertThat(window.page().locator(".demo")).hasCount(3);
  }

  @Test
  void theKeyboardIsEnough() {
    Window window = open(Window::new, Screen.DESKTOP, "/");
    window.press("Tab", "Tab");
    Locator board = window.page().locator(".demo[href='board.html']");
    assertThat(board).isFocused();
    window.press("Enter");
    assertThat(window.page().locator("#start h1")).containsText("Board");
    assertThat(window.page().locator("#name")).isFocused();
  }
}
