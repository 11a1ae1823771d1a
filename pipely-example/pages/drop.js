// Files from one to another. Who receives a file asks for a few chunks of it, then for the next few, and again for what
// has not come: so it does no harm where a message is lost, or comes twice.
//
//   who sends      offer   { name, size, hash, description }   of its end of a data channel (WebRTC), if it wants one
//   who receives   answer  { description }                     of the other end, likewise
//                  want    { chunks }                          their numbers
//   who sends      chunk   { n, data }                         each that is wanted
//   who receives   done    { isGood }
//   either         cancel
//
// All are directed events, which nobody else in the room gets. But `want` and `chunk` go from browser to browser while
// there is a data channel; where it does not come about, or breaks, they go through Pipely like the rest.

import { $, element, enter, randomId, show } from "./room.js";

const CHUNK = 24 * 1024; // bytes: 32 KiB in base64, where a message may have 64 KiB
const FEW = 8; // chunks: a fraction of the 1 MiB that the server keeps for a slow reader
const LARGEST = 256 * 1024 * 1024; // whoever receives it has it in memory
const PATIENCE = 10_000; // ms in which nothing comes
const BULK = new Set(["want", "chunk"]); // what goes directly where that is possible
const isRelayed = new URLSearchParams(location.search).has("relay");
const transfers = new Map(); // by id
let channel;

enter({ echo: false }, (joined) => {
  channel = joined;
  channel.on("members", showOthers);
  channel.on("disconnect", (id) => transfers.forEach((one) => one.peer === id && one.end(`${id} has left.`)));
  channel.on("message", ({ type, originId, payload }) => {
    const transfer = transfers.get(payload?.id);
    if (type === "offer" && !transfer && isSize(payload?.size)) new Transfer(originId, payload).beOffered();
    else if (transfer?.peer === originId) transfer.hear(type, payload, "through Pipely");
  });
});

/** A file on its way to or from another member. */
class Transfer {
  constructor(peer, { id, name, size, hash, description }) {
    Object.assign(this, { peer, id, name: `${name}`, size, hash, description });
    Object.assign(this, { words: element("p", "words"), bar: element("progress"), buttons: element("p", "row") });
    Object.assign(this.bar, { max: size || 1, value: 0, ariaLabel: this.name });
    const title = element("p", "", element("bdi", "name", this.name), " ", element("small", "", inWords(size)));
    $("transfers").prepend(element("li", "transfer", title, this.words, this.bar, this.buttons));
    transfers.set(id, this);
  }

  async send(file) {
    if (!isSize(this.size)) return this.end(`More than ${inWords(LARGEST)} are too much.`);
    this.say(`Waiting for ${this.peer} to take it.`);
    this.file = file;
    const hash = await sha256(file).catch(({ message }) => this.end(message)); // it cannot be read
    const description = isRelayed ? undefined : await this.connect().catch(() => {});
    if (!this.isOver) await this.tell("offer", { name: this.name, size: this.size, hash, description });
  }

  async give(chunks, way) {
    if (way !== "directly") this.pc?.close(); // the other one has given it up
    this.bar.value = chunks[0] * CHUNK;
    this.wanted = chunks;
    for (const n of chunks) {
      const bytes = await this.file.slice(n * CHUNK, (n + 1) * CHUNK).arrayBuffer();
      if (this.wanted !== chunks || this.isOver) return; // a newer wish takes the place of an older one
      await this.tell("chunk", { n, data: base64(bytes) });
    }
  }

  beOffered() {
    Object.assign(this, { chunks: [], asked: new Set(), missing: new Set(Array(Math.ceil(this.size / CHUNK)).keys()) });
    this.say(`${this.peer} has it for you.`, button("Take it", "primary", () => this.take()));
  }

  async take() {
    this.say(`From ${this.peer}…`);
    if (this.size === 0) return this.finish();
    if (isRelayed || !this.description) return this.ask();
    this.wait();
    const description = await this.connect(this.description).catch(() => {});
    if (description) await this.tell("answer", { description });
  }

