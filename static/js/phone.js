// One tap is one write. It counts as received only once the server says so; until then it waits in the queue.

import { listeners, look, refresh } from "./live.js";
import { Queue } from "./queue.js";

const main = () => document.querySelector("main");
const form = () => document.querySelector("form.figures");
const { evening, seat, send, build, worker } = main().dataset;
const queue = new Queue(send, `${evening}-${seat}`, happened);
let newer = false;

function show(score, state, text, after) {
  const part = form();
  for (const button of part.querySelectorAll(".figure")) {
    button.setAttribute("aria-pressed", String(Number(button.value) === score));
  }
  part.querySelector("[data-take-back]").hidden = score === null;
  part.querySelector(".what-code").hidden = state !== "received";
  const line = part.querySelector(".state");
  const key = `${state} ${text} ${score}`;
  // Said once: a screen reader would read the same line again and again.
  if (line.dataset.shown === key) return;
  line.dataset.shown = key;
  const word = document.createElement("strong");
  word.className = state;
  word.textContent = text;
  line.replaceChildren(word, after ? ` ${after}` : "");
}

function draw() {
  const taps = queue.waiting();
  const part = form();
  const here = part ? taps.filter((tap) => tap.item === Number(part.dataset.item)) : [];
  const pending = main().querySelector(".pending");
  if (pending) pending.hidden = taps.length === here.length;
  if (!part) return;
  const words = part.querySelector(".state").dataset;
  const newest = here[here.length - 1];
  if (newest) {
    const state = queue.now === newest.op ? "sending" : "waiting";
    show(newest.score, state, words[state]);
    return;
  }
  const { last } = queue.kept;
  const mine = last && last.item === Number(part.dataset.item);
  // The page knows better than this phone when it is newer: a figure may have come from the tablet.
  const stale = Number(main().dataset.seq) > (last?.seq || 0) && String(last?.score ?? "") !== part.dataset.score;
  if (mine && !stale) {
    show(last.score, "received", `${words.received} ✓ ${last.receipt}`, last.score === null ? words.none : words.mayMove);
  } else if (mine && words.shown) {
    refresh().catch(() => {});
  }
}

// What has to be said stays said when the page brings itself up to date, until the room moves on.
let note = null;

function tell(kind, text) {
  note = text ? { kind, text, v: main().dataset.v } : null;
  write();
}

function hush(kind) {
  if (note?.kind === kind) tell();
}

function write() {
  const old = main().querySelector("[data-told]");
  if (old?.textContent === note?.text) return;
  old?.remove();
  if (!note) return;
  const line = document.createElement("p");
  line.className = "notice warn";
  line.dataset.told = "";
  line.setAttribute("role", "alert");
  line.textContent = note.text;
  main().prepend(line);
}

async function happened(what, text) {
  if (what === "changed") {
    if (!queue.pause) hush("alarm");
    if (newer && !queue.waiting().length) location.reload();
    draw();
    return;
  }
  if (what !== "alarm") await refresh().catch(() => {});
  // The page itself may say it by now: that there is no seat, or that another phone has it.
  if (what === "alarm" || main().dataset.seat) tell(what, text);
}

function take() {
  const part = form();
  if (part && !part.dataset.taken) {
    part.dataset.taken = "1";
    part.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button) return;
      event.preventDefault();
      hush("refused");
      const { item, v, n } = part.dataset;
      const score = button.value === "terug" ? null : Number(button.value);
      queue.add({ item: Number(item), score, v: Number(v), n: Number(n) });
    });
  }
  if (note?.v !== main().dataset.v) hush("refused");
  // A part of the page that brings a script of its own.
  const more = main().querySelector("[data-module]");
  if (more) import(more.dataset.module).catch(() => {});
  const aloud = main().querySelector("[data-speak]");
  if (aloud) aloud.hidden = !window.speechSynthesis;
  write();
  draw();
}

listeners.add((fresh) => {
  // New scripts on the site: load them, but never at the cost of a figure that waits.
  if (fresh.dataset.build && fresh.dataset.build !== build) newer = true;
  if (newer && !queue.waiting().length) location.reload();
  take();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-speak]")) import("./speak.js").then((speak) => speak.toggle()).catch(() => {});
});
addEventListener("storage", (event) => {
  if (!event.key || event.key.startsWith(queue.name)) draw();
});
addEventListener("online", () => {
  queue.hurry();
  look();
});
take();
queue.send();

if (worker && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(worker, { scope: "/avond/" }).catch(() => {});
}
