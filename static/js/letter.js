// A letter or an own code stands behind the # of the address, which never reaches a server log.

function read() {
  const form = document.querySelector("form[data-code]");
  const code = location.hash.slice(1);
  if (!form || !/^[0-9A-Z]{5}-?[0-9A-Z]{5}$/i.test(code)) return;
  history.replaceState(null, "", location.pathname);
  form.querySelector("[name=code]").value = code;
  form.submit();
}

// A second tap on a slow phone is no second answer; the server knows that as well.
let sent = false;
document.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
  setTimeout(() => (sent = false), 3000);
});

const aloud = document.querySelector("[data-speak]");
if (aloud) {
  aloud.hidden = !window.speechSynthesis;
  aloud.addEventListener("click", () => import("./speak.js").then((speak) => speak.toggle()).catch(() => {}));
}
// Going back to, or refreshing, a page that answered a form would make the browser ask to send it once more.
if (document.querySelector("form[data-steps]")) history.replaceState(null, "", location.href);

// Going back a page loses nothing of who somebody is, and nothing stays once they have answered.
const KEPT = "beslisavond-letter";
const who = document.querySelector("form[data-who]");
const fields = who ? [...who.querySelectorAll("input[type=text], input[type=email], input[type=checkbox]")] : [];
const key = () => `${who.querySelector("[name=item]").value} ${location.search}`;

function keep() {
  const typed = fields.map((field) => (field.type === "checkbox" ? field.checked : field.value));
  sessionStorage.setItem(KEPT, JSON.stringify([key(), typed]));
}

function restore() {
  const [whose, typed] = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
  if (whose !== key() || fields.some((field) => field.type !== "checkbox" && field.value)) return;
  fields.forEach((field, at) => {
    if (field.type === "checkbox") field.checked = typed[at];
    else field.value = typed[at];
  });
}

try {
  if (document.querySelector("[data-answered]")) sessionStorage.removeItem(KEPT);
  if (fields.length) {
    restore();
    addEventListener("pagehide", keep);
  }
} catch {
  /* this browser keeps nothing */
}

document.querySelector(".summary, .notice[role=alert]")?.focus();
read();
addEventListener("hashchange", read);
