// The tablet at the table: big keys for the code, and back to the start by itself.

import { listeners } from "./live.js";

const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const main = () => document.querySelector("main");

function spaced(text) {
  const signs = text.toUpperCase().replace(/[\s-]/g, "");
  return signs.length > 5 && signs.length <= 10 ? `${signs.slice(0, 5)}-${signs.slice(5)}` : signs;
}

function key(text, name, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = name ? "key wide" : "key";
  button.textContent = text;
  button.addEventListener("click", press);
  return button;
}

function keys() {
  const field = document.getElementById("code");
  const place = main()?.querySelector(".keys");
  if (!field || !place || place.childElementCount) return;
  // What somebody scans or types on a keyboard still works; a tablet's own keyboard stays away.
  field.inputMode = "none";
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", place.dataset.words);
  for (const sign of SIGNS) {
    place.append(
      key(sign, "", () => {
        if (field.value.replace(/-/g, "").length < 10) field.value = spaced(field.value + sign);
      }),
    );
  }
  place.append(
    key(place.dataset.back, "wide", () => {
      field.value = spaced(field.value.replace(/-?.$/, ""));
    }),
  );
  place.hidden = false;
  field.addEventListener("input", () => {
    if (/^[0-9a-z\s-]{0,12}$/i.test(field.value)) field.value = spaced(field.value);
  });
}

// Going to the start takes this page's place in the history: the back button finds nothing of anybody.
const leave = () => location.replace(main().dataset.start);

let timer = 0;
function plan() {
  clearTimeout(timer);
  const seconds = Number(main()?.dataset.after || 0);
  if (seconds) timer = setTimeout(leave, seconds * 1000);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-leave]")) return;
  event.preventDefault();
  leave();
});
// A page that comes back from memory is of somebody who has gone.
addEventListener("pageshow", (event) => {
  if (event.persisted) leave();
});
listeners.add(() => {
  keys();
  plan();
});
keys();
plan();
