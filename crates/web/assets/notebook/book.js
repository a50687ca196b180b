// The notebook's verbs. Each makes a record that is never changed again and lies in the outbox until the server has
// said what became of it; what the screens show is made from what the server said last and what still lies there.

import { micros, newId } from "./id.js";
import { heads } from "./versions.js";

export const WORDS_OF_NOTE = ["note", "placement", "follows", "sort", "seen", "meaning", "place", "point", "consent", "happened"];

const pick = (from, names) => Object.fromEntries(names.map((n) => [n, from[n]]).filter(([, v]) => v !== undefined));

// What a record in the outbox is about.
export const about = ({ what }) =>
  ({ note: what.note, "note-gone": what.note, diary: what.entry, "diary-gone": what.entry, consent: what.consent }[what.kind] ?? what.out);

export const waiting = (item) => item.state !== "refused";

export function put(step, record, state = "new") {
  step.put("outbox", record.id, { id: record.id, record, state, tries: 0 });
}

export class Book {
  constructor(store, { now = Date.now, id = newId } = {}) {
    this.store = store;
    this.now = now;
    this.id = id;
  }

  record(what, id = this.id(this.now())) {
    return { id, at: micros(this.now()), what };
  }

  // A new note as it is begun: its id is there before its first word, so that pictures can hang on it.
  blank(sort, placement, place = null, consent = null) {
    return {
      note: this.id(this.now()), placement, sort, seen: "", meaning: "", place, point: null, consent,
      happened: micros(this.now()), follows: [],
    };
  }

  saveDraft(key, draft) {
    return this.store.change(["drafts"], (step) => step.put("drafts", key, { ...draft, key }));
  }

  dropDraft(key) {
    return this.store.change(["drafts", "files"], async (step) => {
      const draft = await step.get("drafts", key);
      step.drop("drafts", key);
      if (!draft?.note) return;
      for (const file of await step.all("files")) if (file.note === draft.note && file.state === "draft") step.drop("files", file.id);
    });
  }

  // A note, or a new version of one; `key` is the draft it was written in, `instead` a refused record that it replaces.
  keepNote(says, { key, instead } = {}) {
    const record = this.record({ kind: "note", ...pick(says, WORDS_OF_NOTE) });
    return this.store.change(["outbox", "drafts", "files"], async (step) => {
      if (instead) step.drop("outbox", instead);
      put(step, record);
      if (key) step.drop("drafts", key);
      for (const file of await step.all("files")) {
        if (file.note === says.note && file.state === "draft") step.put("files", file.id, { ...file, state: "new" });
      }
      return record.id;
    });
  }

