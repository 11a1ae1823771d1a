import assert from "node:assert/strict";
import { test } from "node:test";
import type { Receipt } from "../src/api.js";
import { frame, heard, Lab, list, settled } from "./lab.js";

const receipt = (id: string, recipients: string) => ({
  "Pipely-Event-Id": id,
  "Pipely-Recipients": recipients,
});

/** What becomes of each: its receipt, or the code of its error. */
const fates = (published: Promise<Receipt>[]) =>
  Promise.all(
    published.map((one) =>
      one.then(
        ({ id }) => id,
        (error) => error.code,
      ),
    ),
  );

test("a publication says all that it has to say, and tells what became of it", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened({ password: "secret", headers: { "X-Api-Key": "key" } });
  const published = channel.to("bob", "carol").publish("offer", { sdp: 1 }, { echo: false });
  await settled();
  const { path, headers, body } = lab.last;
  assert.equal(path, "/publish");
  assert.deepEqual(body, {
    channel_id: "my-channel-1",
    type: "offer",
    origin_id: "alice",
    payload: { sdp: 1 },
    to: ["bob", "carol"],
    echo: false,
  });
  assert.equal(headers.get("Authorization"), "Password secret");
  assert.equal(headers.get("X-Api-Key"), "key");
  assert.equal(headers.get("Pipely-Token"), lab.subscribes[0]!.headers.get("Pipely-Token"));
  await lab.last.answer(200, receipt("e-2", "1"));
  assert.deepEqual(await published, { id: "e-2", recipients: 1 });
});

test("whether messages come back is the channel's option where nothing else is said", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened({ echo: false });
  void channel.publish("a");
  void channel.publish("b", null, { echo: true });
  await settled();
  assert.deepEqual(
    lab.last.body.map(({ echo }: { echo: boolean }) => echo),
    [false, true],
  );
});

test("what is published without a connection waits for it, and goes in order", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  await stream.fail();
  const published = ["a", "b", "c"].map((type) => channel.publish(type));
  await lab.clock.pass(1_000);
  assert.equal(lab.publishes.length, 0);
  await lab.last.send(list(undefined, "alice"));
  assert.deepEqual(
    lab.last.body.map(({ type }: { type: string }) => type),
    ["a", "b", "c"],
  );
  await lab.last.answer(200, receipt("e-7", "2,2,1"));
  assert.deepEqual(await Promise.all(published), [
    { id: "e-5", recipients: 2 },
    { id: "e-6", recipients: 2 },
    { id: "e-7", recipients: 1 },
  ]);
});

test("one request is under way at a time", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened();
  const first = channel.publish("a");
  await settled();
  const second = channel.publish("b");
  await settled();
  assert.equal(lab.publishes.length, 1);
  await lab.last.answer(200, receipt("e-2", "1"));
  assert.equal(lab.publishes.length, 2);
  await lab.last.answer(200, receipt("e-3", "1"));
  assert.deepEqual(await fates([first, second]), ["e-2", "e-3"]);
});

test("a request has 64 events at most, and not too many bytes", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened({ queue: 1_000 });
  for (let n = 0; n < 100; n++) void channel.publish("small");
  for (let n = 0; n < 3; n++) void channel.publish("large", "x".repeat(9_000));
  const sizes = [];
  for (let n = 0; n < 4; n++) {
    await settled();
    const { body } = lab.last;
    sizes.push(Array.isArray(body) ? body.length : 1);
    await lab.last.answer(200, receipt("e-200", ""));
  }
  assert.deepEqual(sizes, [64, 37, 1, 1]);
});

test("more than the bound is refused in clear words, and the rest is not harmed", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened({ queue: 2 });
  await stream.fail();
  const published = ["a", "b", "c"].map((type) => channel.publish(type));
  await assert.rejects(published[2]!, {
    code: "queue_full",
    message: "2 publications wait already",
  });
  await lab.clock.pass(1_000);
  await lab.last.send(list(undefined, "alice"));
  await lab.last.answer(200, receipt("e-3", "1,1"));
  assert.deepEqual(await fates(published), ["e-2", "e-3", "queue_full"]);
});

test("a refusal is an exception with status, code and message", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened();
  const rejected = assert.rejects(channel.publish("move"), {
    name: "PipelyError",
    status: 403,
    code: "forbidden",
    message: "words for forbidden",
  });
  await settled();
  await lab.last.refuse(403, "forbidden");
  await rejected;
  assert.equal(channel.state, "open");
});

test("what was refused together is sent one by one, so that each has its own answer", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened();
  const published = ["a", "", "c"].map((type) => channel.publish(type));
  const fourth = fates(published);
  await settled();
  await lab.last.refuse(400, "invalid_event_type");
  const later = channel.publish("d");
  await lab.last.answer(200, receipt("e-2", "1"));
  await lab.last.refuse(400, "invalid_event_type");
  await lab.last.answer(200, receipt("e-3", "1"));
  await lab.last.answer(200, receipt("e-4", "1"));
  assert.deepEqual(await fourth, ["e-2", "invalid_event_type", "e-3"]);
  assert.equal((await later).id, "e-4");
  const types = lab.publishes.map(({ body }) => (Array.isArray(body) ? body.length : body.type));
  assert.deepEqual(types, [3, "a", "", "c", "d"]);
});

