package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.options.BoundingBox;
import java.util.List;

/** A window with the board. Places on it are parts of its width and height. */
final class BoardWindow extends RoomWindow {

  private static final String PICTURE = "() => document.querySelector('#board').toDataURL()";
  private static final String EMPTY =
      "() => Object.assign(document.createElement('canvas'), { width: 1600, height: 1280 })"
          + ".toDataURL()";

  private static final String SCRIBBLE =
      """
      (points) => {
        const board = document.querySelector("#board");
        const { left, top, width, height } = board.getBoundingClientRect();
        for (let i = 0; i < points; i++) {
          const clientX = left + width * (0.5 + 0.45 * Math.sin(i / 40));
          const clientY = top + height * (0.5 + 0.45 * Math.cos(i / 57));
          board.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, isPrimary: true }));
        }
      }
      """;

  BoardWindow(Browser browser, Screen screen, String address, String script) {
    super(browser, screen, address, script);
  }

  void moveTo(double x, double y) {
    moveTo(x, y, 1);
  }

  private void moveTo(double x, double y, int steps) {
    BoundingBox box = page().locator("#board").boundingBox();
    page()
        .mouse()
        .move(
            box.x + x * box.width, box.y + y * box.height, new Mouse.MoveOptions().setSteps(steps));
  }

  /** From one place straight to another, in so many steps. */
  void draw(double fromX, double fromY, double toX, double toY, int steps) {
    moveTo(fromX, fromY);
    page().mouse().down();
    moveTo(toX, toY, steps);
    page().mouse().up();
  }

  /** A stroke with so many points, faster than a hand could. */
  void scribble(int points) {
    moveTo(0.5, 0.5);
    page().mouse().down();
    page().evaluate(SCRIBBLE, points);
    page().mouse().up();
  }

  void tap(double x, double y) {
    BoundingBox box = page().locator("#board").boundingBox();
    page().touchscreen().tap(box.x + x * box.width, box.y + y * box.height);
  }

  void chooseInk(int number) {
    page().locator(".ink input").nth(number - 1).check();
  }

  void clear() {
    page().locator("#clear").click();
  }

  /** All that is drawn, pixel by pixel. */
  String picture() {
    return (String) page().evaluate(PICTURE);
  }

  boolean isEmpty() {
    return picture().equals(page().evaluate(EMPTY));
  }

  /** The cursor of somebody else is there, within a hundredth. */
  boolean hasCursor(String name, double x, double y) {
    String place =
        "(bdi) => [parseFloat(bdi.parentElement.style.left), parseFloat(bdi.parentElement.style.top)]";
    for (Locator cursor : page().locator("#cursors bdi").all()) {
      if (cursor.textContent().equals(name)) {
        List<?> percent = (List<?>) cursor.evaluate(place);
        return Math.abs(((Number) percent.get(0)).doubleValue() - 100 * x) < 1
            && Math.abs(((Number) percent.get(1)).doubleValue() - 100 * y) < 1;
      }
    }
    return false;
  }

  void expectCursors(String... names) {
    assertThat(page().locator("#cursors bdi")).hasText(names);
  }

  void expectSaid(String words) {
    assertThat(page().locator("#said")).hasText(words);
  }
}
