// Whoever stops while a figure, or a division, still waits on this phone is told so.

try {
  const { queue } = document.querySelector("main").dataset;
  const own = JSON.parse(localStorage.getItem(queue.replace(/tap-$/, "own")));
  const waits = own?.shares || Object.keys(localStorage).some((key) => key.startsWith(queue));
  document.querySelector("[data-waiting]").hidden = !waits;
} catch {
  /* this browser keeps nothing anyway */
}
