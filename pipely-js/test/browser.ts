import type { Channel, JoinOptions } from "../src/api.js";
import { Member } from "../src/channel.js";
import { Relay } from "../src/relay.js";
import { Tokens } from "../src/tokens.js";
import {
  Asked,
  FakeClock,
  FakeDocument,
  FakeStorage,
  FakeWindow,
  frame,
  list,
  settled,
} from "./lab.js";

const URL = "http://pipely.test";
const HIDDEN = "";

/** A server with one channel and one member in it, alice, whoever else may come. */
export class FakeServer {
  readonly asked: Asked[] = [];
  members: string[] = [];
  /** What a subscriber, or a publisher, is refused with. */
  refusal: [number, string] | undefined;
  /** Whether it can be reached. */
  isUp = true;
  /** Whether it can be, and says nothing. */
  isSilent = false;
  /** How often a stream was not to be taken over again so soon. */
  refusals = 0;
  /** How many of the newest events it keeps. */
  kept = Infinity;
  #epoch = "e";
  #events: string[] = [];
  #stream: Asked | undefined;
  /** When a stream was taken over last, and the time before. */
  #takeovers: [number, number] = [-Infinity, -Infinity];
  /** Whom it has not answered yet. */
  #unanswered: Asked[] = [];

  constructor(readonly clock: FakeClock) {}

