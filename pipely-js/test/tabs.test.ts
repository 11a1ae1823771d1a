import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../src/api.js";
import { TabbedPipely } from "../src/tabs.js";
import { Browser, Tab } from "./browser.js";
import { Asked, frame, heard, settled, states } from "./lab.js";

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

/** The third of three tabs, which sleeps while much happens; what it sees, and what it is told that it misses. */
async function farBehind(browser: Browser) {
  const [, , third] = await three(browser);
  const [gaps, seen] = [heard(third.channel, "gap"), types(third.channel)];
  await third.happen(third.document, "freeze");
  await browser.server.come("carol");
  for (let n = 0; n < 8; n++) await browser.server.publish(`big ${n}`, "x".repeat(60_000));
  return { third, gaps, seen };
}

test("a tab that is too far behind for all is told of a gap, and has who is there", async () => {
  const browser = new Browser();
  const { third, gaps, seen } = await farBehind(browser);
  browser.server.kept = 4;
  await wake(browser, third);
  assert.deepEqual(gaps, [{ reason: "evicted" }]);
  assert.deepEqual(third.channel.members, ["alice", "carol"]);
  await browser.server.publish("a");
  assert.deepEqual(seen, ["a"]);
});

test("a tab that is too far behind for the others has from the server all that it misses", async () => {
  const browser = new Browser();
  const { third, gaps, seen } = await farBehind(browser);
  await wake(browser, third);
  await browser.server.publish("a");
  assert.deepEqual(gaps, []);
  assert.deepEqual(seen, [...Array.from({ length: 8 }, (_, n) => `big ${n}`), "a"]);
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
  await wake(browser, old);
  await browser.server.publish("d");
  assert.deepEqual(all, [
    ["b", "c", "d"],
    ["c", "d"],
  ]);
  assert.deepEqual(gaps, [[], []]);
  await browser.server.stream.send(frame("e-20", "GAP", "server", { reason: "evicted" }));
  assert.deepEqual(gaps, Array(2).fill([{ reason: "evicted" }]));
});

test("what the server does not have any more is a gap to the tab that misses it alone", async () => {
  const browser = new Browser();
  const { old, all, gaps } = await onlyOneIsOld(browser);
  browser.server.kept = 1;
  await wake(browser, old);
  await browser.server.publish("d");
  assert.deepEqual(all, [["d"], ["c", "d"]]);
  assert.deepEqual(gaps, [[{ reason: "evicted" }], []]);
  const asked = browser.server.of("/subscribe").length;
  await old.happen(old.document, "freeze");
  await old.happen(old.document, "resume");
  assert.equal(browser.server.of("/subscribe").length, asked);
});

/** Tabs that have gone to sleep one after the other, with an event after each, and a leader that has seen none. */
async function asleep(browser: Browser, count: number) {
  const tabs: Tab[] = [];
  for (let n = 0; n < count; n++) tabs.push(await browser.open());
  const all = tabs.map(({ channel }) => types(channel));
  const gaps = tabs.map(({ channel }) => heard(channel, "gap"));
  const last = await browser.open();
  for (const [n, tab] of tabs.entries()) {
    await tab.happen(tab.document, "freeze");
    await browser.server.publish(`${n}`);
    await browser.clock.pass(10_000);
  }
  await last.crash();
  const leader = await browser.open();
  return { leader, tabs, all, gaps, changes: heard(leader.channel, "state"), seen: types(leader.channel) };
}

/** After whatever the leader may have to wait for ahead of asking once more. */
async function wake(browser: Browser, tab: Tab) {
  await browser.clock.pass(11_000);
  await tab.happen(tab.document, "resume");
}

test("one that is behind in vain is no reason for a gap to those who are less so", async () => {
  const browser = new Browser();
  const { tabs, all, gaps } = await asleep(browser, 2);
  browser.server.kept = 1;
  for (const tab of tabs) await wake(browser, tab);
  await browser.server.publish("last");
  assert.deepEqual(all, [["last"], ["0", "1", "last"]]);
  assert.deepEqual(gaps, [[{ reason: "evicted" }], []]);
});

