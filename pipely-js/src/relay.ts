import type { Channel } from "./api.js";
import { reader, streamIn } from "./frames.js";
import { type Frame, isGap, Log, type Snapshot } from "./log.js";
import { PipelyError } from "./pipely.js";
import type { Surroundings } from "./surroundings.js";
import { TabStream } from "./tab-stream.js";

/** What the tabs of one origin have in common. */
export interface Shared {
  readonly locks: Pick<LockManager, "request" | "query">;
  /** Where a token outlives its page, for the next one. */
  readonly storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** A line to all the others who have opened it by the same name. */
  open(name: string): BroadcastChannel;
}

/** The way to the server. */
export interface Way {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Milliseconds. */
  readonly timeout: number;
  /** Where the application has chosen one. */
  readonly token?: string;
}

/** What tabs say to each other. A stream's number is greater than that of each before it that its leader knows of. */
type Word =
  /** Somebody wants to follow, and goes on from there. */
  | { kind: "hello"; from: string; last: string | undefined }
  /** Somebody is gone. */
  | { kind: "bye"; from: string }
  /** The leader has a stream; this is what it begins with, and the secret of the member that all are. */
  | { kind: "stream"; from: string; stream: number; token: string; log: Snapshot }
  /** And this is how it goes on. */
  | { kind: "frame"; from: string; stream: number; frame: Frame }
  /** The leader has no stream: to one who asks for it, or to all, as it has lost it. */
  | { kind: "none"; to?: string }
  /** The server does not know this stream any more. */
  | { kind: "dead"; stream: number };

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
 * the server once more, from that one's place. A client that gets an event again passes it over.
 */
export class Relay {
  readonly #name: string;
  readonly #way: Way;
  readonly #shared: Shared;
  readonly #around: Surroundings;
  readonly #id = crypto.randomUUID();

  #token: string | undefined;
  #log = new Log();
  /** What it was before it went back for somebody, while it is not clear whether the server can. */
  #before: Log | undefined;
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
  #upstream: AbortController | undefined;
  #stopTimer = () => {};

  /** @param name the same for all tabs that share, and for no other */
  constructor(name: string, way: Way, shared: Shared, around: Surroundings) {
    this.#name = name;
    this.#way = way;
    this.#token = way.token;
    this.#shared = shared;
    this.#around = around;
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
      this.#stream = 0;
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
        if (!this.#leads) return;
        if (this.#stream && this.#log.mayGoBackTo(word.last)) {
          return void this.#connect(this.#own!, word.last);
        }
        return this.#say(this.#stream ? this.#beginning() : { kind: "none", to: word.from });
      case "bye":
        this.#others.delete(word.from);
        return;
      case "dead":
        if (this.#leads && this.#own && word.stream === this.#stream) void this.#connect(this.#own);
        return;
    }
    if (this.#leads) return; // What one says who has led before.
    switch (word.kind) {
      case "stream":
        // Two of which one has not heard the other can have the same number.
        if (word.stream >= this.#stream && !this.#isOurs(word)) this.#follow(word);
        return;
      case "frame":
        if (this.#isOurs(word)) this.#pass(word.frame);
        return;
      case "none":
        if ((word.to ?? this.#id) === this.#id) this.#lose();
    }
  }

  #say(word: Word) {
    if (this.#release) this.#line!.postMessage(word);
  }

  // Following.

  #greet({ last }: TabStream) {
    this.#say({ kind: "hello", from: this.#id, last });
  }

  /** Of the stream that is followed. */
  #isOurs({ stream, from }: { stream: number; from: string }): boolean {
    return stream === this.#stream && from === this.#leader;
  }

  #follow(word: Word & { kind: "stream" }) {
    this.#newest = Math.max(this.#newest, word.stream);
    const log = Log.of(word.log);
    if (this.#own && log.mayGoBackTo(this.#own.last)) return this.#greet(this.#own);
    this.#stream = word.stream;
    this.#leader = word.from;
    this.#token = word.token;
    this.#log = log;
    this.#own?.begin(log);
  }

  #pass(frame: Frame) {
    this.#log.add(frame);
    this.#own?.send(frame);
  }

  #lose() {
    this.#stream = 0;
    if (this.#own?.isLive) this.#fail(new PipelyError("network", "the tabs' connection is lost"));
    else this.#own?.wait();
  }

  #fail(error: unknown) {
    this.#own?.fail(error);
    this.#own = undefined;
  }

  // Leading.

  /** @param back where to go on from in place of where the log ends */
  async #connect(own: TabStream, back?: string) {
    this.#hangUp();
    if (back) this.#before = this.#log;
    const place = back ?? this.#log.last ?? own.last;
    if (place !== this.#log.last) this.#log = Log.at(place!);
    const upstream = (this.#upstream = new AbortController());
    const isPresent = () => upstream === this.#upstream;
    const { fetch, timeout } = this.#way;
    this.#stopTimer = this.#around.after(timeout, () =>
      upstream.abort(new PipelyError("timeout", `no answer within ${timeout} ms`)),
    );
    try {
      const headers = this.#headers(own.init);
      if (place) headers["Last-Event-ID"] = place;
      this.#store((storage) => storage.setItem(this.#name, this.#token!));
      const response = await fetch(own.url, { ...own.init, headers, signal: upstream.signal });
      if (isPresent()) await this.#read(response, own, isPresent);
      if (isPresent()) this.#lost(new PipelyError("network", "the stream has ended"));
    } catch (error) {
      if (isPresent()) this.#lost(error);
    }
  }

  async #read(response: Response, own: TabStream, isPresent: () => boolean) {
    const stream = streamIn(response);
    if (!stream) {
      // Its client knows what it means; where the client is in already, it asks again by itself.
      if (!own.isOpen) own.answer(response);
      return;
    }
    own.open();
    let rest: Frame | undefined;
    const read = reader({
      id: (id) => (rest = { id }),
      event: (data, id) => {
        rest = undefined;
        if (isPresent()) this.#came({ id, data }, own);
      },
      retry: (retry) => own.write(`retry: ${retry}\n\n`),
    });
    const body = stream.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await body.read();
      if (done || !isPresent()) return;
      rest = {};
      read(decoder.decode(value, { stream: true }));
      if (rest && isPresent()) this.#came(rest, own);
    }
  }

  #came(frame: Frame, own: TabStream) {
    if (this.#stream) {
      if (this.#before && frame.id) {
        const before = this.#before;
        this.#before = undefined;
        if (isGap(frame)) {
          // To the one that is so far behind, and to no other.
          before.settle();
          this.#log = before;
          return void this.#connect(own);
        }
      }
      this.#say({ kind: "frame", from: this.#id, stream: this.#stream, frame });
      this.#pass(frame);
    } else if (frame.data === undefined) {
      own.send(frame);
    } else {
      this.#stopTimer(); // The first event is the list of the members.
      this.#log.add(frame);
      this.#stream = this.#newest = Math.max(this.#around.now(), this.#newest + 1);
      this.#say(this.#beginning());
      own.begin(this.#log);
    }
  }

  #beginning(): Word {
    const log = this.#log.snapshot();
    return { kind: "stream", from: this.#id, stream: this.#stream, token: this.#token!, log };
  }

  #lost(error: unknown) {
    this.#hangUp();
    this.#say({ kind: "none" });
    this.#fail(error);
  }

  #hangUp() {
    this.#stopTimer();
    this.#upstream?.abort();
    this.#upstream = undefined;
    this.#stream = 0;
    this.#log = this.#before ?? this.#log;
    this.#before = undefined;
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
