// Check a draw in the visitor's own browser, the same as draw_verify.py does with the files that everyone may
// have: the list, the certificate, and the hash that was published. Nothing is sent anywhere.

const PACK = "beslisavond-draw-1";
const CERTIFICATE = "beslisavond-draw-certificate-1";
const QUICKNET = "drand quicknet";
const BEGAN = 1692803367;
const EACH_SECONDS = 3;
const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const VALUES = { [QUICKNET]: /^[0-9a-f]{64}$/, "dice thrown in the meeting": /^[1-6](-[1-6]){7}$/ };
const REPLACEMENT_PANELS = 100;
const SEAL = /^[0-9a-f]{64}$/;
const MODES = ["none", "fixed", "nominated", "replacement"];
const DEPTH_MOST = 100;
// So many signs of a hash take more computing to find again than anybody has.
const SIGNS_LEAST = 20;
// What may stand in a list and in a certificate, by place ("*" is any code). More is in neither: it could hide a
// search for a list with the same first signs of its hash.
const BOTH = `:format,draw,panel_count,targets,beacon,invited,lowest,highest,average,proof,sha256
  targets:feature,value,least,most beacon:source,round,at,fallback proof:weights,limit proof.weights:on,weight`;
const LIST_HAS = parts(`${BOTH} :software,rules,seats,seats_drawn,mode,household_rule,seed,first,people,left_out,panels
  :chances,promised,turns,is_exact,without_chance software:name,solver rules:chances,panels,number,seal,sha256
  seed:text,value,derivation first:before,value,kind,number,seated turns:most_off,people_off,fewest,why
  chances:* promised:* people:* people.*:seal,home invited:* invited.*:seal`);
const CERTIFICATE_HAS = parts(`${BOTH} :pack_sha256,published_at,counter,number,panel,distribution,replacements
  beacon:value,signature targets:reached
  replacements:kind,number,rule,first_pack_sha256,stay,empty_seats,stepped_down,widened,reason,decided_by
  replacements.widened:feature,value,bound,before,after`);

function parts(written) {
  const pairs = written.split(/\s+/).map((one) => one.split(":"));
  return new Set(pairs.flatMap(([at, names]) => names.split(",").map((name) => (at ? `${at}.${name}` : name))));
}

// Names that no part has at its place.
function unknown(facts, known, at = "", depth = 0) {
  if (depth > DEPTH_MOST) throw new Error("too deep");
  if (facts === null || typeof facts !== "object") return [];
  if (Array.isArray(facts)) return facts.flatMap((one) => unknown(one, known, at, depth + 1));
  return Object.keys(facts).flatMap((name) => {
    const place = known.has(at + name) && !name.includes(".") ? at + name : `${at}*`;
    return known.has(place) ? unknown(facts[name], known, `${place}.`, depth + 1) : [at + name];
  });
}

// -- writing and hashing -----------------------------------------------------------------------------------

function byCodePoint(one, other) {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    if (left[at] !== right[at]) return left[at].codePointAt(0) - right[at].codePointAt(0);
  }
  return left.length - right.length;
}

// JSON with sorted keys, without spaces, whole numbers only: the form in which everything is hashed.
export function canonical(facts, depth = 0) {
  if (depth > DEPTH_MOST) throw new Error("too deep");
  if (typeof facts === "number") {
    if (!Number.isSafeInteger(facts) || Math.abs(facts) >= 1e15) throw new Error("no whole number");
    return String(facts);
  }
  if (facts === undefined) throw new Error("a part is missing");
  if (typeof facts === "string") return quoted(facts);
  if (facts === null || typeof facts !== "object") return JSON.stringify(facts);
  if (Array.isArray(facts)) return `[${facts.map((one) => canonical(one, depth + 1)).join(",")}]`;
  const keys = Object.keys(facts).sort(byCodePoint);
  return `{${keys.map((key) => `${quoted(key)}:${canonical(facts[key], depth + 1)}`).join(",")}}`;
}

