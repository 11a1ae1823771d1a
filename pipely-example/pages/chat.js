// A chat over Pipely. In: Server-Sent Events from GET /subscribe. Out: JSON to POST /publish. That is all there is.

const CHANNEL_LENGTH = 12, NAME_LENGTH = 3;
const KEPT = 500; // entries of the log that stay in the page
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // no i, l, o, u, which are misread; 32: random bytes fall evenly

const $ = (id) => document.getElementById(id);
const length = (text) => [...text].length; // the server counts code points, which a string's length does not
const fold = (id) => id.normalize("NFC").toLowerCase(); // two ids that differ only in case are the same
const isMe = (id) => fold(id) === fold(me.name);

let api; // where /subscribe and /publish are, once that is known
let me = null; // from Join to Leave: what was entered, and where we stand
let stream = null; // the EventSource
let retryTimer, echoTimer;
let pinned = true, scrolledTo = 0; // the log shows its newest entry; where it was scrolled to
const members = new Map(); // folded name → its <li>

// ---- Joining and leaving

async function join() {
  const channel = $("channel").value, name = $("name").value.trim().normalize("NFC"), password = $("password").value;
  if (length(channel) !== CHANNEL_LENGTH) return refuse("A channel has exactly twelve characters.", $("channel"));
  if (length(name) < NAME_LENGTH) return refuse("A name has at least three characters.", $("name"));
  refuse("");
  $("join").disabled = true;
  me = { channel, name, password, joined: false, online: false, sending: false, attempt: 0 };
  try {
    api ??= await findApi();
    connect();
  } catch (error) {
    leave(error.message);
  }
}

// The same page is served beside the API (standalone server) and above it (web application, the servlet at ./pipely/*).
// Every Pipely has the route /channels, whatever it may answer; where there is no Pipely it is 404.
async function findApi() {
  const { status, why } = await ask("./pipely/channels");
  if (status === 0 || status >= 500) throw new Error(why); // nothing learnt: ask again at the next try
  return status === 404 ? "./" : "./pipely/";
}

function refuse(why, field) {
  show($("error"), why);
  for (const input of [$("channel"), $("name"), $("password")]) input.setAttribute("aria-invalid", input === field);
  field?.focus();
}

function leave(why = "") {
  disconnect();
  me = null;
  $("join").disabled = false;
  $("chat").hidden = true;
  $("start").hidden = false;
  $("log").replaceChildren();
  refuse(why, why.includes("password") ? $("password") : $("name"));
}

// ---- The stream

function connect() {
  disconnect();
  offline();
  const source = (stream = new EventSource(subscription()));
  source.onmessage = ({ data }) => receive(JSON.parse(data));
  source.onerror = () => lost(source);
}

function subscription() { // an EventSource cannot set headers, so the password goes into the query
  const address = `${api}subscribe?channelId=${encodeURIComponent(me.channel)}&clientId=${encodeURIComponent(me.name)}`;
  return me.password ? `${address}&password=${encodeURIComponent(me.password)}` : address;
}

function disconnect() { // to the server the end of the stream is our leaving: there is no request for it
  stream?.close();
  stream = null;
  clearTimeout(retryTimer);
  clearTimeout(echoTimer);
}

function offline() {
  me.online = false;
  show($("status"), me.joined && "Connection lost, reconnecting…");
}

async function lost(source) {
  offline();
  if (me.joined && source.readyState === EventSource.CONNECTING) return; // it tries again by itself
  source.close();
  // EventSource does not tell why it was refused; the same request made once more does.
  const { status, why } = await ask(subscription(), { peek: true });
  if (source !== stream) return; // left meanwhile
  // Right after a cut the server may still hold the old stream, and with it our name: that passes, as an outage does.
  const final = (status === 400 || status === 401) && why !== "client id already used in channel";
  const failed = !me.joined && (why || me.attempt > 2); // no reason: let in this time, as when just left and back again
  if (final || failed) return leave(why || "the server ends the connection, please try again later");
  const seconds = Math.min(2 ** me.attempt++, 8) * (0.75 + Math.random() / 2); // spread, so that not all come at once
  retryTimer = setTimeout(connect, seconds * 1000);
}

