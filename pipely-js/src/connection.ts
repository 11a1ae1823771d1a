import {
  type Change,
  type Gap,
  type Message,
  PipelyError,
  type Reason,
  type State,
} from "./api.js";
import { reader, streamIn } from "./frames.js";
import { isOld } from "./ids.js";
import { type Access, networkError, Refusal } from "./requests.js";
import type { Surroundings } from "./surroundings.js";

/** Milliseconds: see {@link Options}. */
export interface Times {
  readonly min: number;
  readonly max: number;
  readonly stable: number;
  readonly timeout: number;
  readonly silence: number;
}

/** Who is told what a connection brings. */
export interface Receiver {
  changed(change: Change): void;
  clientList(ids: string[]): void;
  connected(id: string): void;
  disconnected(id: string): void;
  gap(gap: Gap): void;
  message(message: Message): void;
}

interface Frame {
  type: string;
  origin_id: string;
  payload: any;
  to?: string[];
}

/**
 * The machine that keeps one member connected:
 *
 * ```text
 *   open() ──► connecting ──────CLIENT_LIST──────► open ◄──────────┐
 *                 │                                 │ lost         │ CLIENT_LIST
 *                 │ refused                         ▼              │
 *                 │                            reconnecting ───────┘
 *                 ▼                                 │ refused
 *              closed ◄─────────────────────────────┘ replaced, left, aborted, from any state
 * ```
 *
 * Lost means: the stream has ended, has been silent for too long, or the device has lost its network.
 * While connecting and reconnecting there is an attempt, or a wait for the next one, or neither while
 * the page lies in the browser's back-forward cache. An attempt is its AbortController; whatever
 * comes of one that is not the present one any more is passed over.
 */
export class Connection {
  state: State = "connecting";

  readonly #access: Access;
  readonly #query: string;
  readonly #times: Times;
  readonly #around: Surroundings;
  readonly #receiver: Receiver;

  #attempt: AbortController | undefined;
  #stopWaiting = () => {};
  #stopWatching = () => {};
  #stopListening = () => {};

  /** Attempts in a row that have come to nothing lasting. */
  #failures = 0;
  #openedAt: number | undefined;
  /** When the server was last heard of. */
  #heardAt = 0;
  /** Milliseconds that the server wants to be left alone after a stream's end. */
  #retry = 0;
  /** Whether the present wait is one that the server has asked for by a refusal. */
  #isToldToWait = false;
  /** Where to go on. */
  readonly #place: { seen?: string };
  /** The newest event that was passed on. */
  #lastSeen: string | undefined;

  constructor(
    access: Access,
    query: string,
    times: Times,
    place: { seen?: string },
    around: Surroundings,
    receiver: Receiver,
  ) {
    this.#access = access;
    this.#query = query;
    this.#times = times;
    this.#place = place;
    this.#around = around;
    this.#receiver = receiver;
  }

  /** Begins. */
  open(): void {
    this.#listen();
    void this.#connect();
  }

  /** Ends it for good. */
  close(reason: Reason, error?: PipelyError): void {
    if (this.state === "closed") return;
    this.#rest();
    this.#stopListening();
    this.#change({ state: "closed", reason, error });
  }

  /** Connects anew, as somebody has noticed that the server does not know this stream any more. */
  renew(): void {
    if (this.state === "closed" || this.#isToldToWait) return;
    this.#rest();
    if (this.state === "open") this.#change({ state: "reconnecting", retryIn: 0 });
    void this.#connect();
  }

  async #connect() {
    this.#rest();
    const attempt = (this.#attempt = new AbortController());
    const isPresent = () => attempt === this.#attempt;
    this.#watch(this.#times.timeout);
    try {
      const response = await this.#access.fetch(`${this.#access.url}/subscribe?${this.#query}`, {
        headers: {
          ...this.#access.headers,
          ...(this.#place.seen && { "Last-Event-ID": this.#place.seen }),
        },
        cache: "no-store",
        signal: attempt.signal,
      });
      if (isPresent()) await this.#read(response, isPresent);
      if (isPresent()) this.#lost();
    } catch (error) {
      if (isPresent()) this.#failed(networkError(error));
    }
  }

