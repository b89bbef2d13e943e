// Somebody divides the pot on a phone. What was chosen waits on this phone until the server says that it has it;
// the latest choice counts. Loaded by phone.js when the page has a part with data-module.

import { listeners, look, refresh } from "./live.js";

const TYPING = 800;
const SETTLES = 600;
const LONGEST_TRY = 12000;
const LONGEST_PAUSE = 15000;
const QUIET = 1000;
const HOLD = 500;
const REPEATS = 120;

const main = () => document.querySelector("main");
const form = () => document.querySelector("form.own");
const { evening, seat } = main().dataset;
const key = `beslisavond-${evening}-${seat}-own`;
const memory = {};
// given: what counts now, in cents per plan id, also when a field holds something that cannot be read.
let given = {};
let sending = 0;
let pause = 0;
let timer = 0;
let typing = 0;
let speaking = 0;
let lastNamed = "";
let refused = "";
let note = "";
let holding = 0;
let held = null;

// n: the highest number used; shares: what is not received yet, or null; last: what was received last.
function kept() {
  let text = memory[key];
  try {
    text = localStorage.getItem(key) ?? text;
  } catch {
    /* this browser keeps nothing; the page does, as long as it is open */
  }
  try {
    return { n: 0, shares: null, last: null, ...JSON.parse(text) };
  } catch {
    return { n: 0, shares: null, last: null };
  }
}

function keep(changes) {
  memory[key] = JSON.stringify({ ...kept(), ...changes });
  try {
    localStorage.setItem(key, memory[key]);
  } catch {
    /* see above */
  }
}

const same = (one, other) =>
  [...Object.keys(one), ...Object.keys(other)].every((plan) => (one[plan] || 0) === (other[plan] || 0));

const dots = (euros) => String(euros).replace(/\B(?=(\d{3})+$)/g, ".");
const inField = (cents) => dots(Math.floor(cents / 100));
const euros = (cents) => `€\u00a0${inField(cents)}${cents % 100 ? `,${String(cents % 100).padStart(2, "0")}` : ""}`;

// As pb/core/money.py reads it, whole euros only; null for what has no one reading.
function read(text) {
  const bare = text.trim().replace(/^(€|eur(o)?\b)\s*|\s*(€|euro?)$/gi, "").replace(/,\s?(-|–|—|=|0|00)$/, "");
  if (!text.trim()) return 0;
  return /^(\d{1,9}|[1-9]\d{0,2}([. ]\d{3}){1,2})$/.test(bare) ? Number(bare.replace(/[. ]/g, "")) * 100 : null;
}

const rows = () => [...(form()?.querySelectorAll("[data-plan]") || [])];
const field = (row) => row.querySelector("input");
const red = () => rows().find((row) => row.classList.contains("has-error"));
const rest = () => Number(form().dataset.pot) - Object.values(given).reduce((sum, cents) => sum + cents, 0);
const most = (row) => Math.max(0, Math.min(Number(row.dataset.limit), given[row.dataset.plan] + Math.max(0, rest())));
const blocked = () => {
  const tick = form()?.querySelector("[name=instead]");
  return Boolean(tick && !tick.checked);
};

function wrong(row, text) {
  const line = row.querySelector(".wrong");
  line.textContent = text;
  line.hidden = !text;
  row.classList.toggle("has-error", Boolean(text));
  if (text) field(row).setAttribute("aria-invalid", "true");
  else field(row).removeAttribute("aria-invalid");
}

function put(row, cents) {
  given[row.dataset.plan] = cents;
  field(row).value = inField(cents);
  wrong(row, "");
}

// -- what is seen and heard --------------------------------------------------------------------------------

function state() {
  const words = form().dataset;
  const draft = kept();
  if (refused) return ["refused", refused, ""];
  if (red()) return ["refused", words.red, ""];
  if (draft.shares && blocked()) return ["waiting", words.waiting, words.tick];
  if (draft.shares && sending === draft.n) return ["sending", words.sending, ""];
  if (draft.shares) return ["waiting", words.waiting, pause ? words.stay : ""];
  return Number(words.n) ? ["received", `${words.received} ✓`, words.receipt] : ["", "", words.nothing];
}

