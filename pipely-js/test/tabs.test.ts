import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../src/api.js";
import { TabbedPipely } from "../src/tabs.js";
import { Browser, Tab } from "./browser.js";
import { Asked, heard, settled, states } from "./lab.js";

/** The types of the messages that come from now on. */
function types(channel: Channel): string[] {
  const types: string[] = [];
  channel.on("message", ({ type }) => types.push(type));
  return types;
}

const stateOf = (...tabs: Tab[]) => tabs.map(({ channel }) => channel.state);

async function three(browser: Browser): Promise<[Tab, Tab, Tab]> {
  return [await browser.open(), await browser.open(), await browser.open()];
}

test("tabs that join as the same client have one stream, and all that it brings", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  const all = tabs.map(({ channel }) => types(channel));
  await browser.server.publish("a");
  await browser.server.come("carol");
  await browser.server.publish("b");
  assert.equal(browser.server.of("/subscribe").length, 1);
  for (const [n, { channel }] of tabs.entries()) {
    assert.equal(channel.state, "open");
    assert.deepEqual(all[n], ["a", "b"]);
    assert.deepEqual(channel.members, ["alice", "carol"]);
  }
});

test("a late tab begins with who is there, and goes on from there", async () => {
  const browser = new Browser();
  await browser.open();
  await browser.server.come("carol");
  await browser.server.publish("a");
  const { channel } = await browser.open();
  const late = types(channel);
  assert.deepEqual(channel.members, ["alice", "carol"]);
  await browser.server.publish("b");
  assert.deepEqual(late, ["b"]);
});

test("a late tab's history are the newest messages that the others have", async () => {
  const browser = new Browser();
  await browser.open();
  for (const type of ["a", "b", "c"]) await browser.server.publish(type);
  await browser.server.come("carol");
  const { channel } = new Tab(browser, { history: 2 });
  const late = types(channel);
  await settled();
  await browser.server.publish("d");
  assert.deepEqual(late, ["b", "c", "d"]);
});

test("where the first tab has no connection yet, the others wait as long as it takes", async () => {
  const browser = new Browser();
  browser.server.isUp = false;
  const backoff = { max: 120_000 }; // Longer than a client waits for an answer.
  const first = await browser.open({ backoff });
  const second = await browser.open();
  const changes = heard(second.channel, "state");
  await browser.clock.pass(600_000);
  assert.equal(second.channel.state, "connecting");
  assert.deepEqual(changes, []);
  browser.server.isUp = true;
  await browser.clock.pass(60_000);
  assert.equal(first.channel.state, "open");
  assert.deepEqual(states(changes), ["open"]);
});

for (const [how, go] of [
  ["crashes", (tab: Tab) => tab.crash()],
  ["is closed", (tab: Tab) => tab.happen(tab.window, "pagehide")],
  ["is frozen", (tab: Tab) => tab.happen(tab.document, "freeze")],
  ["leaves", (tab: Tab) => tab.channel.leave()],
] as const) {
  test(`where the leader ${how}, another goes on where it was, and nobody notices`, async () => {
    const browser = new Browser();
    const [first, ...others] = await three(browser);
    const all = others.map(({ channel }) => types(channel));
    const changes = others.map(({ channel }) => heard(channel, "state"));
    await browser.server.publish("a");
    browser.server.forget();
    await browser.server.publish("b"); // The leader does not hear of it any more.
    await go(first);
    await settled();
    await browser.server.publish("c");
    const [before, after] = browser.server.of("/subscribe");
    assert.equal(browser.server.of("/subscribe").length, 2);
    assert.equal(after!.headers.get("Last-Event-ID"), "e-2");
    assert.equal(after!.headers.get("Pipely-Token"), before!.headers.get("Pipely-Token"));
    assert.deepEqual(all, [
      ["a", "b", "c"],
      ["a", "b", "c"],
    ]);
    assert.deepEqual(changes, [[], []]);
    assert.deepEqual(browser.server.of("/leave"), []);
  });
}