test("while the server is asked for one that is behind, who comes is let in and nobody else notices", async () => {
  for (const kept of [Infinity, 0]) {
    const browser = new Browser();
    const { tabs, all, gaps, changes, seen } = await asleep(browser, 1);
    browser.server.kept = kept;
    browser.server.isSilent = true;
    await wake(browser, tabs[0]!);
    const late = await browser.open();
    const [lateGaps, lateSeen] = [heard(late.channel, "gap"), types(late.channel)];
    assert.equal(late.channel.state, "open");
    await browser.server.speak();
    await browser.server.publish("last");
    assert.equal(browser.server.refusals, 0);
    assert.deepEqual(all, [kept ? ["0", "last"] : ["last"]]);
    assert.deepEqual(gaps, [kept ? [] : [{ reason: "evicted" }]]);
    assert.deepEqual([lateSeen, lateGaps], [["last"], []]);
    assert.deepEqual([seen, changes], [["last"], []]);
  }
});

test("what is published while the server is asked in vain is lost to nobody", async () => {
  const browser = new Browser();
  const { tabs, all, gaps, changes, seen } = await asleep(browser, 2);
  await wake(browser, tabs[1]!); // The server is asked for it, with success.
  browser.server.kept = 1;
  browser.server.isSilent = true;
  await wake(browser, tabs[0]!);
  await browser.server.publish("meanwhile");
  await browser.server.speak();
  await browser.server.publish("last");
  assert.equal(browser.server.refusals, 0);
  const both = ["meanwhile", "last"];
  assert.deepEqual(all, [both, ["0", "1", ...both]]);
  assert.deepEqual(gaps, [[{ reason: "evicted" }], []]);
  assert.deepEqual([seen, changes], [both, []]);
});

test("a new leader does not ask for one that is behind before the server permits it", async () => {
  const browser = new Browser();
  const { leader, tabs, all, gaps } = await asleep(browser, 2);
  const next = await browser.open();
  await wake(browser, tabs[1]!);
  await leader.happen(leader.document, "freeze");
  await next.channel.ready;
  await tabs[0]!.happen(tabs[0]!.document, "resume");
  await browser.clock.pass(11_000);
  await browser.server.publish("last");
  assert.equal(browser.server.refusals, 0);
  assert.deepEqual(all, [["0", "1", "last"], ["0", "1", "last"]]);
  assert.deepEqual(gaps, [[], []]);
});

test("a clock that is set back makes no tab wait for longer", async () => {
  const browser = new Browser();
  const { tabs, all } = await asleep(browser, 1);
  browser.clock.now -= 3_600_000;
  await tabs[0]!.happen(tabs[0]!.document, "resume");
  await browser.clock.pass(11_000);
  assert.deepEqual(all, [["0"]]);
});

test("a tab that is behind does not wait for an event where the newest is not for it", async () => {
  const browser = new Browser();
  const old = await browser.open();
  const seen = types(old.channel);
  await old.happen(old.document, "freeze");
  await browser.server.publish("a");
  browser.server.hide();
  await browser.open();
  await wake(browser, old);
  assert.deepEqual([seen, old.channel.state], [["a"], "open"]);
});

test("however many are behind, the server is not asked more often than it permits", async () => {
  for (const kept of [Infinity, 0]) {
    const browser = new Browser();
    const { tabs, all, gaps, changes, seen } = await asleep(browser, 4);
    browser.server.kept = kept;
    await browser.clock.pass(11_000);
    const before = browser.server.of("/subscribe").length;
    browser.server.isSilent = true;
    for (const tab of [...tabs].reverse()) await tab.happen(tab.document, "resume");
    await browser.server.speak();
    await browser.server.publish("last");
    await browser.clock.pass(25_000);
    const missed = ["0", "1", "2", "3"];
    const expected = tabs.map((_, n) => [...(kept ? missed : missed.slice(0, n)), "last"]);
    assert.deepEqual(all, expected);
    assert.deepEqual(gaps, Array(4).fill(kept ? [] : [{ reason: "evicted" }]));
    assert.deepEqual([seen, changes], [["last"], []]);
    assert.equal(browser.server.of("/subscribe").length, before + (kept ? 2 : 1));
    assert.equal(browser.server.refusals, 0);
  }
});