function draw() {
  const part = form();
  if (!part) return;
  const left = rest();
  part.querySelector("[data-rest]").textContent = euros(Math.max(0, left));
  let begin = 0;
  for (const row of rows()) {
    const cents = given[row.dataset.plan];
    const bar = part.querySelector(`[data-part="${row.dataset.plan}"]`);
    const width = Math.floor((1000 * cents) / part.dataset.pot);
    bar.setAttribute("x", begin);
    bar.setAttribute("width", width);
    begin += width;
    for (const button of row.querySelectorAll("[data-by]")) {
      const off = button.dataset.by > 0 ? cents + 100 > most(row) : !cents;
      button.setAttribute("aria-disabled", String(off));
    }
  }
  const [kind, word, after] = state();
  const strong = document.createElement("strong");
  strong.className = kind;
  strong.textContent = word;
  part.querySelector("[data-state]").replaceChildren(strong, after ? ` ${after}` : "");
  part.querySelector("[data-hand-in]").closest("p").hidden = kind === "received";
  part.querySelector(".what-code").hidden = kind !== "received";
  if (!lastNamed && kind !== "refused") return;
  const said = `${lastNamed} ${part.dataset.left} ${euros(Math.max(0, left))}. ${word.replace("✓", "").trim()}${kind === "received" ? "." : ` ${after}`}`;
  // A screen reader hears where it came to, not every press on the way.
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const place = form()?.querySelector("[data-say]");
    if (place && place.textContent !== said.trim()) place.textContent = said.trim();
  }, kind === "received" || kind === "" || kind === "refused" ? QUIET : QUIET * 4);
}

function tell() {
  const old = main().querySelector("[data-own-told]");
  if (old?.textContent === note) return;
  old?.remove();
  if (!note) return;
  const line = document.createElement("p");
  line.className = "notice warn";
  line.dataset.ownTold = "";
  line.setAttribute("role", "alert");
  line.textContent = note;
  main().prepend(line);
}

// -- what is chosen ------------------------------------------------------------------------------------------

function changed(row) {
  refused = "";
  note = "";
  tell();
  if (row) lastNamed = `${row.dataset.title}: ${euros(given[row.dataset.plan])}.`;
  const n = Math.max(kept().n, Number(form().dataset.n)) + 1;
  keep({ n, shares: { ...given } });
  draw();
  soon(SETTLES);
}

function step(row, by, size) {
  const cents = given[row.dataset.plan];
  // From 8.250 the next steps are 8.000 and 8.500.
  const to = by > 0 ? Math.min((Math.floor(cents / size) + 1) * size, most(row)) : (Math.ceil(cents / size) - 1) * size;
  const next = Math.max(0, Math.floor(to / 100) * 100);
  if (next === cents || (by > 0 && next < cents)) return draw();
  put(row, next);
  changed(row);
}

function press(button) {
  if (!button.isConnected || button.getAttribute("aria-disabled") === "true") return release();
  return step(button.closest("[data-plan]"), Number(button.dataset.by), Number(button.dataset.step));
}

// Who keeps a button down goes on, step after step; the click at the end of that is no step of its own.
function hold(button) {
  release();
  held = null;
  if (!button) return;
  holding = setTimeout(() => {
    held = button;
    holding = setInterval(press, REPEATS, button);
  }, HOLD);
}

function release() {
  clearTimeout(holding);
  clearInterval(holding);
}

function typed(row) {
  clearTimeout(typing);
  const words = form().dataset;
  const cents = read(field(row).value);
  const known = given[row.dataset.plan];
  let why = "";
  if (cents === null) why = words.whole;
  else if (cents > Number(row.dataset.limit)) why = words.above.replace("{most}", euros(Number(row.dataset.limit)));
  else if (cents > known && cents > most(row)) why = words.over.replace("{most}", euros(Math.floor(most(row) / 100) * 100));
  if (why) {
    wrong(row, `${why} ${words.until.replace("{good}", euros(known))}`);
    // The page still follows the room: what cannot be read is nothing to wait for.
    field(row).defaultValue = field(row).value;
    row.scrollIntoView({ block: "nearest" });
    return draw();
  }
  wrong(row, "");
  given[row.dataset.plan] = cents;
  if (document.activeElement !== field(row)) field(row).value = inField(cents);
  if (cents !== known) changed(row);
  else settle();
}

// -- on its way ------------------------------------------------------------------------------------------------

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

const jitter = (time) => time * (0.7 + Math.random() * 0.6);

async function send() {
  clearTimeout(timer);
  if (sending || refused || !form() || blocked() || !kept().shares) return draw();
  const draft = kept();
  sending = draft.n;
  draw();
  const wait = await post(draft);
  sending = 0;
  if (wait !== null && kept().shares) soon(wait);
  draw();
}

// Gives how long to wait before the next try, or null where trying again makes no sense.
async function post(draft) {
  const part = form();
  const tick = part.querySelector("[name=instead]");
  const late = new AbortController();
  const tooLate = setTimeout(() => late.abort(), LONGEST_TRY);
  let answer;
  let text = null;
  try {
    answer = await fetch(part.dataset.send, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ n: draft.n, shares: draft.shares, ...(tick ? { instead: Number(tick.value) } : {}) }),
      cache: "no-store",
      redirect: "error",
      keepalive: true,
      signal: late.signal,
    });
    text = await answer.json();
  } catch {
    if (!answer) return later(0);
  } finally {
    clearTimeout(tooLate);
  }
  return take(draft, answer, text || {});
}

