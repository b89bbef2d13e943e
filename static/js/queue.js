// What was tapped and is not stored yet. It waits on this phone, in order, and survives a reload and a dead
// network. Each tap has a place of its own in the storage, so that two tabs never overwrite each other's.

const LONGEST_TRY = 12000;
const LONGEST_PAUSE = 15000;

// A phone that refuses to store still works as long as the page is open.
const inMemory = {
  getItem(key) { return this[key] ?? null; },
  setItem(key, text) { this[key] = text; },
  removeItem(key) { delete this[key]; },
};

function storage() {
  try {
    localStorage.setItem("beslisavond-try", "1");
    localStorage.removeItem("beslisavond-try");
    return localStorage;
  } catch {
    return Object.create(inMemory);
  }
}

const store = storage();

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function newOp() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// What we were told stands before the dot; the rest is the server's own sign, and goes back as it came.
const seqOf = (seen) => Number.parseInt(seen, 10) || 0;

const jitter = (time) => time * (0.7 + Math.random() * 0.6);

export class Queue {
  // url: where a tap goes; name: of this seat on this evening; told: what to call when something happened.
  constructor(url, name, told) {
    this.url = url;
    this.name = `beslisavond-${name}`;
    this.told = told;
    this.pause = 0;
    this.running = false;
    this.lost = false;
    this.now = null;
    this.timer = 0;
  }

  // n: the last tap's number; seen: the highest sequence number ever received, signed; last: the last answer.
  get kept() {
    return { n: 0, seen: 0, last: null, ...parse(store.getItem(this.name)) };
  }

  keep(changes) {
    store.setItem(this.name, JSON.stringify({ ...this.kept, ...changes }));
  }

  waiting() {
    const taps = Object.keys(store).filter((key) => key.startsWith(`${this.name}-tap-`));
    return taps.map((key) => parse(store.getItem(key))).filter(Boolean).sort((one, other) => one.n - other.n);
  }

  key(tap) {
    return `${this.name}-tap-${tap.op}`;
  }

  add({ item, score, v, n }) {
    const number = Math.max(this.kept.n, n) + 1;
    this.keep({ n: number });
    const tap = { op: newOp(), n: number, item, score, v };
    store.setItem(this.key(tap), JSON.stringify(tap));
    this.told("changed");
    this.hurry();
  }

  clear() {
    for (const key of Object.keys(store)) if (key === this.name || key.startsWith(`${this.name}-tap-`)) store.removeItem(key);
  }

  hurry() {
    this.pause = 0;
    clearTimeout(this.timer);
    this.send();
  }

  async send() {
    if (this.running || this.lost) return;
    this.running = true;
    try {
      while (this.waiting().length && !this.lost) {
        const wait = await this.alone(() => this.sendFirst());
        if (wait > 0) {
          this.timer = setTimeout(() => this.send(), jitter(wait));
          break;
        }
      }
    } finally {
      this.running = false;
      this.now = null;
      this.told("changed");
    }
  }

  // One tab at a time. A tab that is frozen must not stop the others: what they send twice is stored once.
  async alone(work) {
    let began = false;
    const mine = () => {
      began = true;
      return work();
    };
    try {
      const signal = AbortSignal.timeout?.(LONGEST_TRY * 1.5);
      return await navigator.locks.request(`${this.name}-send`, { signal }, mine);
    } catch (error) {
      if (began) throw error;
      return work();
    }
  }

  // Gives how long to wait before the next try; 0 is go on.
  async sendFirst() {
    const [tap] = this.waiting();
    if (!tap) return 0;
    this.now = tap.op;
    this.told("changed");
    let answer;
    let text;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), LONGEST_TRY);
    try {
      answer = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-Seen": String(this.kept.seen) },
        body: JSON.stringify(tap),
        cache: "no-store",
        redirect: "error",
        signal: late.signal,
      });
      text = parse(await answer.text());
    } catch {
      return this.later();
    } finally {
      clearTimeout(timer);
    }
    return this.take(tap, answer, text);
  }

  take(tap, answer, text) {
    // Wi-Fi that first wants a login answers everything, with 200 too: only our own answer counts.
    if (answer.ok && text && text.item === tap.item && text.n === tap.n && Number.isInteger(text.seq)) {
      const { seen } = this.kept;
      this.keep({ seen: seqOf(text.seen) > seqOf(seen) ? text.seen : seen, last: { ...text, v: tap.v } });
      store.removeItem(this.key(tap));
      this.pause = 0;
      this.told("changed");
      return 0;
    }
    const code = text?.code;
    if (code === "evening.no-seat-here") {
      // The taps stay, and go once this seat sits down on this phone again.
      this.lost = true;
      this.told("lost", text.text);
      return 0;
    }
    if (code === "evening.device-replaced") {
      this.clear();
      this.told("refused", text.text);
      return 0;
    }
    if (typeof code === "string" && answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      store.removeItem(this.key(tap));
      this.pause = 0;
      this.told("refused", text.text);
      return 0;
    }
    if (code === "evening.database-behind") this.told("alarm", text.text);
    return this.later(Number(answer.headers.get("Retry-After")) * 1000);
  }

  later(least = 0) {
    this.now = null;
    this.told("changed");
    this.pause = Math.min((this.pause || 500) * 2, LONGEST_PAUSE);
    return Math.max(this.pause, least || 0);
  }
}
