// What the demos have in common: one enters a room, sees who is there, and invites others. A room is a channel.

import { Pipely } from "./pipely.js";
import { server } from "./server.js"; // not the same in the launcher and in the web application
import { generate } from "./vendor/lean-qr.js";

const ROOM_LENGTH = 12, NAME_LENGTH = 3;
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // no i, l, o, u, which are misread; 32: random bytes fall evenly

export const $ = (id) => document.getElementById(id);
export const fold = (id) => id.normalize("NFC").toLowerCase(); // two ids that differ only in case are the same
const length = (text) => [...text].length; // the server counts code points, which a string's length does not

document.body.insertAdjacentHTML("afterbegin", `
  <main id="start" class="start">
    <svg class="pipes" viewBox="0 0 1440 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <g class="wide">
        <path id="wide-pipe" d="M-60 200H180a90 90 0 0 1 90 90V420a90 90 0 0 0 90 90H1080a90 90 0 0 0 90-90V330a90 90 0 0 1 90-90H1500"/>
        <use href="#wide-pipe" class="inner"/><use href="#wide-pipe" class="flow"/>
      </g>
      <g class="tall">
        <path id="tall-pipe" d="M620-60V450H820V960"/>
        <use href="#tall-pipe" class="inner"/><use href="#tall-pipe" class="flow"/>
      </g>
    </svg>
    <form id="join-form" class="card" novalidate>
      <header>
        <h1 class="brand"><a href="./" aria-label="Pipely, all demos"><img src="favicon.svg" alt="" width="32" height="32"></a>
          ${document.body.dataset.title}</h1>
        <p>${document.body.dataset.about}</p>
      </header>
      <div class="field">
        <label for="name">Name</label>
        <input id="name" autocomplete="nickname" autocapitalize="words" spellcheck="false" aria-describedby="name-hint" required>
        <small id="name-hint">At least three characters.</small>
      </div>
      <div class="field">
        <label for="room">Room</label>
        <span id="room-count" class="count"></span>
        <div class="row">
          <input id="room" class="mono" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false"
            aria-describedby="room-count room-hint" required>
          <button id="new-room" type="button" class="quiet">New</button>
        </div>
        <span id="gauge" class="gauge" aria-hidden="true"></span>
        <small id="room-hint">Twelve characters. Whoever has them can join.</small>
      </div>
      <div class="field">
        <label for="password">Password <span class="optional">optional</span></label>
        <input id="password" type="password" autocomplete="off" aria-describedby="password-hint">
        <small id="password-hint">Whoever opens the room sets it.</small>
      </div>
      <p id="error" class="error" role="alert" hidden></p>
      <button id="join" class="primary">Join</button>
    </form>
  </main>`);

// A side bar where there is room, otherwise a drawer: a popover brings its own toggle, Escape and backdrop.
$("demo").insertAdjacentHTML("afterbegin", `
  <aside id="people" class="people" popover aria-label="Who is here">
    <p class="brand"><a href="./" aria-label="Pipely, all demos"><img src="favicon.svg" alt="" width="28" height="28"></a>
      ${document.body.dataset.title}</p>
    <h2>Here now <span class="member-count"></span></h2>
    <button class="close quiet" popovertarget="people" popovertargetaction="hide" aria-label="Close">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m6 6 12 12M18 6 6 18"/></svg>
    </button>
    <ul id="members"></ul>
    <section class="invitation" aria-label="Invitation">
      <canvas id="qr" role="img" aria-label="The invitation link as a QR code"></canvas>
      <p>Scan it, or send the link. <span id="secret" hidden>It does not hold the password.</span></p>
      <button id="copy-link" class="quiet">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M10 14a4.5 4.5 0 0 0 6.4 0l3.2-3.2a4.5 4.5 0 0 0-6.4-6.4L12 5.6M14 10a4.5 4.5 0 0 0-6.4 0l-3.2 3.2a4.5 4.5 0 0 0 6.4 6.4l1.2-1.2"/></svg>
        <span id="copied" role="status">Copy the link</span>
      </button>
    </section>
  </aside>
  <header class="bar">
    <div class="where">
      <h1><span class="label">Room </span><bdi id="room-id" class="mono"></bdi></h1>
      <p id="state" role="status"></p>
    </div>
    <button id="show-people" class="quiet" popovertarget="people">
      <svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18.5 14.4a6.5 6.5 0 0 1 3 5.6"/></svg>
      <span class="member-count"></span><span class="hidden-text">here now: show who, and invite</span>
      <span class="invite" aria-hidden="true">Invite</span>
    </button>
    <button id="leave" class="quiet">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M14 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H14M11 12h9.5m-4-4 4 4-4 4"/></svg>
      <span class="label">Leave</span>
    </button>
  </header>`);

// ---- Entering

