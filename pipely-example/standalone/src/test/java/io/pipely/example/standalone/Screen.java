package io.pipely.example.standalone;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import java.util.Locale;

/** The ways of looking at a page. */
enum Screen {
  DESKTOP(1280, 800, false, ColorScheme.LIGHT),
  DESKTOP_DARK(1280, 800, false, ColorScheme.DARK),
  PHONE(390, 844, true, ColorScheme.LIGHT),
  PHONE_DARK(390, 844, true, ColorScheme.DARK);

  private final int width;
  private final int height;
  private final boolean isTouch;
  private final ColorScheme colours;

  Screen(int width, int height, boolean isTouch, ColorScheme colours) {
    this.width = width;
    this.height = height;
    this.isTouch = isTouch;
    this.colours = colours;
  }

  Browser.NewContextOptions options() {
    return new Browser.NewContextOptions()
        .setViewportSize(width, height)
        .setIsMobile(isTouch)
        .setHasTouch(isTouch)
        .setColorScheme(colours)
        .setDeviceScaleFactor(isTouch ? 2 : 1);
  }

  /** As a part of a file's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
