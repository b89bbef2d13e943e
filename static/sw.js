// Keeps the page of one seat at hand for when the network is gone. The network always comes first: what is kept
// is shown only when no answer comes at all, or when nobody is there behind the door (502, 503, 504).

const KEPT = "beslisavond-seat";
const PAGE = /^\/avond\/\d+\/stoel$/;
const FILE = /^\/(static\/|thema\.css$)/;
const AWAY = new Set([502, 503, 504]);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  await self.clients.claim();
  for (const client of await self.clients.matchAll({ type: "window" })) {
    if (PAGE.test(new URL(client.url).pathname)) await fetchPage(client.url).catch(() => {});
  }
}

async function fetchPage(url) {
  const answer = await fetch(url, { cache: "no-store", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const html = await answer.clone().text();
  await keep(new URL(url).pathname, answer);
  const files = [...html.matchAll(/(?:href|src|data-module)="(\/(?:static\/|thema\.css)[^"]*)"/g)].map((found) => found[1]);
  for (const file of new Set(files)) {
    const got = await fetch(file).catch(() => null);
    if (got?.ok) await keep(file, got);
  }
}

async function keep(path, answer) {
  const kept = await caches.open(KEPT);
  await kept.put(path, answer);
}

async function drop(path) {
  const kept = await caches.open(KEPT);
  await kept.delete(path);
}

async function find(path) {
  const kept = await caches.open(KEPT);
  return kept.match(path);
}

// A live page fetches only its middle part; put that into the whole page that is kept.
async function renew(path, part) {
  const whole = await find(path);
  if (!whole) return;
  const html = (await whole.text()).replace(/<main[\s\S]*<\/main>/, () => part);
  await keep(path, new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
}

async function seatPage(event, path) {
  const isPart = event.request.headers.get("X-Part") !== null;
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (error) {
    const kept = isPart ? null : await find(path);
    if (kept) return kept;
    throw error;
  }
  if (AWAY.has(answer.status)) return (!isPart && (await find(path))) || answer;
  if (answer.status === 404 || answer.status === 409) event.waitUntil(drop(path));
  if (answer.ok && !answer.redirected) {
    const copy = answer.clone();
    event.waitUntil(isPart ? copy.text().then((part) => part.includes("<main") && renew(path, part)) : keep(path, copy));
  }
  return answer;
}

async function file(event, path) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(path, answer.clone()));
    return answer;
  } catch (error) {
    const kept = await find(path);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { origin, pathname, search } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== "GET") return;
  if (PAGE.test(pathname)) event.respondWith(seatPage(event, pathname));
  else if (FILE.test(pathname)) event.respondWith(file(event, pathname + search));
});
