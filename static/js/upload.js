// Sends a long list with a bar: first how much of it went up, then how far the server is with reading it.
// Without this script the form is sent as any other; so it is when the answer is not what we expected.

const LINES = "application/x-ndjson";
// Sending takes longest where the network is slow, reading where it is fast.
const SENDING = 60;
const READING = 38;
const LONG = 300_000;
let busy = false;

addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-sending]");
  if (!form) return;
  const file = form.querySelector("input[type=file]").files[0];
  if (busy) return event.preventDefault();
  // A short list is there before anybody could see a bar.
  if (!file || file.size < LONG) return;
  event.preventDefault();
  send(form, file);
});
// Coming back to this page finds it as it was.
addEventListener("pageshow", (event) => event.persisted && location.reload());

function send(form, file) {
  const place = document.querySelector("[data-progress]");
  const [bar, words, part, wrong] = ["progress", "[data-words]", "[data-part]", "[data-wrong]"].map((one) =>
    place.querySelector(one),
  );
  const button = form.querySelector("button");
  let heard = 0;
  let last = {};

  const tell = (percent, text) => {
    bar.value = percent;
    // Read aloud when something else begins, and not at every step.
    if (words.textContent !== text) words.textContent = text;
    part.textContent = `${Math.floor(percent)} %`;
  };
  const stop = (text) => {
    busy = false;
    button.disabled = false;
    bar.hidden = words.hidden = true;
    part.textContent = "";
    wrong.textContent = text;
    wrong.hidden = false;
    wrong.focus();
  };

  busy = true;
  button.disabled = true;
  place.hidden = bar.hidden = words.hidden = false;
  wrong.hidden = true;
  tell(0, form.dataset.sending);
  place.scrollIntoView({ block: "nearest" });

  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", LINES);
  request.setRequestHeader("X-Part", "pane");
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    tell(total ? (SENDING * loaded) / total : 0, form.dataset.sending);
  });
  request.upload.addEventListener("load", () => tell(SENDING, form.dataset.reading));

  const isOurs = () => (request.getResponseHeader("Content-Type") ?? "").startsWith(LINES);
  const hear = () => {
    if (request.status !== 200 || !isOurs()) return;
    const end = request.responseText.lastIndexOf("\n") + 1;
    if (end <= heard) return;
    for (const line of request.responseText.slice(heard, end).trim().split("\n")) last = { ...last, ...JSON.parse(line) };
    heard = end;
    if (!last.go) return tell(SENDING + READING * (last.part ?? 0), form.dataset.reading);
    // The next page counts who takes part, which takes a few seconds for a whole city.
    tell(100, form.dataset.counting);
    part.textContent = "";
    bar.removeAttribute("value");
  };
  request.addEventListener("progress", hear);
  request.addEventListener("load", () => {
    hear();
    if (last.go) return location.assign(last.go);
    if (last.main) return replace(last.main);
    if (last.said) return stop(last.said);
    // Too big, logged out, or told to wait: the page that says so is the answer to a plain form.
    form.submit();
  });
  request.addEventListener("error", () => stop(form.dataset.lost));
  request.send(new FormData(form));
}

function replace(html) {
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  document.querySelector("main").replaceWith(made);
  busy = false;
  scrollTo(0, 0);
  const what = made.querySelector("[role=alert]");
  if (what) what.tabIndex = -1;
  what?.focus();
}
