import type { Channel, JoinOptions, Options } from "./api.js";
import { fold } from "./ids.js";
import { Pipely } from "./pipely.js";
import { Relay, type Shared } from "./relay.js";
import { surroundings } from "./surroundings.js";

/**
 * A Pipely server whose channels a browser's tabs share: those of one origin that join a channel as
 * the same client are one member of it, with one connection. Otherwise it is what {@link Pipely} is.
 *
 * It takes Web Locks and `BroadcastChannel`, which pages have that came by https or from localhost.
 * Elsewhere each tab has a connection of its own, and is a client of its own, as with {@link Pipely}.
 */
export class TabbedPipely extends Pipely {
  readonly #url: string;
  readonly #options: Options;

  /** A server, as for {@link Pipely}; nothing is asked of it yet. */
  constructor(url = "", options: Options = {}) {
    super(url, options);
    this.#url = url.replace(/\/+$/, "");
    this.#options = options;
  }

  /** Joins a channel, or creates it, together with the other tabs that are in it as this client. */
  override join(channelId: string, options: JoinOptions): Channel {
    const shared = sharedByTabs();
    if (!shared) return super.join(channelId, options);
    const { token, ...given } = { ...this.#options, ...options };
    const server = new Request(`${this.#url}/`).url; // The same, however a page has written it.
    const way = {
      url: this.#url,
      // Called as a plain function: browsers refuse to have it called as a method of something else.
      fetch: given.fetch ?? ((input, init) => fetch(input, init)),
      timeout: given.timeout ?? 20_000,
      token,
    };
    const name = `pipely-tabs ${server} ${channelId} ${fold(options.clientId)}`;
    const relay = new Relay(name, way, shared, surroundings());
    return relay.join((fetch) => super.join(channelId, { ...options, fetch }));
  }
}

/** Missing where tabs have nothing in common: without a secure context, or in a sandbox. */
function sharedByTabs(): Shared | undefined {
  const locks = globalThis.navigator?.locks;
  if (!locks) return undefined;
  const open = (name: string) => new BroadcastChannel(name);
  try {
    open("pipely-tabs").close();
    return { locks, open, storage: globalThis.localStorage };
  } catch {
    return undefined;
  }
}
