package io.pipely.example.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import io.pipely.contract.Chromium;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * The client where only a browser can show it: tabs and their storage, pages that are loaded again,
 * kept, and closed, and requests to another origin.
 */
class ClientIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Joins, keeps what happens in {@code heard}, and returns the members, or why it may not. */
  private static final String JOIN =
      """
      async ([server, id, clientId, more]) => {
        const { Pipely } = await import(`${server}/pipely.js`);
        window.heard = [];
        window.channel = new Pipely(server).join(id, { clientId, password: "Schlüssel 👍", ...more });
        channel.on("message", ({ type }) => heard.push(type));
        channel.on("disconnect", (id) => heard.push(`-${id}`));
        channel.on("connect", (id) => heard.push(`+${id}`));
        return channel.ready.then(() => channel.members, ({ code }) => [code]);
      }
      """;

  /** Joins, answers the first message, and leaves. */
  private static final String WORKER =
      """
      import { Pipely } from "/pipely.js";
      onmessage = async ({ data: id }) => {
        const channel = new Pipely(location.origin)
          .join(id, { clientId: "worker", password: "Schlüssel 👍", echo: false });
        channel.on("state", ({ state }) => postMessage(state));
        for await (const { type } of channel) {
          postMessage(type);
          await channel.publish("answer");
          break;
        }
        await channel.leave();
      };
      """;

  private static LauncherProcess launcher;
  private static Playwright playwright;
  private static Browser browser;

  private BrowserContext context;
  private String channel;

  @BeforeAll
  static void start() throws IOException {
    Path chromium = Chromium.require();
    launcher = LauncherProcess.startAnywhere();
    playwright = Browsers.playwright();
    browser = Browsers.launch(playwright, chromium);
  }

  @AfterAll
  static void stop() {
    if (playwright != null) {
      playwright.close();
    }
    if (launcher != null) {
      launcher.close();
    }
  }

  @BeforeEach
  void open(TestInfo test) {
    channel = "%012x".formatted(test.getDisplayName().hashCode() & 0xFFFFFFFFL);
    context = browser.newContext();
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void aPageThatIsLoadedAgainIsTheSameMember() {
    Page bob = page();
    Page ann = page();
    join(bob, "bob");
    join(ann, "ann");
    ann.reload();

    assertEquals(List.of("bob", "ann"), join(ann, "Ann"));
    publish(ann, "back");
    expect(bob, List.of("+bob", "+ann", "back"));
  }

  @Test
  void aPageThatIsLoadedAgainMissesNothingWhereItWantsToGoOn() {
    Page bob = page();
    Page ann = page();
    join(bob, "bob");
    joinAndResume(ann, "ann");
    publish(bob, "seen");
    expect(ann, List.of("+ann", "seen"));
    String address = ann.url();

    ann.navigate("about:blank");
    publish(bob, "missed");
    ann.navigate(address);
    publish(bob, "missed too");
    assertEquals(List.of("bob", "ann"), joinAndResume(ann, "ann"));
    publish(bob, "live");

    expect(ann, List.of("missed", "missed too", "live"));
    expect(bob, List.of("+bob", "+ann", "seen", "missed", "missed too", "live"));
  }

  @Test
  void aTabThatHasACopyOfAnothersStorageIsAClientOfItsOwn() {
    Page ann = page();
    join(ann, "ann");
    Page copy =
        context.waitForPage(() -> ann.evaluate("() => { window.open(location.href); return 0; }"));
    copy.waitForLoadState();

    assertEquals(List.of("client_id_taken"), join(copy, "ann"));
    assertEquals("open", state(ann));
  }

  @Test
  void aPageThatIsBackFromTheBrowsersCacheIsBackInItsChannel() {
    Page bob = page();
    Page ann = page();
    join(bob, "bob");
    join(ann, "ann");
    Browsers.leaveAndReturn(ann, launcher.uri() + "/pipely.css", () -> publish(bob, "meanwhile"));

    await().atMost(PATIENCE).until(() -> state(ann).equals("open"));
    expect(ann, List.of("+ann", "meanwhile"));
    expect(bob, List.of("+bob", "+ann", "meanwhile"));
  }

  @Test
  void aDeviceThatIsOfflineSendsWhenItIsBack() {
    Page bob = page();
    join(bob, "bob");
    try (BrowserContext other = browser.newContext()) {
      Page ann = page(other, launcher.uri().toString());
      join(ann, "ann");
      other.setOffline(true);
      await().atMost(PATIENCE).until(() -> state(ann).equals("reconnecting"));
      ann.evaluate("() => { window.sent = channel.publish('late'); return 0; }");
      other.setOffline(false);

      ann.evaluate("() => sent");
      expect(bob, List.of("+bob", "+ann", "late"));
    }
  }

  /** The grace is long, so that nothing but the leaving itself can be what is seen. */
  @Test
  void aPageThatIsClosedCanLeaveAtOnce() throws IOException {
    try (LauncherProcess patient =
        LauncherProcess.start(Map.of("ADDRESS", "127.0.0.1:0", "PIPELY_GRACE", "10m"))) {
      Page bob = member("bob", patient.uri());
      Page ann = member("ann", patient.uri());
      ann.evaluate("() => { onpagehide = () => channel.leave(); return 0; }");
      ann.close();

      expect(bob, List.of("+bob", "+ann", "-ann"));
    }
  }

  @Test
  void aPageThatIsClosedWithoutAWordIsThereForItsGrace() throws IOException {
    Duration grace = Duration.ofSeconds(3);
    try (LauncherProcess brief =
        LauncherProcess.start(
            Map.of("ADDRESS", "127.0.0.1:0", "PIPELY_GRACE", grace.toSeconds() + "s"))) {
      Page bob = member("bob", brief.uri());
      Page ann = member("ann", brief.uri());
      bob.evaluate(
          "() => { const t = performance.now();"
              + " channel.on('disconnect', () => (window.after = performance.now() - t)); }");
      ann.close();

      expect(bob, List.of("+bob", "+ann", "-ann"));
      double after = ((Number) bob.evaluate("() => after")).doubleValue();
      assertTrue(after >= grace.toMillis(), () -> "gone after " + after + " ms");
    }
  }

  @Test
  void aPageOfAnotherOriginUsesItTheSameWay() {
    String other = "http://localhost:" + launcher.uri().getPort() + "/health";
    Page ann = page(context, other);

    assertEquals(List.of("ann"), join(ann, "ann"));
    publish(ann, "hello");
    context.setOffline(true);
    await().atMost(PATIENCE).until(() -> state(ann).equals("reconnecting"));
    context.setOffline(false);
    publish(ann, "again"); // By a stream that was asked for with a Last-Event-ID.
    expect(ann, List.of("+ann", "hello", "again"));
  }

  @Test
  void thePlainScriptDefinesPipely() {
    Page ann = page();
    ann.addScriptTag(new Page.AddScriptTagOptions().setUrl("/pipely.global.js"));

    Object members =
        ann.evaluate(
            """
            async (id) => {
              const channel = new Pipely().join(id, { clientId: "ann" });
              await channel.ready;
              return channel.members;
            }
            """,
            channel);
    assertEquals(List.of("ann"), members);
  }

  @Test
  void aWorkerIsAClientAsAPageIs() {
    Page bob = page();
    join(bob, "bob");
    context.route(
        "**/worker.js",
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("text/javascript").setBody(WORKER)));
    Page page = page();
    page.evaluate(
        """
        (id) => {
          window.heard = [];
          const worker = new Worker("/worker.js", { type: "module" });
          worker.onmessage = ({ data }) => heard.push(data);
          worker.postMessage(id);
        }
        """,
        channel);
    expect(page, List.of("open"));
    publish(bob, "question");

    expect(page, List.of("open", "question", "closed"));
    expect(bob, List.of("+bob", "+worker", "question", "answer", "-worker"));
  }

  private Page page() {
    return page(context, launcher.uri().toString());
  }

  private static Page page(BrowserContext context, String address) {
    Page page = context.newPage();
    page.navigate(address);
    return page;
  }

  /** A page of that server, which has joined there. */
  private Page member(String clientId, URI server) {
    Page page = page(context, server.toString());
    join(page, clientId, server);
    return page;
  }

  private Object join(Page page, String clientId) {
    return join(page, clientId, launcher.uri());
  }

  private Object join(Page page, String clientId, URI server) {
    return page.evaluate(JOIN, List.of(server.toString(), channel, clientId, Map.of()));
  }

  /** Joins so that a page that is loaded again goes on where the one before it was. */
  private Object joinAndResume(Page page, String clientId) {
    return page.evaluate(
        JOIN, List.of(launcher.uri().toString(), channel, clientId, Map.of("resume", true)));
  }

  private static void publish(Page page, String type) {
    page.evaluate("(type) => channel.publish(type)", type);
  }

  private static String state(Page page) {
    return (String) page.evaluate("() => channel.state");
  }

  private static void expect(Page page, List<String> heard) {
    await().atMost(PATIENCE).untilAsserted(() -> assertEquals(heard, page.evaluate("() => heard")));
  }
}