test("what may have arrived is not sent again", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened();
  const failed = assert.rejects(channel.publish("move"), { code: "network", status: 0 });
  await settled();
  await lab.last.fail();
  await failed;
  const unanswered = assert.rejects(channel.publish("move"), { code: "timeout", status: 0 });
  await settled();
  const asked = lab.last;
  await lab.clock.pass(20_000);
  await unanswered;
  assert.equal(asked.isAborted, true);
  assert.equal(lab.publishes.length, 2);
});

test("what a server did not take any more as it shut down goes to the next one", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const first = channel.publish("a");
  await settled();
  const second = channel.publish("b");
  await lab.last.refuse(503, "shutting_down", { "Retry-After": "5" });
  assert.equal(lab.publishes.length, 1);
  await stream.end();
  await lab.clock.pass(1_000);
  await lab.last.send(list(undefined, "alice"));
  assert.deepEqual(
    lab.last.body.map(({ type }: { type: string }) => type),
    ["a", "b"],
  );
  await lab.last.answer(200, receipt("f-3", "1,1"));
  assert.deepEqual(await fates([first, second]), ["f-2", "f-3"]);
});

test("a server that does not know the channel has lost the stream too, which is renewed once", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const rejected = assert.rejects(channel.publish("a"), { code: "no_such_channel" });
  await settled();
  await lab.last.refuse(404, "no_such_channel");
  assert.equal(stream.isAborted, true);
  assert.equal(lab.subscribes.length, 2);
  await lab.last.send(list(undefined, "alice"));
  assert.equal(lab.publishes.length, 2);
  await lab.last.refuse(404, "no_such_channel");
  await rejected;
  assert.equal(lab.subscribes.length, 2);
});

test("a signal takes back what waits", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  await stream.fail();
  const control = new AbortController();
  const published = channel.publish("a", null, { signal: control.signal });
  void channel.publish("b");
  control.abort(new Error("changed my mind"));
  await assert.rejects(published, { message: "changed my mind" });
  await assert.rejects(channel.publish("c", null, { signal: control.signal }), {
    message: "changed my mind",
  });
  await lab.clock.pass(1_000);
  await lab.last.send(list(undefined, "alice"));
  assert.equal(lab.last.body.type, "b");
});

test("what waits when the channel is closed is told so", async () => {
  const lab = new Lab();
  const channel = lab.join();
  const published = channel.publish("a");
  await settled();
  const rejected = assert.rejects(published, { code: "wrong_password" });
  await lab.last.refuse(401, "wrong_password");
  await rejected;
});

test("leaving sends first what was published, then ends the stream and says so", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened({ password: "secret" });
  const changes = heard(channel, "state");
  const published = channel.publish("bye");
  const left = channel.leave();
  await settled();
  assert.equal(stream.isAborted, false);
  await lab.last.answer(200, receipt("e-2", "1"));
  await published;
  assert.equal(stream.isAborted, true);
  const { path, body, headers, init } = lab.last;
  assert.equal(path, "/leave");
  assert.deepEqual(body, {
    channel_id: "my-channel-1",
    client_id: "alice",
    token: stream.headers.get("Pipely-Token"),
  });
  assert.deepEqual([...headers], []); // Otherwise a preflight would go ahead, too late for a closing page.
  assert.equal(init.keepalive, true);
  await lab.last.answer(200);
  await left;
  assert.deepEqual(changes, [{ state: "closed", reason: "left", error: undefined }]);
  assert.equal(lab.clock.pending, 0);
});

test("leaving goes out in the same turn where nothing waits, as a closing page needs it", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened();
  void channel.leave();
  assert.equal(lab.last.path, "/leave");
});

test("leaving does not fail, and is done once", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened();
  void channel.publish("bye");
  const left = [channel.leave(), channel.leave()];
  await settled();
  await lab.last.answer(200, receipt("e-2", "1"));
  await lab.last.fail();
  await Promise.all(left);
  await channel.leave();
  assert.equal(lab.asked.filter(({ path }) => path === "/leave").length, 1);
});

test("leaving does not wait for a connection that is lost", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const underWay = channel.publish("a");
  await settled();
  const request = lab.last;
  const left = channel.leave();
  const rejected = assert.rejects(channel.publish("b"), { code: "closed" });
  await stream.fail();
  await request.answer(200, receipt("e-2", "1"));
  await underWay;
  await rejected;
  await lab.last.answer(200);
  await left;
  assert.equal(channel.reason, "left");
});

test("leaving does not wait for what the loss of the connection has kept from going out", async () => {
  const lab = new Lab();
  const [channel] = await lab.opened();
  const rejected = assert.rejects(channel.publish("a"), { code: "closed" });
  const left = channel.leave();
  await lab.happen(lab.window, "offline"); // Ahead of the publication, which would have gone at the end of this turn.
  await rejected;
  await lab.last.answer(200);
  await left;
});

test("events of the channel go on while something is under way", async () => {
  const lab = new Lab();
  const [channel, stream] = await lab.opened();
  const messages = heard(channel, "message");
  void channel.publish("a");
  await stream.send(frame("e-2", "a", "alice"));
  assert.equal(messages.length, 1);
});
