import { PipelyError, type Receipt } from "./api.js";
import { before } from "./ids.js";
import { type Access, networkError, Refusal } from "./requests.js";
import type { Surroundings } from "./surroundings.js";

/** The most that one request may carry: what the protocol allows, and a part of the bytes. */
const MAX_EVENTS = 64;
const MAX_LENGTH = 16_384;

interface Entry {
  readonly json: string;
  /** It has been turned away once already, by a server that had lost the channel. */
  wasTurnedAway?: boolean;
  resolve(receipt: Receipt): void;
  reject(error: unknown): void;
}

/**
 * The machine that publishes, in order:
 *
 * ```text
 *             publish()                    answered
 *   waiting ◄────────────  under way ─────────────────► settled
 *      │                       ▲ │ the server had not, or will not have, the channel
 *      └───── while open ──────┘ └───────────────────────► waiting, ahead of the others
 * ```
 *
 * There is one request at a time, and what has come to wait meanwhile is the next one. A request whose fate is
 * not known is not repeated: its events could come twice.
 */
export class Outbox {
  readonly #access: Access;
  readonly #timeout: number;
  readonly #bound: number;
  readonly #around: Surroundings;
  readonly #lostChannel: () => void;

  #waiting: Entry[] = [];
  #isOpen = false;
  #isBusy = false;
  /** How many of those that wait go alone, since together they were refused. */
  #alone = 0;
  #closed: PipelyError | undefined;
  #idle = () => {};

  constructor(
    access: Access,
    timeout: number,
    bound: number,
    around: Surroundings,
    lostChannel: () => void,
  ) {
    this.#access = access;
    this.#timeout = timeout;
    this.#bound = bound;
    this.#around = around;
    this.#lostChannel = lostChannel;
  }

  publish(event: object, signal?: AbortSignal): Promise<Receipt> {
    let takeBack = () => {};
    return new Promise<Receipt>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closed) throw this.#closed;
      if (this.#waiting.length >= this.#bound) {
        throw new PipelyError("queue_full", `${this.#bound} publications wait already`);
      }
      const entry = { json: JSON.stringify(event), resolve, reject };
      this.#waiting.push(entry);
      takeBack = () => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== entry);
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", takeBack);
      // What is published in one go goes together.
      queueMicrotask(() => void this.#send());
    }).finally(() => signal?.removeEventListener("abort", takeBack));
  }

  open(): void {
    this.#isOpen = true;
    void this.#send();
  }

  pause(): void {
    this.#isOpen = false;
    this.#idle();
  }

  close(error: PipelyError): void {
    this.pause();
    this.#closed = error;
    for (const entry of this.#waiting.splice(0)) entry.reject(error);
  }

  /** Whether something is under way, or about to be. */
  get isBusy(): boolean {
    return this.#isBusy || (this.#isOpen && this.#waiting.length > 0);
  }

  /** Fulfilled once it is not busy. For one caller at a time. */
  async idle(): Promise<void> {
    while (this.isBusy) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  async #send() {
    if (this.#isBusy || !this.#isOpen || !this.#waiting.length) return;
    this.#isBusy = true;
    const batch = this.#next();
    try {
      this.#settle(batch, await this.#post(batch));
    } catch (error) {
      this.#fail(batch, networkError(error));
    }
    this.#isBusy = false;
    this.#idle();
    void this.#send();
  }

  #next(): Entry[] {
    let count = 1;
    let length = this.#waiting[0]!.json.length;
    if (this.#alone > 0) this.#alone--;
    else
      while (count < Math.min(this.#waiting.length, MAX_EVENTS)) {
        length += this.#waiting[count]!.json.length;
        if (length > MAX_LENGTH) break;
        count++;
      }
    return this.#waiting.splice(0, count);
  }

  async #post(batch: Entry[]): Promise<Response> {
    const events = batch.map((entry) => entry.json).join();
    const request = new AbortController();
    const stop = this.#around.after(this.#timeout, () =>
      request.abort(new PipelyError("timeout", `no answer within ${this.#timeout} ms`)),
    );
    try {
      const response = await this.#access.fetch(`${this.#access.url}/publish`, {
        method: "POST",
        headers: this.#access.headers,
        body: batch.length > 1 ? `[${events}]` : events,
        signal: request.signal,
      });
      if (!response.ok) throw await Refusal.of(response);
      return response;
    } finally {
      stop();
    }
  }

  #settle(batch: Entry[], { headers }: Response) {
    const id = headers.get("Pipely-Event-Id") ?? "";
    const recipients = headers.get("Pipely-Recipients")?.split(",") ?? [];
    batch.forEach((entry, index) =>
      entry.resolve({
        id: before(id, batch.length - 1 - index),
        recipients: Number(recipients[index]),
      }),
    );
  }

  #fail(batch: Entry[], error: PipelyError) {
    if (error.code === "shutting_down") {
      this.pause(); // The stream is about to end, and to be opened again.
      this.#putBack(batch);
    } else if (error.code === "no_such_channel" && !batch[0]!.wasTurnedAway) {
      for (const entry of batch) entry.wasTurnedAway = true;
      this.pause(); // The stream is dead, and has not told.
      this.#putBack(batch);
      this.#lostChannel();
    } else if (batch.length > 1 && [400, 403, 404, 413].includes(error.status)) {
      this.#alone = batch.length; // None was published; let each have an answer of its own.
      this.#putBack(batch);
    } else {
      for (const entry of batch) entry.reject(error);
    }
  }

  #putBack(batch: Entry[]) {
    if (this.#closed) for (const entry of batch) entry.reject(this.#closed);
    else this.#waiting.unshift(...batch);
  }
}
