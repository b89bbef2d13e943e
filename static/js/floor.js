// Counting people on the floor: every tap is kept by itself; the page says so only once it is.

import { listeners } from "./live.js";

const PAUSE = 500;
let timer = 0;
let sending = false;
let again = false;
let wait = PAUSE;

const form = () => document.querySelector("form.count");
const fields = () => [...form().querySelectorAll(".heads input")];
const number = (field) => (/^\d{1,4}$/.test(field.value.trim()) ? Number(field.value) : 0);

function show() {
  const total = fields().reduce((sum, field) => sum + number(field), 0);
  const people = Number(form().dataset.people);
  const line = form().querySelector(".total");
  line.querySelector("output").textContent = total;
  line.classList.toggle("bad", total > people);
  return total <= people;
}

function state(text, kind = "") {
  const line = form()?.querySelector(".kept");
  if (!line) return;
  line.className = `kept ${kind}`;
  line.textContent = text;
}

function changed() {
  const fits = show();
  clearTimeout(timer);
  const most = form().querySelector(".total").dataset.more.replace("{n}", form().dataset.people);
  if (!fits) return state(most, "bad");
  state(form().querySelector(".kept").dataset.saving);
  timer = setTimeout(save, PAUSE);
}

async function save() {
  const part = form();
  if (!part) return;
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  const typed = fields().map((field) => [field, field.value]);
  const { saved, offline } = part.querySelector(".kept").dataset;
  try {
    const answer = await fetch(part.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(part)),
    });
    if (answer.status >= 500 || answer.status === 429) throw new Error("again");
    const told = await answer.json();
    if (answer.ok) {
      // What is kept is no longer half typed: the page may follow what others count.
      for (const [field, value] of typed) field.defaultValue = value;
      if (typed.every(([field, value]) => field.value === value)) state(saved, "good");
    } else {
      state(told.text, "bad");
    }
    wait = PAUSE;
  } catch {
    state(offline, "bad");
    wait = Math.min(wait * 2, 15000);
    timer = setTimeout(save, wait);
  } finally {
    sending = false;
    if (again) {
      again = false;
      save();
    }
  }
}

document.addEventListener("click", (press) => {
  const button = press.target.closest?.("form.count button");
  if (!button) return;
  press.preventDefault();
  if (button.name === "stap") {
    const field = button.parentElement.querySelector("input");
    field.value = String(Math.max(number(field) + (button.value[1] === "+" ? 1 : -1), 0));
    navigator.vibrate?.(15);
    changed();
  } else {
    clearTimeout(timer);
    save();
  }
});

document.addEventListener("input", (event) => event.target.closest?.("form.count") && changed());

// On the phone of who walks along the figures a tap must not mark text or zoom.
function ready() {
  if (form()) form().classList.add("taps");
}

listeners.add(ready);
ready();