/** A first tab that leads, and a second that has heard nothing of it, and does not yet. */
async function oneIsDeaf(browser: Browser): Promise<[Tab, Tab]> {
  const first = await browser.open();
  await browser.server.cut();
  const second = await browser.open();
  second.deafen();
  await browser.clock.pass(2_000);
  return [first, second];
}

/** The second is deaf, and has not heard what a third one has; of the last event nobody has. */
async function oneHasHeardMore(browser: Browser) {
  const [first, second] = await oneIsDeaf(browser);
  const { channel } = await browser.open();
  const [seen, gaps] = [types(channel), heard(channel, "gap")];
  await browser.server.publish("a");
  browser.server.isUp = false;
  await browser.server.cut();
  await browser.server.publish("b");
  return { first, second, seen, gaps };
}

test("a tab that has a stream keeps it while it waits for what it misses", async () => {
  const browser = new Browser();
  const [first, second] = await oneIsDeaf(browser);
  const third = await browser.open();
  const [all, changes] = [types(third.channel), heard(third.channel, "state")];
  browser.server.isSilent = true;
  await first.crash();
  await second.listen();
  await browser.server.publish("a");
  await browser.server.speak();
  await browser.clock.pass(11_000);
  await browser.server.publish("b");
  assert.equal(browser.server.of("/subscribe").length, 4);
  assert.deepEqual([all, changes], [["a", "b"], []]);
});

test("what a leader answers is its last word, whatever rules it goes by", async () => {
  const browser = new Browser();
  const [, second] = await three(browser);
  const gaps = heard(second.channel, "gap");
  const line = browser.line(await browser.open());
  const hellos: string[] = [];
  const log = { members: ["alice"], frames: [], from: "e-9", last: "e-9", lost: undefined };
  const stream = { kind: "stream", from: "another", stream: Infinity, token: "t", log };
  line.onmessage = ({ data }: any) => {
    if (data.kind !== "hello") return;
    hellos.push(data.from);
    line.postMessage({ ...stream, to: data.from, seen: data.last });
  };
  line.postMessage(stream);
  await settled();
  assert.equal(hellos.length, 3);
  assert.deepEqual(gaps, [{ reason: "evicted" }]);
});

test("that there was no connection is no news to a tab that has one by now", async () => {
  const browser = new Browser();
  const [first, second] = await three(browser);
  browser.server.isUp = false;
  await browser.server.cut();
  const late = new Tab(browser, {});
  const seen = types(late.channel);
  late.deafen(first); // Which tells it to wait.
  await settled();
  await first.crash();
  browser.server.isUp = true;
  await browser.clock.pass(30_000);
  await late.listen();
  await browser.server.publish("a");
  assert.deepEqual([second.channel.state, seen], ["open", ["a"]]);
});

test("an answer to what a tab has asked of another leader before is not the last word", async () => {
  const browser = new Browser();
  const [first, second] = await oneIsDeaf(browser);
  const third = await browser.open();
  const [all, gaps] = [types(third.channel), heard(third.channel, "gap")];
  browser.server.isSilent = true;
  await first.crash();
  await browser.server.publish("a");
  await browser.server.speak();
  await second.listen(); // That the third has come, which it has said to the first.
  await browser.server.publish("b");
  await browser.clock.pass(11_000);
  assert.deepEqual([all, gaps], [["a", "b"], []]);
});