// Half a sign cannot be hashed.
function quoted(text) {
  if (/\p{Surrogate}/u.test(text)) throw new Error("half a sign");
  return JSON.stringify(text);
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

const record = (facts) => {
  if (facts === null || typeof facts !== "object" || Array.isArray(facts)) throw new Error("no record");
  return facts;
};
const list = (facts) => {
  if (!Array.isArray(facts)) throw new Error("no list");
  return facts;
};
const text = (facts) => {
  if (typeof facts !== "string") throw new Error("no text");
  return facts;
};
const whole = (facts) => {
  if (!Number.isSafeInteger(facts)) throw new Error("no whole number");
  return facts;
};
const codesOf = (facts) => Object.keys(record(facts)).sort(byCodePoint);
const inOrder = (codes) => [...new Set(codes)].sort(byCodePoint);

// Whether every part of a record is what it must be; a part that is absent is the same as null.
function fits(told, mustBe) {
  return Object.keys(mustBe).every((name) => same(told[name] ?? null, mustBe[name] ?? null));
}

function roundFits(beacon) {
  if (beacon === null || beacon.source !== QUICKNET) return true;
  const at = new Date((BEGAN + (beacon.round - 1) * EACH_SECONDS) * 1000);
  return same(beacon.at, at.toISOString().replace(".000Z", "Z"));
}

function homeOf(person) {
  if (!Object.hasOwn(record(person), "home")) throw new Error("no home");
  return person.home;
}

function panelsFit(pack) {
  const { people, panels, seats_drawn: seats } = pack;
  const home = new Map(codesOf(people).map((code) => [code, homeOf(people[code])]));
  const everybody = [...Object.values(people), ...Object.values(record(pack.invited))];
  const outside = [...codesOf(pack.invited), ...list(pack.left_out)];
  const names = ["feature", "value", "least", "most"];
  const lines = list(pack.targets).filter(({ least, most }) => whole(least) <= whole(most));
  const kept = new Map(lines.map((line) => [canonical([text(line.feature), text(line.value)]), line]));
  const targets = [...kept.values()].map((line) => Object.fromEntries(names.map((name) => [name, line[name]])));
  const shared = [...home.values()].filter((one) => one !== null);
  return (
    fits(pack, {
      household_rule: Boolean(pack.household_rule), is_exact: Boolean(pack.is_exact), panel_count: panels.length, seats: seats + codesOf(pack.invited).length, left_out: inOrder(pack.left_out), targets,
    }) &&
    everybody.every((one) => SEAL.test(text(one.seal))) &&
    MODES.includes(pack.mode) &&
    !outside.some((code) => home.has(text(code))) &&
    shared.every(Number.isInteger) &&
    (pack.household_rule === true || !shared.length) &&
    list(panels).every((panel) => {
      const homes = list(panel).map((code) => home.get(text(code)));
      const at = homes.filter((one) => one !== null);
      const ordered = panel.every((code, place) => place === 0 || byCodePoint(panel[place - 1], code) < 0);
      return panel.length === seats && ordered && !homes.includes(undefined) && new Set(at).size === at.length;
    })
  );
}

function countTurns(pack) {
  const turns = new Map(codesOf(pack.people).map((code) => [code, []]));
  list(pack.panels).forEach((panel, number) => list(panel).forEach((code) => turns.get(code)?.push(number)));
  return turns;
}

// Count everybody's turns beside what was promised; a whole turn off is right only when the list tells it itself.
function countChances(pack, turns) {
  const codes = codesOf(pack.people);
  if (!same(codesOf(pack.promised), codes)) throw new Error("others were promised something");
  const all = BigInt(pack.panels.length);
  const [nothing, whole] = [fraction(0n), fraction(1n)];
  const exact = new Map(codes.map((code) => [code, read(pack.promised[code])]));
  const able = codes.filter((code) => compare(exact.get(code), nothing) > 0);
  const none = codes.filter((code) => equal(exact.get(code), nothing));
  const inside = able.every((code) => compare(exact.get(code), whole) <= 0) && able.length + none.length === codes.length;
  const chances = [...new Map(able.map((code) => [write(exact.get(code)), exact.get(code)])).values()].sort(compare);
  if (!chances.length) throw new Error("nobody has a chance");
  let [most, far] = [nothing, 0];
  for (const [code, { top, bottom }] of exact) {
    const off = BigInt(turns.get(code).length) * bottom - top * all;
    const distance = fraction(off < 0n ? -off : off, bottom);
    if (compare(distance, most) > 0) most = distance;
    if (compare(distance, whole) >= 0) far += 1;
  }
  const fewest = Math.min(...able.map((code) => turns.get(code).length));
  const { why } = record(pack.turns);
  const again = {
    chances: Object.fromEntries(codes.map((code) => [code, write(fraction(BigInt(turns.get(code).length), all))])),
    lowest: write(chances[0]), highest: write(chances[chances.length - 1]), without_chance: none,
    average: write(fraction(BigInt(pack.seats_drawn), BigInt(codes.length))),
    turns: { most_off: write(most), people_off: far, fewest, why },
  };
  // A few chances come again and again: add each once, times the people that have it.
  const times = new Map();
  for (const chance of exact.values()) times.set(write(chance), (times.get(write(chance)) ?? 0n) + 1n);
  let sum = nothing;
  for (const [chance, many] of times) sum = plus(sum, fraction(read(chance).top * many, read(chance).bottom));
  const limit = read(record(pack.proof).limit);
  const reached = fraction(chances[0].top * limit.bottom, chances[0].bottom * limit.top);
  return {
    fits:
      inside && fits(pack, again) && none.every((code) => !turns.get(code).length) && (why !== "") === far > 0 &&
      (pack.is_exact === false || equal(sum, fraction(BigInt(pack.seats_drawn)))) &&
      compare(reached, whole) <= 0 && compare(reached, fraction(999n, 1000n)) >= 0,
    far, most: Number((most.top * 100n) / most.bottom) / 100,
  };
}

function spreadOf(chances) {
  const counts = new Map();
  for (const chance of Object.values(record(chances))) {
    const told = write(read(chance));
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => compare(read(one[0]), read(other[0])));
}

// Make the certificate again out of the list and the value; what is told in it must be that.
async function certificateFits(pack, certificate, digest, panel, replaced) {
  const { beacon } = certificate;
  let value = beacon.value;
  if (text(beacon.signature)) {
    if (!/^([0-9a-fA-F]{2})+$/.test(beacon.signature)) return false;
    const bytes = Uint8Array.from(beacon.signature.match(/../g), (pair) => Number.parseInt(pair, 16));
    value = await sha256(bytes);
  }
  const targets = list(certificate.targets).map((line, at) => {
    const asked = pack.targets[at];
    if (!Object.hasOwn(line, "reached")) return asked;
    whole(line.reached);
    return { ...asked, reached: Math.min(Math.max(asked.least, line.reached), asked.most) };
  });
  const again = {
    format: CERTIFICATE, pack_sha256: digest, sha256: await ownHash(certificate), panel, targets,
    invited: codesOf(pack.invited), distribution: spreadOf(pack.chances), replacements: [],
    beacon: { ...(pack.beacon ?? {}), value, signature: beacon.signature },
    ...Object.fromEntries(["draw", "panel_count", "lowest", "highest", "average", "proof"].map((name) => [name, pack[name]])),
    ...replaced,
  };
  const known = [...Object.keys(again), "published_at", "number", "counter"];
  return (
    targets.length === pack.targets.length && fits(certificate, again) &&
    Object.keys(certificate).every((name) => known.includes(name)) &&
    (VALUES[beacon.source] ?? /^[^|]+$/).test(text(beacon.value)) && MOMENT.test(text(beacon.at))
  );
}

// Hold a replacement against the draws before it: its value, its name, who sat, who may be drawn, and in which order
// its panels stand. Gives whether it fits, and what its certificate must say of them.
async function followsFrom(pack, certificate, before) {
  const [{ pack: first, certificate: decided }] = before;
  const { first: link } = pack;
  const [said] = certificate.replacements;
  const value = await sha256OfText(`${text(decided.beacon.value)}|${text(link.kind)}|${before.length}`);
  const places = new Map();
  for (const panel of pack.panels) places.set(panel, await sha256OfText(`${value}|${pack.draw}|${panel.join(",")}`));
  const panels = [...pack.panels].sort((one, other) => (places.get(one) < places.get(other) ? -1 : places.get(one) > places.get(other) ? 1 : 0));
  const targets = before[before.length - 1].pack.targets.map((line) => ({ ...line }));
  let widened = true;
  for (const change of list(said.widened)) {
    const line = targets.find((one) => one.feature === change.feature && one.value === change.value);
    widened &&= same(line[change.bound], change.before);
    line[change.bound] = change.after;
  }
  const hashes = [];
  for (const one of before) hashes.push(await ownHash(one.pack));
  const ever = new Set(list(link.seated));
  const stem = first.draw.includes("-") ? first.draw.slice(0, first.draw.lastIndexOf("-")) : "";
  const asked = {
    targets, household_rule: first.household_rule, draw: `${stem}-${link.kind}-${before.length}`, beacon: null, panels,
    panel_count: REPLACEMENT_PANELS,
    first: {
      before: hashes, value: decided.beacon.value, number: before.length, seated: inOrder(ever), kind: link.kind,
    },
  };
  const could = new Set([...codesOf(first.invited), ...first.panels.flat()]);
  const known = new Set([...codesOf(first.people), ...first.left_out, ...could]);
  const sat = [...codesOf(pack.invited), ...codesOf(first.invited), ...before.flatMap((one) => one.certificate.panel)];
  const here = [...codesOf(pack.people), ...pack.left_out];
  const seatsFit =
    sat.every((code) => ever.has(code)) && !here.some((code) => ever.has(code) || !known.has(code)) &&
    [...ever].every((code) => could.has(code)) &&
    list(said.stepped_down).every((code) => ever.has(code) && !Object.hasOwn(pack.invited, code));
  return {
    fits:
      fits(pack, asked) && widened && seatsFit && pack.seats <= first.seats && ["replacement", "rotation"].includes(link.kind) &&
      new Set(targets.map((line) => canonical([line.feature, line.value]))).size === targets.length,
    replaced: {
      beacon: { ...certificate.beacon, value, round: before.length, source: said.rule, signature: "" },
      replacements: [{
        ...said, kind: link.kind, number: before.length, first_pack_sha256: hashes[0], stay: codesOf(pack.invited),
        empty_seats: pack.seats_drawn - list(said.stepped_down).length,
      }],
    },
  };
}

// Look at one list; ``told`` hears of each step whether it fits, with the figures for its sentence.
async function checkList({ packText, certificateText, shown: hash, pasted }, before, told) {
  const pack = JSON.parse(packText);
  if (pack.format !== PACK) throw new Error("no list");
  if (!Object.hasOwn(pack, "first") || !Object.hasOwn(pack, "beacon")) throw new Error("a part is missing");
  const digest = await ownHash(pack);
  // Written in another way than it was hashed: a key twice, or a number that is not whole.
  const plain = packText.trimEnd() === canonical(pack);
  told("hash", plain && pack.sha256 === digest && digest === (hash ?? digest), { hash: digest });
  const typed = (pasted ?? "").toLowerCase().replace(/\s+/g, "");
  // The first signs are enough to compare; too few, or others than a hash has, say nothing about the list.
  if (typed && (typed.length < SIGNS_LEAST || !/^[0-9a-f]+$/.test(typed))) told("few", false);
  else if (typed) told("pasted", digest.startsWith(typed), { compared: typed.length });
  const more = unknown(pack, LIST_HAS);
  if (certificateText) more.push(...unknown(JSON.parse(certificateText), CERTIFICATE_HAS));
  if (more.length) told("more", false, { names: more.slice(0, 5).join(", ") });
  if (pack.beacon !== null) told("round", roundFits(pack.beacon), { round: pack.beacon.round });
  told("panels", panelsFit(pack), { panels: pack.panels.length, seats: pack.seats_drawn });
  const turns = countTurns(pack);
  const { fits: right, far, most } = countChances(pack, turns);
  told("chances", right, { people: turns.size });
  told(far ? "short" : "turns", !far, { people: far, most });
  const isLater = (pack.first ?? null) !== null;
  const alone = isLater !== (pack.mode === "replacement") || isLater !== before.length > 0 || (isLater && !certificateText);
  if (alone) told("alone", false);
  let [certificate, number] = [null, null];
  if (certificateText) {
    certificate = JSON.parse(certificateText);
    const { published_at: published } = certificate;
    told("early", MOMENT.test(text(published)) && published < text(certificate.beacon.at));
    let counter;
    [number, counter] = await numberFrom(certificate.beacon.value, pack.draw, pack.panels.length);
    told("number", certificate.number === number && certificate.counter === counter, { number });
    const shown = before.length ? before[0].certificate.beacon : certificate.beacon;
    told(VALUES[shown.source] ? (shown.source === QUICKNET ? "drand" : "thrown") : "value", true, {
      value: shown.value, round: String(shown.round),
    });
    told("panel", same(certificate.panel, pack.panels[number]), { number });
    let replaced = {};
    if (before.length) {
      const follows = await followsFrom(pack, certificate, before);
      ({ replaced } = follows);
      told("first", follows.fits, { number: before.length });
    }
    const plainly = certificateText.trimEnd() === canonical(certificate);
    told("certificate", plainly && (await certificateFits(pack, certificate, digest, pack.panels[number], replaced)));
  }
  return { pack, certificate, turns, number };
}

// Look at everything: the draws before this one first, each with its own; then this one, and one code of it.
export async function check({ packText, certificateText, before = [], shown, pasted, code }, told) {
  const [earlier, bad] = [[], []];
  for (const [one, decided] of before) {
    let right = true;
    const files = { packText: one, certificateText: decided };
    const found = await checkList(files, [...earlier], (_step, ok) => (right &&= ok));
    earlier.push(found);
    if (!right) bad.push(found.pack.draw);
  }
  const names = bad.length ? bad : earlier.map((one) => one.pack.draw);
  if (before.length) told("before", !bad.length, { draw: names.join(", ") });
  const { pack, turns, number } = await checkList({ packText, certificateText, shown, pasted }, earlier, told);
  if (!code) return;
  const typed = code.trim();
  const outside = [...codesOf(pack.invited), ...pack.left_out, ...(pack.first?.seated ?? [])];
  const own = turns.has(typed) || outside.includes(typed) ? typed : typed.toUpperCase();
  const mine = turns.get(own);
  if (mine) {
    told("code", true, { times: mine.length, panels: pack.panels.length });
    if (number !== null) told(mine.includes(number) ? "in" : "out", true, { number });
  } else if (outside.includes(own)) {
    const keeps = Object.hasOwn(pack.invited, own);
    told(keeps ? "seat" : pack.left_out.includes(own) ? "mate" : "gone", true);
  } else {
    told("nowhere", false, { code: own });
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
  // What only a person can compare gets no tick.
  line.dataset.state = !fits ? "bad" : line.dataset.look ? "wait" : "good";
  line.querySelector("span").textContent = words(fits ? line.dataset.good : line.dataset.bad, facts);
}

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error("not found");
  return new TextDecoder("utf-8", { fatal: true }).decode(await answer.arrayBuffer());
}

async function run(section) {
  const verdict = section.querySelector("[data-verdict]");
  verdict.className = "notice";
  verdict.textContent = verdict.dataset.busy;
  for (const line of section.querySelectorAll("[data-step]")) line.hidden = true;
  const wrong = [];
  let own = null;
  let few = false;
  let compared = null;
  try {
    const { pack, certificate, before: addresses, sha256: shown } = section.dataset;
    const files = await Promise.all((addresses ?? "").split(" ").filter(Boolean).map(fetched));
    const before = files.filter((_one, at) => at % 2 === 0).map((one, at) => [one, files[2 * at + 1]]);
    const packText = await fetched(pack);
    const certificateText = certificate ? await fetched(certificate) : "";
    const typed = (name) => section.querySelector(`[name="${name}"]`).value.trim();
    const asked = { packText, certificateText, before, shown, pasted: typed("pasted"), code: typed("code") };
    await check(asked, (step, ok, facts) => {
      if (step === "nowhere") own = facts;
      else if (step === "few") few = true;
      else if (!ok) wrong.push(step);
      if (step === "pasted" && ok) compared = facts;
      tell(section, step, ok, facts);
    });
  } catch {
    wrong.push("shape");
    tell(section, "shape", false);
  }
  // Whose code is not on the list, or whose number was too short, hears that last, whatever else was found; it alone
  // makes no draw wrong.
  const { dataset: say } = verdict;
  const isRight = !wrong.length;
  const told = wrong.some((step) => step !== "short") ? "bad" : isRight ? "good" : "short";
  verdict.classList.add(isRight && !own && !few ? "good" : "warn");
  const parts = isRight && (own || few) ? [] : [say[told]];
  if (compared && told !== "bad") parts.unshift(say.compared);
  if (few) parts.push(say.few);
  if (own) parts.push(say.nowhere);
  verdict.textContent = words(parts.join(" "), { ...own, ...compared });
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
