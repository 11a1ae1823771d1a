import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, heard, Lab, list, settled, states } from "./lab.js";

test("secrets travel in headers, and nothing of them is in the URL", async () => {
  const lab = new Lab();
  lab.join({ password: "Schlüssel 👍", history: 5, presence: "none" });
  await settled();
  const { query, headers } = lab.last;
  assert.deepEqual(Object.fromEntries(query), {
    channelId: "my-channel-1",
    clientId: "alice",
    history: "5",
    presence: "none",
  });
  const bytes = Buffer.from(headers.get("Authorization")!, "latin1");
  assert.equal(bytes.toString("utf8"), "Password Schlüssel 👍");
  assert.match(headers.get("Pipely-Token")!, /^[A-Za-z0-9._-]{16,128}$/);
});

test("it is open with the client list, and ready", async () => {
  const lab = new Lab();
  const channel = lab.join();
  const changes = heard(channel, "state");
  const members = heard(channel, "members");
  assert.equal(channel.state, "connecting");
  await settled();
  await lab.last.send("retry: 3000\n");
  assert.deepEqual(changes, []);
  await lab.last.send(list("e-0", "bob", "alice"));
  await channel.ready;
  assert.deepEqual(states(changes), ["open"]);
  assert.deepEqual(members, [["bob", "alice"]]);
  assert.deepEqual(channel.members, ["bob", "alice"]);
});

test("a wrong password is one error, and no loop", async () => {
  const lab = new Lab();
  let asked = 0;
  const channel = lab.join({ password: async () => `guess ${++asked}` });
  const changes = heard(channel, "state");
  const errors = heard(channel, "error");
  await settled();
  await lab.last.refuse(401, "wrong_password");
  await assert.rejects(channel.ready, { code: "wrong_password", status: 401 });
  await lab.clock.pass(3_600_000);
  assert.equal(lab.asked.length, 1);
  assert.equal(asked, 1);
  assert.equal(errors.length, 1);
  assert.equal(errors[0]!.message, "words for wrong_password");
  assert.deepEqual([channel.state, channel.reason], ["closed", "refused"]);
  assert.deepEqual(states(changes), ["closed"]);
  assert.equal(lab.clock.pending, 0);
});

for (const [status, word] of [
  [400, "client_id_taken"],
  [403, "forbidden"],
  [404, "unknown_route"],
] as const) {
  test(`${status} is final, even on the way back`, async () => {
    const lab = new Lab();
    const [channel, stream] = await lab.opened();
    await stream.fail();
    await lab.clock.pass(1_000);
    await lab.last.refuse(status, word);
    await lab.clock.pass(3_600_000);
    assert.equal(lab.subscribes.length, 2);
    assert.equal(channel.reason, "refused");
  });
}

for (const [status, word] of [
  [409, "token_in_use"],
  [429, "rate_limited"],
  [503, "channel_full"],
  [502, ""],
] as const) {
  test(`${status} is tried again`, async () => {
    const lab = new Lab();
    const channel = lab.join();
    const errors = heard(channel, "error");
    const changes = heard(channel, "state");
    await settled();
    await lab.last.refuse(status, word);
    await lab.clock.pass(1_000);
    assert.equal(lab.subscribes.length, 2);
    assert.equal(changes[0]!.error!.status, status);
    await lab.last.send(list("e-0", "alice"));
    assert.equal(channel.state, "open");
    assert.deepEqual(errors, []);
  });
}

test("what is not Pipely's answer is final at first, and an accident later on", async () => {
  const lab = new Lab();
  const wrong = lab.join();
  await settled();
  await lab.last.answer(200, { "Content-Type": "text/html" }, "<p>Welcome to our airport");
  await assert.rejects(wrong.ready, { code: "http", status: 200 });

  const [channel, stream] = await lab.opened();
  await stream.fail();
  await lab.clock.pass(1_000);
  await lab.last.answer(404);
  assert.equal(channel.state, "reconnecting");
  await lab.clock.pass(2_000);
  await lab.last.send(list(undefined, "alice"));
  assert.equal(channel.state, "open");
});

