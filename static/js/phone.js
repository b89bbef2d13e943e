// One tap is one write. What is not stored yet waits on this phone, in order, and survives a reload.

import { listeners, look, refresh } from "./live.js";

const FINAL = new Set([400, 401, 403, 404, 409, 413, 415, 422]);
const seatKey = () => {
  const { evening, seat } = document.querySelector("main").dataset;
  return `beslisavond-${evening}-${seat}`;
};
let memory = { n: 0, waiting: [] };
let sending = false;
let pause = 0;

// A phone that refuses to store still works as long as the page is open.
function load() {
  try {
    memory = JSON.parse(localStorage.getItem(seatKey())) || memory;
  } catch {
    /* keep what is in memory */
  }
  return memory;
}

function save() {
  try {
    localStorage.setItem(seatKey(), JSON.stringify(memory));
  } catch {
    /* keep what is in memory */
  }
}

function newOp() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const form = () => document.querySelector("form.figures");

function show(score, state, text) {
  const part = form();
  if (!part) return;
  for (const button of part.querySelectorAll(".figure")) {
    button.setAttribute("aria-pressed", String(Number(button.value) === score));
  }
  part.querySelector("[data-take-back]").hidden = score === null;
  const line = part.querySelector(".state");
  line.className = `state ${state}`;
  const word = document.createElement("strong");
  word.className = state;
  word.textContent = text || line.dataset[state];
  line.replaceChildren(word, ` ${state === "received" ? line.dataset.mayMove : ""}`);
}

function tap(score) {
  const { item, v, n } = form().dataset;
  load();
  memory.n = Math.max(memory.n, Number(n)) + 1;
  memory.waiting.push({ op: newOp(), n: memory.n, item: Number(item), score, v: Number(v) });
  save();
  show(score, "waiting");
  send();
}

async function send() {
  const url = form()?.dataset.send || document.querySelector("main").dataset.send;
  if (sending || !url || !load().waiting.length) return;
  sending = true;
  const one = memory.waiting[0];
  const newest = () => memory.waiting.length <= 1;
  try {
    if (newest()) show(one.score, "sending");
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(one),
    });
    if (answer.ok) {
      const stored = await answer.json();
      const last = newest();
      drop(one.op);
      const here = Number(form()?.dataset.item) === stored.item;
      if (last && here) show(stored.score, "received", `${form().querySelector(".state").dataset.received} ✓ ${stored.receipt}`);
      pause = 0;
    } else if (FINAL.has(answer.status)) {
      const told = await answer.json().catch(() => ({}));
      drop(one.op);
      await refresh();
      tell(told.text);
      pause = 0;
    } else {
      throw new Error("again");
    }
  } catch {
    if (newest()) show(one.score, "waiting");
    pause = Math.min((pause || 500) * 2, 15000);
  } finally {
    sending = false;
  }
  if (load().waiting.length) setTimeout(send, pause * (0.7 + Math.random() * 0.6));
}

function drop(op) {
  load();
  memory.waiting = memory.waiting.filter((one) => one.op !== op);
  save();
}

function tell(text) {
  if (!text) return;
  const note = document.createElement("p");
  note.className = "notice warn";
  note.setAttribute("role", "alert");
  note.textContent = text;
  document.querySelector("main").prepend(note);
}

function take() {
  const part = form();
  if (!part || part.dataset.taken) return;
  part.dataset.taken = "1";
  document.querySelector("main").dataset.send = part.dataset.send;
  part.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    tap(button.value === "terug" ? null : Number(button.value));
  });
  const waiting = load().waiting.filter((one) => one.item === Number(part.dataset.item));
  if (waiting.length) show(waiting[waiting.length - 1].score, "waiting");
}

listeners.add(take);
take();
send();
addEventListener("online", () => {
  pause = 0;
  send();
  look();
});