// An answer's status and, where it is a refusal, the server's words for it. Peeking at a stream awaits no body.
async function ask(address, { peek = false, ...options } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 15_000); // a browser with all its connections in use waits for ever
  try {
    const answer = await fetch(address, { cache: "no-store", signal: abort.signal, ...options });
    const { ok, status } = answer;
    const plain = answer.headers.get("Content-Type")?.startsWith("text/plain"); // otherwise it is some proxy's page
    const text = ok && peek ? abort.abort() : (await answer.text()).trim();
    return { status, why: ok ? "" : (plain && text) || `the server answered ${status}` };
  } catch {
    return { status: 0, why: "no answer from the server" };
  } finally {
    clearTimeout(timer);
  }
}

function receive({ type, origin_id: from, payload }) {
  if (type === "CLIENT_LIST" && Array.isArray(payload)) {
    welcome(payload); // the first frame of each stream, so after a reconnect too
  } else if (type === "CONNECT") {
    const again = $("log").hasChildNodes();
    if (!isMe(from)) note("joined", from);
    else note(again ? "You are back. You may have missed something." : "You joined");
    showMember(from, true);
  } else if (type === "DISCONNECT" && !isMe(from)) {
    note("left", from);
    showMember(from, false);
  } else if (type === "message" && typeof payload?.text === "string") {
    if (isMe(from)) clearTimeout(echoTimer);
    say(from, payload.text);
  } // anything else in the channel is not ours to understand
}

function welcome(names) {
  show($("status"), "");
  show($("send-error"), "");
  members.clear();
  $("members").replaceChildren();
  for (const name of names) showMember(name, true);
  if (!me.joined) {
    history.replaceState(null, "", invitation()); // a reload finds its channel again
    $("channel-id").textContent = me.channel;
    $("start").hidden = true;
    $("chat").hidden = false;
    $("text").focus();
    pinned = true;
  }
  Object.assign(me, { joined: true, online: true, attempt: 0 });
}

// ---- Sending

async function send() {
  const text = $("text").value, mine = me;
  if (me.sending || !text.trim()) return;
  if (!me.online) return show($("send-error"), "Not sent: there is no connection at the moment.");
  me.sending = true;
  // Nothing is drawn here: our message comes back through the stream, in its place among the others. If it does not,
  // the stream has died without the browser's notice, as it may while a phone sleeps.
  clearTimeout(echoTimer);
  echoTimer = setTimeout(connect, 20_000);
  const headers = { "Content-Type": "application/json" };
  if (me.password) headers.Authorization = `Password ${headerText(me.password)}`;
  const body = JSON.stringify({ channel_id: me.channel, type: "message", origin_id: me.name, payload: { text } });
  const { why } = await ask(`${api}publish`, { method: "POST", headers, body });
  if (mine !== me) return; // left meanwhile
  me.sending = false;
  show($("send-error"), why && `Not sent: ${why}`);
  if (why) return clearTimeout(echoTimer); // and the text stays in its field
  if ($("text").value.startsWith(text)) $("text").value = $("text").value.slice(text.length); // what was typed since
  toNewest();
}

// fetch takes nothing but ISO-8859-1 in a header: a character for each byte of the UTF-8 that the server reads.
const headerText = (text) => String.fromCharCode(...new TextEncoder().encode(text));

// ---- Drawing. What comes from others goes in as text, never as markup.

function element(tag, className, ...content) { // a string in the content becomes a text node
  const made = Object.assign(document.createElement(tag), { className });
  made.append(...content);
  return made;
}

function show(box, text) {
  (box.querySelector("span") ?? box).textContent = text || "";
  box.hidden = !text;
}

function tint(made, name) { // a name's colour is made from the name, so it is the same on every screen
  let hash = 0;
  for (const character of fold(name)) hash = Math.imul(hash ^ character.codePointAt(0), 0x9e3779b1);
  made.style.setProperty("--hue", (hash >>> 8) % 360);
  made.dataset.initial = [...name][0].toUpperCase();
  made.classList.toggle("own", isMe(name));
  return made;
}