  async #read(response: Response, isPresent: () => boolean) {
    const stream = streamIn(response);
    if (!stream) throw await Refusal.of(response);
    const read = reader({
      id: (id) => {
        if (isPresent()) this.#place.seen = id;
      },
      event: (data, id) => {
        if (isPresent()) this.#receive(id, JSON.parse(data));
      },
      retry: (retry) => (this.#retry = retry),
    });
    const body = stream.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await body.read();
      if (done || !isPresent()) return;
      this.#heardAt = this.#around.now();
      read(decoder.decode(value, { stream: true }));
    }
  }

  #receive(id: string | undefined, { type, origin_id, payload, to }: Frame) {
    switch (type) {
      case "CLIENT_LIST":
        // With an id it is the beginning of everything, and what history follows has smaller ids.
        if (id) this.#lastSeen = undefined;
        this.#receiver.clientList(payload);
        if (this.state !== "open") this.#opened();
        return;
      case "GAP":
        this.#lastSeen = id;
        return this.#receiver.gap(payload);
      case "REPLACED":
        return this.close("replaced");
    }
    if (isOld(id, this.#lastSeen)) return;
    this.#lastSeen = id;
    if (type === "CONNECT") this.#receiver.connected(origin_id);
    else if (type === "DISCONNECT") this.#receiver.disconnected(origin_id);
    else this.#receiver.message({ id: id!, type, originId: origin_id, payload, ...(to && { to }) });
  }

  #opened() {
    this.#openedAt = this.#around.now();
    this.#watch(this.#times.silence);
    this.#change({ state: "open" });
  }

  /** What was refused is final where it says so, unless it is not Pipely that says it to one of its members. */
  #failed(error: PipelyError) {
    const isFinal =
      error instanceof Refusal &&
      !error.isTemporary &&
      (error.isPipelys || this.#openedAt === undefined);
    if (isFinal) this.close("refused", error);
    else this.#lost(error);
  }

  /** Waits for the next attempt: never less than the server asks for, longer each time, and never as long as others. */
  #lost(error?: PipelyError) {
    const { min, max, stable } = this.#times;
    if (this.state === "open" && this.#around.now() - this.#openedAt! >= stable) this.#failures = 0;
    this.#rest();
    const step = Math.min(max, min * 2 ** this.#failures++) / 2;
    const asked = error instanceof Refusal ? error.retryAfter : 0;
    const retryIn = Math.max(step, asked, this.#retry) + step * this.#around.random();
    this.#isToldToWait = asked > 0;
    this.#stopWaiting = this.#around.after(retryIn, () => void this.#connect());
    this.#change({
      state: this.#openedAt === undefined ? "connecting" : "reconnecting",
      error,
      retryIn,
    });
  }

  /** Neither an attempt nor a wait. */
  #rest() {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.abort();
    this.#stopWaiting();
    this.#stopWatching();
    this.#isToldToWait = false;
  }

  #change(change: Change) {
    this.state = change.state;
    this.#receiver.changed(change);
  }

  /**
   * Gives a silent server up. It looks at the clock more often than needed: a machine that wakes up
   * has spent more time than its timers know of.
   */
  #watch(patience: number) {
    this.#stopWatching();
    this.#heardAt = this.#around.now();
    const look = () => {
      const left = this.#heardAt + patience - this.#around.now();
      if (left > 0) this.#stopWatching = this.#around.after(Math.min(left, patience / 8), look);
      else
        this.#lost(new PipelyError("timeout", `nothing came from the server for ${patience} ms`));
    };
    look();
  }

  #listen() {
    const { window, document } = this.#around;
    const listening = new AbortController();
    this.#stopListening = () => listening.abort();
    const on = (target: EventTarget | undefined, type: string, run: (event: Event) => void) =>
      target?.addEventListener(type, run, { signal: listening.signal });

    on(window, "offline", () => {
      if (this.#attempt) this.#lost(new PipelyError("network", "the device is offline"));
    });
    // The stream of before belongs to another network, or to a page that was asleep: it may be dead without a sign.
    on(window, "online", () => this.renew());
    on(document, "resume", () => this.renew());
    // A page with an open stream is not kept for the way back.
    on(window, "pagehide", () => {
      this.#rest();
      if (this.state === "open") this.#change({ state: "reconnecting" });
    });
    on(window, "pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) this.renew();
    });
    on(document, "visibilitychange", () => {
      const isSilent = this.#around.now() - this.#heardAt >= this.#times.silence;
      if (document?.visibilityState === "visible" && (!this.#attempt || isSilent)) this.renew();
    });
  }
}
