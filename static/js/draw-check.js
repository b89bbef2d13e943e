// Check a draw in the visitor's own browser, the same as draw_verify.py does with the files that everyone may
// have: the list, the certificate, and the hash that was published. Nothing is sent anywhere.

const PACK = "beslisavond-draw-1";
const CERTIFICATE = "beslisavond-draw-certificate-1";
const QUICKNET = "drand quicknet";
const BEGAN = 1692803367;
const EACH_SECONDS = 3;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

// -- writing and hashing -----------------------------------------------------------------------------------

function byCodePoint(one, other) {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    if (left[at] !== right[at]) return left[at].codePointAt(0) - right[at].codePointAt(0);
  }
  return left.length - right.length;
}

// JSON with sorted keys, without spaces, whole numbers only: the form in which everything is hashed.
export function canonical(facts) {
  if (typeof facts === "number") {
    if (!Number.isSafeInteger(facts)) throw new Error("no whole number");
    return String(facts);
  }
  if (facts === undefined) throw new Error("a part is missing");
  if (facts === null || typeof facts !== "object") return JSON.stringify(facts);
  if (Array.isArray(facts)) return `[${facts.map(canonical).join(",")}]`;
  const keys = Object.keys(facts).sort(byCodePoint);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(facts[key])}`).join(",")}}`;
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));
const sha256OfText = (text) => sha256(new TextEncoder().encode(text));

async function ownHash(facts) {
  const { sha256: _told, ...rest } = facts;
  return sha256OfText(canonical(rest));
}

export async function numberFrom(value, draw, panels) {
  const all = 2n ** 256n;
  const limit = all - (all % BigInt(panels));
  for (let counter = 0; ; counter += 1) {
    const found = BigInt(`0x${await sha256OfText(`${value}|${draw}|${counter}`)}`);
    if (found < limit) return [Number(found % BigInt(panels)), counter];
  }
}

// -- fractions ---------------------------------------------------------------------------------------------

function divisor(one, other) {
  return other === 0n ? one : divisor(other, one % other);
}

function fraction(top, bottom = 1n) {
  if (bottom === 0n) throw new Error("a division by nothing");
  const shared = divisor(top < 0n ? -top : top, bottom) || 1n;
  return { top: top / shared, bottom: bottom / shared };
}

function read(text) {
  const found = typeof text === "string" && /^(-?\d{1,400})(?:\/(\d{1,400}))?$/.exec(text);
  if (!found) throw new Error("no fraction");
  return fraction(BigInt(found[1]), BigInt(found[2] ?? "1"));
}

const compare = (one, other) => {
  const [left, right] = [one.top * other.bottom, other.top * one.bottom];
  return left < right ? -1 : left > right ? 1 : 0;
};
const equal = (one, other) => compare(one, other) === 0;
const write = (one) => (one.bottom === 1n ? String(one.top) : `${one.top}/${one.bottom}`);
const plus = (one, other) => fraction(one.top * other.bottom + other.top * one.bottom, one.bottom * other.bottom);
const same = (one, other) => canonical(one) === canonical(other);

// -- what is checked ---------------------------------------------------------------------------------------

function moment(written) {
  if (typeof written !== "string" || !MOMENT.test(written)) throw new Error("no moment");
  const at = Date.parse(written);
  if (Number.isNaN(at)) throw new Error("no moment");
  return at;
}

function roundFits(beacon) {
  if (beacon.source !== QUICKNET) return true;
  return moment(beacon.at) / 1000 === BEGAN + (beacon.round - 1) * EACH_SECONDS;
}

