// A chat: what somebody says is a message to the whole channel. All the rest is drawing.

import { $, element, enter, fold, show, tint } from "./room.js";

const KEPT = 500; // entries of the log that stay in the page
let channel;
let pinned = true, scrolledTo = 0; // the log shows its newest entry; where it was scrolled to

enter({ history: 20 }, (joined) => { // with the newest of what was said before, while the server still has it
  channel = joined;
  channel.on("connect", (id) => (isMe(id) ? note("", "You joined") : note(id, "joined")));
  channel.on("disconnect", (id) => note(id, "left"));
  channel.on("gap", () => note("", "You were away. Something may be missing here."));
  channel.on("message", ({ type, originId, payload }) => { // whatever else is in the channel is not ours to understand
    if (type === "message" && typeof payload?.text === "string") say(originId, payload.text);
  });
});

const isMe = (id) => fold(id) === fold(channel.clientId);

// ---- Sending

async function send() {
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  show($("send-error"), "");
  // Our own message comes back, in its place among the others. Until then it is under way, which may take a while
  // where the connection is lost: it is sent as soon as there is one.
  const waiting = element("p", "waiting", text);
  $("log").append(waiting);
  toNewest();
  try {
    await channel.publish("message", { text });
  } catch ({ message }) {
    show($("send-error"), `Not sent: ${message}`);
    $("text").value ||= text;
  }
  waiting.remove();
}

// ---- Drawing

function note(name, text) {
  add(element("p", "notice", element("bdi", "", name), " ", text));
}

function say(from, text) {
  const time = element("time", "", new Date().toLocaleTimeString([], { timeStyle: "short" }));
  const words = Object.assign(element("p", "", text), { dir: "auto" });
  const entry = element("article", "message", element("bdi", "name", from), element("div", "bubble", words, time));
  entry.dataset.from = fold(from);
  entry.classList.toggle("own", isMe(from));
  entry.classList.toggle("more", newest()?.dataset.from === fold(from));
  add(tint(entry, from));
  $("newer").hidden = pinned;
}

const newest = () => [...$("log").querySelectorAll(":scope > :not(.waiting)")].at(-1);

function add(entry) {
  const before = newest();
  if (before) before.after(entry);
  else $("log").prepend(entry);
  while ($("log").childElementCount > KEPT) $("log").firstElementChild.remove();
  if (pinned) toNewest(); // whoever has scrolled up is reading: leave them where they are
}

function toNewest() {
  $("log").scrollTop = $("log").scrollHeight;
}

// ---- The page's own controls

$("send-form").onsubmit = (event) => {
  event.preventDefault();
  send();
};
$("text").onkeydown = (event) => { // an Enter that ends the composing of a character is not meant for us
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
};
$("newer").onclick = toNewest;
$("log").onscroll = ({ target }) => { // a change of size scrolls too, but only a reader scrolls up
  const atBottom = target.scrollHeight - target.scrollTop - target.clientHeight < 48;
  pinned = atBottom || (pinned && target.scrollTop >= scrolledTo);
  scrolledTo = target.scrollTop;
  if (pinned) $("newer").hidden = true;
};
new ResizeObserver(() => pinned && toNewest()).observe($("log")); // a phone turns, its keyboard comes and goes
