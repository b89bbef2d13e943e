// Whoever stops while a figure still waits on this phone is told so.

try {
  const { queue } = document.querySelector("main").dataset;
  const waits = Object.keys(localStorage).some((key) => key.startsWith(queue));
  document.querySelector("[data-waiting]").hidden = !waits;
} catch {
  /* this browser keeps nothing anyway */
}
