import type { Surroundings } from "./surroundings.js";

/** What makes a client the same member when it comes back. */
export interface Ticket {
  readonly token: string;
  /** The newest id that has come, with or without an event. */
  seen?: string;
}

/**
 * The tickets of one page. While the page is there it holds them itself; the tab's storage has them only from one
 * page to the next, across a reload, say. A duplicated tab is given a copy of the storage, and finds
 * none of the tokens that are in use.
 */
export class Tokens {
  readonly #storage: Surroundings["storage"];
  readonly #held = new Map<string, Ticket>();

  constructor({ storage, window }: Surroundings) {
    this.#storage = storage;
    if (storage) {
      window?.addEventListener("pagehide", () => this.#handOver());
      window?.addEventListener("pageshow", () => this.#takeBack());
    }
  }

  /** The same for the same key, until it is dropped. */
  get(key: string): Ticket {
    let ticket = this.#held.get(key);
    if (!ticket) {
      const [token, seen] = this.#take(key)?.split(" ") ?? [random()];
      ticket = { token: token!, seen };
      this.#held.set(key, ticket);
    }
    return ticket;
  }

  drop(key: string): void {
    this.#held.delete(key);
  }

  #handOver() {
    try {
      for (const [key, { token, seen }] of this.#held) {
        this.#storage!.setItem(key, seen ? `${token} ${seen}` : token);
      }
    } catch {
      // It is full: the next page is a client of its own.
    }
  }

  #takeBack() {
    for (const key of this.#held.keys()) this.#take(key);
  }

  #take(key: string): string | null | undefined {
    const token = this.#storage?.getItem(key);
    this.#storage?.removeItem(key);
    return token;
  }
}

/** Not `randomUUID`, which pages that came over plain http do not have. */
function random(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
