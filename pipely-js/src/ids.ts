/**
 * What two ids have in common that the server takes for the same: NFC text under simple case folding,
 * which is one code point for one.
 */
export function fold(id: string): string {
  return Array.from(id.normalize("NFC"), foldOne).join("");
}

function foldOne(character: string): string {
  // The dotted and the dotless I are letters of their own.
  if (character === "\u0130" || character === "\u0131") return character;
  const upper = character.toUpperCase();
  return one(one(upper, character).toLowerCase(), character);
}

/** What turns into several code points, as ß into SS, is left as it is: that would be full folding. */
function one(changed: string, character: string): string {
  return changed.length === String.fromCodePoint(changed.codePointAt(0)!).length
    ? changed
    : character;
}

/** Whether an event has been seen, since it is not after the last one of the same epoch. */
export function isOld(id: string | undefined, last: string | undefined): boolean {
  const [epoch, n] = split(id);
  const [lastEpoch, lastN] = split(last);
  return epoch === lastEpoch && n <= lastN;
}

/** The id of the event that comes so many before this one. */
export function before(id: string, distance: number): string {
  const [epoch, n] = split(id);
  return `${epoch}-${n - distance}`;
}

function split(id = ""): [string, number] {
  const dash = id.lastIndexOf("-");
  return [id.slice(0, dash), dash < 0 ? NaN : Number(id.slice(dash + 1))];
}
