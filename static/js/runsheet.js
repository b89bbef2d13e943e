// Several forms stand on this page, each with its own button. What is typed in the others is kept.

const key = `draaiboek-${location.pathname.split("/")[2]}`;
const fields = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
const touched = (field) =>
  field.type === "checkbox"
    ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT"
      ? !field.options[field.selectedIndex]?.defaultSelected && field.selectedIndex > 0
      : field.value !== field.defaultValue;

document.addEventListener("submit", (event) => {
  const kept = [];
  for (const form of document.querySelectorAll("main form")) {
    if (form === event.target) continue;
    for (const field of fields(form)) {
      if (touched(field)) kept.push([new URL(form.action).pathname, field.name, field.type === "checkbox" ? field.checked : field.value]);
    }
  }
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    /* a browser that keeps nothing */
  }
});

try {
  const kept = JSON.parse(sessionStorage.getItem(key) || "[]");
  sessionStorage.removeItem(key);
  for (const [path, name, value] of kept) {
    const form = [...document.querySelectorAll("main form")].find((one) => new URL(one.action).pathname === path);
    const field = form && fields(form).find((one) => one.name === name);
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value;
  }
  // A form that was refused is what somebody must see.
  const wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
} catch {
  /* nothing was kept */
}