  // What never left the phone goes at once; of the rest the server is told.
  #away(kind, name, id) {
    return this.store.change(["outbox", "files", "notes", "diary"], async (step) => {
      const mine = (await step.all("outbox")).filter((item) => about(item.record) === id);
      // What was sent once may be there, so it stays in front of the word that takes it away.
      for (const item of mine) if (item.tries === 0 || item.state === "refused") step.drop("outbox", item.id);
      for (const file of await step.all("files")) if (file.note === id) step.drop("files", file.id);
      const known = await step.get(kind === "note-gone" ? "notes" : "diary", id);
      if (known || mine.some((item) => item.tries > 0 && item.state !== "refused")) put(step, this.record({ kind, [name]: id }));
    });
  }

  removeNote(note) {
    return this.#away("note-gone", "note", note);
  }

  removeDiary(entry) {
    return this.#away("diary-gone", "entry", entry);
  }

  giveConsent(given) {
    const record = this.record({ kind: "consent", ...given });
    return this.store.change(["outbox", "consents", "drafts"], (step) => {
      put(step, record);
      step.put("consents", given.consent, { given, withdrawn: false, record: record.id, at: record.at });
      step.drop("drafts", "card");
    });
  }

  // `version` is the id under which the text was sealed.
  keepDiary(entry, version, follows, sealed, key) {
    const record = this.record({ kind: "diary", entry, follows, sealed }, version);
    return this.store.change(["outbox", "drafts"], (step) => {
      put(step, record);
      if (key) step.drop("drafts", key);
    });
  }

  #out(what, change) {
    const record = this.record(what);
    return this.store.change(["outbox", "outs", "drafts"], async (step) => {
      put(step, record);
      step.put("outs", what.out, change((await step.get("outs", what.out)) ?? {}, record));
      if (what.kind === "out") step.drop("drafts", "out");
    });
  }

  goOut(going) {
    return this.#out({ kind: "out", ...going }, (_, record) => ({ ...going, since: record.at, back: null, records: [record.id] }));
  }

  later(out, due) {
    return this.#out({ kind: "later", out, due }, (was, record) => ({ ...was, due, records: [...was.records, record.id] }));
  }

  back(out) {
    return this.#out({ kind: "back", out }, (was, record) => ({ ...was, back: record.at, records: [...was.records, record.id] }));
  }

  // The text stays with its writer when a refused record is thrown away on purpose only.
  forgetRefused(id) {
    return this.store.change(["outbox", "files", "consents", "notes"], async (step) => {
      const item = await step.get("outbox", id);
      step.drop("outbox", id);
      if (item?.record.what.kind === "consent") step.drop("consents", item.record.what.consent);
      if (item?.record.what.kind !== "note" || (await step.get("notes", item.record.what.note))) return;
      const others = (await step.all("outbox")).some((o) => o.id !== id && about(o.record) === item.record.what.note);
      if (others) return;
      for (const file of await step.all("files")) if (file.note === item.record.what.note) step.drop("files", file.id);
    });
  }

  // Everything the screens show, in one look.
  async look() {
    return this.store.change(["self", "outbox", "notes", "consents", "diary", "files", "outs", "drafts"], async (step) => {
      const boxes = ["outbox", "notes", "consents", "diary", "files", "outs", "drafts"];
      const [outbox, notes, consents, diary, files, outs, drafts] = await Promise.all(boxes.map((box) => step.all(box)));
      const self = {};
      const names = await step.keys("self");
      (await step.all("self")).forEach((value, at) => (self[names[at]] = value));
      return { self, outbox, consents, outs, drafts, files, notes: seenNotes(notes, outbox, files), diary: seenDiary(diary, outbox) };
    });
  }
}

function united(kept, outbox, kind, id) {
  const versions = {};
  for (const [version, says] of Object.entries(kept)) versions[version] = { version, says, where: "server" };
  for (const item of outbox) {
    if (item.record.what.kind !== kind || about(item.record) !== id) continue;
    versions[item.id] = { version: item.id, says: item.record.what, where: item.state === "new" ? "phone" : item.state, item };
  }
  const follows = Object.fromEntries(Object.values(versions).map((v) => [v.version, v.says.follows ?? []]));
  return heads(follows).map((version) => versions[version]);
}

// Notes as they stand: the versions that nothing follows, the newest note first.
export function seenNotes(notes, outbox, files = []) {
  const leaving = new Set(outbox.filter((o) => o.record.what.kind === "note-gone" && waiting(o)).map((o) => o.record.what.note));
  const known = new Map(notes.map((n) => [n.note, n]));
  for (const { record } of outbox) {
    if (record.what.kind === "note" && !known.has(record.what.note)) known.set(record.what.note, { note: record.what.note, heads: {}, files: [] });
  }
  return [...known.values()]
    .filter((n) => !leaving.has(n.note))
    .map((n) => ({
      note: n.note,
      heads: united(n.heads, outbox, "note", n.note),
      there: n.files,
      files: files.filter((f) => f.note === n.note && f.state !== "draft"),
    }))
    .filter((n) => n.heads.length > 0)
    .sort((a, b) => b.heads[0].says.happened - a.heads[0].says.happened);
}

export function seenDiary(diary, outbox) {
  const leaving = new Set(outbox.filter((o) => o.record.what.kind === "diary-gone" && waiting(o)).map((o) => o.record.what.entry));
  const known = new Map(diary.map((d) => [d.entry, d]));
  for (const { record } of outbox) {
    if (record.what.kind === "diary" && !known.has(record.what.entry)) known.set(record.what.entry, { entry: record.what.entry, heads: {} });
  }
  return [...known.values()]
    .filter((d) => !leaving.has(d.entry))
    .map((d) => ({ entry: d.entry, heads: united(d.heads, outbox, "diary", d.entry) }))
    .filter((d) => d.heads.length > 0);
}
