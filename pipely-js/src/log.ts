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
  readonly lost: string | undefined;
}

/** How many characters of events are kept: what any tab may be behind the others. */
const MAX_LENGTH = 2 ** 18;

/** As it stands in a stream. */
export function text({ id, data }: Frame): string {
  if (id === undefined && data === undefined) return ":\n\n";
  return `${id === undefined ? "" : `id: ${id}\n`}${data === undefined ? "" : `data: ${data}\n`}\n`;
}

export const isGap = (frame: Frame) => typeOf(frame) === "GAP";

export const isReplaced = (frame: Frame) => typeOf(frame) === "REPLACED";

function typeOf({ data }: Frame): string | undefined {
  return data && JSON.parse(data).type;
}

/** The newest events of a channel and who is in it, so that one tab can tell another. */
export class Log {
  readonly #roster = new Roster();
  #frames: Frame[] = [];
  #length = 0;
  /** No event after this one is missing. */
  #from: string | undefined;
  #last: string | undefined;
  /** The server itself has not any more what came right after this one, nor after older ones. */
  #lost: string | undefined;

  /** One that goes on from there. */
  static at(place: string): Log {
    return Log.of({ members: [], frames: [], from: place, last: place, lost: undefined });
  }

  static of({ members, frames, from, last, lost }: Snapshot): Log {
    const log = new Log();
    log.#roster.replace(members);
    log.#replace(frames, from);
    log.#last = last;
    log.#lost = lost;
    return log;
  }

  snapshot(): Snapshot {
    return {
      members: this.#roster.ids,
      frames: this.#frames,
      from: this.#from,
      last: this.#last,
      lost: this.#lost,
    };
  }

  /** No event after this one is missing. */
  get from(): string | undefined {
    return this.#from;
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
      if (type === "GAP") this.lose(this.#last);
      if (type === "CLIENT_LIST" || type === "GAP") this.#begin(id);
      else this.#keep(frame);
    }
    if (!isOld(id, this.#last)) this.#last = id ?? this.#last;
  }

  /** With an id it is a beginning: whatever was kept does not lead up to it. */
  #begin(id: string | undefined) {
    if (id === undefined) return;
    this.#replace([], id);
    this.#last = id;
  }

  #replace(frames: readonly Frame[], from: string | undefined) {
    this.#frames = [...frames];
    this.#length = frames.reduce((length, { data }) => length + data!.length, 0);
    this.#from = from;
  }

  #keep(frame: Frame) {
    if (frame.id === undefined) return;
    this.#frames.push(frame);
    this.#length += frame.data!.length;
    while (this.#length > MAX_LENGTH) {
      const { id, data } = this.#frames.shift()!;
      this.#length -= data!.length;
      if (!isOld(id, this.#from)) this.#from = id; // Else it is of the history that it began with.
    }
  }

  /** The server has been asked in vain for what came after that place. */
  lose(place: string | undefined): void {
    if (!isOld(place, this.#lost)) this.#lost = place;
  }

  /** Whether the server may still have what somebody at this place misses, and this has not. */
  mayGoBackTo(place: string | undefined): boolean {
    return isOld(place, this.#from) && place !== this.#from && !isOld(place, this.#lost);
  }

  /** From now on nothing after that place is missing, with these between; until more comes, whatever the length. */
  goBackTo(place: string, frames: readonly Frame[]): void {
    const history = this.#frames.filter(({ id }) => isOld(id, place));
    const rest = this.#frames.filter(({ id }) => !isOld(id, this.#from));
    this.#replace([...history, ...frames, ...rest], place);
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
    const isMessage = (frame: Frame) => !["CONNECT", "DISCONNECT"].includes(typeOf(frame)!);
    return count > 0 ? this.#frames.filter(isMessage).slice(-count) : [];
  }
}

function event(type: string, payload: unknown, id?: string): Frame {
  return { id, data: JSON.stringify({ type, origin_id: "server", payload }) };
}
