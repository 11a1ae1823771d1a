// Files from one to another: from browser to browser where the two can connect (WebRTC, for which Pipely carries the
// signals), otherwise in chunks through Pipely. All events are directed: nobody else in the room gets them.
//
//   who sends      offer   { name, size }
//   who receives   answer  { isRelayed }
//   both           signal  until there is a data channel for the bytes; otherwise who sends  chunk  { at, data }
//   who receives   have    { bytes }       once all bytes have come, or after each chunk
//   who sends      end     { hash }
//   who receives   done    { isGood }
//
// `have` says where to go on. So it does no harm where something comes twice, or is lost with a connection; and where a
// data channel breaks down, chunks bring the rest.

import { $, element, enter, randomId } from "./room.js";
import { button, inWords, Transfer } from "./transfer.js";

const CHUNK = 24 * 1024; // bytes: 32 KiB in base64, where a message may have 64 KiB
const WINDOW = 8 * CHUNK; // under way at most: a fraction of the 1 MiB that the server keeps for a slow reader
const LARGEST = 256 * 1024 * 1024; // whoever receives it has it in memory

const isRelayed = new URLSearchParams(location.search).has("relay") || !("RTCPeerConnection" in window);
const transfers = new Map(); // by id
let channel;

enter({ echo: false }, (joined) => {
  channel = joined;
  channel.on("members", showOthers);
  channel.on("disconnect", (id) => transfers.forEach((one) => one.isWith(id) && one.end(`${id} has left.`)));
  channel.on("message", ({ type, originId, payload }) => {
    const transfer = transfers.get(payload?.id);
    if (type === "offer" && !transfer && payload?.size <= LARGEST) add(new Receiving(payload, originId));
    else if (transfer?.isWith(originId)) transfer.hear(type, payload).catch(({ message }) => transfer.cancel(message));
  });
});

class Sending extends Transfer {
  constructor(file, peer) {
    super(channel, { id: randomId(), name: file.name, size: file.size }, peer);
    this.file = file;
    if (file.size > LARGEST) return this.end(`More than ${inWords(LARGEST)} are too much.`);
    this.say(`Waiting for ${peer} to take it.`);
    this.tell("offer", { name: file.name, size: file.size });
  }

  async hear(type, payload) {
    if (type === "answer") return (this.isSent ??= this.send(isRelayed || payload.isRelayed));
    if (type === "done") this.end(payload.isGood ? `${this.peer} has it.` : "It has arrived damaged.");
    else if (type !== "have") await super.hear(type, payload);
    else this.had = this.bar.value = Math.max(this.had, Math.min(payload.bytes, this.size));
    this.wake();
  }

  async send(isRelayed) {
    if (!isRelayed && this.size > 0) await this.sendDirectly();
    if (this.had < this.size && !this.isOver) await this.sendInChunks();
    if (!this.isOver) await this.tell("end", { hash: await sha256(this.file) });
  }

  async sendDirectly() {
    const pc = this.connect(), data = pc.createDataChannel("file");
    const isThere = (state) => data.readyState === state && pc.connectionState !== "failed" && !this.isOver;
    pc.onconnectionstatechange = data.onopen = data.onclose = data.onbufferedamountlow = () => this.wake();
    await this.describe();
    while (isThere("connecting") && (await this.change()));
    if (isThere("open")) this.say(`It goes directly to ${this.peer}.`);
    for (let at = 0; isThere("open") && this.had < this.size; ) {
      if (at < this.size && data.bufferedAmount < WINDOW) {
        const bytes = await this.read(at);
        if (isThere("open")) data.send(bytes);
        at += bytes.length;
        this.bar.value = at - data.bufferedAmount;
      } else if (!(await this.change())) break;
    }
    pc.close();
  }

  async sendInChunks() {
    this.say(`It goes through Pipely to ${this.peer}.`);
    for (let at = this.had; this.had < this.size && !this.isOver; at = Math.max(at, this.had)) {
      if (at < Math.min(this.size, this.had + WINDOW)) {
        const bytes = await this.read(at);
        await this.tell("chunk", { at, data: btoa(String.fromCharCode(...bytes)) });
        at += bytes.length;
      } else if (!(await this.change())) at = this.had; // what was under way is lost
    }
  }

  async read(at) {
    return new Uint8Array(await this.file.slice(at, at + CHUNK).arrayBuffer());
  }
}

class Receiving extends Transfer {
  parts = [];
  way = "empty"; // how it came

  constructor(offer, peer) {
    super(channel, offer, peer);
    this.say(`${peer} has it for you.`, button("Take it", "primary", () => this.accept()));
  }

  accept() {
    this.isWanted = true;
    this.say(`From ${this.peer}…`);
    this.tell("answer", { isRelayed });
  }

  async hear(type, payload) {
    if (!this.isWanted && type !== "cancel") return;
    if (type === "end") return this.finish(payload.hash);
    if (payload.description) this.connect().ondatachannel = ({ channel }) => this.listen(channel);
    if (type !== "chunk") return super.hear(type, payload);
    this.pc?.close(); // what may still be under way there comes in chunks now
    this.comes("through Pipely");
    if (payload.at === this.had) this.take(Uint8Array.from(atob(payload.data), (c) => c.charCodeAt(0)));
    await this.tell("have", { bytes: this.had });
  }

  comes(way) {
    if (way !== this.way) this.say(`It comes ${way}.`);
    this.way = way;
  }

  listen(data) {
    this.comes("directly");
    data.binaryType = "arraybuffer";
    data.onmessage = ({ data: bytes }) => {
      this.take(new Uint8Array(bytes));
      if (this.had === this.size) this.tell("have", { bytes: this.had });
    };
  }

  take(bytes) {
    this.parts.push(bytes);
    this.had = this.bar.value = this.had + bytes.length;
    if (this.had > this.size) this.cancel("There is more of it than was said.");
  }

  async finish(hash) {
    const blob = new Blob(this.parts, { type: "application/octet-stream" }); // to be saved, never to be shown as a page
    const own = hash && (await sha256(blob));
    const isGood = this.had === this.size && hash === own;
    await this.tell("done", { isGood });
    if (!isGood) return this.end("It has arrived damaged.");
    const link = element("a", "button primary", "Save");
    Object.assign(link, { href: URL.createObjectURL(blob), download: this.name });
    this.end(`It came ${this.way}${own ? ", and its SHA-256 is right" : ""}.`, link);
  }
}

// ---- The page's own controls

function add(transfer) {
  transfers.set(transfer.id, transfer);
}

function showOthers(ids) {
  const others = ids.filter((id) => id !== channel.clientId), chosen = $("target").value;
  $("target").replaceChildren(...others.map((id) => new Option(id, id, false, id === chosen)));
  $("choice").hidden = others.length < 2;
  $("file").disabled = others.length === 0;
  $("zone-title").textContent = others.length ? "Choose a file" : "Nobody else is here yet";
  $("zone-hint").textContent = others.length
    ? `${others.length > 1 ? "The one you choose" : others[0]} gets it.`
    : "Send somebody the invitation, then choose a file.";
}

function send(files) {
  for (const file of $("file").disabled ? [] : files) add(new Sending(file, $("target").value));
}

async function sha256(blob) {
  if (!crypto.subtle) return undefined; // over plain http a browser does not have it
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

$("file").onchange = ({ target }) => {
  send(target.files);
  target.value = ""; // so that the same file can be chosen again
};
window.ondragover = (event) => event.preventDefault(); // otherwise the browser would open it
window.ondrop = (event) => {
  event.preventDefault();
  send(event.dataTransfer.files);
};