function panelsFit(pack) {
  const { people, panels, seats_drawn: seats } = pack;
  const outside = [...Object.keys(pack.invited), ...pack.left_out];
  let fits = panels.length === pack.panel_count && panels.length > 0;
  fits &&= !outside.some((code) => Object.hasOwn(people, code));
  fits &&= pack.seats === seats + Object.keys(pack.invited).length;
  fits &&= pack.household_rule || !Object.values(people).some((one) => one.home !== null);
  return (
    fits &&
    panels.every((panel) => {
      const homes = panel.filter((code) => Object.hasOwn(people, code)).map((code) => people[code].home);
      const shared = homes.filter((home) => home !== null);
      return (
        panel.length === seats &&
        new Set(panel).size === seats &&
        homes.length === seats &&
        panel.every((code, at) => at === 0 || byCodePoint(panel[at - 1], code) < 0) &&
        new Set(shared).size === shared.length
      );
    })
  );
}

function countTurns(pack) {
  const turns = new Map(Object.keys(pack.people).map((code) => [code, []]));
  pack.panels.forEach((panel, number) => panel.forEach((code) => turns.get(code)?.push(number)));
  return turns;
}

function chancesFit(pack, turns) {
  const { people, chances, promised } = pack;
  const codes = Object.keys(people).sort(byCodePoint);
  for (const told of [chances, promised]) {
    if (!same(Object.keys(told).sort(byCodePoint), codes)) return false;
  }
  const all = BigInt(pack.panels.length);
  let fits = codes.every((code) => equal(read(chances[code]), fraction(BigInt(turns.get(code).length), all)));
  const exact = new Map(codes.map((code) => [code, read(promised[code])]));
  const some = [...exact.values()].filter((chance) => chance.top !== 0n).sort(compare);
  if (!some.length) throw new Error("nobody has a chance");
  fits &&= equal(read(pack.lowest), some[0]) && equal(read(pack.highest), some[some.length - 1]);
  fits &&= equal(read(pack.average), fraction(BigInt(pack.seats_drawn), BigInt(codes.length)));
  const none = codes.filter((code) => exact.get(code).top === 0n);
  fits &&= same(none, pack.without_chance) && none.every((code) => turns.get(code).length === 0);
  // A replacement starts from who stays; any other list gives everybody about the turns that were promised.
  const most = pack.mode === "replacement" ? 20n * all : 3n * all > 40n ? 3n * all : 40n;
  const isFar = (code) => {
    const { top, bottom } = exact.get(code);
    const off = BigInt(turns.get(code).length) * bottom - top * all;
    return 20n * (off < 0n ? -off : off) > most * bottom;
  };
  fits &&= !codes.some(isFar);
  if (pack.is_exact) {
    // A few chances come again and again: add each once, times the people that have it.
    const times = new Map();
    for (const chance of exact.values()) times.set(write(chance), (times.get(write(chance)) ?? 0n) + 1n);
    let sum = fraction(0n);
    for (const [chance, people_] of times) sum = plus(sum, fraction(read(chance).top * people_, read(chance).bottom));
    fits &&= equal(sum, fraction(BigInt(pack.seats_drawn)));
  }
  return fits;
}

function spreadOf(chances) {
  const counts = new Map();
  for (const chance of Object.values(chances)) {
    const told = write(read(chance));
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => compare(read(one[0]), read(other[0])));
}

async function certificateFits(pack, certificate, digest) {
  const lines = (targets) => targets.map(({ feature, value, least, most }) => [feature, value, least, most]);
  const { beacon } = certificate;
  let fits = certificate.sha256 === (await ownHash(certificate));
  fits &&= certificate.pack_sha256 === digest && certificate.draw === pack.draw;
  fits &&= certificate.format === CERTIFICATE;
  fits &&= pack.beacon === null || ["source", "round", "at"].every((name) => same(beacon[name], pack.beacon[name]));
  fits &&= roundFits(beacon);
  fits &&= same(certificate.invited, Object.keys(pack.invited).sort(byCodePoint));
  fits &&= ["lowest", "highest", "average", "proof"].every((name) => same(certificate[name], pack[name]));
  fits &&= same(certificate.distribution, spreadOf(pack.chances));
  fits &&= same(lines(certificate.targets), lines(pack.targets));
  fits &&= certificate.targets.every(
    (line) => line.reached === undefined || (line.least <= line.reached && line.reached <= line.most),
  );
  if (beacon.signature) {
    const bytes = Uint8Array.from(beacon.signature.match(/../g), (pair) => Number.parseInt(pair, 16));
    fits &&= (await sha256(bytes)) === beacon.value;
  }
  return fits;
}