  /** Asks for a few, or once more for those that have not come. */
  ask() {
    if (this.isOver || !this.missing?.size) return;
    if (this.asked.size > 0) this.pc?.close(); // not that way, then
    this.asked = new Set([...this.missing].slice(0, FEW));
    this.tell("want", { chunks: [...this.asked] });
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PATIENCE);
  }

  async put(n, data) {
    this.chunks[n] = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    this.bar.value += this.chunks[n].length;
    this.missing.delete(n);
    if (this.missing.size === 0) await this.finish();
    else if (this.asked.size > 0) this.wait();
    else this.ask();
  }

  async finish() {
    const blob = new Blob(this.chunks, { type: "application/octet-stream" }); // to be saved, never shown as a page
    const hash = this.hash && (await sha256(blob)), isGood = blob.size === this.size && (!hash || hash === this.hash);
    await this.tell("done", { isGood });
    if (!isGood) return this.end("It has arrived damaged.");
    const link = element("a", "button primary", "Save");
    Object.assign(link, { href: URL.createObjectURL(blob), download: this.name });
    this.end(`It came ${this.way ?? "empty"}${hash ? ", and its SHA-256 is right" : ""}.`, link);
  }

  /** Tells the other one, and once more where nobody knows whether it has arrived. */
  async tell(type, more) {
    if (BULK.has(type) && this.data?.readyState === "open") return this.data.send(JSON.stringify([type, more]));
    try {
      await channel.to(this.peer).publish(type, { id: this.id, ...more });
    } catch ({ status, message }) {
      const isFinal = channel.state === "closed" || (status >= 400 && status < 500 && status !== 429);
      if (isFinal) this.end(message);
      else setTimeout(() => this.tell(type, more), 1_000);
    }
  }

  async hear(type, { description, chunks, n, data, isGood }, way) {
    if (this.isOver) return;
    if (BULK.has(type) && way !== this.way) this.say(`On its way, ${(this.way = way)}.`);
    try {
      if (type === "answer") await this.pc.setRemoteDescription(description).catch(() => {}); // it has come already
      if (type === "want") await this.give(chunks, way);
      if (type === "chunk" && this.asked?.delete(n)) await this.put(n, data); // otherwise it has come already
      if (type === "done") this.end(isGood ? `${this.peer} has it.` : "It has arrived damaged.");
      if (type === "cancel") this.end(`${this.peer} has cancelled it.`);
    } catch ({ message }) {
      this.cancel(message);
    }
  }

  /** Makes one end of a data channel, and describes it, with all its addresses. Across networks it takes STUN. */
  async connect(otherEnd) {
    const pc = (this.pc = new RTCPeerConnection()); // STUN: with `iceServers`
    this.data = pc.createDataChannel("file", { negotiated: true, id: 0 });
    this.data.onopen = this.data.onclose = () => this.ask();
    this.data.onmessage = ({ data }) => this.hear(...JSON.parse(data), "directly");
    if (otherEnd) await pc.setRemoteDescription(otherEnd);
    await pc.setLocalDescription();
    while (pc.iceGatheringState !== "complete") await new Promise((done) => (pc.onicegatheringstatechange = done));
    return pc.localDescription;
  }

  say(words, ...actions) {
    if (!this.isOver) actions.push(button("Cancel", "quiet", () => this.cancel("Cancelled.")));
    const hadFocus = this.buttons.contains(document.activeElement);
    show(this.words, words);
    show($("said"), `${this.name}: ${words}`);
    this.buttons.replaceChildren(...actions);
    if (hadFocus) actions[0]?.focus();
  }

  end(words, ...actions) {
    if (this.isOver) return;
    this.isOver = this.bar.hidden = true;
    this.pc?.close();
    this.say(words, ...actions);
  }

  cancel(words) {
    this.tell("cancel");
    this.end(words);
  }
}

const isSize = (size) => Number.isInteger(size) && size >= 0 && size <= LARGEST;
const inWords = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const button = (text, className, onclick) => Object.assign(element("button", className, text), { onclick });
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
// Over plain http a browser does not have it.
const sha256 = async (blob) => crypto.subtle && base64(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));

// ---- The page's own controls

function showOthers(ids) {
  const others = ids.filter((id) => id !== channel.clientId), chosen = $("target").value;
  $("target").replaceChildren(...others.map((id) => new Option(id, id, false, id === chosen)));
  $("choice").hidden = $("file").disabled = others.length === 0;
}

function send(files) {
  const peer = $("target").value, ours = $("file").disabled ? [] : files;
  for (const file of ours) new Transfer(peer, { id: randomId(), name: file.name, size: file.size }).send(file);
}

$("file").onclick = ({ target }) => (target.value = ""); // so that the same file can be chosen again
$("file").onchange = ({ target }) => send(target.files);
window.ondragover = window.ondrop = (event) => {
  event.preventDefault(); // otherwise the browser would open it
  send(event.dataTransfer.files); // which are none until they are dropped
};
