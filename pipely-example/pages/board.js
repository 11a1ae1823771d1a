// A board that everybody in a room draws on, with everybody's cursor. Whoever comes late is sent what is there.
//
// A stroke, { id, ink, points }, travels in parts, { id, ink, at, points }, where `at` is the place of the first point.
// Putting a part in its place twice changes nothing, so it may come while it is drawn, with the whole board, or both, in
// any order. `wiped` counts how often the board has been cleared: what was drawn before that is gone.

import { $, element, enter, randomId, show, tint } from "./room.js";

const PERIOD = 50; // ms between two publications: at most twenty a second
const PATIENCE = 3_000; // ms, for an answer
const POINTS = 100, PARTS = 20; // of a part, and of a message, which then has a fraction of the 64 KiB that it may have

const board = $("board"), context = board.getContext("2d");
const inks = [...document.querySelectorAll(".ink input")];
const strokes = new Map(); // by id
const cursors = new Map(); // by the member's id
let wiped = 0; // how often the board has been cleared
let isWhole = false; // it has all that the others have
let channel;

enter({ echo: false }, (joined) => {
  channel = joined;
  channel.on("message", ({ type, originId, payload }) => {
    if (type === "draw") merge(payload ?? {});
    else if (type === "cursor" && channel.has(originId)) showCursor(originId, payload);
    else if (type === "ask") sendBoard(originId).catch(() => {}); // who has gone, or will ask again
    else if (type === "whole") isWhole = true;
  });
  channel.on("members", (ids) => show($("said"), ids.length > 1 ? `Here: ${ids.join(", ")}` : "You are alone here."));
  channel.on("connect", (id) => id === channel.clientId && ask());
  channel.on("disconnect", (id) => showCursor(id, null));
  channel.on("gap", ask); // events are lost, and strokes with them
});

/** Asks one after the other for the board, until somebody has sent the whole of it: each may leave just then. */
async function ask() {
  isWhole = false;
  for (const other of channel.members.filter((id) => id !== channel.clientId)) {
    const isAsked = await channel.to(other).publish("ask").catch(() => null);
    if (isAsked) await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    if (isWhole) return;
  }
  isWhole = true; // nobody has more
}

// ---- The board, and how it becomes the same everywhere

function merge({ wiped: times, strokes: parts }) {
  if (!Number.isSafeInteger(times) || times < wiped || !Array.isArray(parts)) return;
  if (times > wiped) wipe(times);
  for (const { id, ink, at, points } of parts.filter(Boolean)) {
    if (typeof id !== "string" || !(at >= 0 && at < 1e5) || !Array.isArray(points)) continue;
    const stroke = strokes.get(id) ?? { id, ink, points: [] };
    strokes.set(id, stroke);
    points.forEach((point, i) => Array.isArray(point) && (stroke.points[at + i] = point));
  }
  isStale = true;
}

function wipe(times) {
  wiped = times;
  strokes.clear();
  [unsent, current, isStale] = [[], undefined, true];
}

/** At least one message, since `wiped` goes with it. */
async function sendBoard(to) {
  const parts = [...strokes.values()].flatMap(inParts);
  do await channel.to(to).publish("draw", { wiped, strokes: parts.splice(0, PARTS) });
  while (parts.length > 0);
  if (isWhole) await channel.to(to).publish("whole");
}

function inParts({ id, ink, points }) {
  const places = Array.from({ length: Math.ceil(points.length / POINTS) }, (_, i) => i * POINTS);
  return places.map((at) => ({ id, ink, at, points: points.slice(at, at + POINTS) }));
}

// ---- One's own pen

let pen = { x: 800, y: 640 }, isDown = false;
let current; // the stroke that is being drawn
let unsent = []; // strokes of which the others have not got everything; `sent` says how many points they have
let isMoved = false, isSending = false, sentAt = 0;

function moveTo(x, y) {
  const within = (value, end) => Math.round(Math.min(Math.max(value, 0), end));
  pen = { x: within(x, board.width), y: within(y, board.height) };
  isMoved = true;
  if (isDown) draw();
}

function put(down) {
  [isDown, current] = [down, undefined];
  if (down) draw();
}

