import { isOld } from "./ids.js";
import { Roster } from "./roster.js";

/** What a stream brings: an event, or an id alone, or, empty, a sign of life. */
export interface Frame {
  readonly id?: string;
  /** One line of JSON. */
  readonly data?: string;
}

/** A log as it goes from tab to tab. */
export interface Snapshot {
  readonly members: readonly string[];
  readonly frames: readonly Frame[];
  readonly from: string | undefined;
  readonly last: string | undefined;
  readonly isSettled: boolean;
}

/** How many characters of events are kept: what any tab may be behind the others. */
const MAX_LENGTH = 2 ** 18;

/** As it stands in a stream. */
export function text({ id, data }: Frame): string {
  if (id === undefined && data === undefined) return ":\n\n";
  return `${id === undefined ? "" : `id: ${id}\n`}${data === undefined ? "" : `data: ${data}\n`}\n`;
}

export function isGap({ data }: Frame): boolean {
  return data !== undefined && JSON.parse(data).type === "GAP";
}

/** The newest events of a channel and who is in it, so that one tab can tell another. */
export class Log {
  readonly #roster = new Roster();
  #frames: Frame[] = [];
  #length = 0;
  /** No event after this one is missing. */
  #from: string | undefined;
  #last: string | undefined;
  /** Whether what came before `from` is lost; otherwise nobody has asked the server for it yet. */
  #isSettled = false;

  /** One that goes on from there. */
  static at(place: string): Log {
    return Log.of({ members: [], frames: [], from: place, last: place, isSettled: false });
  }

  static of({ members, frames, from, last, isSettled }: Snapshot): Log {
    const log = new Log();
    log.#roster.replace(members);
    log.#from = from;
    for (const frame of frames) log.#keep(frame);
    log.#last = last;
    log.#isSettled = isSettled;
    return log;
  }

  snapshot(): Snapshot {
    return {
      members: this.#roster.ids,
      frames: this.#frames,
      from: this.#from,
      last: this.#last,
      isSettled: this.#isSettled,
    };
  }

  /** The id to go on from. */
  get last(): string | undefined {
    return this.#last;
  }

  add(frame: Frame): void {
    const { id, data } = frame;
    if (data !== undefined) {
      const { type, origin_id, payload } = JSON.parse(data);
      if (type === "CLIENT_LIST") this.#roster.replace(payload);
      if (type === "CONNECT") this.#roster.add(origin_id);
      if (type === "DISCONNECT") this.#roster.remove(origin_id);
      if (type === "CLIENT_LIST" || type === "GAP") this.#begin(id, type === "GAP");
      else this.#keep(frame);
    }
    if (!isOld(id, this.#last)) this.#last = id ?? this.#last;
  }

  /** With an id it is a beginning: whatever was kept does not lead up to it. */
  #begin(id: string | undefined, isSettled: boolean) {
    if (id === undefined) return;
    this.#isSettled = isSettled;
    this.#frames = [];
    this.#length = 0;
    this.#from = this.#last = id;
  }

  #keep(frame: Frame) {
    if (frame.id === undefined) return;
    this.#frames.push(frame);
    this.#length += frame.data!.length;
    while (this.#length > MAX_LENGTH) {
      const { id, data } = this.#frames.shift()!;
      this.#length -= data!.length;
      if (isOld(id, this.#from)) continue; // Of the history that it began with.
      this.#from = id;
      this.settle();
    }
  }

  settle(): void {
    this.#isSettled = true;
  }

  /** Whether the server may still have what somebody at this place misses, and this has not. */
  mayGoBackTo(place: string | undefined): boolean {
    return !this.#isSettled && isOld(place, this.#from) && place !== this.#from;
  }

  /**
   * The frames for somebody who has seen everything up to `last`, or for somebody new: what the
   * server itself would send, out of what is kept here.
   */
  since(last: string | undefined, history: number): Frame[] {
    if (last === undefined) return [this.#list(this.#last), ...this.#newest(history)];
    if (isOld(this.#from, last)) {
      return [this.#list(), ...this.#frames.filter(({ id }) => !isOld(id, last))];
    }
    const isSameEpoch = isOld(last, this.#from);
    return [
      this.#list(),
      event("GAP", { reason: isSameEpoch ? "evicted" : "epoch" }, this.#last),
    ];
  }

  #list(id?: string): Frame {
    return event("CLIENT_LIST", this.#roster.ids, id);
  }

  /** So many of the newest that somebody has published. */
  #newest(count: number): Frame[] {
    const isMessage = ({ data }: Frame) =>
      !["CONNECT", "DISCONNECT"].includes(JSON.parse(data!).type);
    return count > 0 ? this.#frames.filter(isMessage).slice(-count) : [];
  }
}

function event(type: string, payload: unknown, id?: string): Frame {
  return { id, data: JSON.stringify({ type, origin_id: "server", payload }) };
}
