// Clocks that run between two refreshes: a timer that counts up, and a countdown. The moment on the server
// comes with the page and time then passes on a steady clock, so a laptop whose clock is wrong does not matter.

const seen = new WeakMap();

export function serverTime(node) {
  if (!seen.has(node)) seen.set(node, performance.now());
  return Number(node.dataset.server) + performance.now() - seen.get(node);
}

function twoDigits(number) {
  return String(number).padStart(2, "0");
}

function tick() {
  for (const node of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((serverTime(node) - Number(node.dataset.since)) / 1000));
    const text = `${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`;
    if (node.textContent !== text) node.textContent = text;
    node.parentElement.classList.toggle("over", seconds > Number(node.dataset.minutes) * 60);
  }
  for (const node of document.querySelectorAll("[data-until]")) {
    const left = (Number(node.dataset.until) - serverTime(node)) / 1000;
    const text = String(Math.max(0, Math.ceil(left)));
    if (node.textContent !== text) node.textContent = text;
    // Whoever started it presses first; another console follows only if that one is gone.
    if (node.dataset.press !== undefined && left <= -Number(node.dataset.press) && !node.dataset.done) {
      node.dataset.done = "1";
      document.dispatchEvent(new CustomEvent("count-down-over"));
    }
  }
}

tick();
setInterval(tick, 250);