test("a tab that has heard less than the new leader has the rest from it", async () => {
  const browser = new Browser();
  const [first, , third] = await three(browser);
  const seen = types(third.channel);
  await browser.server.publish("a");
  third.deafen();
  await browser.server.publish("b");
  await browser.server.publish("c");
  await first.crash();
  await settled();
  await third.listen();
  await browser.server.publish("d");
  assert.deepEqual(seen, ["a", "b", "c", "d"]);
});

test("a tab that has heard more than the new leader hears nothing twice", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  const [behind, ahead] = [types(second.channel), types(third.channel)];
  await browser.server.publish("a");
  second.deafen();
  await browser.server.publish("b");
  await first.crash();
  await settled();
  assert.equal(browser.server.of("/subscribe")[1]!.headers.get("Last-Event-ID"), "e-2");
  await second.listen(); // The late words of one who led before.
  await browser.server.publish("c");
  assert.deepEqual(behind, ["a", "b", "c"]);
  assert.deepEqual(ahead, ["a", "b", "c"]);
});

test("what is said by one who has led before comes too late", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  const seen = types(third.channel);
  third.deafen(first);
  const late = await browser.open(); // It makes the first say once more what it has.
  const before = browser.server.of("/subscribe").length;
  await first.crash();
  await settled();
  await third.listen();
  await browser.server.publish("a");
  assert.equal(browser.server.of("/subscribe").length, before + 1);
  assert.deepEqual(stateOf(second, third, late), ["open", "open", "open"]);
  assert.deepEqual(seen, ["a"]);
});

test("what is said by one who has led before is nothing to one who is about to", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  const all = [types(second.channel), types(third.channel)];
  second.deafen(first);
  await browser.open();
  browser.server.isSilent = true;
  await first.crash();
  await settled();
  await second.listen();
  browser.server.isSilent = false;
  await browser.server.answer(browser.server.asked.at(-1)!);
  await browser.server.publish("a");
  await browser.clock.pass(30_000);
  assert.equal(browser.server.of("/subscribe").length, 2);
  assert.deepEqual(all, [["a"], ["a"]]);
});

test("a clock that is set back makes no new leader an old one", async () => {
  const browser = new Browser();
  const [first, , third] = await three(browser);
  const seen = types(third.channel);
  browser.clock.now -= 3_600_000;
  await first.crash();
  await settled();
  await browser.server.publish("a");
  assert.deepEqual(seen, ["a"]);
});

test("a new leader whose client waits says that there is no connection", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  second.deafen();
  for (let n = 0; n < 10; n++) {
    await browser.clock.pass(10_000);
    await browser.server.breathe();
  }
  assert.deepEqual(stateOf(second, third), ["reconnecting", "open"]);
  await second.listen();
  await first.crash();
  await settled();
  assert.deepEqual(stateOf(second, third), ["reconnecting", "reconnecting"]);
  await browser.clock.pass(2_000);
  assert.deepEqual(stateOf(second, third), ["open", "open"]);
});

test("a tab that is too far behind is told of a gap, and has who is there", async () => {
  const browser = new Browser();
  const [, , third] = await three(browser);
  const [gaps, seen] = [heard(third.channel, "gap"), types(third.channel)];
  await third.happen(third.document, "freeze");
  await browser.server.come("carol");
  for (let n = 0; n < 5; n++) await browser.server.publish("big", "x".repeat(60_000));
  await third.happen(third.document, "resume");
  assert.deepEqual(gaps, [{ reason: "evicted" }]);
  assert.deepEqual(third.channel.members, ["alice", "carol"]);
  await browser.server.publish("a");
  assert.deepEqual(seen, ["a"]);
});

test("a tab that is a little behind is not", async () => {
  const browser = new Browser();
  const [, , third] = await three(browser);
  const [gaps, seen] = [heard(third.channel, "gap"), types(third.channel)];
  await third.happen(third.document, "freeze");
  for (const type of ["a", "b"]) await browser.server.publish(type, "x".repeat(60_000));
  await third.happen(third.document, "resume");
  assert.deepEqual(gaps, []);
  assert.deepEqual(seen, ["a", "b"]);
});

