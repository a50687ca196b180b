// A server that follows the notebook's wire, in memory, for tests that must not depend on the real one: it can lose
// answers, run full, sign people out, go back to a copy of yesterday, and lock a phone out.
import { randomUUID } from "node:crypto";

export class NotebookServer {
  constructor({ person = randomUUID(), placement = randomUUID() } = {}) {
    this.person = person;
    this.placement = placement;
    this.data = { epoch: randomUUID(), number: 0, notes: {}, consents: {}, diary: {}, outs: {}, records: {}, files: {}, changed: {}, gone: {} };
    this.keys = [];
    this.locked = new Set();
    this.clock = () => Date.now();
    this.batches = 0;
  }

  copy() {
    return structuredClone(this.data);
  }

  restore(copy) {
    this.data = { ...structuredClone(copy), epoch: randomUUID() };
  }

  #changes(kind, id) {
    this.data.number += 1;
    this.data.changed[id] = { kind, number: this.data.number };
  }

  // POST /notebook/sync
  sync(batch) {
    if (batch.person !== this.person) return { status: 403, json: { problem: "problem-other-person", message: "Somebody else is signed in." } };
    this.batches += 1;
    const now = this.clock() * 1000;
    if (this.locked.has(batch.device)) return { status: 200, json: { now, epoch: this.data.epoch, cursor: 0, more: false, locked: true, answers: [], notes: [], consents: [], diary: [], gone: [] } };
    const answers = batch.records.map((record) => ({ id: record.id, ...this.#keep(record) }));
    const since = batch.epoch && batch.epoch !== this.data.epoch ? 0 : batch.since;
    return { status: 200, json: { now, epoch: this.data.epoch, locked: false, answers, ...this.#feed(since) } };
  }

  #keep({ id, at, what }) {
    const { data } = this;
    if (data.records[id]) return { outcome: "known" };
    const kept = () => {
      data.records[id] = what.kind;
      return { outcome: "kept" };
    };
    if (what.kind === "note") {
      if (data.gone[what.note]) return { outcome: "refused", why: "taken-back", says: "This was taken back." };
      if (what.seen.includes("REFUSE")) return { outcome: "refused", why: "no", says: "This cannot be kept." };
      if (what.consent) {
        if (!data.consents[what.consent]) return { outcome: "waits", why: "consent-not-here" };
        if (data.consents[what.consent].withdrawn) return { outcome: "refused", why: "consent-withdrawn", says: "This consent was taken back." };
      }
      const note = (data.notes[what.note] ??= { versions: {}, files: [] });
      const { kind, ...says } = what;
      note.versions[id] = { follows: [], meaning: "", place: null, point: null, consent: null, ...says };
      this.#changes("note", what.note);
      return kept();
    }
    if (what.kind === "note-gone") {
      if (!data.notes[what.note] && !data.gone[what.note]) return { outcome: "waits", why: "note-not-here" };
      this.#take(what.note);
      return kept();
    }
    if (what.kind === "consent") {
      if (!what.adult) return { outcome: "refused", why: "minor", says: "Of minors nothing is kept." };
      if (data.consents[what.consent]) return { outcome: "known" };
      const { kind, ...given } = what;
      data.consents[what.consent] = { given, withdrawn: false };
      this.#changes("consent", what.consent);
      return kept();
    }
    if (what.kind === "diary") {
      if (data.gone[what.entry]) return { outcome: "refused", why: "gone", says: "This was taken away." };
      const entry = (data.diary[what.entry] ??= { versions: {} });
      entry.versions[id] = { follows: what.follows ?? [], sealed: what.sealed };
      this.#changes("diary", what.entry);
      return kept();
    }
    if (what.kind === "diary-gone") {
      if (!data.diary[what.entry] && !data.gone[what.entry]) return { outcome: "waits", why: "entry-not-here" };
      delete data.diary[what.entry];
      data.gone[what.entry] = true;
      this.#changes("gone", what.entry);
      return kept();
    }
    if (what.kind === "out") {
      data.outs[what.out] ??= { ...what, at, back: null };
      return kept();
    }
    if (!data.outs[what.out]) return { outcome: "waits", why: "out-not-here" };
    if (what.kind === "later") data.outs[what.out].due = what.due;
    else data.outs[what.out].back = at;
    return kept();
  }

  #take(note) {
    delete this.data.notes[note];
    this.data.gone[note] = true;
    for (const [id, file] of Object.entries(this.data.files)) if (file.note === note) delete this.data.files[id];
    this.#changes("gone", note);
  }

  // A resident takes everything back.
  withdraw(consent) {
    this.data.consents[consent].withdrawn = true;
    this.#changes("consent", consent);
    for (const [note, { versions }] of Object.entries(this.data.notes)) {
      if (Object.values(versions).some((v) => v.consent === consent)) this.#take(note);
    }
  }

  heads(versions) {
    const followed = new Set(Object.values(versions).flatMap((v) => v.follows ?? []));
    return Object.keys(versions).filter((id) => !followed.has(id)).sort();
  }

  #feed(since) {
    const { data } = this;
    const all = Object.entries(data.changed).filter(([, c]) => c.number > since).sort((a, b) => a[1].number - b[1].number);
    const page = all.slice(0, this.page ?? 200);
    const out = { cursor: page.at(-1)?.[1].number ?? since, more: all.length > page.length, notes: [], consents: [], diary: [], gone: [] };
    for (const [id, { kind }] of page) {
      if (kind === "gone" || (kind === "note" && !data.notes[id]) || (kind === "diary" && !data.diary[id])) out.gone.push(id);
      else if (kind === "note") {
        const { versions } = data.notes[id];
        const files = Object.entries(data.files).filter(([, f]) => f.note === id && f.done).map(([fid, f]) => ({ id: fid, mime: f.mime, text: f.text }));
        out.notes.push({ note: id, heads: this.heads(versions).map((v) => ({ version: v, says: versions[v] })), files });
      } else if (kind === "consent") out.consents.push(data.consents[id]);
      else out.diary.push({ entry: id, heads: this.heads(data.diary[id].versions).map((v) => [v, data.diary[id].versions[v].sealed]) });
    }
    return out;
  }

  // tus at /notebook/files. `check(algorithm, bytes)` is the digest in base64.
  files(method, id, headers, body, check) {
    const { data } = this;
    if (method === "POST") {
      const fields = Object.fromEntries(headers["upload-metadata"].split(",").map((p) => p.split(" ")).map(([k, v]) => [k, Buffer.from(v, "base64").toString()]));
      if (data.gone[fields.note]) return { status: 410, json: { problem: "taken-back", message: "Taken back." } };
      if (!data.notes[fields.note]) return { status: 409, json: { problem: "note-not-here-yet", message: "Wait." } };
      data.files[fields.id] ??= { ...fields, length: Number(headers["upload-length"]), bytes: [], done: false };
      if (data.files[fields.id].done) return { status: 409, json: { problem: "file-kept", message: "Done." } };
      return { status: 201, headers: { location: `/notebook/files/${fields.id}`, "tus-resumable": "1.0.0" } };
    }
    const file = data.files[id];
    if (!file) return { status: 404, json: { problem: "not-found", message: "No." } };
    const offset = file.bytes.length;
    if (method === "HEAD") return { status: 200, headers: { "upload-offset": `${offset}`, "upload-length": `${file.length}`, "tus-resumable": "1.0.0" } };
    if (Number(headers["upload-offset"]) !== offset) return { status: 409 };
    const [algorithm, sum] = headers["upload-checksum"].split(" ");
    if (check && check(algorithm, body) !== sum) return { status: 460 };
    file.bytes.push(...body);
    if (file.bytes.length === file.length) {
      file.done = true;
      this.#changes("note", file.note);
    }
    return { status: 204, headers: { "upload-offset": `${file.bytes.length}`, "tus-resumable": "1.0.0" } };
  }

  pack(extra = {}) {
    const hour = 3_600_000_000;
    const now = this.clock() * 1000;
    return {
      protocol: 1, epoch: this.data.epoch, now, person: this.person, name: "Mira Vos", language: "en",
      outings: [
        {
          placement: this.placement, outing: randomUUID(), kind: "community-visit", title: "Tea on the third floor", stage: "out", may_write: true, starts: now - hour, ends: now + 3 * hour,
          place: this.place ?? null, place_name: "Dyke Quarter", meeting_point: "Stairwell 14, by the letter boxes",
          plan: "Tea with the group of stairwell 14.\nWe fill in the rent form together and stop at the same page.", safety_plan: "Two and two. Leave when somebody asks you to.",
          people: [{ name: "Jonas Berg", role: "organiser" }, { name: "Amina", role: "host" }, { name: "Kim Ji-woo", role: "goes" }],
          told: "The form on page four is gone. Thank you.", photos: "ask", notes_allowed: true, reflect_by: now + 24 * hour,
        },
        {
          placement: randomUUID(), outing: randomUUID(), kind: "immersion", title: "A week at the counter", stage: "agreed", may_write: false, starts: now + 200 * hour, ends: now + 320 * hour, place: null, place_name: "Old Harbour",
          meeting_point: "", plan: "", safety_plan: "", people: [], told: null, photos: "none", notes_allowed: true, reflect_by: null,
        },
      ],
      colleagues: [{ id: randomUUID(), name: "Jonas Berg" }, { id: randomUUID(), name: "Sara Lind" }],
      numbers: [{ label: "Duty desk", number: "+31 33 123 45 67" }, { label: "Emergency", number: "112" }],
      card: { basis: "public task of the city", purpose: "to learn and to decide better" },
      limits: { picture_bytes: 12_000_000, sound_bytes: 6_000_000 }, ...extra,
    };
  }
}
