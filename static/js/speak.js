// Reads the plan aloud: its title, its short text and the five figures. Loaded by the first press on the button.

import { listeners } from "./live.js";

const voice = window.speechSynthesis;
let reading = false;
let title = "";

function words() {
  const parts = [...document.querySelectorAll("main [data-read]")];
  // The plan first, then what may be chosen.
  parts.sort((one, other) => (one.dataset.read || 9) - (other.dataset.read || 9));
  const lines = parts.map((part) =>
    // The parts of a button follow each other without a space.
    [...part.childNodes].map((node) => node.textContent.trim()).filter(Boolean).join(", "),
  );
  return lines.map((line) => (/[.?!]$/.test(line) ? line : `${line}.`)).join("\n");
}

function show() {
  const button = document.querySelector("[data-speak]");
  if (!button) return;
  const line = button.querySelector("span");
  line.dataset.start ??= line.textContent;
  button.hidden = false;
  button.setAttribute("aria-pressed", String(reading));
  line.textContent = reading ? line.dataset.stop : line.dataset.start;
}

function hush() {
  reading = false;
  voice.cancel();
  show();
}

function start() {
  const { lang } = document.documentElement;
  voice.cancel();
  const said = new SpeechSynthesisUtterance(words());
  said.lang = lang === "nl" ? "nl-NL" : lang;
  const own = voice.getVoices().find((one) => one.lang.replace("_", "-").startsWith(lang));
  if (own) said.voice = own;
  said.onend = said.onerror = () => {
    reading = false;
    show();
  };
  reading = true;
  title = document.querySelector("main h1")?.textContent;
  voice.speak(said);
  show();
}

export const toggle = () => (reading ? hush() : start());

listeners.add(() => {
  if (reading && document.querySelector("main h1")?.textContent !== title) hush();
  show();
});
addEventListener("pagehide", () => voice.cancel());