/**
 * Three that have seen "a", of which the third is frozen when the others go; then a fourth comes, which has "c". Gives
 * the third, and what both have from then on.
 */
async function onlyOneIsOld(browser: Browser) {
  const [first, second, old] = await three(browser);
  await browser.server.publish("a");
  await old.happen(old.document, "freeze");
  await first.crash();
  await second.crash();
  await browser.server.publish("b");
  const both = [old, await browser.open()];
  const all = both.map(({ channel }) => types(channel));
  const gaps = both.map(({ channel }) => heard(channel, "gap"));
  await browser.server.publish("c");
  return { old, all, gaps };
}

test("for a tab that comes back to others that are all new the server is asked once more", async () => {
  const browser = new Browser();
  const { old, all, gaps } = await onlyOneIsOld(browser);
  await old.happen(old.document, "resume");
  await browser.server.publish("d");
  assert.deepEqual(all, [
    ["b", "c", "d"],
    ["c", "d"],
  ]);
  assert.deepEqual(gaps, [[], []]);
});

test("what the server does not have any more is a gap to the tab that misses it alone", async () => {
  const browser = new Browser();
  const { old, all, gaps } = await onlyOneIsOld(browser);
  browser.server.kept = 1;
  await old.happen(old.document, "resume");
  await browser.server.publish("d");
  assert.deepEqual(all, [["d"], ["c", "d"]]);
  assert.deepEqual(gaps, [[{ reason: "evicted" }], []]);
  const asked = browser.server.of("/subscribe").length;
  await old.happen(old.document, "freeze");
  await old.happen(old.document, "resume");
  assert.equal(browser.server.of("/subscribe").length, asked);
});

test("a tab that leads without having heard anything goes back for those who have", async () => {
  const browser = new Browser();
  const first = await browser.open();
  await browser.server.cut();
  const second = await browser.open();
  const third = await browser.open();
  const [seen, gaps] = [types(third.channel), heard(third.channel, "gap")];
  second.deafen();
  await browser.clock.pass(2_000);
  await browser.server.publish("a");
  browser.server.isUp = false;
  await browser.server.cut();
  await browser.server.publish("b");
  browser.server.isUp = true;
  await first.crash();
  await second.listen();
  await browser.clock.pass(2_000);
  assert.deepEqual(seen, ["a", "b"]);
  assert.deepEqual(gaps, []);
});

test("a page that goes on from the one before it does so with the tabs of its own too", async () => {
  const browser = new Browser();
  const page = await browser.open({ resume: true });
  const other = await browser.open();
  await browser.server.publish("a");
  await page.happen(page.window, "pagehide");
  await other.crash();
  await browser.server.publish("b");
  const next = new Tab(browser, { resume: true }, page.storage);
  const [seen, gaps] = [types(next.channel), heard(next.channel, "gap")];
  await settled();
  assert.deepEqual(seen, ["b"]);
  assert.deepEqual(gaps, []);
});

test("a server that has begun anew is a gap to every tab, once", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  const gaps = tabs.map(({ channel }) => heard(channel, "gap"));
  await browser.server.publish("a");
  await browser.server.restart();
  assert.deepEqual(stateOf(...tabs), Array(3).fill("reconnecting"));
  await browser.clock.pass(2_000);
  assert.deepEqual(stateOf(...tabs), Array(3).fill("open"));
  assert.deepEqual(gaps, Array(3).fill([{ reason: "epoch" }]));
});

test("a connection that is lost is lost to all, and all have what was missed", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  const all = tabs.map(({ channel }) => types(channel));
  await browser.server.publish("a");
  browser.server.isUp = false;
  await browser.server.cut();
  assert.deepEqual(stateOf(...tabs), Array(3).fill("reconnecting"));
  await browser.clock.pass(60_000);
  await browser.server.publish("b");
  browser.server.isUp = true;
  await browser.clock.pass(30_000);
  assert.deepEqual(stateOf(...tabs), Array(3).fill("open"));
  assert.deepEqual(all, Array(3).fill(["a", "b"]));
});

