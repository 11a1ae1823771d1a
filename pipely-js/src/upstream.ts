import { reader, streamIn } from "./frames.js";
import type { Frame } from "./log.js";
import { PipelyError } from "./pipely.js";
import type { Surroundings } from "./surroundings.js";

/** The way to the server. */
export interface Way {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Milliseconds. */
  readonly timeout: number;
  /** Where the application has chosen one. */
  readonly token?: string;
}

/** Who is told what comes of the present request, until it is closed. */
export interface Receiver {
  opened(): void;
  frame(frame: Frame): void;
  /** The line that says how long the server wants to be left alone after the stream's end. */
  retry(line: string): void;
  /** The answer is no stream. */
  refused(response: Response): void;
  /** There is nothing more to come, for whichever reason. */
  ended(error: unknown): void;
}

/**
 * The leader's stream from the server: one request at a time. Of one that is not the present one any more
 * nothing is told.
 */
export class Upstream {
  readonly #way: Way;
  readonly #around: Surroundings;
  readonly #receiver: Receiver;
  #request: AbortController | undefined;
  #stopTimer = () => {};

  constructor(way: Way, around: Surroundings, receiver: Receiver) {
    this.#way = way;
    this.#around = around;
    this.#receiver = receiver;
  }

  /** In place of what was asked before. It is given up where no event comes of it in time. */
  async ask(url: string, init: RequestInit): Promise<void> {
    this.close();
    const request = (this.#request = new AbortController());
    const isPresent = () => request === this.#request;
    const { fetch, timeout } = this.#way;
    this.#stopTimer = this.#around.after(timeout, () =>
      request.abort(new PipelyError("timeout", `no answer within ${timeout} ms`)),
    );
    try {
      const response = await fetch(url, { ...init, signal: request.signal });
      if (isPresent()) await this.#read(response, isPresent);
      if (isPresent()) this.#receiver.ended(new PipelyError("network", "the stream has ended"));
    } catch (error) {
      if (isPresent()) this.#receiver.ended(error);
    }
  }

  async #read(response: Response, isPresent: () => boolean) {
    const stream = streamIn(response);
    if (!stream) return this.#receiver.refused(response);
    this.#receiver.opened();
    let rest: Frame | undefined;
    const came = (frame: Frame) => {
      if (!isPresent()) return;
      if (frame.data !== undefined) this.#stopTimer(); // The first event is the list of the members.
      this.#receiver.frame(frame);
    };
    const read = reader({
      id: (id) => (rest = { id }),
      event: (data, id) => {
        rest = undefined;
        came({ id, data });
      },
      retry: (retry) => isPresent() && this.#receiver.retry(`retry: ${retry}\n\n`),
    });
    const body = stream.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await body.read();
      if (done || !isPresent()) return;
      rest = {};
      read(decoder.decode(value, { stream: true }));
      if (rest) came(rest);
    }
  }

  close(): void {
    this.#stopTimer();
    this.#request?.abort();
    this.#request = undefined;
  }
}
