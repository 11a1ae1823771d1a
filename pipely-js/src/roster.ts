import { fold } from "./ids.js";

/** Who is in a channel, in order of joining, each in the spelling that the channel has it in. */
export class Roster {
  /** By folded id. */
  readonly #ids = new Map<string, string>();

  get ids(): string[] {
    return [...this.#ids.values()];
  }

  has(id: string): boolean {
    return this.#ids.has(fold(id));
  }

  /** The same id in the channel's spelling, where it is there. */
  spelling(id: string): string | undefined {
    return this.#ids.get(fold(id));
  }

  replace(ids: readonly string[]): void {
    this.#ids.clear();
    for (const id of ids) this.#ids.set(fold(id), id);
  }

  /** To the end: what is replayed after a list has happened before it. Returns whether it is new. */
  add(id: string): boolean {
    const isNew = !this.remove(id);
    this.#ids.set(fold(id), id);
    return isNew;
  }

  /** Returns whether it was there. */
  remove(id: string): boolean {
    return this.#ids.delete(fold(id));
  }
}