/** Has the form join a room, and hands the channel to the demo before anything has come from it. */
export function enter(options, begin) {
  const pipely = new Pipely(server, options);
  let channel;
  $("join-form").onsubmit = (event) => {
    event.preventDefault();
    const room = $("room").value, clientId = $("name").value.trim().normalize("NFC"), password = $("password").value;
    if (length(room) !== ROOM_LENGTH) return refuse("A room has exactly twelve characters.", $("room"));
    if (length(clientId) < NAME_LENGTH) return refuse("A name has at least three characters.", $("name"));
    refuse("");
    $("join").disabled = true;
    channel?.leave(); // one that has not opened yet
    channel = pipely.join(room, { clientId, password: password || undefined });
    follow(channel, Boolean(password));
    begin(channel);
  };
  $("leave").onclick = async () => {
    await channel.leave();
    location.reload(); // whoever enters again begins with an empty page
  };
  // Whoever closes the page, or loads it again, has left. One that the browser keeps comes back by itself.
  addEventListener("pagehide", ({ persisted }) => persisted || channel?.leave());
}

function follow(channel, isSecret) {
  let isIn = false;
  channel.on("members", (ids) => showMembers(ids, channel));
  channel.on("state", ({ state, reason, error, retryIn }) => {
    if (state === "open" && !isIn) showRoom(channel, isSecret);
    isIn ||= state === "open";
    document.body.dataset.state = state;
    if (isIn) $("state").textContent = inWords(state, reason, retryIn);
    else if (state === "connecting" && error) refuse(`${error.message}; trying again`);
    if (error) $("join").disabled = false;
  });
  channel.on("error", ({ code, message }) => {
    if (isIn) $("state").textContent = message;
    else refuse(message, code === "wrong_password" ? $("password") : $("name"));
  });
}

function inWords(state, reason, retryIn) {
  if (state === "open") return "Connected";
  if (state === "closed") return reason === "replaced" ? "You are in another tab now" : "Left";
  return retryIn ? `Connection lost, retry in ${Math.ceil(retryIn / 1000)} s` : "Connection lost, reconnecting…";
}

function refuse(why, field) {
  show($("error"), why);
  for (const input of [$("room"), $("name"), $("password")]) input.setAttribute("aria-invalid", input === field);
  field?.focus();
}

function showRoom({ id, clientId }, isSecret) {
  const link = invitation(id);
  history.replaceState({ name: clientId }, "", link); // a reload finds its room again
  $("room-id").textContent = id;
  generate(link).toCanvas($("qr"));
  $("secret").hidden = !isSecret;
  $("copy-link").onclick = () => copy(link);
  $("start").hidden = true;
  $("demo").hidden = false;
  ($("demo").querySelector("[data-first]") ?? $("demo")).focus();
}

// ---- Inviting. The room is in the fragment, which no server gets to see; the password is never in it.

const invited = () => new URLSearchParams(location.hash.slice(1)).get("room");
const invitation = (room) => `${location.href.split("#")[0]}#room=${encodeURIComponent(room)}`;

async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
    $("copied").textContent = "Copied";
    setTimeout(() => ($("copied").textContent = "Copy the link"), 2_500);
  } catch {
    prompt("The invitation link:", link); // over plain http a browser has no clipboard to offer
  }
}

/** So many characters that nobody guesses. */
export function randomId(count = ROOM_LENGTH) {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => ALPHABET[byte % 32]).join("");
}

function chooseRoom(room) {
  if (room) $("room").value = room;
  const count = length($("room").value);
  $("room-count").textContent = `${count}/${ROOM_LENGTH}`;
  $("gauge").style.setProperty("--filled", Math.min(count, ROOM_LENGTH));
  $("gauge").parentElement.dataset.filled = ["part", "full", "over"][1 + Math.sign(count - ROOM_LENGTH)];
}

// ---- Drawing. What comes from others goes in as text, never as markup.

/** An element; a string in the content becomes a text node. */
export function element(tag, className, ...content) {
  const made = Object.assign(document.createElement(tag), { className });
  made.append(...content);
  return made;
}

/** Shows the box with that text, or hides it where there is none. */
export function show(box, text) {
  box.textContent = text || "";
  box.hidden = !text;
}

/** Gives an element its person's colour, which is made from the name: it is the same on every screen. */
export function tint(made, name) {
  let hash = 0;
  for (const character of fold(name)) hash = Math.imul(hash ^ character.codePointAt(0), 0x9e3779b1);
  made.style.setProperty("--hue", (hash >>> 8) % 360);
  made.dataset.initial = [...name][0].toUpperCase();
  return made;
}

function showMembers(ids, { clientId }) {
  const people = ids.map((id) => tint(element("li", id === clientId ? "own" : "", element("bdi", "", id)), id));
  $("members").replaceChildren(...people);
  for (const count of document.querySelectorAll(".member-count")) count.textContent = ids.length;
  $("demo").classList.toggle("alone", ids.length < 2);
}

$("room").oninput = () => chooseRoom();
$("new-room").onclick = () => chooseRoom(randomId());
window.onhashchange = () => chooseRoom(invited());
// The drawer becomes a side bar.
matchMedia("(min-width: 48rem) and (min-height: 30rem)").onchange = () => $("people").togglePopover(false);
chooseRoom(invited() ?? randomId());
$("name").value = history.state?.name ?? "";
$("name").focus();
