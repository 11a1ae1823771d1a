import assert from "node:assert/strict";
import { test } from "node:test";
import { before, fold, isOld } from "../src/ids.js";

const MAX_CODE_POINT = 0x10ffff;

/** The engine's own simple case folding, which it has for comparing and not for keys. */
const isSame = (a: string, b: string) =>
  new RegExp(`^\\u{${a.codePointAt(0)!.toString(16)}}$`, "iu").test(b);

test("each character is folded to one of those that simple case folding takes for the same", () => {
  for (let c = 0; c <= MAX_CODE_POINT; c++) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const character = String.fromCodePoint(c).normalize("NFC");
    for (const one of character) {
      if (fold(one) !== one) assert.ok(isSame(one, fold(one)), `U+${c.toString(16)}`);
    }
  }
});

test("characters that are the same are folded to the same", () => {
  for (const same of [
    "aA",
    "äÄ",
    "sSſ",
    "kK\u212a",
    "σΣς",
    "θΘϑϴ",
    "ßẞ",
    "µμΜ",
    "\u{10428}\u{10400}",
    "\u01c4\u01c5\u01c6",
  ]) {
    assert.equal(new Set(Array.from(same, fold)).size, 1, same);
  }
  assert.equal(fold("A\u0308nne"), fold("Änne"));
});

test("the dotted and the dotless I are letters of their own, and nothing is folded in full", () => {
  assert.equal(new Set(["i", "\u0130", "\u0131"].map(fold)).size, 3);
  assert.notEqual(fold("ß"), fold("ss"));
});

test("an event is old that is not after the last one of its epoch", () => {
  assert.equal(isOld("e-9", "e-10"), true);
  assert.equal(isOld("e-10", "e-10"), true);
  assert.equal(isOld("e-11", "e-10"), false);
  assert.equal(isOld("f-1", "e-10"), false);
  assert.equal(isOld("a-b-1", "a-b-2"), true);
  assert.equal(isOld("e-1", undefined), false);
  assert.equal(isOld(undefined, "e-1"), false);
  assert.equal(isOld("strange", "strange"), false);
});

test("the events of one request have ids that follow each other", () => {
  assert.equal(before("e-12", 3), "e-9");
});
