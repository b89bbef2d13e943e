// The screen of a draw: count down on the server's clock, then look every few seconds whether the number came.

const LOOK_EACH = 5000;
const began = performance.now();
const two = (number) => String(number).padStart(2, "0");

function left(node) {
  return Math.max(0, (Number(node.dataset.until) - Number(node.dataset.server) - (performance.now() - began)) / 1000);
}

function tick() {
  const node = document.querySelector("[data-count-down]");
  if (!node) return;
  const seconds = Math.ceil(left(node));
  const text = `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  if (node.textContent !== text) node.textContent = text;
}

async function look() {
  const main = document.querySelector("main");
  const node = document.querySelector("[data-count-down]");
  if (main.querySelector("[data-done]") || (node && left(node) > 0)) return;
  try {
    const answer = await fetch(location.href, { headers: { "X-Part": "pane" }, cache: "no-store" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const changed = (part) => part.querySelector("[data-stage]").dataset.stage;
    if (fresh && changed(fresh) !== changed(main)) main.replaceWith(fresh);
  } catch {
    /* the wifi of a meeting hall; the next look may work */
  }
}

tick();
setInterval(tick, 250);
setInterval(look, LOOK_EACH);