test("a new leader that cannot reach the server says so", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  browser.server.isUp = false;
  await first.crash();
  await settled();
  assert.deepEqual(stateOf(second, third), ["reconnecting", "reconnecting"]);
});

test("a new leader that comes too soon for the server is let in later, and nothing is missing", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  const all = [types(second.channel), types(third.channel)];
  browser.server.refusal = [409, "token_in_use"];
  await first.crash();
  await browser.clock.pass(5_000);
  await browser.server.publish("a");
  browser.server.refusal = undefined;
  await browser.clock.pass(10_000);
  assert.deepEqual(stateOf(second, third), ["open", "open"]);
  assert.deepEqual(all, [["a"], ["a"]]);
});

test("a new leader gives up a server that does not answer", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  browser.server.isSilent = true;
  await first.crash();
  await browser.clock.pass(20_000);
  assert.deepEqual(stateOf(second, third), ["reconnecting", "reconnecting"]);
});

test("signs of life reach every tab", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  for (let n = 0; n < 10; n++) {
    await browser.clock.pass(45_000);
    await browser.server.breathe();
  }
  assert.deepEqual(stateOf(...tabs), Array(3).fill("open"));
  browser.server.isSilent = true;
  await browser.clock.pass(101_000);
  assert.deepEqual(stateOf(...tabs), Array(3).fill("reconnecting"));
});

test("an id alone is where all go on", async () => {
  const browser = new Browser();
  const [first] = await three(browser);
  await browser.server.stream.send("id: e-7\n:\n\n");
  await first.crash();
  await settled();
  assert.equal(browser.server.of("/subscribe")[1]!.headers.get("Last-Event-ID"), "e-7");
});

test("a tab publishes by itself and in order, as the member that all are", async () => {
  const browser = new Browser();
  const [first, second] = await three(browser);
  const sent = ["a", "b", "c"].map((type) => second.channel.publish(type));
  await first.crash();
  const more = ["d", "e"].map((type) => second.channel.publish(type));
  await Promise.all([...sent, ...more]);
  const token = browser.server.of("/subscribe")[0]!.headers.get("Pipely-Token");
  const published = browser.server.of("/publish");
  assert.deepEqual(published.flatMap(({ body }) => body).map(({ type }) => type), [
    "a",
    "b",
    "c",
    "d",
    "e",
  ]);
  for (const { headers } of published) assert.equal(headers.get("Pipely-Token"), token);
});

test("where a tab learns that the server has lost the channel, it is joined anew for all", async () => {
  const browser = new Browser();
  const [, second, third] = await three(browser);
  const seen = types(third.channel);
  browser.server.refusal = [404, "no_such_channel"];
  const sent = second.channel.publish("a");
  await Promise.resolve();
  await Promise.resolve();
  browser.server.refusal = undefined;
  await sent;
  assert.equal(browser.server.of("/subscribe").length, 2);
  assert.equal(browser.server.of("/publish").length, 2);
  await browser.server.publish("b");
  assert.deepEqual(seen, ["b"]);
});

test("leaving one tab is no leaving of the others", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  const seen = types(third.channel);
  await second.channel.leave();
  await first.channel.leave();
  await settled();
  await browser.server.publish("a");
  assert.deepEqual([first.channel.reason, second.channel.reason], ["left", "left"]);
  assert.deepEqual(seen, ["a"]);
  assert.deepEqual(browser.server.of("/leave"), []);
  await third.channel.leave();
  const [left] = browser.server.of("/leave");
  const token = browser.server.of("/subscribe")[0]!.headers.get("Pipely-Token");
  assert.deepEqual(left!.body, { channel_id: "my-channel-1", client_id: "alice", token });
  assert.equal(browser.storage.size, 0);
});

test("where all leave at once, the member leaves", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  await Promise.all(tabs.map(({ channel }) => channel.leave()));
  assert.ok(browser.server.of("/leave").length > 0);
});