test("Retry-After is obeyed, whatever the network does meanwhile", async () => {
  const lab = new Lab();
  lab.join();
  await settled();
  await lab.last.refuse(429, "too_many_wrong_passwords", { "Retry-After": "60" });
  await lab.happen(lab.window, "online");
  await lab.clock.pass(59_999);
  assert.equal(lab.subscribes.length, 1);
  await lab.clock.pass(1);
  assert.equal(lab.subscribes.length, 2);
});

test("the stream's retry is obeyed", async () => {
  const lab = new Lab();
  const [, stream] = await lab.opened();
  await stream.send("retry: 6384\n\n");
  await stream.end();
  await lab.clock.pass(6_383);
  assert.equal(lab.subscribes.length, 1);
  await lab.clock.pass(1);
  assert.equal(lab.subscribes.length, 2);
});

/** The waits after so many attempts that fail. */
async function waits(lab: Lab, chance: number, count: number): Promise<number[]> {
  lab.clock.chance = chance;
  const channel = lab.join();
  const changes = heard(channel, "state");
  for (let n = 0; n < count; n++) {
    await settled();
    await lab.last.fail();
    await lab.clock.pass(changes.at(-1)!.retryIn!);
  }
  return changes.map(({ retryIn }) => retryIn!);
}

test("waits double up to a bound, and half of each is chance", async () => {
  const least = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000];
  assert.deepEqual(await waits(new Lab(), 0, 7), least);
  assert.deepEqual(
    await waits(new Lab(), 0.5, 7),
    least.map((wait) => wait * 1.5),
  );
});

test("a connection that has lasted begins the waits anew, a short one does not", async () => {
  const lab = new Lab();
  const channel = lab.join();
  const changes = heard(channel, "state");
  for (let n = 0; n < 3; n++) {
    await settled();
    await lab.last.fail();
    await lab.clock.pass(changes.at(-1)!.retryIn!);
  }
  await lab.last.send("retry: 0\n", list("e-0", "alice"));
  await lab.clock.pass(9_999);
  await lab.last.end();
  assert.equal(changes.at(-1)!.retryIn, 4_000);
  await lab.clock.pass(4_000);
  await lab.last.send(list(undefined, "alice"));
  await lab.clock.pass(10_000);
  await lab.last.end();
  assert.equal(changes.at(-1)!.retryIn, 500);
});

test("it goes on after the last id, be it that of a sign of life", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  assert.equal(stream.headers.get("Last-Event-ID"), null);
  await stream.send(frame("e-2", "move", "bob"), ":\nid: e-12\n", "\n");
  await stream.fail();
  await lab.clock.pass(1_000);
  assert.equal(lab.last.headers.get("Last-Event-ID"), "e-12");
  assert.equal(lab.last.headers.get("Pipely-Token"), stream.headers.get("Pipely-Token"));
  await lab.last.send(list(undefined, "alice"), frame("e-13", "move", "bob"));
  assert.equal(channel.state, "open");
});

test("no event comes twice", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const messages = heard(channel, "message");
  await stream.send(frame("e-9", "a", "bob"), frame("e-10", "b", "bob"));
  await stream.fail();
  await lab.clock.pass(1_000);
  await lab.last.send(
    list(undefined, "alice"),
    frame("e-9", "a", "bob"),
    frame("e-10", "b", "bob"),
    frame("e-11", "c", "bob"),
  );
  assert.deepEqual(
    messages.map(({ type }) => type),
    ["a", "b", "c"],
  );
});

test("an event that was cut in the middle was not seen", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const messages = heard(channel, "message");
  await stream.send('id: e-2\ndata: {"channel_id":"my-channel-1","ty');
  await stream.fail();
  await lab.clock.pass(1_000);
  assert.equal(lab.last.headers.get("Last-Event-ID"), "e-1");
  await lab.last.send(list(undefined, "alice"), frame("e-2", "move", "bob"));
  assert.equal(messages.length, 1);
});

