// Keep a page up to date: ask for two small numbers, and fetch the changed part when they moved.

const main = () => document.querySelector("main[data-live]");
const jitter = (time) => time * (0.85 + Math.random() * 0.3);
let misses = 0;
let busy = false;

export const listeners = new Set();

function changed(state, held) {
  return state.v !== Number(held.v) || (held.follow === "seq" && state.seq !== Number(held.seq));
}

// What somebody has half typed is never thrown away; a playing film is not disturbed by a change of counts.
function inTheMiddle(part, state) {
  const fields = [...part.querySelectorAll("textarea, input[type=text]")];
  if (fields.some((field) => field.value !== field.defaultValue)) return true;
  return state.v === Number(part.dataset.v) && part.querySelector("iframe, details[open]") !== null;
}

export async function refresh() {
  const answer = await fetch(location.href, { headers: { "X-Part": "pane" }, cache: "no-store" });
  if (answer.status >= 500) throw new Error("server");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (!fresh) return location.reload();
  const old = main();
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const key = focused && (focused.id || (focused.name && `${focused.name}=${focused.value}`));
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

export async function look() {
  const part = main();
  if (!part || busy) return;
  busy = true;
  try {
    const answer = await fetch(part.dataset.live, { cache: "no-store" });
    if (!answer.ok) throw new Error("server");
    const state = await answer.json();
    if (changed(state, part.dataset) && !inTheMiddle(part, state)) await refresh();
    misses = 0;
  } catch {
    misses += 1;
  } finally {
    busy = false;
  }
  const warning = main()?.querySelector(".offline");
  if (warning) warning.hidden = misses < 3;
}

async function follow() {
  await look();
  const every = Number(main()?.dataset.every || 2000);
  // After a failure wait longer, so that a whole room does not come back in the same second.
  setTimeout(follow, jitter(Math.min(every * 2 ** Math.min(misses, 4), 15000)));
}

if (main()) {
  document.documentElement.classList.add("live");
  setTimeout(follow, jitter(Number(main().dataset.every || 2000)));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  addEventListener("online", look);
}