test("the last tab leaves after the others have crashed", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  await second.crash();
  await first.crash();
  await settled();
  await third.channel.leave();
  assert.equal(browser.server.of("/leave").length, 1);
});

test("a tab that is alone leaves at once while its page is closed", async () => {
  const browser = new Browser();
  const { channel, window } = await browser.open();
  window.dispatchEvent(new Event("pagehide"));
  void channel.leave();
  assert.equal(browser.server.of("/leave").length, 1);
});

test("a page that was put away is a tab like the others when it is back", async () => {
  const browser = new Browser();
  const [first, second] = await three(browser);
  const seen = types(first.channel);
  await first.happen(first.window, "pagehide");
  await browser.server.publish("a");
  await first.happen(first.window, "pageshow", { persisted: true });
  await browser.server.publish("b");
  assert.equal(first.channel.state, "open");
  assert.deepEqual(seen, ["a", "b"]);
  assert.equal(browser.server.of("/subscribe").length, 2);
  await second.crash();
  await settled();
  await browser.server.publish("c");
  assert.deepEqual(seen, ["a", "b", "c"]);
});

test("who is refused is told in each tab, and each has asked for itself", async () => {
  const browser = new Browser();
  browser.server.refusal = [401, "wrong_password"];
  const tabs = await three(browser);
  await browser.clock.pass(60_000);
  for (const { channel } of tabs) {
    assert.equal(channel.reason, "refused");
    await assert.rejects(channel.ready, { code: "wrong_password", status: 401 });
  }
  assert.ok(browser.server.of("/subscribe").length <= 5);
  assert.equal(browser.clock.pending, 0);
});

test("a tab with a right password goes on where one with a wrong one may not", async () => {
  const browser = new Browser();
  browser.server.refusal = [401, "wrong_password"];
  const wrong = await browser.open();
  browser.server.refusal = undefined;
  const right = await browser.open();
  assert.deepEqual([wrong.channel.state, right.channel.state], ["closed", "open"]);
});

test("where another takes the member's place, it is taken from all tabs", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  await browser.server.fetch("http://pipely.test/subscribe?other");
  await browser.clock.pass(60_000);
  for (const { channel } of tabs) assert.equal(channel.reason, "replaced");
  assert.equal(browser.server.of("/subscribe").length, 2);
});

test("a page that is loaded again is the same member, whichever tab it was", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  for (const tab of [first, second, third]) await tab.happen(tab.window, "pagehide");
  await browser.open();
  const tokens = browser.server.of("/subscribe").map(({ headers }) => headers.get("Pipely-Token"));
  assert.equal(new Set(tokens).size, 1);
});

test("the application's own token is that of all", async () => {
  const browser = new Browser();
  await browser.open({ token: "a-token-of-ones-own" });
  const { headers } = browser.server.of("/subscribe")[0]!;
  assert.equal(headers.get("Pipely-Token"), "a-token-of-ones-own");
});

test("where locks are forbidden, each tab is on its own", async () => {
  const browser = new Browser();
  browser.locks.isForbidden = true;
  const { channel } = await browser.open();
  assert.equal(channel.state, "open");
});

test("nothing of a channel is left when it is closed", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  for (const { channel } of tabs) await channel.leave();
  for (const { window, document } of tabs) {
    assert.deepEqual([window.listeners, document.listeners], [0, 0]);
  }
  assert.equal(browser.lines.size, 0);
  assert.equal(browser.clock.pending, 0);
});

test("without locks it is the ordinary client", async () => {
  const asked: Asked[] = [];
  const fetch = async (input: unknown, init?: RequestInit) => {
    asked.push(new Asked(String(input), init));
    return asked.at(-1)!.response;
  };
  const options = { fetch: fetch as typeof globalThis.fetch };
  const pipely = new TabbedPipely("http://pipely.test/", options);
  const channels = ["alice", "alice"].map((clientId) => pipely.join("my-channel-1", { clientId }));
  await settled();
  assert.equal(asked.length, 2);
  for (const channel of channels) void channel.leave();
});
