import assert from "node:assert/strict";
import { test } from "node:test";
import { Tokens } from "../src/tokens.js";
import { FakeStorage, Lab } from "./lab.js";

/** One page after the other, in one tab. */
class Tab {
  readonly storage: FakeStorage;
  page!: EventTarget;
  tokens!: Tokens;

  constructor(storage = new FakeStorage()) {
    this.storage = storage;
    this.load();
  }

  load() {
    this.page = new EventTarget();
    this.tokens = new Tokens({ ...new Lab().around, storage: this.storage, window: this.page });
  }

  hide() {
    this.page.dispatchEvent(new Event("pagehide"));
  }

  reload() {
    this.hide();
    this.load();
  }

  /** The other tab has a copy of what is stored at this moment. */
  duplicate(): Tab {
    const copy = new FakeStorage();
    for (const [key, value] of this.storage) copy.set(key, value);
    return new Tab(copy);
  }
}

test("a token is made up, of a form that the server takes, and stays the same", () => {
  const { tokens } = new Tab();
  assert.match(tokens.get("alice").token, /^[A-Za-z0-9._-]{16,128}$/);
  assert.equal(tokens.get("alice").token, tokens.get("alice").token);
  assert.notEqual(tokens.get("alice").token, tokens.get("bob").token);
  assert.notEqual(tokens.get("alice").token, new Tab().tokens.get("alice").token);
});

test("a page that is loaded again has the tokens that it had", () => {
  const tab = new Tab();
  const token = tab.tokens.get("alice").token;
  tab.reload();
  assert.equal(tab.tokens.get("alice").token, token);
  tab.reload();
  assert.equal(tab.tokens.get("alice").token, token);
});

test("a duplicated tab has tokens of its own", () => {
  const tab = new Tab();
  const token = tab.tokens.get("alice").token;
  assert.notEqual(tab.duplicate().tokens.get("alice").token, token);
  tab.reload();
  tab.tokens.get("alice").token;
  assert.notEqual(tab.duplicate().tokens.get("alice").token, token);
});

test("a page that is back from the browser's cache holds its tokens alone", () => {
  const tab = new Tab();
  const token = tab.tokens.get("alice").token;
  tab.hide();
  tab.page.dispatchEvent(new Event("pageshow"));
  assert.notEqual(tab.duplicate().tokens.get("alice").token, token);
  assert.equal(tab.tokens.get("alice").token, token);
});

test("a token that is dropped is not handed on", () => {
  const tab = new Tab();
  const token = tab.tokens.get("alice").token;
  tab.tokens.drop("alice");
  tab.reload();
  assert.notEqual(tab.tokens.get("alice").token, token);
});

test("a full storage costs no more than the token's life beyond the page", () => {
  const tab = new Tab();
  tab.storage.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  const token = tab.tokens.get("alice").token;
  tab.hide();
  assert.equal(tab.tokens.get("alice").token, token);
});

test("without a storage, as in a worker, tokens live as long as it does", () => {
  const tokens = new Tokens(new Lab().around);
  assert.equal(tokens.get("alice").token, tokens.get("alice").token);
});

test("the same member of the same channel has one token, however its id is spelt; after leaving another", async () => {
  const lab = new Lab();
  const token = async (clientId: string) => {
    const [channel, stream] = await lab.opened({ clientId });
    return [channel, stream.headers.get("Pipely-Token")] as const;
  };
  const [, first] = await token("Alice");
  const [channel, second] = await token("ALICE");
  assert.equal(second, first);
  void channel.leave();
  const [, third] = await token("alice");
  assert.notEqual(third, first);
});

test("a page that is loaded again knows what the one before it has seen, and a duplicated tab does not", () => {
  const tab = new Tab();
  tab.tokens.get("alice").seen = "epoch-7";
  assert.equal(tab.duplicate().tokens.get("alice").seen, undefined);
  tab.reload();
  assert.equal(tab.tokens.get("alice").seen, "epoch-7");
});
