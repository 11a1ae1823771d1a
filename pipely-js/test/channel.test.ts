import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, heard, Lab, list, settled } from "./lab.js";

test("who comes and goes is told, and the members change", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const told: unknown[] = [];
  channel.on("connect", (id) => told.push(["connect", id, channel.members]));
  channel.on("disconnect", (id) => told.push(["disconnect", id, channel.members]));
  channel.on("members", (ids) => told.push(ids));
  await stream.send(frame("e-2", "CONNECT", "bob"), frame("e-3", "DISCONNECT", "bob"));
  assert.deepEqual(told, [
    ["connect", "bob", ["alice", "bob"]],
    ["alice", "bob"],
    ["disconnect", "bob", ["alice"]],
    ["alice"],
  ]);
});

test("what is replayed after the list leads to the list again", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  await stream.send(frame("e-2", "CONNECT", "bob"));
  await stream.fail();
  await lab.clock.pass(1_000);
  await lab.last.send(
    list(undefined, "alice", "bob", "carol"),
    frame("e-3", "DISCONNECT", "bob"),
    frame("e-4", "CONNECT", "dave"),
    frame("e-5", "CONNECT", "bob"),
    frame("e-6", "DISCONNECT", "dave"),
    frame("e-7", "CONNECT", "carol"),
  );
  assert.deepEqual(channel.members, ["alice", "bob", "carol"]);
});

test("ids are the same in any case and composition, and keep their first spelling", async () => {
  const lab = new Lab();
  const channel = lab.join({ clientId: "A\u0308NNE" });
  await settled();
  await lab.last.send(list("e-0", "Änne", "Bob"));
  assert.equal(channel.has("änne"), true);
  assert.equal(channel.has("BOB"), true);
  assert.equal(channel.has("eve"), false);
  assert.equal(channel.clientId, "Änne");
  void channel.publish("move");
  await settled();
  assert.equal(lab.last.body.origin_id, "Änne");
});

test("a message has what was published, and whom it is for where it is directed", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const messages = heard(channel, "message");
  await stream.send(
    frame("e-2", "move", "bob", { x: 1 }),
    frame("e-3", "offer", "bob", "sdp", { to: ["alice"] }),
  );
  assert.deepEqual(messages, [
    { id: "e-2", type: "move", originId: "bob", payload: { x: 1 } },
    { id: "e-3", type: "offer", originId: "bob", payload: "sdp", to: ["alice"] },
  ]);
});

test("nobody is told who has said off", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  let count = 0;
  const off = channel.on("message", () => count++);
  await stream.send(frame("e-2", "move", "bob"));
  off();
  await stream.send(frame("e-3", "move", "bob"));
  assert.equal(count, 1);
});

test("a listener that throws harms no other, and does not go unnoticed", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const noticed: Error[] = [];
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.once("uncaughtException", (error) => noticed.push(error));
  channel.on("message", () => {
    throw new Error("a mistake");
  });
  const messages = heard(channel, "message");
  await stream.send(frame("e-2", "move", "bob"));
  for (const listener of others) process.on("uncaughtException", listener);
  assert.equal(messages.length, 1);
  assert.equal(channel.state, "open");
  assert.deepEqual(
    noticed.map(({ message }) => message),
    ["a mistake"],
  );
});

test("a loop gets the messages, and ends when the channel is left", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const types: string[] = [];
  const loop = (async () => {
    for await (const message of channel) {
      types.push(message.type);
      if (message.type === "c") void channel.leave();
    }
  })();
  await settled();
  await stream.send(frame("e-2", "a", "bob"), frame("e-3", "b", "bob"));
  await stream.send(frame("e-4", "c", "bob"));
  await loop;
  assert.deepEqual(types, ["a", "b", "c"]);
  for await (const _ of channel) assert.fail("it is closed");
});

test("a loop over a channel that is refused ends with the error", async () => {
  const lab = new Lab();
  const channel = lab.join();
  const loop = (async () => {
    for await (const _ of channel) assert.fail("nothing can come");
  })();
  await settled();
  const rejected = assert.rejects(loop, { code: "client_id_taken" });
  await lab.last.refuse(400, "client_id_taken");
  await rejected;
});

test("a loop that does not read what comes has an end", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const messages = channel[Symbol.asyncIterator]();
  const first = messages.next();
  for (let n = 2; n < 1_100; n++) await stream.send(frame(`e-${n}`, "move", "bob"));
  assert.equal((await first).value.id, "e-2");
  let read = 0;
  await assert.rejects(
    async () => {
      while (!(await messages.next()).done) read++;
    },
    { code: "overflow" },
  );
  assert.equal(read, 1_024);
});

test("two channels of one client keep out of each other's way", async () => {
  const lab = new Lab();
  const [alice, stream] = await lab.opened();
  const [bob] = await lab.opened({ clientId: "bob" });
  assert.notEqual(stream.headers.get("Pipely-Token"), lab.last.headers.get("Pipely-Token"));
  void alice.leave();
  assert.equal(bob.state, "open");
});

test("who gives a fetch leaves by it, where the browser's own cannot outlive the page, too", async (t) => {
  const { keepalive } = Object.getOwnPropertyDescriptors(Request.prototype);
  delete (Request.prototype as { keepalive?: boolean }).keepalive;
  const navigator = { sendBeacon: () => assert.fail("it knows nothing of what is given") };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  t.after(() => {
    Object.defineProperty(Request.prototype, "keepalive", keepalive!);
    delete (globalThis as { navigator?: unknown }).navigator;
  });
  const lab = new Lab();
  const [channel] = await lab.opened();
  void channel.leave();
  assert.equal(lab.last.path, "/leave");
});
