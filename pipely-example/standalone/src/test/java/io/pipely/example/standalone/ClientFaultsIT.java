package io.pipely.example.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.pipely.contract.Chromium;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a page has heard in the end, whatever has happened to it, the network, or the server. */
class ClientFaultsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CHANNEL = "faults-00001";

  /** How many are published with one request. */
  private static final int BATCH = 50;

  /** More than is kept. */
  private static final int MANY = 6000;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "ADDRESS", "127.0.0.1:0",
          "PIPELY_SERVER_KEY", Numbers.KEY,
          "PIPELY_KEEP_BYTES", "256KiB");

  /** Joins, and keeps what comes. */
  private static final String JOIN =
      """
      async ([clientId, password]) => {
        const { Pipely } = await import("/pipely.js");
        window.heard = [];
        window.gaps = [];
        window.errors = [];
        window.channel = new Pipely().join("faults-00001", { clientId, password });
        channel.on("message", ({ payload }) => heard.push(payload));
        channel.on("gap", ({ reason }) => gaps.push(reason));
        channel.on("error", ({ code }) => errors.push(code));
        await channel.ready.catch(() => {});
      }
      """;

  /** How many came that are not behind the one ahead of them. */
  private static final String UNSORTED = "heard.filter((n, i) => i && n <= heard[i - 1]).length";

  private LauncherProcess launcher;
  private Playwright playwright;
  private Browser browser;
  private BrowserContext context;
  private Numbers numbers;

  @BeforeEach
  void start() throws IOException {
    Path chromium = Chromium.require();
    launcher = LauncherProcess.start(SETTINGS);
    numbers = new Numbers(() -> launcher.uri(), CHANNEL);
    playwright = Browsers.playwright();
    browser =
        Browsers.launch(
            playwright, chromium, "--enable-precise-memory-info", "--js-flags=--expose-gc");
    context = browser.newContext();
  }

  @AfterEach
  void stop() {
    if (playwright != null) {
      playwright.close();
    }
    if (launcher != null) {
      launcher.close();
    }
  }

  @Test
  @Tag("long")
  void aDeviceThatWasOfflineForTwentySecondsHearsWhatItHasMissedOnce() throws Exception {
    Page bob = elsewhere("bob");
    Page ann = page("ann");
    numbers.publish(BATCH);
    context.setOffline(true);
    for (int second = 0; second < 20; second++) {
      numbers.publish(BATCH);
      Thread.sleep(1000); // It is about that time.
    }
    assertEquals("reconnecting", ann.evaluate("() => channel.state"));
    context.setOffline(false);
    numbers.publish(BATCH);

    expectAll(ann, "[]");
    expectAll(bob, "[]");
  }

  @Test
  void whatWasMissedForTooLongIsToldToBeMissing() throws Exception {
    elsewhere("bob"); // So that the channel stays.
    Page ann = page("ann");
    numbers.publish(BATCH);
    context.setOffline(true);
    await().atMost(PATIENCE).until(() -> "reconnecting".equals(ann.evaluate("channel.state")));
    for (int i = 0; i < MANY; i += BATCH) {
      numbers.publish(BATCH);
    }
    context.setOffline(false);
    await().atMost(PATIENCE).until(() -> "open".equals(ann.evaluate("channel.state")));
    numbers.publish(1);

    await().atMost(PATIENCE).untilAsserted(() -> assertEquals("[\"evicted\"]", json(ann, "gaps")));
    await()
        .atMost(PATIENCE)
        .until(() -> ann.evaluate("heard.at(-1)").equals(numbers.published() - 1));
    assertEquals(0, ann.evaluate(UNSORTED));
  }

  @Test
  void aServerThatIsKilledIsFoundAgainWithAGapAndNothingTwice() throws Exception {
    Page ann = page("ann");
    numbers.publish(BATCH);
    expectAll(ann, "[]");
    launcher.close();
    await().atMost(PATIENCE).until(() -> "reconnecting".equals(ann.evaluate("channel.state")));
    launcher = launcher.restart();
    await().atMost(PATIENCE).until(() -> "open".equals(ann.evaluate("channel.state")));
    numbers.publish(BATCH);

    expectAll(ann, "[\"epoch\"]");
  }

  @Test
  void aTabThatIsHiddenHearsEverything() throws Exception {
    try (PlainBrowser plain = PlainBrowser.start(playwright, Chromium.require())) {
      Page ann = plain.context().newPage();
      join(ann, "ann", null);
      numbers.publish(BATCH);
      plain.context().newPage().bringToFront();
      await()
          .atMost(PATIENCE)
          .until(() -> "hidden".equals(ann.evaluate("document.visibilityState")));
      for (int i = 0; i < 10; i++) {
        numbers.publish(BATCH);
      }
      expectAll(ann, "[]");
      ann.bringToFront();
      await()
          .atMost(PATIENCE)
          .until(() -> "visible".equals(ann.evaluate("document.visibilityState")));
      numbers.publish(BATCH);

      expectAll(ann, "[]");
    }
  }

  @Test
  void aPageThatIsFrozenHearsEverythingWhenItIsShownAgain() throws Exception {
    Page bob = page("bob");
    try (PlainBrowser plain = PlainBrowser.start(playwright, Chromium.require())) {
      Page ann = plain.context().newPage();
      join(ann, "ann", null);
      Lifecycle lifecycle = new Lifecycle(ann);
      numbers.publish(BATCH);
      expectAll(ann, "[]");
      lifecycle.freeze();
      for (int i = 0; i < 10; i++) {
        numbers.publish(BATCH);
      }
      expectAll(bob, "[]");
      assertEquals(BATCH, ann.evaluate("heard.length"));
      lifecycle.activate();
      numbers.publish(BATCH);

      expectAll(ann, "[]");
    }
  }

  @Test
  void aWrongPasswordIsAnErrorOnceAndNotALoop() throws Exception {
    Page ann = page("ann", "right");
    Page eve = context.newPage();
    AtomicInteger requests = new AtomicInteger();
    eve.onRequest(
        request -> {
          if (request.url().contains("/subscribe")) {
            requests.incrementAndGet();
          }
        });
    join(eve, "eve", "wrong");
    eve.waitForTimeout(5000); // Two waits of a client that would try again.

    assertEquals("[\"wrong_password\"]", json(eve, "errors"));
    assertEquals("closed", eve.evaluate("channel.state"));
    assertEquals(1, requests.get());
    assertEquals("open", ann.evaluate("channel.state"));
  }

  @Test
  void theBrowsersOwnEventSourceIsServedToo() throws Exception {
    Page ann = page("ann");
    ann.evaluate(
        """
        () => {
          window.plain = [];
          const source = new EventSource("/subscribe?channelId=faults-00001&clientId=plain");
          source.onmessage = ({ data }) => plain.push(JSON.parse(data).type);
        }
        """);
    await()
        .atMost(PATIENCE)
        .until(() -> json(ann, "plain").equals("[\"CLIENT_LIST\",\"CONNECT\"]"));
    numbers.publish(1);

    await()
        .atMost(PATIENCE)
        .until(() -> json(ann, "plain").equals("[\"CLIENT_LIST\",\"CONNECT\",\"n\"]"));
    expectAll(ann, "[]");
  }

  /** Counted without keeping what was heard, so that what grows is the client's own. */
  @Test
  @Tag("long")
  void aThousandEventsPerSecondLeaveThePageResponsiveAndItsMemoryAsItWas() throws Exception {
    Page ann = page("ann");
    ann.evaluate(
        """
        () => {
          window.count = 0;
          window.wrong = 0;
          channel.on("message", ({ payload }) => {
            heard.length = 0;
            if (payload !== count++) wrong++;
          });
        }
        """);
    CDPSession devTools = context.newCDPSession(ann);
    JsonObject ofTheThread = new JsonObject();
    ofTheThread.addProperty("timeDomain", "threadTicks"); // What others take is not the page's.
    devTools.send("Performance.enable", ofTheThread);
    run(5); // Everything is compiled then.
    long memory = memory(ann);
    double busy = busySeconds(devTools);
    int seconds = 30;
    run(seconds);
    await().atMost(PATIENCE).until(() -> ann.evaluate("count").equals(numbers.published()));
    double share = (busySeconds(devTools) - busy) / seconds;
    long grown = memory(ann) - memory;

    System.out.printf("1,000 events/s: %d bytes more, busy for %.0f %%%n", grown, share * 100);
    assertEquals(0, ann.evaluate("wrong"));
    assertTrue(grown < 30 * 1000 * 16, () -> grown + " bytes more"); // 16 bytes for each event.
    assertTrue(share < 0.5, () -> "busy for " + share);
  }

  private void run(int seconds) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < seconds * 1000 / BATCH; i++) {
      long due = start + 1_000_000L * BATCH * i;
      Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      numbers.publish(BATCH);
    }
  }

  private static long memory(Page page) {
    Object bytes = page.evaluate("() => { gc(); gc(); return performance.memory.usedJSHeapSize; }");
    return ((Number) bytes).longValue();
  }

  /** How much of the processor the tasks of the page's main thread have taken. */
  private static double busySeconds(CDPSession devTools) {
    for (var metric : devTools.send("Performance.getMetrics").getAsJsonArray("metrics")) {
      JsonObject one = metric.getAsJsonObject();
      if (one.get("name").getAsString().equals("TaskDuration")) {
        return one.get("value").getAsDouble();
      }
    }
    throw new AssertionError("no TaskDuration");
  }

  /** On another device, which stays online. */
  private Page elsewhere(String clientId) {
    Page page = browser.newContext().newPage();
    join(page, clientId, null);
    return page;
  }

  private Page page(String clientId) {
    return page(clientId, null);
  }

  private Page page(String clientId, String password) {
    Page page = context.newPage();
    join(page, clientId, password);
    return page;
  }

  private void join(Page page, String clientId, String password) {
    page.navigate(launcher.uri().toString());
    page.evaluate(JOIN, Arrays.asList(clientId, password));
  }

  private void expectAll(Page page, String gaps) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(numbers.published(), page.evaluate("new Set(heard).size"), page::url));
    assertEquals(
        IntStream.range(0, numbers.published()).boxed().collect(Collectors.toList()),
        page.evaluate("heard"));
    assertEquals(gaps, json(page, "gaps"));
    assertEquals("[]", json(page, "errors"));
  }

  private static String json(Page page, String what) {
    return (String) page.evaluate("JSON.stringify(%s)".formatted(what));
  }
}
