import type { Channel, Change, Events, JoinOptions } from "../src/api.js";
import { Member } from "../src/channel.js";
import type { Surroundings } from "../src/surroundings.js";
import { Tokens } from "../src/tokens.js";

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Time that passes when a test says so. */
export class FakeClock {
  now = 1_000_000;
  /** What chance will say, each time. */
  chance = 0;
  #timers: { at: number; run: () => void }[] = [];

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await settled();
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.now = Math.max(this.now, due.at);
      due.run();
    }
    this.now = end;
    await settled();
  }

  /** The machine sleeps: the wall clock goes on, and the timers do not. */
  sleep(milliseconds: number): void {
    this.now += milliseconds;
    for (const timer of this.#timers) timer.at += milliseconds;
  }

  get pending(): number {
    return this.#timers.length;
  }
}

/** One request that the server has got, and how it is answered. */
export class Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: any;
  readonly init: RequestInit;
  #respond!: (response: Response) => void;
  #fail!: (error: unknown) => void;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly response: Promise<Response>;

  constructor(input: string, init: RequestInit = {}) {
    const url = new URL(input, "http://pipely.test");
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = new Headers(init.headers);
    this.body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    this.init = init;
    this.response = new Promise((resolve, reject) => {
      this.#respond = resolve;
      this.#fail = reject;
    });
    init.signal?.addEventListener("abort", () => {
      this.#fail(init.signal!.reason);
      this.#stream?.error(init.signal!.reason);
      this.#stream = undefined;
    });
  }

  get isAborted(): boolean {
    return this.init.signal?.aborted ?? false;
  }

  async answer(status: number, headers: Record<string, string> = {}, body?: string) {
    this.#respond(new Response(body, { status, headers }));
    await settled();
  }

  async refuse(status: number, word: string, headers: Record<string, string> = {}) {
    const all = { "Content-Type": "text/plain; charset=utf-8", "Pipely-Error": word, ...headers };
    await this.answer(status, all, `words for ${word}\n`);
  }

  /** The network fails. */
  async fail() {
    this.#fail(new TypeError("fetch failed"));
    this.#stream?.error(new TypeError("terminated"));
    await settled();
  }

  /** Opens the stream, if it is not open yet, and sends what is given. */
  async send(...frames: string[]) {
    if (!this.#stream) {
      const body = new ReadableStream<Uint8Array>({
        start: (stream) => void (this.#stream = stream),
      });
      this.#respond(new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
    }
    for (const frame of frames) this.#stream!.enqueue(new TextEncoder().encode(frame));
    await settled();
  }

  /** A clean end of the stream. */
  async end() {
    this.#stream!.close();
    await settled();
  }
}

/** A frame as the server writes it. */
export function frame(
  id: string | undefined,
  type: string,
  origin = "server",
  payload: unknown = null,
  more: object = {},
): string {
  const event = { channel_id: "my-channel-1", type, origin_id: origin, payload, ...more };
  return `${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(event)}\n\n`;
}

export const list = (id: string | undefined, ...ids: string[]) =>
  frame(id, "CLIENT_LIST", "server", ids);

/** What a tab keeps. */
export class FakeStorage extends Map<string, string> {
  getItem(key: string) {
    return this.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.set(key, value);
  }
  removeItem(key: string) {
    this.delete(key);
  }
}

/** Knows how many listen to it. */
export class FakeWindow extends EventTarget {
  #signals: AbortSignal[] = [];

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions,
  ) {
    super.addEventListener(type, listener, options);
    if (options?.signal) this.#signals.push(options.signal);
  }

  get listeners(): number {
    return this.#signals.filter(({ aborted }) => !aborted).length;
  }
}

export class FakeDocument extends FakeWindow {
  visibilityState = "visible";
}

/** A client with everything around it in the test's hands. */
export class Lab {
  readonly clock = new FakeClock();
  readonly window = new FakeWindow();
  readonly document = new FakeDocument();
  readonly asked: Asked[] = [];
  readonly around: Surroundings = {
    now: () => this.clock.now,
    after: (milliseconds, run) => this.clock.after(milliseconds, run),
    random: () => this.clock.chance,
    window: this.window,
    document: this.document,
  };
  readonly tokens = new Tokens(this.around);

  join(options: Partial<JoinOptions> = {}): Channel {
    const fetch = async (input: unknown, init?: RequestInit) => {
      const asked = new Asked(String(input), init);
      this.asked.push(asked);
      init?.signal?.throwIfAborted();
      return asked.response;
    };
    return new Member(
      "http://pipely.test",
      "my-channel-1",
      { clientId: "alice", fetch: fetch as typeof globalThis.fetch, ...options },
      this.tokens,
      this.around,
    );
  }

  /** A channel that is open, and the request that its stream answers. */
  async opened(options: Partial<JoinOptions> = {}): Promise<[Channel, Asked]> {
    const channel = this.join(options);
    await settled();
    await this.last.send("retry: 0\n", list("e-0", "alice"), frame("e-1", "CONNECT", "alice"));
    return [channel, this.last];
  }

  get last(): Asked {
    return this.asked.at(-1)!;
  }

  get subscribes(): Asked[] {
    return this.asked.filter(({ path }) => path === "/subscribe");
  }

  get publishes(): Asked[] {
    return this.asked.filter(({ path }) => path === "/publish");
  }

  happen(target: EventTarget, type: string, more: object = {}): Promise<void> {
    target.dispatchEvent(Object.assign(new Event(type), more));
    return settled();
  }
}

/** Everything that a channel tells from now on. */
export function heard<Name extends keyof Events>(channel: Channel, name: Name): Events[Name][] {
  const events: Events[Name][] = [];
  channel.on(name, (event) => events.push(event));
  return events;
}

export const states = (changes: Change[]) => changes.map(({ state }) => state);
