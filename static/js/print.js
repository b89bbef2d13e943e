// A page to print gets a print button; without scripts the browser's own menu does it.
for (const place of document.querySelectorAll("[data-print]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = place.dataset.print;
  button.addEventListener("click", () => window.print());
  place.prepend(button);
}