  readonly fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const asked = new Asked(String(input), init);
    this.asked.push(asked);
    init?.signal?.throwIfAborted();
    if (this.isSilent) this.#unanswered.push(asked);
    else void this.answer(asked);
    return asked.response;
  };

  /** It is silent no more: all that has been asked meanwhile arrives, in that order, from whoever is gone too. */
  async speak(inOrder = (asked: Asked[]) => asked) {
    this.isSilent = false;
    for (const asked of inOrder(this.#unanswered.splice(0))) await this.answer(asked);
  }

  async answer(asked: Asked) {
    if (!this.isUp) return asked.fail();
    if (this.refusal) return asked.refuse(...this.refusal);
    if (asked.path !== "/subscribe") {
      return asked.answer(200, { "Pipely-Event-Id": `${this.#epoch}-1`, "Pipely-Recipients": "1" });
    }
    if (this.#stream) {
      // It may not have noticed yet that nobody reads that any more.
      if (this.clock.now - this.#takeovers[1] < 10_000) {
        this.refusals++;
        return asked.refuse(409, "token_in_use");
      }
      this.#takeovers = [this.clock.now, this.#takeovers[0]];
      void this.#stream.send(frame(undefined, "REPLACED"));
    }
    this.#stream = asked;
    const frames = ["retry: 0\n"];
    if (!this.members.includes("alice")) {
      this.members.push("alice");
      this.#record("CONNECT", "alice");
    }
    const last = asked.headers.get("Last-Event-ID");
    const [epoch, n] = last?.split("-") ?? [];
    frames.push(list(last ? undefined : this.last, ...this.members));
    const history = Number(asked.query.get("history"));
    if (!last && history) {
      const messages = this.#events.filter((event) => event && !event.includes('"CONNECT"'));
      frames.push(...messages.slice(-history));
    }
    const isKept = this.#events.length - Number(n) <= this.kept;
    if (last && (epoch !== this.#epoch || !isKept)) {
      const reason = epoch === this.#epoch ? "evicted" : "epoch";
      frames.push(frame(this.last, "GAP", "server", { reason }));
    } else if (last) {
      frames.push(...this.#events.slice(Number(n)).filter((event) => event !== HIDDEN));
      if (this.#events.at(-1) === HIDDEN && last !== this.last) frames.push(`id: ${this.last}\n:\n\n`);
    }
    await asked.send(...frames);
  }

  get last(): string {
    return `${this.#epoch}-${this.#events.length}`;
  }

  #record(type: string, origin: string, payload?: unknown): string {
    const event = frame(`${this.#epoch}-${this.#events.length + 1}`, type, origin, payload);
    this.#events.push(event);
    return event;
  }

  async publish(type: string, payload?: unknown) {
    await this.#send(this.#record(type, "bob", payload));
  }

  /** An event that is not for alice. */
  hide() {
    this.#events.push(HIDDEN);
  }

  async come(id: string) {
    this.members.push(id);
    await this.#send(this.#record("CONNECT", id));
  }

  /** A heartbeat. */
  async breathe() {
    await this.#send(":\n\n");
  }

  async #send(frame: string) {
    if (this.#stream && !this.#stream.isAborted) await this.#stream.send(frame);
  }

  /** As when the network fails: the member stays. */
  async cut() {
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream && !stream.isAborted) await stream.fail();
  }

  /** Whoever has read the stream is gone without a word; or it was that one. */
  forget(asked = this.#stream) {
    if (asked === this.#stream) this.#stream = undefined;
  }

  async restart() {
    this.#epoch += "e";
    this.#events = [];
    this.members = [];
    await this.cut();
  }

  /** What goes from the member's stream to the tabs, by hand. */
  get stream(): Asked {
    return this.#stream!;
  }

  of(path: string): Asked[] {
    return this.asked.filter((asked) => asked.path === path);
  }
}

interface Request {
  readonly tab: Tab;
  readonly name: string;
  isHeld: boolean;
  grant(): void;
}

/** Locks as browsers have them: first come, first served, and free when a tab is gone. */
class FakeLocks {
  #requests: Request[] = [];
  /** They are not to be had. */
  isForbidden = false;

  for(tab: Tab) {
    const locks = {
      request: (name: string, { signal }: LockOptions, run: () => unknown) =>
        this.#request(tab, name, signal!, run),
      query: async () => ({
        held: this.#requests.filter(({ isHeld }) => isHeld),
        pending: this.#requests.filter(({ isHeld }) => !isHeld),
      }),
    };
    return locks as unknown as Pick<LockManager, "request" | "query">;
  }

  #request(tab: Tab, name: string, signal: AbortSignal, run: () => unknown): Promise<unknown> {
    if (this.isForbidden) return Promise.reject(new DOMException("no", "SecurityError"));
    return new Promise((resolve, reject) => {
      const request = {
        tab,
        name,
        isHeld: false,
        grant: () => {
          const end = () => this.#remove((other) => other === request);
          void Promise.resolve(run()).finally(end).then(resolve, reject);
        },
      };
      signal.addEventListener("abort", () => {
        if (request.isHeld) return;
        this.#remove((other) => other === request);
        reject(signal.reason);
      });
      this.#requests.push(request);
      this.#grant();
    });
  }

  #remove(isGone: (request: Request) => boolean) {
    this.#requests = this.#requests.filter((request) => !isGone(request));
    this.#grant();
  }

  #grant() {
    for (const first of this.#requests) {
      const isFirst = this.#requests.find(({ name }) => name === first.name) === first;
      if (!isFirst || first.isHeld) continue;
      first.isHeld = true;
      setImmediate(() => this.#requests.includes(first) && first.grant());
    }
  }

  drop(tab: Tab) {
    this.#remove((request) => request.tab === tab);
  }
}

/** The end of a line that one tab has. */
export class FakeLine {
  onmessage: ((event: { data: unknown }) => void) | undefined;
  readonly #tab: Tab;
  readonly #name: string;
  readonly #lines: Set<FakeLine>;

  constructor(tab: Tab, name: string, lines: Set<FakeLine>) {
    this.#tab = tab;
    this.#name = name;
    this.#lines = lines;
    lines.add(this);
  }

  postMessage(message: unknown) {
    if (!this.#lines.has(this)) throw new DOMException("closed", "InvalidStateError");
    if (this.#tab.isCrashed) return;
    for (const other of this.#lines) {
      if (other === this || other.#name !== this.#name) continue;
      const data = structuredClone(message);
      other.#tab.hear(this.#tab, () => this.#lines.has(other) && other.onmessage?.({ data }));
    }
  }

  close() {
    this.#lines.delete(this);
  }
}

/** One tab, with a client that is alice in the channel. */
export class Tab {
  readonly window = new FakeWindow();
  readonly document = new FakeDocument();
  readonly channel: Channel;
  isCrashed = false;
  readonly #browser: Browser;
  /** What it has asked the server. */
  #asked: Asked[] = [];
  #isDeafTo: (tab: Tab) => boolean = () => false;
  #unheard: { from: Tab; run: () => void }[] = [];

  /** @param storage its own, which outlives its page */
  constructor(
    browser: Browser,
    options: Partial<JoinOptions>,
    readonly storage = new FakeStorage(),
  ) {
    this.#browser = browser;
    const { clock, locks, lines } = browser;
    const around = {
      now: () => clock.now,
      after: (milliseconds: number, run: () => void) =>
        clock.after(milliseconds, () => this.isCrashed || run()),
      random: () => 0,
      window: this.window,
      document: this.document,
      storage,
    };
    const relay = new Relay(
      "alice",
      { url: URL, fetch: this.#fetch as typeof fetch, timeout: 20_000, token: options.token },
      {
        locks: locks.for(this),
        storage: browser.storage,
        open: (name) => new FakeLine(this, name, lines) as unknown as BroadcastChannel,
      },
      around,
    );
    this.channel = relay.join(
      (fetch) =>
        new Member(
          URL,
          "my-channel-1",
          { clientId: "alice", ...options, fetch },
          new Tokens(around),
          around,
        ),
    );
  }

  readonly #fetch = (input: unknown, init?: RequestInit): Promise<Response> => {
    const { server } = this.#browser;
    const response = server.fetch(input, init);
    this.#asked.push(server.asked.at(-1)!);
    return response;
  };

  hear(from: Tab, run: () => void) {
    const isBehind = this.#unheard.some((unheard) => unheard.from === from);
    if (isBehind || this.#isDeafTo(from)) this.#unheard.push({ from, run });
    else setImmediate(() => this.isCrashed || run());
  }

  /** What that tab says, or any, arrives late. */
  deafen(to?: Tab) {
    this.#isDeafTo = (tab) => !to || tab === to;
  }

  /** All that has come meanwhile arrives. */
  async listen() {
    this.#isDeafTo = () => false;
    for (const { run } of this.#unheard.splice(0)) run();
    await settled();
  }

  happen(target: EventTarget, type: string, more: object = {}): Promise<void> {
    target.dispatchEvent(Object.assign(new Event(type), more));
    return settled();
  }

  /** Its process ends; whatever it was about to do it does not. */
  async crash() {
    this.isCrashed = true;
    this.#browser.locks.drop(this);
    for (const asked of this.#asked) this.#browser.server.forget(asked);
    await settled();
  }
}

/** The tabs of one browser, and time that passes when a test says so. */
export class Browser {
  readonly clock = new FakeClock();
  readonly server = new FakeServer(this.clock);
  readonly locks = new FakeLocks();
  readonly lines = new Set<FakeLine>();
  readonly storage = new FakeStorage();

  /** One more end of what the tabs hear each other by. */
  line(tab: Tab): FakeLine {
    return new FakeLine(tab, "alice", this.lines);
  }

  async open(options: Partial<JoinOptions> = {}): Promise<Tab> {
    const tab = new Tab(this, options);
    await settled();
    return tab;
  }
}
