// One file on its way, to or from another member: an entry in the list, and two ways to the other one. Events directed to
// them go through Pipely. With these the two browsers can also agree on a data channel (WebRTC), which goes directly.

import { $, element, fold, show } from "./room.js";

const PATIENCE = 10_000; // ms without any progress

export const inWords = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
export const button = (text, className, onclick) => Object.assign(element("button", className, text), { onclick });

/** What sending and receiving have in common. */
export class Transfer {
  had = 0; // bytes that have arrived
  isOver = false;
  wake = () => {}; // ends a `change`
  words = element("p", "words");
  buttons = element("p", "row");

  constructor(channel, { id, name, size }, peer) {
    Object.assign(this, { channel, id, peer, size, name: `${name}` });
    this.bar = Object.assign(element("progress"), { max: size || 1, value: 0, ariaLabel: this.name });
    const title = element("p", "", element("bdi", "name", this.name), " ", element("small", "", inWords(size)));
    $("transfers").prepend(element("li", "transfer", title, this.words, this.bar, this.buttons));
  }

  isWith(id) {
    return !this.isOver && fold(id) === fold(this.peer);
  }

  /** Tells the other one, and once more where nobody knows whether it has arrived: twice does no harm. */
  async tell(type, more) {
    try {
      await this.channel.to(this.peer).publish(type, { id: this.id, ...more });
    } catch ({ status, message }) {
      const isFinal = this.channel.state === "closed" || (status > 0 && status < 500 && status !== 429);
      if (isFinal) return this.end(message);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      if (type !== "signal") await this.tell(type, more); // these alone do harm; without them the file goes in chunks
    }
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
    this.wake();
  }

  cancel(words) {
    this.tell("cancel");
    this.end(words);
  }

  /** True once something happens, false where nothing does. */
  change() {
    return new Promise((resolve) => {
      this.wake = () => resolve(true);
      setTimeout(resolve, PATIENCE, false);
    });
  }

  connect() {
    this.pc = new RTCPeerConnection(); // Within one network. Across several it needs a STUN server, as its `iceServers`.
    this.pc.onicecandidate = ({ candidate }) => candidate && this.tell("signal", { candidate });
    return this.pc;
  }

  async describe() {
    await this.pc.setLocalDescription();
    await this.tell("signal", { description: this.pc.localDescription });
  }

  async hear(type, { description, candidate }) {
    if (type === "cancel") this.end(`${this.peer} has cancelled it.`);
    if (type !== "signal" || this.pc?.signalingState === "closed") return;
    if (description) await this.pc.setRemoteDescription(description);
    if (description?.type === "offer") await this.describe();
    if (candidate) await this.pc.addIceCandidate(candidate);
  }
}
