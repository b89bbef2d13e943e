// The console by script: a press goes out without leaving the page, so that a lost connection loses nothing;
// keys press buttons; a countdown presses the one button at zero. Without script every button is a form.

import "./clock.js";
import { press as presses } from "./live.js";

const main = () => document.querySelector("main");
let busy = false;
const turns = [];

function tellLost(text) {
  const place = main().querySelector(".lost");
  if (!place) return;
  place.setAttribute("role", "alert");
  place.textContent = text;
  place.hidden = !text;
  if (text) place.scrollIntoView({ block: "nearest" });
}

function putInPlace(html, focusedId) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  if (!fresh) return false;
  const old = main();
  const inside = focusedId || old.contains(document.activeElement);
  const step = old.querySelector("#volgende [name=step]")?.value;
  old.replaceWith(fresh);
  const again = document.getElementById(focusedId);
  // What was refused is what somebody must see.
  const wrong = fresh.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
  else if (inside) (again || fresh).focus({ preventScroll: true });
  const button = fresh.querySelector("#volgende-knop");
  if (button && fresh.querySelector("#volgende [name=step]").value !== step) rest(button, again === button);
  return true;
}

// Under a finger that presses twice there is another step now: the button rests until the finger is gone.
function rest(button, focused) {
  button.disabled = true;
  setTimeout(() => {
    button.disabled = false;
    if (focused && document.activeElement === document.body) button.focus({ preventScroll: true });
  }, 700);
}

function follow(answer) {
  const here = new URL(answer.url);
  // Logged out meanwhile: log in, and come back to this very page.
  if (here.pathname === "/inloggen") {
    here.searchParams.set("next", location.pathname + location.search);
    location.assign(here);
    return false;
  }
  if (answer.redirected && here.pathname !== location.pathname) {
    location.assign(here);
    return false;
  }
  if (answer.redirected) history.replaceState(null, "", here);
  return true;
}

async function press(form, button) {
  if (busy) {
    // A second press on the one button is one press; a turn of somebody who speaks is never lost.
    if (button?.matches(".turn")) turns.push(button.id);
    return;
  }
  busy = presses.underWay = true;
  const sent = new FormData(form, button);
  const focusedId = document.activeElement === button ? button?.id : "";
  if (button) button.disabled = true;
  try {
    // A button may have an address of its own.
    const answer = await fetch(button?.getAttribute("formaction") || form.action, {
      method: "POST",
      body: new URLSearchParams(sent),
      headers: { "X-Part": "pane" },
    });
    const html = await answer.text();
    if (answer.status >= 500) throw new Error("server");
    if (follow(answer) && !putInPlace(html, focusedId)) location.reload();
  } catch {
    tellLost(main().dataset.lost);
  } finally {
    busy = presses.underWay = false;
    if (button) button.disabled = false;
    if (focusedId && button.isConnected) button.focus({ preventScroll: true });
    document.getElementById(turns.shift())?.click();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("main[data-lost]")) return;
  event.preventDefault();
  tellLost("");
  press(form, event.submitter);
});

document.addEventListener("keydown", (event) => {
  // A key that is held down is one press.
  if (event.repeat && event.key === "Enter" && event.target.closest?.("button")) event.preventDefault();
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest?.("input:not([type=hidden]), textarea, select, [contenteditable]")) return;
  if (!/^[1-5n]$/i.test(event.key)) return;
  const button = main().querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("count-down-over", () => document.getElementById("volgende-knop")?.click());
