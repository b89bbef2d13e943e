// Puts the player in place of the button, and only then reaches out to the film's own site.
// Without this script the button is a link to the film's page. On the big screen a film that does not come
// makes room for the plan in words; when it comes after all, it gets its place back.

const WAITS = 6000;
// These players say that they are there; of another one nobody can know.
const SAYS = /(^|\.)(youtube-nocookie\.com|vimeo\.com)$/;
const find = (what) => document.querySelector(`main ${what}`);

function show(what, shown) {
  const part = find(`[data-film-${what}]`);
  if (part) part.hidden = !shown;
  return part;
}

function missing(yes) {
  const place = find("[data-player]");
  if (place && show("instead", yes)) place.classList.toggle("away", yes);
}

function watch(player, address) {
  const began = performance.now();
  const says = SAYS.test(address.hostname);
  let told = false;
  // YouTube answers whoever says that it listens.
  const asking = setInterval(() => {
    if (!player.isConnected) return stop();
    player.contentWindow.postMessage('{"event":"listening","id":"film","channel":"widget"}', "*");
    if (told || performance.now() - began < WAITS) return;
    told = true;
    if (says) missing(true);
    else show("silent", true);
  }, 500);
  const stop = () => {
    clearInterval(asking);
    removeEventListener("message", hear);
  };
  const hear = (message) => {
    if (message.source !== player.contentWindow) return;
    stop();
    if (told) missing(false);
    show("silent", false);
  };
  addEventListener("message", hear);
}

document.addEventListener("click", (press) => {
  if (press.target.closest?.("[data-film-back]")) return missing(false);
  const link = press.target.closest?.("[data-player] > a");
  if (!link || press.button || press.metaKey || press.ctrlKey || press.shiftKey) return;
  press.preventDefault();
  const bigScreen = find("[data-film-instead]");
  if (bigScreen && !navigator.onLine) return missing(true);
  const place = link.parentElement;
  const address = new URL(place.dataset.player);
  address.searchParams.set("autoplay", "1");
  if (bigScreen && address.hostname.endsWith("youtube-nocookie.com")) address.searchParams.set("enablejsapi", "1");
  const player = document.createElement("iframe");
  player.title = place.dataset.title;
  player.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  player.allowFullscreen = true;
  // The site's own policy tells other sites nothing, and YouTube then refuses to play (error 153).
  player.referrerPolicy = "strict-origin-when-cross-origin";
  player.src = address.href;
  link.replaceWith(player);
  player.focus();
  if (bigScreen) watch(player, address);
});

addEventListener("online", () => missing(false));
