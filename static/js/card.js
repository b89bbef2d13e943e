// A scanned card holds its secret behind the # of the address, which never reaches a server log.

function read() {
  const token = location.hash.slice(1);
  if (!/^[A-Za-z0-9_-]{22}$/.test(token)) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("token").value = token;
  document.getElementById("kaart").submit();
}

// A phone that was given back keeps nothing of who had it.
async function forget() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("beslisavond-")) localStorage.removeItem(key);
  } catch {
    /* this browser keeps nothing anyway */
  }
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("beslisavond-")) await caches.delete(name);
}

if (document.querySelector("main[data-stopped]")) {
  forget();
  history.replaceState(null, "", location.pathname);
}
read();
addEventListener("hashchange", read);
