import type { Channel } from "./api.js";
import { isOld } from "./ids.js";
import { type Frame, isGap, isReplaced, Log, type Snapshot } from "./log.js";
import { PipelyError } from "./pipely.js";
import type { Surroundings } from "./surroundings.js";
import { TabStream } from "./tab-stream.js";
import { Upstream, type Way } from "./upstream.js";

/** What the tabs of one origin have in common. */
export interface Shared {
  readonly locks: Pick<LockManager, "request" | "query">;
  /** Where a token outlives its page, for the next one. */
  readonly storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** A line to all the others who have opened it by the same name. */
  open(name: string): BroadcastChannel;
}

/**
 * A member's connection is taken over no more than twice in 10 s: the server's rule. One of these is for going back,
 * the other is left to a new leader, or for what came meanwhile. And a second, since clocks differ.
 */
const TAKEOVER_PAUSE = 11_000;

/** Milliseconds after the answer to a leader in which a request of one who led before may still arrive. */
const LATE = 5_000;

/** What tabs say to each other. A stream's number is greater than that of each before it that its leader knows of. */
type Word =
  /** Somebody wants to follow, and goes on from there. */
  | { kind: "hello"; from: string; last: string | undefined }
  /** Somebody is gone. */
  | { kind: "bye"; from: string }
  /**
   * The leader has a stream: to one who asks for it and has seen that, or to all, as it is new; this is what it begins
   * with, and the secret of the member that all are.
   */
  | {
      kind: "stream";
      from: string;
      to?: string;
      seen?: string | undefined;
      stream: number;
      token: string;
      log: Snapshot;
    }
  /** And this is how it goes on. */
  | { kind: "frame"; from: string; stream: number; frame: Frame }
  /** One who asks is to wait; or all, as the stream is lost. */
  | { kind: "none"; to?: string }
  /** The server does not know this stream any more. */
  | { kind: "dead"; stream: number };

/** That the server goes on from a place before the log's, for those who are behind. */
interface GoingBack {
  readonly place: string;
  /** What has come that the log does not have. */
  readonly frames: Frame[];
  /** Whether that is all; what follows may be nothing new yet. */
  isDone: boolean;
}

/**
 * One tab's part in a stream that several share. To the tab's client it is the server, by its
 * `fetch`: the client does not know that there are others, and all that it does about lost
 * connections, missed events and the life of a page it does as ever.
 *
 * ```text
 *            /subscribe                    the lock is free
 *   apart ───────────────► following ────────────────────────► leading
 *     ▲                        │                                  │
 *     └────────────────────────┴──────────────────────────────────┘ the page is put away, or the channel closed
 * ```
 *
 * Whoever leads asks the server, and tells the others what comes. Everybody keeps the newest events,
 * each for the day on which it leads: it then asks for what comes after the newest that it has, and
 * the others have from it what they have not seen. Where it has begun later than one of them, it asks
 * the server once more, from that one's place; the others go on meanwhile. A client that gets an event
 * again passes it over.
 */
export class Relay {
  readonly #name: string;
  readonly #way: Way;
  readonly #shared: Shared;
  readonly #around: Surroundings;
  readonly #id = crypto.randomUUID();

  #token: string | undefined;
  #log = new Log();
  /** What the tab's client reads, while it does. */
  #own: TabStream | undefined;

  #line: BroadcastChannel | undefined;
  /** Gives the lock back, or the place in the queue for it; missing while apart. */
  #release: (() => void) | undefined;
  #released: Promise<unknown> | undefined;
  #leads = false;
  /** Of those who follow, as far as known: one that has crashed stays. */
  #others = new Set<string>();
  #wasAlone = false;

  /** The stream that is followed, or led; 0 while there is none. */
  #stream = 0;
  /** Whose it is. */
  #leader: string | undefined;
  /** The newest that this tab has heard of. */
  #newest = 0;
  readonly #upstream: Upstream;
  /** When the server has answered with a stream last. */
  #begunAt = -Infinity;

