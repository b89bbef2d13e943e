// The door: one tap stays on the page, typing filters the list, and the camera reads cards.

import { listeners, refresh } from "./live.js";

const said = document.querySelector(".said");
let quiet = 0;

function say(text, wrong = false) {
  said.textContent = text;
  said.classList.toggle("bad", wrong);
  said.hidden = false;
  clearTimeout(quiet);
  quiet = setTimeout(() => (said.hidden = true), wrong ? 8000 : 4000);
}

async function send(address, fields) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(fields),
  });
  const told = await answer.json().catch(() => ({}));
  return { ok: answer.ok, text: told.text || said.dataset.offline };
}

// -- one tap ---------------------------------------------------------------------------------------

// Taps come faster than answers: each waits for the one before, and none is thrown away.
let before = Promise.resolve();
let waiting = 0;

async function post(address, fields, typed) {
  try {
    const { ok, text } = await send(address, fields);
    say(text, !ok);
    if (!ok || waiting > 1) return;
    await refresh();
    if (typed) document.querySelector("#stoel")?.focus({ preventScroll: true });
  } catch {
    say(said.dataset.offline, true);
  } finally {
    waiting -= 1;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches?.("form[data-stay]") || button?.matches("[data-leave]")) return;
  event.preventDefault();
  const fields = [...new FormData(form).entries()];
  if (button?.name) fields.push([button.name, button.value]);
  const address = button?.formAction || form.action;
  const typed = form.matches("[data-find]") || document.querySelector("#stoel")?.value;
  waiting += 1;
  before = before.then(() => post(address, fields, typed));
});

// A new card opens beside this page; the list then knows its new number.
document.addEventListener("click", (press) => {
  if (press.target.closest?.("[data-leave]")) setTimeout(() => refresh().catch(() => {}), 1500);
});

// -- typing filters --------------------------------------------------------------------------------

const words = (text) =>
  text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);

function filter() {
  const field = document.querySelector("#stoel");
  if (!field) return [];
  const typed = words(field.value);
  const seats = [...document.querySelectorAll(".guest-list > li")];
  for (const seat of seats) {
    const held = words(seat.dataset.name);
    seat.hidden = !typed.every((start) => held.some((word) => word.startsWith(start)));
  }
  for (const list of document.querySelectorAll(".guest-list")) {
    const empty = [...list.children].every((seat) => seat.hidden);
    list.hidden = empty;
    list.previousElementSibling.hidden = empty;
  }
  const left = seats.filter((seat) => !seat.hidden);
  const none = document.querySelector(".none");
  if (none) none.hidden = left.length > 0 || !seats.length || /\d/.test(field.value);
  return left;
}

document.addEventListener("input", (event) => event.target.id === "stoel" && filter());

// Enter on the only one who fits means that one, whatever was typed of the name.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "stoel" || !event.target.value.trim()) return;
  const left = filter();
  const tap = left.length === 1 && left[0].querySelector("button.guest");
  if (tap) {
    event.preventDefault();
    tap.click();
  }
});

// -- the camera ------------------------------------------------------------------------------------

const dialog = document.querySelector("#scan");
const video = dialog?.querySelector("video");
const line = dialog?.querySelector("[role=status]");
let stream = null;

// What the browser can do itself is fastest; else a reader of our own comes in, only now.
async function makeReader() {
  try {
    if ((await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const native = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await native.detect(video))[0]?.rawValue;
    }
  } catch {
    /* not in this browser */
  }
  const { decodeQR } = await import("../vendor/qr/decode.js");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const scale = Math.min(1, 800 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return undefined;
    }
  };
}

async function scan() {
  dialog.showModal();
  line.className = "";
  line.textContent = dialog.dataset.look;
  try {
    const [read, found] = await Promise.all([
      makeReader(),
      navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      }),
    ]);
    stream = found;
    if (!dialog.open) return stop();
    video.srcObject = stream;
    await video.play();
    await watch(read);
  } catch {
    line.className = "bad";
    line.textContent = dialog.dataset.noCamera;
  }
}

async function watch(read) {
  let last = "";
  let lastAt = 0;
  while (dialog.open && stream) {
    const text = video.videoWidth ? await read().catch(() => undefined) : undefined;
    // A card that stays before the camera is one card.
    if (text && (text !== last || Date.now() - lastAt > 5000)) {
      last = text;
      await take(text);
    }
    if (text) lastAt = Date.now();
    await new Promise((go) => setTimeout(go, 100));
  }
}

async function take(text) {
  try {
    const token = dialog.querySelector("[name=csrf_token]").value;
    const action = document.querySelector("form[data-find]").action;
    const answer = await send(action, { csrf_token: token, kaart: text });
    line.className = answer.ok ? "good" : "bad";
    line.textContent = answer.text;
    navigator.vibrate?.(answer.ok ? 60 : [60, 80, 60]);
    if (answer.ok) refresh().catch(() => {});
  } catch {
    line.className = "bad";
    line.textContent = said.dataset.offline;
  }
}

function stop() {
  for (const track of stream?.getTracks() || []) track.stop();
  stream = null;
  if (video) video.srcObject = null;
}

function addScanButton() {
  const form = document.querySelector("form[data-find]");
  if (!dialog || !form || form.querySelector("[data-scan]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.dataset.scan = "";
  button.textContent = dialog.dataset.button;
  button.addEventListener("click", scan);
  form.append(button);
}

dialog?.addEventListener("close", stop);
listeners.add(addScanButton);
listeners.add(filter);
addScanButton();
