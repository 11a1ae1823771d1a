import {
  type Channel,
  type Change,
  type Events,
  type Gap,
  type JoinOptions,
  type Message,
  PipelyError,
  type Publisher,
  type PublishOptions,
  type Reason,
  type Receipt,
  type State,
} from "./api.js";
import { Connection, type Receiver } from "./connection.js";
import { fold } from "./ids.js";
import { Outbox } from "./outbox.js";
import { type Access, secrets } from "./requests.js";
import { Roster } from "./roster.js";
import type { Surroundings } from "./surroundings.js";
import type { Ticket, Tokens } from "./tokens.js";

/** How many messages wait for a loop that iterates them. */
const MAX_UNREAD = 1_024;

/** One member of one channel: its connection, its outbox, and who listens. */
export class Member implements Channel, Receiver {
  readonly id: string;
  readonly ready: Promise<void>;
  clientId: string;
  reason: Reason | undefined;

  readonly #options: JoinOptions;
  readonly #token: string;
  readonly #forget: () => void;
  readonly #access: { -readonly [Key in keyof Access]: Access[Key] };
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #listeners: { [Name in keyof Events]?: Set<(event: any) => void> } = {};
  readonly #roster = new Roster();

  #error: PipelyError | undefined;
  #leaving: Promise<void> | undefined;
  #abort = () => this.#connection.close("aborted");
  #isReady!: () => void;
  #isNotReady!: (error: unknown) => void;

  constructor(url: string, id: string, options: JoinOptions, tokens: Tokens, around: Surroundings) {
    const { clientId, token, history, presence, signal } = options;
    const { backoff = {}, timeout = 20_000, silence = 100_000, queue = 256 } = options;
    const key = `pipely ${url} ${id} ${fold(clientId)}`;
    this.id = id;
    this.clientId = clientId;
    this.#options = options;
    const ticket: Ticket = token ? { token } : tokens.get(key);
    if (!options.resume) delete ticket.seen;
    this.#token = ticket.token;
    this.#forget = () => tokens.drop(key);
    this.ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#isNotReady = reject;
    });
    this.ready.catch(() => {}); // Whoever does not wait for it is told otherwise.

    const query = new URLSearchParams({ channelId: id, clientId });
    if (history) query.set("history", String(history));
    if (presence) query.set("presence", presence);
    this.#access = {
      url,
      headers: options.headers ?? {},
      // Called as a plain function: browsers refuse to have it called as a method of something else.
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    };
    this.#connection = new Connection(
      this.#access,
      query.toString(),
      { min: 1_000, max: 30_000, stable: 10_000, ...backoff, timeout, silence },
      ticket,
      around,
      this,
    );
    this.#outbox = new Outbox(this.#access, timeout, queue, around, () => this.#connection.renew());

    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
    else void this.#begin();
  }

  async #begin() {
    let password;
    try {
      const { password: given } = this.#options;
      await undefined; // Whoever joins can say first what to listen for.
      password = await (typeof given === "function" ? given() : given);
    } catch (cause) {
      const error = new PipelyError("password", "there is no password", 0, { cause });
      return this.#connection.close("refused", error);
    }
    this.#access.headers = { ...this.#access.headers, ...secrets(this.#token, password) };
    if (this.state !== "closed") this.#connection.open();
  }

  get state(): State {
    return this.#connection.state;
  }

  get members(): string[] {
    return this.#roster.ids;
  }

  has(clientId: string): boolean {
    return this.#roster.has(clientId);
  }

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners: Set<(event: Events[Name]) => void> = (this.#listeners[name] ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  publish(type: string, payload?: unknown, options?: PublishOptions): Promise<Receipt> {
    return this.#publish(undefined, type, payload, options);
  }

  to(...clientIds: string[]): Publisher {
    return {
      publish: (type, payload, options) => this.#publish(clientIds, type, payload, options),
    };
  }

  #publish(to: string[] | undefined, type: string, payload: unknown, options?: PublishOptions) {
    const event = {
      channel_id: this.id,
      type,
      origin_id: this.clientId,
      payload,
      to,
      echo: options?.echo ?? this.#options.echo,
    };
    return this.#outbox.publish(event, options?.signal);
  }

  leave(): Promise<void> {
    return (this.#leaving ??= this.#leave());
  }

  async #leave() {
    if (this.#outbox.isBusy) await this.#outbox.idle(); // Otherwise it goes out at once, as a closing page needs it.
    if (this.state === "closed") return;
    this.#connection.close("left");
    this.#forget();
    const { url, fetch } = this.#access;
    const body = JSON.stringify({
      channel_id: this.id,
      client_id: this.clientId,
      token: this.#token,
    });
    // Where the application has a fetch of its own, that is its way to the server.
    const isOwn = this.#options.fetch !== undefined;
    if (!isOwn && !("keepalive" in Request.prototype) && navigator.sendBeacon) {
      navigator.sendBeacon(`${url}/leave`, body);
      return;
    }
    // Only what the application has added: the secret is in the body, and so no preflight goes ahead.
    const own = this.#options.headers ?? {};
    await fetch(`${url}/leave`, { method: "POST", headers: own, body, keepalive: true }).catch(
      () => {},
    );
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    const unread: Message[] = [];
    let wake = () => {};
    let overflow: PipelyError | undefined;
    const stop = this.on("message", (message) => {
      if (unread.length < MAX_UNREAD) unread.push(message);
      else overflow = new PipelyError("overflow", `${MAX_UNREAD} messages have not been read`);
      wake();
    });
    const stopToo = this.on("state", () => wake());
    try {
      for (;;) {
        for (let message; (message = unread.shift());) yield message;
        if (overflow || this.#error) throw overflow ?? this.#error;
        if (this.state === "closed") return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
      stopToo();
    }
  }

  // What the connection brings.

  changed(change: Change): void {
    if (change.state === "open") {
      this.#isReady();
      this.#outbox.open();
    } else {
      this.#outbox.pause();
    }
    if (change.state === "closed") this.#end(change);
    this.#tell("state", change);
    if (this.#error && change.state === "closed") this.#tell("error", this.#error);
  }

  #end({ reason, error }: Change) {
    this.reason = reason;
    this.#error = error;
    const closed = error ?? new PipelyError("closed", `the channel is closed: ${reason}`);
    this.#isNotReady(reason === "aborted" ? this.#options.signal!.reason : closed);
    this.#outbox.close(closed);
    this.#options.signal?.removeEventListener("abort", this.#abort);
  }

  clientList(ids: string[]): void {
    this.#roster.replace(ids);
    this.clientId = this.#roster.spelling(this.clientId) ?? this.clientId;
    this.#tell("members", this.members);
  }

  connected(id: string): void {
    const isNew = this.#roster.add(id);
    this.#tell("connect", id);
    if (isNew) this.#tell("members", this.members);
  }

  disconnected(id: string): void {
    const wasThere = this.#roster.remove(id);
    this.#tell("disconnect", id);
    if (wasThere) this.#tell("members", this.members);
  }

  gap(gap: Gap): void {
    this.#tell("gap", gap);
  }

  message(message: Message): void {
    this.#tell("message", message);
  }

  /** A listener that throws is reported as any error is that nobody catches, and harms no other. */
  #tell<Name extends keyof Events>(name: Name, event: Events[Name]) {
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