function draw() {
  if (!current) {
    const last = [...strokes.keys()].sort().at(-1); // ids grow, so that later strokes lie above
    const id = `${String((parseInt(last) || 0) + 1).padStart(6, "0")}-${randomId()}`;
    current = { id, ink: inks.findIndex(({ checked }) => checked), points: [], sent: 0 };
    strokes.set(id, current);
    unsent.push(current);
  }
  current.points.push([pen.x, pen.y]);
  isStale = true;
}

const hasMore = ({ sent, points }) => sent < points.length;

/** Publishes what is new. While the answer is awaited, more gathers for the next time. */
async function share(now) {
  [isSending, sentAt] = [true, now];
  const sending = isMoved ? [channel.publish("cursor", pen)] : [], stroke = unsent.find(hasMore);
  isMoved = false;
  if (stroke) {
    const { id, ink, sent } = stroke, points = stroke.points.slice(sent, sent + POINTS);
    const part = channel.publish("draw", { wiped, strokes: [{ id, ink, at: sent, points }] });
    sending.push(part.then(() => (stroke.sent += points.length)));
  }
  await Promise.allSettled(sending); // what has failed goes once more, with what has been drawn meanwhile
  unsent = unsent.filter((one) => one === current || hasMore(one));
  isSending = false;
}

// ---- What is seen, once a frame

let isStale = true; // there is more than is seen

function frame(now) {
  if (!isSending && now - sentAt >= PERIOD && (isMoved || unsent.some(hasMore))) share(now);
  if (isStale) paint();
  requestAnimationFrame(frame);
}

function paint() {
  isStale = false;
  const colours = inks.map((input) => getComputedStyle(input.parentElement).color);
  context.clearRect(0, 0, board.width, board.height);
  Object.assign(context, { lineWidth: 10, lineCap: "round", lineJoin: "round" });
  for (const id of [...strokes.keys()].sort()) { // the same order everywhere
    const { ink, points } = strokes.get(id);
    context.strokeStyle = colours[ink] ?? colours[0];
    context.beginPath();
    for (const [x, y] of points.filter(Boolean)) context.lineTo(x, y), context.lineTo(x, y + 0.01); // also a dot
    context.stroke();
  }
}

function showCursor(id, at) {
  const cursor = cursors.get(id) ?? tint(element("div", "cursor", element("bdi", "", id)), id);
  cursors.set(id, cursor);
  if (!at) return cursor.remove();
  $("cursors").append(cursor);
  cursor.style.left = `${(100 * at.x) / board.width}%`;
  cursor.style.top = `${(100 * at.y) / board.height}%`;
}

// ---- The page's own controls: mouse, finger and pen are all pointers, and there are keys

function follow(event) {
  const { left, top, width, height } = board.getBoundingClientRect();
  const places = event.getCoalescedEvents?.() ?? []; // a fast pen has more places than there are frames
  for (const { clientX, clientY } of places.length ? places : [event]) {
    moveTo(((clientX - left) / width) * board.width, ((clientY - top) / height) * board.height);
  }
  showCursor(channel.clientId, null); // only the keys need one
}

board.onpointerdown = (event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  board.setPointerCapture(event.pointerId);
  follow(event);
  put(true);
};
board.onpointermove = (event) => event.isPrimary && follow(event);
board.onpointerup = board.onpointercancel = board.onblur = () => put(false);

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

board.onkeydown = (event) => {
  const arrow = ARROWS[event.key], ink = inks[event.key - 1], size = event.shiftKey ? 80 : 16;
  if (event.ctrlKey || event.metaKey || event.altKey || !(arrow || ink || event.key === " ")) return;
  event.preventDefault();
  if (arrow) moveTo(pen.x + arrow[0] * size, pen.y + arrow[1] * size);
  else if (ink) ink.click();
  else if (event.repeat) return;
  else show($("said"), isDown ? "The pen is up." : "The pen is down.");
  if (!arrow) put(ink ? isDown : !isDown);
  showCursor(channel.clientId, pen);
};

$("clear").onclick = () => {
  wipe(wiped + 1);
  channel.publish("draw", { wiped, strokes: [] }).catch(() => {}); // the next stroke will tell
};
matchMedia("(prefers-color-scheme: dark)").onchange = () => (isStale = true);
requestAnimationFrame(frame);
