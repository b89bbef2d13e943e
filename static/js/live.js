// Keep a page up to date: hear two small numbers, and fetch the changed part when they moved.
// They are told over a stream; where there is none they are asked for now and then.

const main = () => document.querySelector("main[data-live]");
const jitter = (time) => time * (0.85 + Math.random() * 0.3);
const SAFETY = 30000;
let misses = 0;
let busy = false;
let again = false;
let source = null;
let told = null;
let heard = 0;
let tried = 0;

export const listeners = new Set();

// A press that is under way brings the newest page itself; a page in between would swallow the next press.
export const press = { underWay: false };

function changed(state, held) {
  return state.v !== Number(held.v) || (held.follow === "seq" && state.seq !== undefined && state.seq !== Number(held.seq));
}

const touched = (field) =>
  /^(checkbox|radio)$/.test(field.type)
    ? field.checked !== field.defaultChecked
    : field.type !== "hidden" && field.matches("input, textarea") && field.value !== field.defaultValue;

// What somebody has half typed or chosen is never thrown away.
const halfDone = (part) => [...part.querySelectorAll("input, textarea")].some(touched);

// Nor is a sentence that says what was wrong, with what was typed; nor a playing film, for a change of counts.
function inTheMiddle(part, state) {
  if (halfDone(part) || (part.dataset.lost && part.querySelector("[aria-invalid=true]"))) return true;
  return state.v === Number(part.dataset.v) && part.querySelector("iframe, details[open]:not([id])") !== null;
}

// A page that changes between a finger's down and up would swallow the press.
let pressing = false;
const afterPress = [];
function letGo() {
  pressing = false;
  for (const go of afterPress.splice(0)) go();
}
const LONGEST_PRESS = 2000;
addEventListener("pointerdown", () => (pressing = true), true);
for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, () => setTimeout(letGo), true);
const released = () =>
  pressing && new Promise((go) => {
    afterPress.push(go);
    setTimeout(letGo, LONGEST_PRESS);
  });

export async function refresh() {
  const old = main();
  const clean = !halfDone(old);
  const answer = await fetch(location.href, { headers: { "X-Part": "pane" }, cache: "no-store" });
  if (answer.status >= 500) throw new Error("server");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (!fresh) return location.reload();
  await released();
  // Meanwhile an answer to a press took its place, or somebody began to type: that is newer than this.
  if (old !== main() || press.underWay || (clean && halfDone(old))) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const key = focused && (focused.id || (focused.name && `${focused.name}=${focused.value}`));
  for (const open of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  old.replaceWith(fresh);
  if (key) {
    for (const node of fresh.querySelectorAll("button, input, a, select, textarea")) {
      if ((node.id || (node.name && `${node.name}=${node.value}`)) === key) node.focus({ preventScroll: true });
    }
  } else if (focused) {
    fresh.focus({ preventScroll: true });
  }
  for (const listener of listeners) listener(fresh);
}

// One at a time; what is told meanwhile is looked at right after.
async function take(read) {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      const part = main();
      const state = part && (await read());
      if (state && changed(state, part.dataset) && !inTheMiddle(part, state)) await refresh();
    } while (again);
    misses = 0;
  } catch {
    misses += 1;
  } finally {
    busy = false;
  }
  const warning = main()?.querySelector(".offline");
  if (warning) warning.hidden = misses < 3;
}

async function ask() {
  const answer = await fetch(main().dataset.live, { cache: "no-store" });
  if (!answer.ok) throw new Error("server");
  return answer.json();
}

export const look = () => (main() ? take(ask) : undefined);

const streaming = () => source !== null && source.readyState === 1 && heard > 0;

// A whole room hears of a step in the same moment; its phones fetch it one after the other.
function hear(event) {
  heard = Date.now();
  misses = 0;
  told = JSON.parse(event.data);
  const wait = Number(told.spread || 0) * Math.random();
  setTimeout(() => take(async () => told), wait);
}

function listen() {
  const url = main()?.dataset.stream;
  if (!url || source || !("EventSource" in window) || document.visibilityState === "hidden") return;
  tried = Date.now();
  source = new EventSource(url);
  source.addEventListener("message", hear);
  source.addEventListener("error", () => {
    // Closed for good: there is no stream here, and asking now and then does as well.
    if (source?.readyState === 2) source = null;
    look();
  });
}

function hush() {
  source?.close();
  source = null;
  heard = 0;
}

async function follow() {
  const every = Number(main()?.dataset.every || 2000);
  // A stream that ended for good, for example while the server was renewed, is tried again once it answers.
  if (!source && misses === 0 && Date.now() - tried > SAFETY) listen();
  if (!streaming() || Date.now() - heard > SAFETY) {
    heard = streaming() ? Date.now() : heard;
    await look();
  }
  // After a failure wait longer, so that a whole room does not come back in the same second.
  setTimeout(follow, jitter(Math.min(every * 2 ** Math.min(misses, 4), 15000)));
}

if (main()) {
  document.documentElement.classList.add("live");
  listen();
  setTimeout(follow, jitter(Number(main().dataset.every || 2000)));
  document.addEventListener("visibilitychange", () => {
    // A page that nobody sees holds no connection; a browser has only a few for each site.
    if (document.visibilityState === "hidden") return hush();
    listen();
    look();
  });
  addEventListener("online", () => {
    listen();
    look();
  });
}