function showMember(name, here) {
  const key = fold(name), known = members.get(key);
  if (here && !known) members.set(key, tint(element("li", "", element("bdi", "", name)), name));
  if (here) $("members").append(members.get(key));
  else if (members.delete(key)) known.remove();
  for (const count of document.querySelectorAll(".member-count")) count.textContent = members.size;
}

function note(text, name) {
  add(element("p", "notice", ...(name ? [element("bdi", "", name), " "] : []), text));
}

function say(from, text) {
  const time = element("time", "", new Date().toLocaleTimeString([], { timeStyle: "short" }));
  const words = Object.assign(element("p", "", text), { dir: "auto" });
  const entry = element("article", "message", element("bdi", "name", from), element("div", "bubble", words, time));
  entry.dataset.from = fold(from);
  entry.classList.toggle("more", $("log").lastElementChild?.dataset.from === fold(from));
  add(tint(entry, from));
  $("newer").hidden = pinned;
}

function add(entry) {
  $("log").append(entry);
  while ($("log").childElementCount > KEPT) $("log").firstElementChild.remove();
  if (pinned) toNewest(); // whoever has scrolled up is reading: leave them where they are
}

function toNewest() {
  $("log").scrollTop = $("log").scrollHeight;
}

// ---- The page's own controls

function showChannel(channel) {
  if (channel) $("channel").value = channel;
  const count = length($("channel").value);
  $("channel-count").textContent = `${count}/${CHANNEL_LENGTH}`;
  $("gauge").style.setProperty("--filled", Math.min(count, CHANNEL_LENGTH));
  $("gauge").parentElement.dataset.filled = ["part", "full", "over"][1 + Math.sign(count - CHANNEL_LENGTH)];
}

function newChannel() {
  const random = crypto.getRandomValues(new Uint8Array(CHANNEL_LENGTH));
  showChannel(Array.from(random, (byte) => ALPHABET[byte % ALPHABET.length]).join(""));
}

// The channel is in the fragment, which no server gets to see; the password is never in it.
const invited = () => new URLSearchParams(location.hash.slice(1)).get("channel");
const invitation = () => `${location.href.split("#")[0]}#channel=${encodeURIComponent(me.channel)}`;

async function copyLink() {
  try {
    await navigator.clipboard.writeText(invitation());
    $("copied").textContent = "Link copied";
    setTimeout(() => ($("copied").textContent = ""), 2_500);
  } catch {
    prompt("The invitation link:", invitation()); // over plain http a browser has no clipboard to offer
  }
}

function stay(event, action) { // act on this page, load no other
  event.preventDefault();
  action();
}

$("channel").oninput = () => showChannel();
$("new-channel").onclick = newChannel;
$("join-form").onsubmit = (event) => stay(event, join);
$("send-form").onsubmit = (event) => stay(event, send);
$("text").onkeydown = (event) => { // an Enter that ends the composing of a character is not meant for us
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) stay(event, send);
};
$("copy-link").onclick = copyLink;
$("leave").onclick = $("give-up").onclick = () => leave();
$("newer").onclick = toNewest;
$("log").onscroll = ({ target }) => { // a change of size scrolls too, but only a reader scrolls up
  const atBottom = target.scrollHeight - target.scrollTop - target.clientHeight < 48;
  pinned = atBottom || (pinned && target.scrollTop >= scrolledTo);
  scrolledTo = target.scrollTop;
  if (pinned) $("newer").hidden = true;
};
new ResizeObserver(() => pinned && toNewest()).observe($("log")); // a phone turns, its keyboard comes and goes
matchMedia("(min-width: 48rem)").onchange = () => $("people").togglePopover(false); // the drawer becomes a side bar
window.onhashchange = () => showChannel(invited());
window.onpagehide = disconnect;
window.onpageshow = ({ persisted }) => persisted && me && connect(); // back from the browser's cache of pages

showChannel(invited());
$($("channel").value ? "name" : "channel").focus();