test("a leader that has missed something itself goes back for that", async () => {
  const browser = new Browser();
  const { first, second, seen, gaps } = await oneHasHeardMore(browser);
  browser.server.isUp = true;
  await first.crash(); // The third hears of the second's stream while its own client waits to ask again.
  await second.listen();
  await browser.clock.pass(5_000);
  assert.equal(browser.server.of("/subscribe").at(-1)!.headers.get("Last-Event-ID"), null);
  await second.crash();
  await browser.clock.pass(20_000);
  await browser.server.publish("c");
  assert.deepEqual([seen, gaps], [["a", "b", "c"], []]);
});

test("what a new leader has missed for good is no gap to those who have not", async () => {
  const browser = new Browser();
  const first = await browser.open();
  const lost = heard(first.channel, "gap");
  await first.happen(first.document, "freeze");
  await browser.server.publish("a");
  const second = await browser.open();
  await first.happen(first.document, "resume"); // It waits for the second to go back.
  const third = await browser.open();
  const [seen, none] = [types(third.channel), heard(third.channel, "gap")];
  for (const type of ["b", "c"]) await browser.server.publish(type);
  browser.server.kept = 1;
  await second.crash();
  await browser.clock.pass(30_000);
  await browser.server.publish("d");
  assert.equal(lost.length, 1);
  assert.deepEqual([seen, none], [["b", "c", "d"], []]);
});

test("a history is right, too, where the server was asked once more", async () => {
  const browser = new Browser();
  const old = await browser.open();
  await browser.server.publish("a");
  await old.happen(old.document, "freeze");
  for (const type of ["b", "c"]) await browser.server.publish(type);
  const leader = new Tab(browser, { history: 3 });
  await settled();
  await wake(browser, old);
  const late = new Tab(browser, { history: 4 });
  const seen = types(late.channel);
  await settled();
  await browser.server.publish("d");
  assert.deepEqual(seen, ["a", "b", "c", "d"]);
  assert.equal(leader.channel.state, "open");
});

test("a tab that leads without having heard anything goes back for those who have", async () => {
  const browser = new Browser();
  const { first, second, seen, gaps } = await oneHasHeardMore(browser);
  browser.server.isUp = true;
  await first.crash();
  await second.listen();
  await browser.clock.pass(11_000);
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

test("a request of one who led before, and is late, takes the place for a moment only", async () => {
  const browser = new Browser();
  const [first, second, third] = await three(browser);
  const [seen, gaps] = [types(third.channel), heard(third.channel, "gap")];
  browser.server.isSilent = true;
  await first.happen(first.window, "pagehide");
  await second.happen(second.window, "pagehide");
  await browser.server.speak((asked) => asked.reverse());
  await browser.server.publish("a");
  await browser.clock.pass(30_000);
  await browser.server.publish("b");
  assert.deepEqual([stateOf(third), seen, gaps], [["open"], ["a", "b"], []]);
});

test("where another takes the member's place, it is taken from all tabs", async () => {
  const browser = new Browser();
  const tabs = await three(browser);
  await browser.clock.pass(5_000); // What comes earlier may be a late request of these themselves.
  await browser.server.fetch("http://pipely.test/subscribe?other");
  await browser.clock.pass(60_000);
  for (const { channel } of tabs) assert.equal(channel.reason, "replaced");
  assert.equal(browser.server.of("/subscribe").length, 2);
});

test("it is taken from one that waits for what it has missed, too", async () => {
  const browser = new Browser();
  const old = await browser.open();
  await old.happen(old.document, "freeze");
  await browser.server.publish("a");
  const leader = await browser.open();
  await browser.clock.pass(6_000);
  await old.happen(old.document, "resume");
  await browser.server.fetch("http://pipely.test/subscribe?other");
  await browser.clock.pass(60_000);
  assert.deepEqual([old, leader].map(({ channel }) => channel.reason), ["replaced", "replaced"]);
});

test("a clock that is set back gives nobody the member's place back", async () => {
  const browser = new Browser();
  const [tab] = await three(browser);
  await browser.clock.pass(5_000);
  browser.clock.now -= 3_600_000;
  await browser.server.fetch("http://pipely.test/subscribe?other");
  await browser.clock.pass(60_000);
  assert.equal(tab.channel.reason, "replaced");
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
