import type { Channel, JoinOptions, Options } from "./api.js";
import { Member } from "./channel.js";
import { surroundings } from "./surroundings.js";
import { Tokens } from "./tokens.js";

export * from "./api.js";

const around = surroundings();
let tokens: Tokens | undefined;

/** A Pipely server, and how to behave towards it. */
export class Pipely {
  readonly #url: string;
  readonly #options: Options;

  /**
   * A server; nothing is asked of it yet.
   *
   * @param url where its `/subscribe` is, such as `https://example.org/pipely`; by default the root
   *     of the page's own server
   */
  constructor(url = "", options: Options = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#options = options;
  }

  /** Joins a channel, or creates it, and stays in it until it is left or refused. */
  join(channelId: string, options: JoinOptions): Channel {
    tokens ??= new Tokens(around);
    return new Member(this.#url, channelId, { ...this.#options, ...options }, tokens, around);
  }
}