test("history, which is older than the list, is not taken for what was seen", async () => {
  const lab = new Lab();
  const channel = lab.join({ history: 2 });
  const messages = heard(channel, "message");
  await settled();
  await lab.last.send(
    list("e-3", "bob", "alice"),
    frame("e-2", "a", "bob"),
    frame("e-3", "b", "bob"),
  );
  assert.deepEqual(
    messages.map(({ id }) => id),
    ["e-2", "e-3"],
  );
});

test("after a gap the new epoch counts, and the members are right", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const gaps = heard(channel, "gap");
  const messages = heard(channel, "message");
  await stream.send(frame("e-90", "a", "bob"));
  await stream.fail();
  await lab.clock.pass(1_000);
  const membersAtGap: (readonly string[])[] = [];
  channel.on("gap", () => membersAtGap.push(channel.members));
  await lab.last.send(
    list(undefined, "bob", "alice"),
    frame("f-1", "GAP", "server", { reason: "epoch" }),
    frame("f-2", "b", "bob"),
  );
  assert.deepEqual(gaps, [{ reason: "epoch" }]);
  assert.deepEqual(membersAtGap, [["bob", "alice"]]);
  assert.deepEqual(
    messages.map(({ id }) => id),
    ["e-90", "f-2"],
  );
});

test("after a gap it counts from there, even where that is before what was seen", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const messages = heard(channel, "message");
  await stream.send(frame("e-90", "a", "bob"));
  await stream.send(list(undefined, "alice"), frame("e-5", "GAP", "server", { reason: "invalid" }));
  await stream.send(frame("e-5", "b", "bob"), frame("e-6", "c", "bob"));
  assert.deepEqual(
    messages.map(({ type }) => type),
    ["a", "c"],
  );
});

test("who is replaced ends for good", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const errors = heard(channel, "error");
  const messages = heard(channel, "message");
  await stream.send("retry: 30000\n" + frame(undefined, "REPLACED") + frame("e-2", "late", "bob"));
  assert.deepEqual([channel.state, channel.reason], ["closed", "replaced"]);
  await lab.happen(lab.window, "online");
  await lab.clock.pass(3_600_000);
  assert.equal(lab.subscribes.length, 1);
  assert.deepEqual(errors, []);
  assert.deepEqual(messages, []);
  await assert.rejects(channel.publish("move"), { code: "closed" });
});

test("a stream that is silent for too long is given up, one with signs of life is not", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const changes = heard(channel, "state");
  for (let n = 0; n < 5; n++) {
    await lab.clock.pass(45_000);
    await stream.send(":\n\n");
  }
  await lab.clock.pass(99_999);
  assert.equal(stream.isAborted, false);
  await lab.clock.pass(1);
  assert.equal(stream.isAborted, true);
  assert.deepEqual(states(changes), ["reconnecting"]);
  assert.equal(changes[0]!.error!.code, "timeout");
  await lab.clock.pass(500);
  assert.equal(lab.subscribes.length, 2);
});

test("a machine that has slept notices soon after it wakes up", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  await lab.clock.pass(1_000);
  lab.clock.sleep(3_600_000);
  await lab.clock.pass(13_000);
  assert.equal(stream.isAborted, true);
  assert.notEqual(channel.state, "open");
});

test("a request that is never answered, as in the seventh tab, is tried again", async () => {
  const lab = new Lab();
  const channel = lab.join();
  const changes = heard(channel, "state");
  await lab.clock.pass(20_000);
  assert.equal(lab.subscribes[0]!.isAborted, true);
  assert.deepEqual(states(changes), ["connecting"]);
  assert.equal(changes[0]!.error!.code, "timeout");
  await lab.clock.pass(500);
  assert.equal(lab.subscribes.length, 2);
});

test("a stream that opens and says nothing is given up as well", async () => {
  const lab = new Lab();
  lab.join();
  await settled();
  await lab.last.send("retry: 3000\n");
  await lab.clock.pass(20_000);
  assert.equal(lab.subscribes[0]!.isAborted, true);
});

