package io.pipely.example.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import io.pipely.contract.Chromium;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Tabs of one browser that share a stream. They are more than the six connections that a browser
 * has for a server over HTTP/1.1; the publisher has a browser context, and so connections, of its
 * own.
 */
class SharedTabsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TABS = 7;

  /** So many that a leader goes in the midst of them. */
  private static final int NUMBERS = 800;

  private static final int MIDST = 200;

  /** Joins, and keeps the numbers that come in {@code heard}, and all else in {@code told}. */
  private static final String JOIN =
      """
      async ([server, id, clientId, module, name]) => {
        const Pipely = (await import(`${server}/${module}`))[name];
        window.heard = [];
        window.told = [];
        window.channel = new Pipely(server).join(id, { clientId });
        channel.on("message", ({ payload }) => heard.push(payload));
        channel.on("gap", ({ reason }) => told.push(reason));
        channel.on("connect", (id) => told.push(`+${id}`));
        channel.on("disconnect", (id) => told.push(`-${id}`));
        return channel.ready.then(() => channel.members, ({ code }) => [code]);
      }
      """;

  /** Without waiting for the end, which {@code sent} tells. */
  private static final String COUNT =
      """
      (count) => {
        window.sent = 0;
        void (async () => {
          for (let n = 0; n < count; n++, sent++) await channel.publish("number", n);
        })();
        return 0;
      }
      """;

  private static Playwright playwright;
  private static Browser browser;

  private final AtomicInteger streams = new AtomicInteger();
  private LauncherProcess launcher;
  private BrowserContext context;
  private BrowserContext elsewhere;
  private String channel;

  @BeforeAll
  static void start() {
    Path chromium = Chromium.require();
    playwright = Browsers.playwright();
    // A tab that crashes takes no other along.
    browser = Browsers.launch(playwright, chromium, "--renderer-process-limit=64");
  }

  @AfterAll
  static void stop() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @BeforeEach
  void open(TestInfo test) throws IOException {
    launcher = LauncherProcess.startAnywhere();
    channel = "%012x".formatted(test.getDisplayName().hashCode() & 0xFFFFFFFFL);
    use(browser.newContext());
    elsewhere = browser.newContext();
  }

  /** Counts the streams there. */
  private void use(BrowserContext newContext) {
    context = newContext;
    context.onRequest(
        request -> {
          if (request.url().contains("/subscribe?")) {
            streams.incrementAndGet();
          }
        });
  }

  @AfterEach
  void close() {
    elsewhere.close();
    context.close();
    launcher.close();
  }

  @Test
  void moreTabsThanConnectionsAreOneMemberWithOneStream() {
    List<Page> tabs = tabs();
    Page bob = bob();
    bob.evaluate(COUNT, 10);

    for (Page tab : tabs) {
      expectNumbers(tab, 10);
      tab.evaluate("() => channel.publish('number', 10)");
    }
    assertEquals(1, streams.get());
    assertEquals(List.of("ann", "bob"), bob.evaluate("() => channel.members"));
    await().atMost(PATIENCE).until(() -> bob.evaluate("() => heard.length").equals(10 + TABS));
  }

  @Test
  void aLateTabHasWhoIsThereAndGoesOn() {
    tabs();
    Page bob = bob();
    Page late = page(context);

    assertEquals(List.of("ann", "bob"), join(late));
    bob.evaluate(COUNT, 3);
    expectNumbers(late, 3);
    assertEquals(1, streams.get());
  }

  @Test
  void aLeaderThatIsClosedTakesNothingAlong() {
    List<Page> tabs = tabs();
    Page bob = bob();
    bob.evaluate(COUNT, NUMBERS);
    awaitMidst(tabs.get(1));
    tabs.get(0).close();

    expectNothingMissing(tabs.subList(1, TABS), bob);
    assertEquals(2, streams.get());
  }

  /**
   * As where somebody closes all tabs but one, more of them than the server lets take over at once.
   */
  @Test
  void leadersThatAreClosedOneAfterTheOtherTakeNothingAlong() {
    List<Page> tabs = tabs();
    Page bob = bob();
    bob.evaluate(COUNT, NUMBERS);
    awaitMidst(tabs.get(1));
    tabs.subList(0, TABS - 1).forEach(Page::close);

    expectNothingMissing(tabs.subList(TABS - 1, TABS), bob);
  }

  @Test
  void aLeaderThatCrashesTakesNothingAlong() {
    List<Page> tabs = tabs();
    AtomicInteger crashes = new AtomicInteger();
    tabs.forEach(tab -> tab.onCrash(crashed -> crashes.incrementAndGet()));
    Page bob = bob();
    bob.evaluate(COUNT, NUMBERS);
    awaitMidst(tabs.get(1));
    crash(tabs.get(0));

    expectNothingMissing(tabs.subList(1, TABS), bob);
    assertEquals(1, crashes.get());
    assertEquals(2, streams.get());
  }

  @Test
  void aLeaderThatIsPutAwaySilencesNobodyAndCatchesUpWhenItIsBack() {
    List<Page> tabs = tabs();
    Page leader = tabs.get(0);
    Page bob = bob();
    bob.evaluate(COUNT, NUMBERS);
    awaitMidst(tabs.get(1));
    Browsers.leaveAndReturn(
        leader, server() + "/pipely.css", () -> expectNothingMissing(tabs.subList(1, TABS), bob));

    expectNothingMissing(List.of(leader), bob);
    assertEquals(2, streams.get());
  }

  @Test
  void aLeaderThatIsFrozenSilencesNobodyAndCatchesUpWhenItIsActiveAgain() throws IOException {
    try (PlainBrowser plain = PlainBrowser.start(playwright, Chromium.require())) {
      use(plain.context());
      List<Page> tabs = tabs();
      Page leader = tabs.get(0);
      Lifecycle lifecycle = new Lifecycle(leader);
      Page bob = bob();
      bob.evaluate(COUNT, NUMBERS);
      awaitMidst(tabs.get(1));
      lifecycle.freeze();

      expectNothingMissing(tabs.subList(1, TABS), bob);
      assertEquals(2, streams.get());
      assertTrue((int) leader.evaluate("() => heard.length") < NUMBERS);
      lifecycle.activate();
      expectNothingMissing(List.of(leader), bob);
      bob.evaluate("(n) => channel.publish('number', n)", NUMBERS);
      for (Page tab : tabs) {
        expectNumbers(tab, NUMBERS + 1);
        assertEquals(NUMBERS + 1, tab.evaluate("() => heard.length"));
      }
      assertEquals(2, streams.get());
    }
  }

  @Test
  void aServerThatIsKilledAndStartedAgainHasAllTabsBack() throws IOException {
    List<Page> tabs = tabs();
    launcher.close();
    tabs.forEach(tab -> awaitState(tab, "reconnecting"));
    launcher = launcher.restart();

    tabs.forEach(tab -> awaitState(tab, "open"));
    Page bob = bob();
    bob.evaluate(COUNT, 10);
    for (Page tab : tabs) {
      expectNumbers(tab, 10);
      assertEquals(1, tab.evaluate("() => told.filter((told) => told === 'epoch').length"));
    }
    assertEquals(List.of("ann", "bob"), bob.evaluate("() => channel.members"));
  }

  @Test
  void theMemberLeavesWithItsLastTab() {
    List<Page> tabs = tabs();
    Page bob = bob();
    for (Page tab : tabs.subList(0, TABS - 1)) {
      tab.evaluate("() => channel.leave()");
    }
    tabs.get(TABS - 1).evaluate("() => channel.publish('number', 0)");
    await().atMost(PATIENCE).until(() -> bob.evaluate("() => heard.length").equals(1));
    assertEquals(List.of("+bob"), bob.evaluate("() => told"));

    tabs.get(TABS - 1).evaluate("() => channel.leave()");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(List.of("+bob", "-ann"), bob.evaluate("() => told")));
  }

  @Test
  void allTabsLoadedAgainAreTheSameMember() {
    List<Page> tabs = tabs();
    Page bob = bob();
    tabs.forEach(Page::reload);
    for (Page tab : tabs) {
      assertEquals(List.of("ann", "bob"), join(tab));
    }
    bob.evaluate(COUNT, 3);
    tabs.forEach(tab -> expectNumbers(tab, 3));
    assertEquals(List.of("+bob"), bob.evaluate("() => told"));
  }

  @Test
  void withoutLocksEachTabHasAStreamOfItsOwn() {
    context.addInitScript("delete Navigator.prototype.locks");
    Page ann = page(context);
    Page eve = page(context);

    assertEquals(List.of("ann"), join(ann));
    assertEquals(List.of("client_id_taken"), join(eve));
    assertEquals(2, streams.get());
  }

  /** They have all joined; the first of them leads. */
  private List<Page> tabs() {
    List<Page> tabs = new ArrayList<>();
    for (int n = 0; n < TABS; n++) {
      Page tab = page(context);
      assertEquals(List.of("ann"), join(tab));
      tabs.add(tab);
    }
    return tabs;
  }

  private Page bob() {
    Page page = page(elsewhere);
    page.evaluate(JOIN, List.of(server(), channel, "bob", "pipely.js", "Pipely"));
    return page;
  }

  private Page page(BrowserContext context) {
    Page page = context.newPage();
    page.navigate(server() + "/health");
    return page;
  }

  private Object join(Page page) {
    return page.evaluate(JOIN, List.of(server(), channel, "ann", "pipely-tabs.js", "TabbedPipely"));
  }

  private String server() {
    return launcher.uri().toString();
  }

  /** Of its process, not of the page alone. */
  private static void crash(Page page) {
    try {
      page.navigate("chrome://crash");
    } catch (PlaywrightException expected) {
      assertTrue(expected.getMessage().contains("crash"), expected::getMessage);
    }
  }

  private static void awaitState(Page tab, String state) {
    await().atMost(PATIENCE).until(() -> tab.evaluate("() => channel.state").equals(state));
  }

  private static void awaitMidst(Page tab) {
    await().atMost(PATIENCE).until(() -> (int) tab.evaluate("() => heard.length") > MIDST);
  }

  /** And so nobody was told of a gap, or that anybody had come or gone but bob. */
  private static void expectNothingMissing(List<Page> tabs, Page bob) {
    await().atMost(PATIENCE).until(() -> bob.evaluate("() => sent").equals(NUMBERS));
    for (Page tab : tabs) {
      expectNumbers(tab, NUMBERS);
      assertEquals(List.of(), tab.evaluate("() => told.filter((told) => !told.startsWith('+'))"));
    }
    assertEquals(List.of("+bob"), bob.evaluate("() => told"));
  }

  private static void expectNumbers(Page tab, int count) {
    String isOver = "(n) => heard.length >= n || channel.state === 'closed'";
    await().atMost(PATIENCE).until(() -> (boolean) tab.evaluate(isOver, count));
    assertNull(tab.evaluate("() => channel.reason"), "why it is closed");
    assertEquals(
        IntStream.range(0, count).boxed().toList(),
        tab.evaluate("(n) => heard.slice(0, n)", count));
  }
}
