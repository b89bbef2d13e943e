// Typing forms fast: one key per plan goes on to the next; a double press sends once.

const form = document.querySelector("form.marks");

if (form) {
  const keys = [...form.querySelectorAll("input.key")];
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!keys.includes(field) || !/^[1-5htlo-]$/i.test(field.value)) return;
    (keys[keys.indexOf(field) + 1] || form.querySelector("button")).focus();
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    const place = keys.indexOf(field);
    if (place < 0) return;
    if (event.key === "ArrowUp" || (event.key === "Backspace" && !field.value)) {
      keys[place - 1]?.focus();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || (event.key === "Enter" && keys[place + 1])) {
      (keys[place + 1] || form.querySelector("button")).focus();
      event.preventDefault();
    }
  });
  form.addEventListener("focusin", (event) => keys.includes(event.target) && event.target.select());
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}