test("without network the connection is lost, and with it there is a new one at once", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  await lab.happen(lab.window, "offline");
  assert.equal(stream.isAborted, true);
  assert.equal(channel.state, "reconnecting");
  await lab.happen(lab.window, "online");
  assert.equal(lab.subscribes.length, 2);
  await lab.last.send(list(undefined, "alice"));
  await lab.happen(lab.window, "online"); // Another network: the stream belongs to the one before.
  assert.equal(lab.subscribes[1]!.isAborted, true);
  assert.equal(lab.subscribes.length, 3);
});

test("a page in the back-forward cache has no stream, and one as soon as it is back", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  await lab.happen(lab.window, "pagehide", { persisted: true });
  assert.equal(stream.isAborted, true);
  await lab.clock.pass(600_000);
  assert.equal(lab.subscribes.length, 1);
  await lab.happen(lab.window, "pageshow", { persisted: true });
  assert.equal(lab.subscribes.length, 2);
  await lab.last.send(list(undefined, "alice"));
  assert.equal(channel.state, "open");
  assert.deepEqual(
    lab.asked.map(({ path }) => path),
    ["/subscribe", "/subscribe"],
  );
});

test("the first showing of a page changes nothing", async () => {
  const lab = new Lab();
  await lab.opened();
  await lab.happen(lab.window, "pageshow", { persisted: false });
  assert.equal(lab.subscribes.length, 1);
});

test("a page that was frozen connects anew", async () => {
  const lab = new Lab();
  const [, stream] = await lab.opened();
  await lab.happen(lab.document, "resume");
  assert.equal(stream.isAborted, true);
  assert.equal(lab.subscribes.length, 2);
});

test("a page that is looked at again does not wait for its turn, and keeps a stream that lives", async () => {
  const lab = new Lab();
  const [, stream] = await lab.opened();
  await lab.happen(lab.document, "visibilitychange");
  assert.equal(stream.isAborted, false);
  lab.clock.sleep(100_000);
  await lab.happen(lab.document, "visibilitychange");
  assert.equal(stream.isAborted, true);
  assert.equal(lab.subscribes.length, 2);
  await lab.last.fail();
  lab.document.visibilityState = "hidden";
  await lab.happen(lab.document, "visibilitychange");
  assert.equal(lab.subscribes.length, 2);
  lab.document.visibilityState = "visible";
  await lab.happen(lab.document, "visibilitychange");
  assert.equal(lab.subscribes.length, 3);
});

test("a signal closes it, wherever it stands, and leaves nothing behind", async () => {
  const lab = new Lab();
  const control = new AbortController();
  const [channel, stream] = await lab.opened({ signal: control.signal });
  control.abort();
  await settled();
  assert.equal(stream.isAborted, true);
  assert.deepEqual([channel.state, channel.reason], ["closed", "aborted"]);
  assert.equal(lab.clock.pending, 0);
  assert.deepEqual([lab.window.listeners, lab.document.listeners], [0, 0]);
  await lab.happen(lab.window, "online");
  assert.equal(lab.asked.length, 1); // To the others it is as if the connection were lost.

  const late = lab.join({ signal: AbortSignal.abort(new Error("never mind")) });
  await assert.rejects(late.ready, { message: "never mind" });
  assert.equal(lab.asked.length, 1);
});

test("a password that cannot be had is final", async () => {
  const lab = new Lab();
  const channel = lab.join({
    password: () => {
      throw new Error("cancelled");
    },
  });
  const errors = heard(channel, "error");
  await assert.rejects(channel.ready, { code: "password" });
  assert.equal(errors.length, 1);
  assert.equal((errors[0]!.cause as Error).message, "cancelled");
  assert.equal(lab.asked.length, 0);
});

test("who leaves while the password is asked for does not join", async () => {
  const lab = new Lab();
  let answer!: (password: string) => void;
  const channel = lab.join({ password: () => new Promise((resolve) => (answer = resolve)) });
  const left = channel.leave();
  await settled();
  answer("secret");
  await lab.last.answer(404);
  await left;
  assert.equal(lab.subscribes.length, 0);
});
