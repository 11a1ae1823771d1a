import { type Frame, type Log, text } from "./log.js";
import { isOld } from "./ids.js";
import type { Surroundings } from "./surroundings.js";

/**
 * One `/subscribe` of a tab's own client, and the answer to it, which the tab's relay writes:
 *
 * ```text
 *   asked ──open()──► open ──begin()──► live ◄─┐ begin(): by another leader
 *     │                │                 │ └───┘
 *     └─ answer()      └──── fail() ─────┘
 * ```
 *
 * Where it is open and not live it waits for a tab that has a connection, and gives signs of life
 * meanwhile, since the client would give it up.
 */
export class TabStream {
  readonly url: string;
  readonly init: RequestInit;
  readonly response: Promise<Response>;
  isLive = false;
  /** The newest id that was written, or that the client has from before. */
  last: string | undefined;

  readonly #around: Surroundings;
  readonly #beat: number;
  readonly #history: number;
  #writer: ReadableStreamDefaultController<Uint8Array> | undefined;
  #stopWaiting = () => {};
  #resolve!: (response: Response) => void;
  #reject!: (error: unknown) => void;

  /**
   * @param beat the milliseconds between signs of life
   * @param dropped called where the client wants it no more
   */
  constructor(
    url: string,
    init: RequestInit,
    beat: number,
    around: Surroundings,
    dropped: (stream: TabStream) => void,
  ) {
    this.url = url;
    this.init = init;
    this.#around = around;
    this.#beat = beat;
    this.#history = Number(new URLSearchParams(url.replace(/.*\?/, "")).get("history"));
    this.last = new Headers(init.headers).get("Last-Event-ID") ?? undefined;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    init.signal?.addEventListener("abort", () => {
      dropped(this);
      this.fail(init.signal!.reason);
    });
  }

  get isOpen(): boolean {
    return this.#writer !== undefined;
  }

  /** With an answer of the server's that is no stream. */
  answer(response: Response): void {
    this.#resolve(response);
  }

  open(): void {
    if (this.#writer) return;
    const body = new ReadableStream<Uint8Array>({
      start: (writer) => void (this.#writer = writer),
    });
    this.#resolve(new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
  }

  wait(): void {
    this.#stopWaiting();
    this.write(":\n\n");
    this.#stopWaiting = this.#around.after(this.#beat, () => this.wait());
  }

  /** Goes on, or begins, with what the client has missed. */
  begin(log: Log): void {
    this.#stopWaiting();
    this.isLive = true;
    for (const frame of log.since(this.last, this.#history)) this.send(frame);
  }

  send(frame: Frame): void {
    if (!isOld(frame.id, this.last)) this.last = frame.id ?? this.last;
    this.write(text(frame));
  }

  write(piece: string): void {
    this.open();
    this.#writer!.enqueue(new TextEncoder().encode(piece));
  }

  /** Nothing may be written after it. */
  fail(error: unknown): void {
    this.#stopWaiting();
    if (this.#writer) this.#writer.error(error);
    else this.#reject(error);
  }
}