// Look at everything; ``told`` hears of each step whether it fits, with the figures for its sentence.
export async function check({ packText, certificateText, shown, pasted, code }, told) {
  const pack = JSON.parse(packText);
  if (pack.format !== PACK) throw new Error("no list");
  const digest = await ownHash(pack);
  // Written in another way than it was hashed: a key twice, or a number that is not whole.
  const plain = packText.trimEnd() === canonical(pack);
  told("hash", plain && pack.sha256 === digest && digest === shown, { hash: digest });
  if (pasted) told("pasted", pasted.toLowerCase().replace(/\s+/g, "") === digest);
  if (pack.beacon !== null) told("round", roundFits(pack.beacon), { round: pack.beacon.round });
  const counts = { panels: pack.panels.length, seats: pack.seats_drawn };
  told("panels", panelsFit(pack), counts);
  const turns = countTurns(pack);
  told("chances", chancesFit(pack, turns), { people: turns.size });
  let number = null;
  if (certificateText) {
    const certificate = JSON.parse(certificateText);
    told("early", moment(certificate.published_at) < moment(certificate.beacon.at));
    let counter;
    [number, counter] = await numberFrom(certificate.beacon.value, pack.draw, pack.panels.length);
    told("number", certificate.number === number && certificate.counter === counter, { number });
    told("panel", same(certificate.panel, pack.panels[number]), { number });
    told("certificate", await certificateFits(pack, certificate, digest));
  }
  if (code) {
    const mine = turns.get(code.trim().toUpperCase());
    told("code", mine !== undefined, { times: mine?.length ?? 0, panels: counts.panels });
    if (mine && number !== null) told(mine.includes(number) ? "in" : "out", true, { number });
  }
}

// -- on the page -------------------------------------------------------------------------------------------

function words(template, facts) {
  return template.replace(/\[(\w+)\]/g, (_all, name) => {
    const found = facts[name];
    return typeof found === "number" ? found.toLocaleString(document.documentElement.lang) : String(found);
  });
}

function tell(section, step, fits, facts = {}) {
  const line = section.querySelector(`[data-step="${step}"]`);
  line.hidden = false;
  line.dataset.state = fits ? "good" : "bad";
  line.querySelector("span").textContent = words(fits ? line.dataset.good : line.dataset.bad, facts);
}

async function text(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error("not found");
  return new TextDecoder("utf-8", { fatal: true }).decode(await answer.arrayBuffer());
}

async function run(section) {
  const verdict = section.querySelector("[data-verdict]");
  verdict.className = "notice";
  verdict.textContent = verdict.dataset.busy;
  for (const line of section.querySelectorAll("[data-step]")) line.hidden = true;
  let fits = true;
  try {
    const { pack, certificate, sha256: shown } = section.dataset;
    const packText = await text(pack);
    const certificateText = certificate ? await text(certificate) : "";
    const typed = (name) => section.querySelector(`[name="${name}"]`).value.trim();
    await check({ packText, certificateText, shown, pasted: typed("pasted"), code: typed("code") }, (step, ok, facts) => {
      // Whose code is not on the list may have made a slip; that alone makes no draw wrong.
      fits &&= ok || step === "code";
      tell(section, step, ok, facts);
    });
  } catch {
    fits = false;
    tell(section, "shape", false);
  }
  verdict.classList.add(fits ? "good" : "warn");
  verdict.textContent = fits ? verdict.dataset.good : verdict.dataset.bad;
}

const section = document.querySelector("[data-pack]");
if (section) {
  const form = section.querySelector("form");
  const able = Boolean(globalThis.crypto?.subtle);
  form.hidden = !able;
  section.querySelector("[data-unable]").hidden = able;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    section.querySelector("[data-verdict]").hidden = false;
    run(section);
  });
}
