import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser, Tab } from "./browser.js";
import { settled } from "./lab.js";
import { randomOf, SEED } from "./random.js";

const ROUNDS = 150;
const STEPS = 40;

/** A tab that comes, and what it has seen since. */
class Watched {
  readonly tab: Tab;
  /** What it must have seen first, at the latest. */
  from = 0;
  readonly seen: number[] = [];
  /** After which it was told of a gap; 0 where it had not seen any. */
  readonly gaps = new Set<number>();
  isFrozen = false;

  constructor(browser: Browser, published: () => number) {
    this.tab = new Tab(browser, {});
    const { channel } = this.tab;
    channel.on("message", ({ payload }) => this.seen.push(payload));
    channel.on("gap", () => this.gaps.add(this.seen.at(-1) ?? 0));
    const stop = channel.on("state", ({ state }) => {
      if (state !== "open") return;
      this.from = published() + 1;
      stop();
    });
  }

  /** What it has missed without a word, and the gaps in which it has missed nothing. */
  wrong(published: number): string[] {
    const wrong: string[] = [];
    let last = 0;
    for (const number of [...this.seen, published + 1]) {
      const hasGap = this.gaps.has(last);
      if (number <= last) wrong.push(`${number} after ${last}`);
      if (number > (last ? last + 1 : this.from) && !hasGap) wrong.push(`no gap to ${number}`);
      if (last && number === last + 1 && hasGap) wrong.push(`a gap to ${number}`);
      last = number;
    }
    return wrong;
  }

  async wake() {
    this.isFrozen = false;
    await this.tab.happen(this.tab.document, "resume");
  }
}

/** In any order: each request has a connection of its own. */
function shuffled<T>(all: T[], below: (bound: number) => number): T[] {
  const rest = [...all];
  return all.map(() => rest.splice(below(rest.length), 1)[0]!);
}

async function round(random: () => number, history: string[]) {
  const below = (bound: number) => Math.floor(random() * bound);
  const browser = new Browser();
  const { server, clock } = browser;
  if (random() < 0.5) server.kept = 5;
  let tabs: Watched[] = [];
  let published = 0;
  const open = async () => {
    tabs.push(new Watched(browser, () => published));
    await settled();
  };
  const lose = (watched: Watched) => (tabs = tabs.filter((other) => other !== watched));
  await open();

  for (let step = 0; step < STEPS; step++) {
    const at = below(tabs.length);
    const watched = tabs[at]!;
    const { tab } = watched;
    const steps: [string, number, () => Promise<unknown> | void][] = [
      ["publish", 12, () => server.publish("number", ++published)],
      ["open", tabs.length < 6 ? 3 : 0, open],
      ["crash", tabs.length > 1 ? 2 : 0, () => (lose(watched), tab.crash())],
      ["leave", tabs.length > 1 ? 1 : 0, () => (lose(watched), void tab.channel.leave(), settled())],
      [
        "freeze",
        watched.isFrozen ? 0 : 1,
        () => {
          watched.isFrozen = true;
          return tab.happen(tab.document, "freeze");
        },
      ],
      ["wake", watched.isFrozen ? 3 : 0, () => watched.wake()],
      ["deafen", 2, () => tab.deafen(random() < 0.5 ? tabs[below(tabs.length)]!.tab : undefined)],
      ["listen", 2, () => tab.listen()],
      ["cut", 1, () => server.cut()],
      ["down", 1, () => void (server.isUp = false)],
      ["up", server.isUp ? 0 : 5, () => void (server.isUp = true)],
      ["hush", 1, () => void (server.isSilent = true)],
      ["speak", server.isSilent ? 4 : 0, () => server.speak((asked) => shuffled(asked, below))],
      ["hide", server.kept === Infinity ? 2 : 0, () => server.hide()],
      ["pass", 3, () => clock.pass(1 + below(5_000))],
    ];
    let chosen = below(steps.reduce((sum, [, weight]) => sum + weight, 0));
    const [name, , run] = steps.find(([, weight]) => (chosen -= weight) < 0)!;
    history.push(`${name} ${at}`);
    await run();
  }

  server.isUp = true;
  await server.speak();
  for (const watched of tabs) {
    await watched.tab.listen();
    if (watched.isFrozen) await watched.wake();
  }
  // Whoever has missed what brings it back asks again when it has heard nothing for long.
  for (let n = 0; n < 5; n++) {
    await clock.pass(45_000);
    await server.breathe();
  }
  await server.publish("number", ++published);
  await settled();
  for (const watched of tabs) {
    const { state } = watched.tab.channel;
    assert.deepEqual([state, watched.wrong(published)], ["open", []], history.join(", "));
    if (server.kept === Infinity) assert.equal(watched.gaps.size, 0, history.join(", "));
  }
}

test(`tabs that come and go in any order miss nothing without a gap and see nothing twice (PIPELY_SEED=${SEED})`, async () => {
  const random = randomOf(SEED);
  for (let n = 0; n < ROUNDS; n++) await round(random, [`round ${n}`]);
});