async function take(draft, answer, text) {
  // Wi-Fi that first wants a login answers everything, with 200 too: only our own answer counts.
  if (answer.ok && text.status === "stored" && text.n >= draft.n) return received(draft, text);
  if (answer.ok && text.status === "overtaken" && Number.isInteger(text.n)) {
    keep({ n: Math.max(kept().n, text.n) + 1 });
    return 0;
  }
  const { code } = text;
  if (typeof code !== "string" || answer.status < 400 || answer.status >= 500 || answer.status === 429) {
    return later(Number(answer.headers.get("Retry-After")) * 1000);
  }
  if (code === "evening.device-replaced") keep({ n: 0, shares: null, last: null });
  else refused = code === "divide.already-given" ? "" : text.text;
  for (const row of rows()) field(row).defaultValue = field(row).value;
  // The page itself is the best answer: that it is closed, that there is paper, that another phone has the seat.
  return refresh().then(() => null, () => later(0));
}

function received(draft, text) {
  pause = 0;
  const now = kept();
  keep({ last: { n: text.n, shares: draft.shares, receipt: text.receipt } });
  if (now.n === draft.n) keep({ n: Math.max(now.n, text.n), shares: null });
  const part = form();
  if (!part) return 0;
  Object.assign(part.dataset, { n: text.n, receipt: text.receipt, way: "phone" });
  part.querySelector("[data-ask]")?.remove();
  settle();
  return 0;
}

// What is received and stands in the fields is what the page would show: it may follow the room again.
function settle() {
  if (kept().shares) return;
  for (const row of rows()) {
    const at = field(row);
    if (read(at.value) === given[row.dataset.plan] && document.activeElement !== at) at.value = inField(given[row.dataset.plan]);
    if (read(at.value) === given[row.dataset.plan]) at.defaultValue = at.value;
  }
  draw();
}

function later(least) {
  pause = Math.min((pause || 500) * 2, LONGEST_PAUSE);
  return jitter(Math.max(pause, least || 0));
}

function hurry() {
  pause = 0;
  if (!sending && kept().shares) soon(0);
}

// -- the page ----------------------------------------------------------------------------------------------------

function begin() {
  const part = form();
  if (!part) close();
  else if (!part.dataset.taken) takePart(part);
  tell();
}

// What the page says is here, unless this phone knows of something newer.
function adopt(part) {
  const { last, shares, n } = kept();
  if (last && last.n > Number(part.dataset.n)) {
    Object.assign(part.dataset, { n: last.n, receipt: last.receipt, way: "phone" });
    for (const row of rows()) {
      put(row, last.shares[row.dataset.plan] || 0);
      field(row).defaultValue = field(row).value;
    }
  }
  const server = Number(part.dataset.n);
  if (shares && n <= server && (same(shares, given) || part.dataset.way !== "paper")) {
    if (!same(shares, given)) note = part.dataset.later;
    keep({ n: server, shares: null });
  } else if (shares) {
    for (const row of rows()) put(row, shares[row.dataset.plan] || 0);
    if (n <= server) keep({ n: server + 1, shares: { ...given } });
  }
  draw();
}

function takePart(part) {
  part.dataset.taken = "1";
  given = {};
  for (const row of rows()) put(row, read(field(row).defaultValue) || 0);
  adopt(part);
  for (const hidden of part.querySelectorAll(".own-buttons")) hidden.hidden = false;
  main().querySelector("[data-by-itself]").hidden = false;
  part.addEventListener("click", (event) => {
    const button = event.target.closest("[data-by]");
    if (button && button !== held) press(button);
    held = null;
  });
  part.addEventListener("pointerdown", (event) => hold(event.target.closest("[data-by]")));
  part.addEventListener("contextmenu", (event) => event.target.closest("[data-by]") && event.preventDefault());
  part.addEventListener("input", (event) => {
    const row = event.target.closest("[data-plan]");
    clearTimeout(typing);
    if (row) typing = setTimeout(() => typed(row), TYPING);
  });
  part.addEventListener("change", (event) => {
    const row = event.target.closest("[data-plan]");
    if (row) typed(row);
    else hurry();
    draw();
  });
  part.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const row of rows()) if (field(row).value !== field(row).defaultValue) typed(row);
    if (red()) return field(red()).focus();
    if (!kept().shares) changed();
    hurry();
  });
  hurry();
}

// The amounts are worked out: what this phone still held came too late, unless it was counted after all.
function close() {
  const after = main().querySelector("[data-own-after]");
  const draft = kept();
  refused = "";
  if (!after || !draft.shares) return;
  if (!same(draft.shares, JSON.parse(after.dataset.given))) note = after.dataset.late;
  keep({ n: draft.n, shares: null });
}

listeners.add(begin);
for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, release, true);
addEventListener("online", () => {
  hurry();
  look();
});
// Another tab of the same phone chose something, or heard that it was received.
addEventListener("storage", (event) => {
  if (event.key === key && form() && !sending) adopt(form());
});
// Whoever puts the phone away has said it all: it goes now, not in a moment.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const row of rows()) if (field(row).value !== field(row).defaultValue) typed(row);
  hurry();
});
begin();
