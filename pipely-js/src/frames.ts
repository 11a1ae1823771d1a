/** The body of an answer that is an event stream; missing where it is anything else. */
export function streamIn({ status, headers, body }: Response): Response["body"] | undefined {
  const isStream = headers.get("Content-Type")?.startsWith("text/event-stream");
  return status === 200 && isStream ? body : undefined;
}

/** Who is told what a `text/event-stream` says. */
export interface Frames {
  /** A frame has an id, whether it brings an event or not; ahead of the event. */
  id(id: string): void;
  event(data: string, id: string | undefined): void;
  /** Milliseconds. */
  retry(milliseconds: number): void;
}

/**
 * Reads an event stream, in pieces of any size, by the rules of the HTML standard (9.2.6). Names of
 * events, which Pipely does not use, are passed over.
 */
export function reader(frames: Frames): (text: string) => void {
  let rest = "";
  let id: string | undefined;
  let data: string[] = [];

  function read(line: string) {
    if (!line) {
      if (id !== undefined) frames.id(id);
      if (data.length) frames.event(data.join("\n"), id);
      id = undefined;
      data = [];
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) frames.retry(Number(value));
  }

  return (text) => {
    rest += text;
    if (!/[\r\n]/.test(text)) return; // A long line is not looked through again with each piece.
    // A return at the end may be the first half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    lines.forEach(read);
  };
}
