import assert from "node:assert/strict";
import { test } from "node:test";
import { createParser } from "eventsource-parser";
import { reader } from "../src/frames.js";
import { randomOf, SEED } from "./random.js";

type Told = unknown[];

function ours(pieces: string[]): Told {
  const told: Told = [];
  const read = reader({
    id: (id) => told.push(["id", id]),
    event: (data, id) => told.push(["event", data, id]),
    retry: (retry) => told.push(["retry", retry]),
  });
  pieces.forEach(read);
  return told;
}

function theirs(pieces: string[]): Told {
  const told: Told = [];
  const parser = createParser({
    onId: (id) => told.push(["id", id]),
    onEvent: ({ data, id }) => told.push(["event", data, id]),
    onRetry: (retry) => told.push(["retry", retry]),
  });
  for (const piece of pieces) parser.feed(piece);
  return told;
}

const LINES = [
  "",
  "",
  "",
  "data: {}",
  "data:  two",
  "data",
  "data:",
  "id: e-1",
  "id:",
  "id",
  "id: \0",
  "retry: 3000",
  "retry: x",
  "retry:",
  ":",
  ": data",
  "event: move",
  "data x",
  " data: x",
  "datax: 1",
  "data: ä👍\u2028",
];

test(`a stream of any shape, cut anywhere, is read as eventsource-parser reads it (PIPELY_SEED=${SEED})`, () => {
  const random = randomOf(SEED);
  const below = (bound: number) => Math.floor(random() * bound);
  for (let round = 0; round < 5_000; round++) {
    const ends = round % 2 ? ["\n"] : ["\n", "\r\n", "\r"];
    let stream = "";
    for (let n = below(20); n > 0; n--)
      stream += LINES[below(LINES.length)]! + ends[below(ends.length)];
    stream += "end\n"; // A return at the very end is told of with what follows.
    const pieces = [];
    for (let at = 0; at < stream.length;) {
      const length = 1 + below(12);
      pieces.push(stream.slice(at, at + length));
      at += length;
    }
    assert.deepEqual(ours(pieces), theirs(pieces), JSON.stringify(pieces));
  }
});

test("an id that comes without an event is told", () => {
  assert.deepEqual(ours([":\nid: e-12\n", "\n"]), [["id", "e-12"]]);
});

test("an unfinished frame is no event", () => {
  assert.deepEqual(ours(["id: e-1\ndata: {}\n"]), []);
});
