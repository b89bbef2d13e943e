// Puts the player in place of the button, and only then reaches out to the film's own site.
// Without this script the button is a link to the film's page.

document.addEventListener("click", (press) => {
  const link = press.target.closest?.("[data-player] > a");
  if (!link || press.button || press.metaKey || press.ctrlKey || press.shiftKey) return;
  press.preventDefault();
  const place = link.parentElement;
  const address = new URL(place.dataset.player);
  address.searchParams.set("autoplay", "1");
  const player = document.createElement("iframe");
  player.title = place.dataset.title;
  player.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  player.allowFullscreen = true;
  // The site's own policy tells other sites nothing, and YouTube then refuses to play (error 153).
  player.referrerPolicy = "strict-origin-when-cross-origin";
  player.src = address.href;
  link.replaceWith(player);
  player.focus();
});