  /** Those who have seen less than the log has, and up to where, while the server is to be asked for them. */
  readonly #behind = new Map<string, string | undefined>();
  #back: GoingBack | undefined;
  #stopPause = () => {};

  /** @param name the same for all tabs that share, and for no other */
  constructor(name: string, way: Way, shared: Shared, around: Surroundings) {
    this.#name = name;
    this.#way = way;
    this.#token = way.token;
    this.#shared = shared;
    this.#around = around;
    this.#upstream = new Upstream(way, around, {
      opened: () => {
        this.#begunAt = around.now();
        this.#own!.open();
      },
      frame: (frame) => this.#came(frame, this.#own!),
      retry: (line) => this.#own!.write(line),
      refused: (response) => {
        // Its client knows what it means; where the client is in already, it asks again by itself.
        if (!this.#own!.isOpen) this.#own!.answer(response);
      },
      ended: (error) => this.#lost(error),
    });
  }

  /** Has a client join by way of this. */
  join(join: (by: typeof fetch) => Channel): Channel {
    const channel = join(this.#fetch);
    channel.on("state", ({ state }) => {
      if (state === "closed") this.#stop();
    });
    return channel;
  }

  readonly #fetch: typeof fetch = async (input, init = {}) => {
    const url = String(input);
    const route = url.slice(this.#way.url.length);
    if (route.startsWith("/subscribe?")) return this.#subscribe(url, init);
    return route === "/leave" ? this.#leave(url, init) : this.#publish(url, init);
  };

  // What the client asks for.

  #subscribe(url: string, init: RequestInit): Promise<Response> {
    const own = new TabStream(url, init, this.#way.timeout / 4, this.#around, (stream) => {
      if (stream !== this.#own) return;
      this.#own = undefined;
      if (this.#leads) this.#hangUp();
    });
    this.#own = own;
    if (!this.#release) this.#enlist();
    if (this.#leads) {
      void this.#connect(own);
    } else {
      this.#greet(own);
    }
    return own.response;
  }

  /** By itself, so that it keeps its order, and no leader can take it along when it goes. */
  async #publish(url: string, init: RequestInit): Promise<Response> {
    const response = await this.#way.fetch(url, { ...init, headers: this.#headers(init) });
    const isUnknown = response.headers.get("Pipely-Error") === "no_such_channel";
    if (isUnknown && !this.#leads) this.#say({ kind: "dead", stream: this.#stream });
    return response;
  }

  /** For all of them, where there is no other; a page that closes has no time to ask. */
  async #leave(url: string, init: RequestInit): Promise<Response> {
    if (!this.#wasAlone && (await this.#areOthers())) return new Response();
    this.#store((storage) => storage.removeItem(this.#name));
    const left = { ...JSON.parse(String(init.body)), ...(this.#token && { token: this.#token }) };
    return this.#way.fetch(url, { ...init, body: JSON.stringify(left) });
  }

  /** Of several that leave at once, the last one to have given its place back sees nobody. */
  async #areOthers(): Promise<boolean> {
    await this.#released;
    const { held = [], pending = [] } = await this.#shared.locks.query();
    return [...held, ...pending].some(({ name }) => name === this.#name);
  }

  // The election.

  #enlist() {
    const waiting = new AbortController();
    const { window, document } = this.#around;
    // A page that is put away holds nothing that the others need.
    window?.addEventListener("pagehide", () => this.#stop(), waiting);
    document?.addEventListener("freeze", () => this.#stop(), waiting);

    this.#line = this.#shared.open(this.#name);
    this.#line.onmessage = ({ data }) => this.#hear(data);
    const held = new Promise<void>((resolve) => {
      this.#release = () => {
        waiting.abort();
        resolve();
      };
    });
    const lead = () => {
      if (waiting.signal.aborted) return;
      this.#leads = true;
      if (this.#own) void this.#connect(this.#own);
      else this.#say({ kind: "none" }); // Its client waits, and so do the others.
      return held;
    };
    // Where locks are not to be had, as in a sandbox, a tab is on its own.
    this.#released = this.#shared.locks
      .request(this.#name, { signal: waiting.signal }, lead)
      .catch(lead);
  }

  /** Leaves the others to themselves. */
  #stop() {
    if (!this.#release) return;
    this.#wasAlone = this.#leads && this.#others.size === 0;
    this.#hangUp();
    this.#leads = false;
    this.#others.clear();
    this.#say({ kind: "bye", from: this.#id });
    this.#line!.close();
    this.#release();
    this.#release = undefined;
  }

  #hear(word: Word) {
    switch (word.kind) {
      case "hello":
        this.#others.add(word.from);
        if (this.#leads) this.#welcome(word.from, word.last);
        return;
      case "bye":
        this.#others.delete(word.from);
        this.#behind.delete(word.from);
        return;
      case "dead":
        if (this.#leads && this.#own && word.stream === this.#stream) void this.#connect(this.#own);
        return;
    }
    if (this.#leads) return; // What one says who has led before.
    if ("to" in word && word.to !== this.#id) return;
    switch (word.kind) {
      case "stream":
        // Two of which one has not heard the other can have the same number.
        if (word.stream >= this.#stream && !this.#isOurs(word)) this.#follow(word);
        return;
      case "frame":
        // Who waits is replaced, too: otherwise it would take the member back.
        if (this.#isOurs(word) || isReplaced(word.frame)) this.#pass(word.frame);
        return;
      case "none":
        if ("to" in word) {
          if (!this.#stream) this.#own?.wait(); // Else another leader was faster.
        } else this.#lose();
    }
  }

  #say(word: Word) {
    if (this.#release) this.#line!.postMessage(word);
  }

  // Following.

  #greet({ last }: TabStream) {
    this.#stream = 0;
    this.#say({ kind: "hello", from: this.#id, last });
  }

  /** Of the stream that is followed. */
  #isOurs({ stream, from }: { stream: number; from: string }): boolean {
    return stream === this.#stream && from === this.#leader;
  }

  #follow(word: Word & { kind: "stream" }) {
    this.#newest = Math.max(this.#newest, word.stream);
    const log = Log.of(word.log);
    const own = this.#own;
    // A late answer to what was asked of another leader is not the last word.
    const isSettled = "to" in word && word.seen === own?.last;
    if (own && !isSettled && log.mayGoBackTo(own.last)) return this.#greet(own);
    this.#stream = word.stream;
    this.#leader = word.from;
    this.#token = word.token;
    this.#log = log;
    own?.begin(log);
  }

  #pass(frame: Frame) {
    this.#log.add(frame);
    this.#own?.send(frame);
  }

  #lose() {
    this.#stream = 0;
    if (this.#own?.isLive) this.#fail(lost("the tabs' connection is lost"));
    else this.#own?.wait();
  }

  #fail(error: unknown) {
    this.#own?.fail(error);
    this.#own = undefined;
  }

  // Leading.

  #connect(own: TabStream): Promise<void> {
    this.#hangUp();
    const { last } = this.#log;
    const place = this.#log.mayGoBackTo(own.last) ? own.last : (last ?? own.last);
    if (place !== this.#log.last) this.#log = Log.at(place!);
    return this.#ask(own, place);
  }

  #ask({ url, init }: TabStream, place: string | undefined): Promise<void> {
    const headers = this.#headers(init);
    if (place) headers["Last-Event-ID"] = place;
    this.#store((storage) => storage.setItem(this.#name, this.#token!));
    return this.#upstream.ask(url, { ...init, headers });
  }

  #came(frame: Frame, own: TabStream) {
    if (Math.abs(this.#around.now() - this.#begunAt) < LATE && isReplaced(frame)) {
      // The lock is this tab's: it was a page that is gone, whose request has come later than its own.
      return this.#lost(lost("a late request has taken the connection"));
    }
    if (this.#stream) {
      if (this.#back && frame.id && this.#isForThoseBehind(this.#back, frame, frame.id)) return;
      if (!isGap(frame)) {
        this.#say({ kind: "frame", from: this.#id, stream: this.#stream, frame });
        return this.#pass(frame);
      }
      // The others may have missed less, or nothing: it is a beginning to them, and each sees for itself.
    }
    if (frame.data === undefined) return own.send(frame);
    this.#log.add(frame);
    this.#stream = this.#newest = Math.max(this.#around.now(), this.#newest + 1);
    this.#say(this.#beginning());
    own.begin(this.#log);
  }

  #beginning(): Word & { kind: "stream" } {
    const log = this.#log.snapshot();
    return { kind: "stream", from: this.#id, stream: this.#stream, token: this.#token!, log };
  }

  // Leading, for those who are behind.

  #welcome(id: string, last: string | undefined) {
    const isToWait = !this.#stream || this.#log.mayGoBackTo(last);
    if (isToWait) this.#say({ kind: "none", to: id });
    if (!this.#stream) return;
    this.#behind.set(id, last);
    this.#catchUp();
  }

  /** Tells those the stream who are not behind any more, or for good, and has the server asked for the others. */
  #catchUp() {
    this.#stopPause();
    for (const [to, seen] of this.#behind) {
      if (this.#log.mayGoBackTo(seen)) continue;
      this.#behind.delete(to);
      this.#say({ ...this.#beginning(), to, seen });
    }
    if (!this.#behind.size || this.#back?.isDone === false) return;
    const now = this.#around.now();
    this.#begunAt = Math.min(this.#begunAt, now); // The clock may have been set back.
    const pause = this.#begunAt + TAKEOVER_PAUSE - now;
    if (pause > 0) {
      this.#stopPause = this.#around.after(pause, () => this.#catchUp());
      return;
    }
    const place = [...this.#behind.values()].reduce((a, b) => (isOld(a, b) ? a : b))!;
    this.#back = { place, frames: [], isDone: false };
    void this.#ask(this.#own!, place);
  }

  /** Takes what the log has not, or has and everybody has seen. */
  #isForThoseBehind(back: GoingBack, frame: Frame, id: string) {
    const { from, last } = this.#log;
    if (isGap(frame)) {
      // To those who are so far behind, and to no other.
      this.#log.lose(back.place);
      this.#back = undefined;
      if (id === last) this.#catchUp();
      else void this.#connect(this.#own!);
      return true;
    }
    if (isOld(id, from) && frame.data !== undefined) back.frames.push(frame);
    if (isOld(last, id)) this.#back = undefined;
    if (isOld(from, id) && !back.isDone) {
      back.isDone = true;
      this.#log.goBackTo(back.place, back.frames);
      this.#catchUp();
    }
    return isOld(id, last);
  }

  #lost(error: unknown) {
    this.#hangUp();
    this.#say({ kind: "none" });
    this.#fail(error);
  }

  #hangUp() {
    this.#upstream.close();
    this.#stopPause();
    this.#stream = 0;
    this.#back = undefined;
    this.#behind.clear();
  }

  // The member that all tabs are.

  /** With the token of all; the first to need one gives that of its client. */
  #headers({ headers }: RequestInit): Record<string, string> {
    const own = headers as Record<string, string>;
    this.#token ??= this.#store((storage) => storage.getItem(this.#name)) ?? own["Pipely-Token"]!;
    return { ...own, "Pipely-Token": this.#token };
  }

  /** A storage that is full, or forbidden, costs no more than the token's life beyond its pages. */
  #store<T>(use: (storage: NonNullable<Shared["storage"]>) => T): T | undefined {
    try {
      return this.#shared.storage && use(this.#shared.storage);
    } catch {
      return undefined;
    }
  }
}

function lost(message: string): PipelyError {
  return new PipelyError("network", message);
}
