package io.pipely.example.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A browser that hides its tabs but one, as every browser does, and so can freeze them. One that
 * Playwright has started shows them all.
 */
final class PlainBrowser implements AutoCloseable {

  private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

  private final Process process;
  private final BrowserContext context;

  private PlainBrowser(Process process, BrowserContext context) {
    this.process = process;
    this.context = context;
  }

  static PlainBrowser start(Playwright playwright, Path chromium) throws IOException {
    Path profile = Files.createTempDirectory(Path.of("target"), "chromium");
    Process process =
        new ProcessBuilder(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile.toAbsolutePath())
            .redirectErrorStream(true)
            .start();
    try {
      Browser browser =
          playwright
              .chromium()
              .connectOverCDP(
                  address(process), new BrowserType.ConnectOverCDPOptions().setNoDefaults(true));
      return new PlainBrowser(process, browser.contexts().get(0));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Where it says that it listens. What it says later nobody reads, and there is little of it. */
  private static String address(Process process) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    for (String line; (line = output.readLine()) != null; ) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    throw new IOException("the browser has ended: " + process.exitValue());
  }

  /** The one that it has. */
  BrowserContext context() {
    return context;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
