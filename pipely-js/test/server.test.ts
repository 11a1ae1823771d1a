import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { EventSource } from "eventsource";
import type { Channel, JoinOptions, Message, Receipt } from "../src/api.js";
import * as built from "../dist/pipely.js";
import { Member } from "../src/channel.js";
import { Pipely, PipelyError } from "../src/pipely.js";
import { surroundings } from "../src/surroundings.js";
import { Tokens } from "../src/tokens.js";
import { heard } from "./lab.js";
import { missing, Network, Server, until } from "./server.js";

describe("with a real server", { skip: missing }, () => {
  let server: Server;
  let joined: Channel[] = [];
  let channels = 0;
  let id: string;

  before(async () => {
    server = await Server.start();
  });

  after(() => server.stop());

  afterEach(async () => {
    await Promise.all(joined.map((channel) => channel.leave()));
    joined = [];
  });

  const newChannel = () => (id = `channel-${String(++channels).padStart(4, "0")}`);

  function track(channel: Channel): Channel {
    joined.push(channel);
    return channel;
  }

  const join = (clientId: string, options: Partial<JoinOptions> = {}, url = server.url) =>
    track(new Pipely(url).join(id, { clientId, ...options }));

  async function open(clientId: string, options: Partial<JoinOptions> = {}, url = server.url) {
    const channel = join(clientId, options, url);
    await channel.ready;
    return channel;
  }

  const types = (messages: Message[]) => messages.map(({ type }) => type);

  test("members join, publish, direct, and leave", async () => {
    newChannel();
    const alice = await open("Alice", { password: "Schlüssel 👍 ß" });
    const seen = heard(alice, "message");
    const gone = heard(alice, "disconnect");
    const bob = await open("bob", { password: "Schlüssel 👍 ß" });
    const carol = await open("carol", { password: "Schlüssel 👍 ß" });
    const [bobs, carols] = [heard(bob, "message"), heard(carol, "message")];
    await until(() => alice.members.length === 3);
    assert.deepEqual(carol.members, ["Alice", "bob", "carol"]);
    assert.equal(carol.has("ALICE"), true);

    const receipt = await alice.publish("move", { x: 1, words: "ä👍" });
    assert.equal(receipt.recipients, 3);
    assert.equal((await alice.to("BOB").publish("offer", "sdp")).recipients, 1);
    assert.equal((await alice.publish("mine", null, { echo: false })).recipients, 2);
    await until(() => bobs.length === 3 && carols.length === 2 && seen.length === 1);
    const { id: eventId } = receipt;
    assert.deepEqual(bobs[0], {
      id: eventId,
      type: "move",
      originId: "Alice",
      payload: { x: 1, words: "ä👍" },
    });
    assert.deepEqual(bobs[1]!.to, ["bob"]);
    assert.deepEqual(types(carols), ["move", "mine"]);

    await bob.leave();
    await until(() => gone.length === 1); // And not only after the grace.
    assert.deepEqual([bob.state, bob.reason], ["closed", "left"]);
    assert.deepEqual(alice.members, ["Alice", "carol"]);
  });

  test("the built module does all that the README's example does", async () => {
    newChannel();
    const pipely = new built.Pipely(server.url);
    const bob = await open("bob", { password: "secret" });
    const bobs = heard(bob, "message");
    const leaving = new AbortController();
    const channel = pipely.join(id, {
      clientId: "alice",
      password: async () => "secret",
      signal: leaving.signal,
    });
    track(channel);
    const told: string[] = [];
    const offs: Array<() => void> = [
      channel.on("message", ({ type, originId, payload }) =>
        told.push(`${originId} ${type} ${JSON.stringify(payload)}`),
      ),
      channel.on("members", (ids) => told.push(`members ${ids.join()}`)),
      channel.on("connect", (clientId) => told.push(`connect ${clientId}`)),
      channel.on("disconnect", (clientId) => told.push(`disconnect ${clientId}`)),
      channel.on("gap", ({ reason }) => told.push(`gap ${reason}`)),
      channel.on("state", ({ state }) => told.push(`state ${state}`)),
      channel.on("error", ({ code }) => told.push(`error ${code}`)),
    ];
    await channel.ready;
    const published = channel.publish("move", { x: 1 });
    for await (const { id: eventId, type, originId, payload } of channel) {
      assert.deepEqual([type, originId, payload], ["move", "alice", { x: 1 }]);
      assert.deepEqual(await published, { id: eventId, recipients: 2 });
      break;
    }
    await channel.to("bob").publish("offer", "sdp");
    await until(() => bobs.length === 2);
    assert.deepEqual(types(bobs), ["move", "offer"]);
    assert.deepEqual([...channel.members], ["bob", "alice"]);
    assert.equal(channel.state, "open");
    offs.forEach((off) => off());
    await channel.leave();
    assert.equal(channel.state, "closed");
    assert.deepEqual(told, [
      "members bob,alice",
      "state open",
      "connect alice",
      'alice move {"x":1}',
    ]);
  });

  test("many publications arrive in order, each with a receipt of its own", async () => {
    newChannel();
    const alice = await open("alice", { queue: 500 });
    const seen = heard(alice, "message");
    const published: Promise<Receipt>[] = [];
    for (let n = 0; n < 300; n++) published.push(alice.publish("n", n));
    const receipts = await Promise.all(published);
    await until(() => seen.length === 300);
    assert.deepEqual(
      seen.map(({ payload, id }) => [payload, id]),
      receipts.map(({ id }, n) => [n, id]),
    );
  });

  test("one that is wrong harms no other that was published with it", async () => {
    newChannel();
    const alice = await open("alice");
    const seen = heard(alice, "message");
    const settled = await Promise.allSettled([
      alice.publish("a"),
      alice.publish("CONNECT"),
      alice.to("nobody").publish("b"),
      alice.publish("c"),
    ]);
    assert.deepEqual(
      settled.map((one) => (one.status === "rejected" ? one.reason.code : one.status)),
      ["fulfilled", "event_type_reserved", "no_such_client", "fulfilled"],
    );
    await until(() => seen.length === 2);
    assert.deepEqual(types(seen), ["a", "c"]);
  });

  test("a wrong password is one error, and one request", async () => {
    newChannel();
    await open("alice", { password: "right" });
    const network = await Network.to(server.url);
    const eve = join("eve", { password: "wrong", backoff: { min: 1, max: 2 } }, network.url);
    const errors = heard(eve, "error");
    await assert.rejects(eve.ready, {
      code: "wrong_password",
      status: 401,
      message: "invalid channel password",
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(network.count, 1);
    assert.equal(errors.length, 1);
    assert.ok(errors[0] instanceof PipelyError);
    network.close();
  });

  test("an id in use is refused, one's own is taken over, and the old place ends for good", async () => {
    newChannel();
    const bob = await open("bob");
    const told = [heard(bob, "disconnect"), heard(bob, "connect")];
    const alice = await open("alice", { token: "0123456789abcdef" });
    await until(() => told[1]!.length === 1);
    await assert.rejects(open("ALICE", { token: "another-token-of-eve" }), {
      code: "client_id_taken",
      status: 400,
    });
    const again = await open("ALICE", { token: "0123456789abcdef" });
    await until(() => alice.state === "closed");
    assert.equal(alice.reason, "replaced");
    assert.equal(again.clientId, "alice");
    assert.deepEqual(again.members, ["bob", "alice"]);
    await again.publish("here");
    assert.deepEqual(told, [[], ["alice"]]);
  });

  test("nobody else can speak under one's id", async () => {
    newChannel();
    const alice = await open("alice");
    const seen = heard(alice, "message");
    const forged = await fetch(`${server.url}/publish`, {
      method: "POST",
      body: JSON.stringify({ channel_id: id, type: "move", origin_id: "alice" }),
    });
    assert.equal(forged.headers.get("Pipely-Error"), "origin_id_of_another");
    await alice.publish("mine");
    await until(() => seen.length === 1);
  });

  test("a page that is loaded again is the same member", async () => {
    newChannel();
    const bob = await open("bob");
    const told = [heard(bob, "connect"), heard(bob, "disconnect")];
    const storage = new Map<string, string>();
    const page = () => {
      const window = new EventTarget();
      const around = {
        ...surroundings(),
        window,
        storage: {
          getItem: (key: string) => storage.get(key) ?? null,
          setItem: (key: string, value: string) => void storage.set(key, value),
          removeItem: (key: string) => void storage.delete(key),
        },
      };
      const member = new Member(server.url, id, { clientId: "alice" }, new Tokens(around), around);
      return { window, alice: track(member) };
    };
    const first = page();
    await first.alice.ready;
    await until(() => told[0]!.length === 1);
    first.window.dispatchEvent(new Event("pagehide"));
    const second = page();
    await second.alice.ready;
    await second.alice.publish("back");
    assert.deepEqual(told, [["alice"], []]);
  });

  test("a stream that is cut loses no event, and doubles none", async () => {
    newChannel();
    const network = await Network.to(server.url);
    const alice = await open("alice", {}, network.url);
    const bob = await open("bob");
    const seen = heard(alice, "message");
    const gaps = heard(alice, "gap");
    const told = heard(bob, "disconnect");
    const count = 400;
    for (let n = 0; n < count; n++) {
      await bob.publish("n", n);
      if (n % 150 === 75) {
        network.cut();
        await until(() => alice.state === "reconnecting");
      }
      if (n % 150 === 100) await until(() => alice.state === "open");
    }
    await until(
      () => seen.length >= count,
      () => [seen.length, alice.state],
    );
    assert.deepEqual(
      seen.map(({ payload }) => payload),
      [...Array(count).keys()],
    );
    assert.deepEqual([gaps, told], [[], []]);
    network.close();
  });

  test("a connection that is dead without a sign is given up, a quiet one is kept", async () => {
    newChannel();
    const network = await Network.to(server.url);
    const alice = await open("alice", { silence: 3_000 }, network.url);
    const changes = heard(alice, "state");
    const seen = heard(alice, "message");
    const bob = await open("bob");
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.equal(changes.length, 0);
    network.mute();
    await bob.publish("unheard");
    await until(() => alice.state === "reconnecting");
    assert.equal(changes.at(0)?.error?.code, "timeout");
    await until(() => seen.length === 1);
    network.close();
  });

  test("a device that goes offline and comes back online misses nothing", async () => {
    newChannel();
    const bob = await open("bob");
    const window = new EventTarget();
    const around = { ...surroundings(), window };
    const options = { clientId: "alice" };
    const alice = track(new Member(server.url, id, options, new Tokens(around), around));
    await alice.ready;
    const [seen, bobs] = [heard(alice, "message"), heard(bob, "message")];
    window.dispatchEvent(new Event("offline"));
    assert.equal(alice.state, "reconnecting");
    const published = alice.publish("while offline");
    await bob.publish("meanwhile");
    window.dispatchEvent(new Event("online"));
    await published;
    await until(() => seen.length === 2 && bobs.length === 2);
    assert.deepEqual(types(seen), ["meanwhile", "while offline"]);
    assert.deepEqual(types(bobs), types(seen));
  });

  test("a signal closes the channel, and the others see it after the grace", async () => {
    newChannel();
    const brief = await Server.start({ PIPELY_GRACE: "1s" });
    const bob = await open("bob", {}, brief.url);
    const gone = heard(bob, "disconnect");
    const control = new AbortController();
    const alice = await open("alice", { signal: control.signal }, brief.url);
    control.abort();
    assert.deepEqual([alice.state, alice.reason], ["closed", "aborted"]);
    assert.equal(gone.length, 0);
    await until(() => gone.length === 1);
    await brief.stop();
    const late = join("carol", { signal: AbortSignal.timeout(1) }, "http://127.0.0.1:9");
    await assert.rejects(late.ready, { name: "TimeoutError" });
  });

  test("a loop reads the messages", async () => {
    newChannel();
    const alice = await open("alice");
    setImmediate(() => ["a", "b", "end"].map((type) => alice.publish(type)));
    const read: string[] = [];
    for await (const { type } of alice) {
      if (type === "end") break;
      read.push(type);
    }
    assert.deepEqual(read, ["a", "b"]);
  });

  test("history begins with the newest, and presence may be left out", async () => {
    newChannel();
    const alice = await open("alice");
    for (const type of ["a", "b", "c"]) await alice.publish(type);
    const bob = join("bob", { history: 2, presence: "none" });
    const [seen, told] = [heard(bob, "message"), heard(bob, "connect")];
    await bob.ready;
    await open("carol");
    await alice.publish("d");
    await until(() => seen.length === 3);
    assert.deepEqual(types(seen), ["b", "c", "d"]);
    assert.deepEqual(told, ["bob"]);
    assert.deepEqual(bob.members, ["bob"]);
  });

  test("the plain eventsource package is served as well", async () => {
    newChannel();
    const alice = await open("alice");
    const source = new EventSource(`${server.url}/subscribe?channelId=${id}&clientId=plain`);
    const seen: string[] = [];
    source.onmessage = ({ data }) => seen.push(JSON.parse(data).type);
    await until(() => seen.length === 2);
    await alice.publish("move");
    await until(() => seen.length === 3);
    source.close();
    assert.deepEqual(seen, ["CLIENT_LIST", "CONNECT", "move"]);
    await until(() => alice.members.length === 1);
  });

  for (const [how, signal] of [
    ["killed", "SIGKILL"],
    ["asked to end", "SIGTERM"],
  ] as const) {
    test(`a server that is ${how} and started again is found again, in order`, async () => {
      newChannel();
      const [alice, bob] = [await open("alice"), await open("bob")];
      const gaps = heard(alice, "gap");
      const seen = heard(bob, "message");
      const first = await alice.publish("before");
      await until(() => seen.length === 1);
      await server.stop(signal);
      await until(() => alice.state === "reconnecting" && bob.state === "reconnecting");
      const published = ["a", "b", "c"].map((type) => alice.publish(type));
      await server.restart();
      const receipts = await Promise.all(published);
      await until(() => bob.state === "open" && alice.members.length === 2);
      const last = await alice.publish("after");
      await until(() => types(seen).includes("after"));
      assert.deepEqual(gaps, [{ reason: "epoch" }]);
      const epochs = [first, ...receipts, last].map(({ id }) => id.split("-")[0]);
      assert.notEqual(epochs[0], epochs[1]);
      assert.equal(new Set(epochs.slice(1)).size, 1);
      const ids = receipts.map(({ id }) => Number(id.split("-")[1]));
      assert.deepEqual(ids, [ids[0], ids[0]! + 1, ids[0]! + 2]);
      // Who comes back later than they were published has them out of the replay or, after a gap, not at all.
      const since = types(seen).slice(1, -1);
      assert.deepEqual(since, ["a", "b", "c"].slice(3 - since.length));
    });
  }
});
