// The notebook and the server agree: what lies in the outbox goes up, what changed comes down. It may stop at any
// point and begin again; a record that is sent twice is kept once.

import { about, put } from "./book.js";
import { micros } from "./id.js";
import { heads } from "./versions.js";

export const PROTOCOL = 1;
const AT_ONCE = 100;
const BYTES_AT_ONCE = 600_000;
const ALL = ["self", "outbox", "notes", "consents", "diary", "files", "drafts", "outs"];

// Why it stopped. Everything but "done" keeps what the phone holds.
const STATUS = { 401: "signed-out", 403: "other-person", 409: "server-too-old", 429: "busy", 503: "busy", 507: "full" };

// These two mean something by their word only; with another it is some other refusal, said in its own sentence.
const BY_WORD = { 403: "problem-other-person", 409: "server-too-old" };

const endOf = ({ status, json }) => (json?.problem && BY_WORD[status] && json.problem !== BY_WORD[status] ? "trouble" : STATUS[status] ?? "trouble");

export const stopped = (response) => ({
  end: endOf(response),
  status: response.status,
  says: response.json?.message,
  after: Number(response.headers?.get("retry-after")) || 0,
});

// As much as fits one batch, marked as sent before it is: what was sent once may be there.
function take(store, tried, most) {
  return store.change(["outbox", "self"], async (step) => {
    const records = [];
    let bytes = 0;
    for (const item of (await step.all("outbox")).sort((a, b) => (a.id < b.id ? -1 : 1))) {
      if (item.state === "refused" || tried.has(item.id)) continue;
      const size = JSON.stringify(item.record).length;
      if (records.length > 0 && (records.length >= most || bytes + size > BYTES_AT_ONCE)) break;
      bytes += size;
      records.push(item.record);
      step.put("outbox", item.id, { ...item, tries: item.tries + 1 });
    }
    const self = {};
    for (const name of ["device", "deviceName", "person", "since", "epoch"]) self[name] = await step.get("self", name);
    return { records, self };
  });
}

// A version that the server has now. It takes the place of those it follows.
function fold(thing, version, says) {
  const all = { ...thing.heads, [version]: says };
  const follows = Object.fromEntries(Object.entries(all).map(([id, s]) => [id, s.follows ?? []]));
  return { ...thing, heads: Object.fromEntries(heads(follows).map((id) => [id, all[id]])), kept: { ...thing.kept, [version]: says } };
}

async function arrived(step, { id, at, what }) {
  const says = { ...what, at };
  if (what.kind === "note") step.put("notes", what.note, fold((await step.get("notes", what.note)) ?? { note: what.note, heads: {}, kept: {}, files: [] }, id, says));
  if (what.kind === "diary") step.put("diary", what.entry, fold((await step.get("diary", what.entry)) ?? { entry: what.entry, heads: {}, kept: {} }, id, says));
  if (what.kind === "note-gone") await forget(step, what.note);
  if (what.kind === "diary-gone") await forget(step, what.entry);
}

async function forget(step, id) {
  for (const box of ["notes", "diary", "consents", "outs"]) step.drop(box, id);
  for (const item of await step.all("outbox")) if (about(item.record) === id) step.drop("outbox", item.id);
  for (const file of await step.all("files")) if (file.note === id || file.id === id) step.drop("files", file.id);
  for (const draft of await step.all("drafts")) if (draft.note === id || draft.entry === id) step.drop("drafts", draft.key);
}

// A consent was taken back: everything that rests on it goes, also what was not sent yet.
async function takenBack(step, consent) {
  const resting = new Set();
  for (const item of await step.all("outbox")) if (item.record.what.kind === "note" && item.record.what.consent === consent) resting.add(item.record.what.note);
  for (const note of await step.all("notes")) if (Object.values(note.kept).some((says) => says.consent === consent)) resting.add(note.note);
  for (const draft of await step.all("drafts")) if (draft.consent === consent && draft.note) resting.add(draft.note);
  for (const note of resting) await forget(step, note);
  for (const item of await step.all("outbox")) if (item.record.what.kind === "consent" && item.record.what.consent === consent) step.drop("outbox", item.id);
}

async function answer(step, { id, outcome, why, says }) {
  const item = await step.get("outbox", id);
  if (!item) return outcome;
  if (outcome === "kept" || outcome === "known") {
    step.drop("outbox", id);
    await arrived(step, item.record);
  } else if (outcome === "waits" || outcome === "refused") {
    step.put("outbox", id, { ...item, state: outcome, why, says });
  }
  return outcome;
}

// What changed comes as it is now, so it takes the place of what the phone knew.
async function feed(step, synced) {
  for (const now of synced.notes ?? []) {
    const was = await step.get("notes", now.note);
    const versions = Object.fromEntries(now.heads.map(({ version, says }) => [version, { kind: "note", at: was?.kept[version]?.at ?? says.happened, ...says }]));
    step.put("notes", now.note, { note: now.note, heads: versions, kept: { ...was?.kept, ...versions }, files: now.files ?? [] });
  }
  for (const now of synced.diary ?? []) {
    const was = await step.get("diary", now.entry);
    const versions = Object.fromEntries(now.heads.map(([id, sealed]) => [id, was?.kept[id] ?? { kind: "diary", entry: now.entry, follows: [], sealed, at: synced.now }]));
    step.put("diary", now.entry, { entry: now.entry, heads: versions, kept: { ...was?.kept, ...versions } });
  }
  for (const { given, withdrawn } of synced.consents ?? []) {
    const was = await step.get("consents", given.consent);
    step.put("consents", given.consent, { ...was, given: withdrawn ? { consent: given.consent, code: given.code } : given, withdrawn });
    if (withdrawn) await takenBack(step, given.consent);
  }
  for (const id of synced.gone ?? []) await forget(step, id);
}

// The server went back to a copy from before: it is told everything again, under the ids it would know.
async function again(step, id) {
  for (const item of await step.all("outbox")) if (item.state === "waits") step.put("outbox", item.id, { ...item, state: "new" });
  for (const box of ["notes", "diary"]) {
    for (const thing of await step.all(box)) {
      for (const [version, { at, ...what }] of Object.entries(thing.kept)) put(step, { id: version, at, what });
    }
  }
  for (const consent of await step.all("consents")) {
    if (!consent.withdrawn) put(step, { id: consent.record ?? id(), at: consent.at ?? micros(), what: { kind: "consent", ...consent.given } });
  }
  for (const file of await step.all("files")) if (file.state === "sent") step.put("files", file.id, { ...file, state: "new" });
}

// A word that takes away what never arrived, and of which nothing is on its way any more, has nothing to wait for.
async function settle(step) {
  const outbox = await step.all("outbox");
  for (const gone of outbox.filter((o) => o.state === "waits" && o.record.what.kind.endsWith("-gone"))) {
    const id = about(gone.record);
    const mine = outbox.filter((o) => o.id !== gone.id && about(o.record) === id);
    const known = await step.get(gone.record.what.kind === "note-gone" ? "notes" : "diary", id);
    if (known || mine.some((o) => o.state !== "refused")) continue;
    for (const item of [gone, ...mine]) step.drop("outbox", item.id);
  }
}

function apply(store, batch, synced, now, id) {
  return store.change(ALL, async (step) => {
    const outcomes = {};
    for (const each of synced.answers) outcomes[each.id] = await answer(step, each);
    const known = await step.get("self", "epoch");
    const other = Boolean(known && synced.epoch && known !== synced.epoch);
    if (synced.epoch) step.put("self", "epoch", synced.epoch);
    if (other) {
      step.put("self", "since", 0);
      await again(step, id);
    } else {
      await feed(step, synced);
      step.put("self", "since", synced.cursor);
      await settle(step);
    }
    step.put("self", "clockOff", synced.now - batch.clock);
    step.put("self", "syncedAt", micros(now()));
    return { outcomes, other };
  });
}

const understood = (response) => response.status === 200 && Array.isArray(response.json?.answers) && Number.isInteger(response.json?.cursor);

// Sends and receives until both sides have said everything. `post(batch)` resolves to { status, json, headers } and
// rejects when nobody answered.
export async function syncRecords({ store, post, now = Date.now, id }) {
  const tried = new Set();
  const waits = new Set();
  let most = AT_ONCE;
  for (;;) {
    const { records, self } = await take(store, tried, most);
    if (!self.person) return { end: "nobody" };
    const batch = {
      protocol: PROTOCOL, device: self.device, device_name: self.deviceName ?? "", person: self.person,
      clock: micros(now()), since: self.since ?? 0, records, ...(self.epoch && { epoch: self.epoch }),
    };
    let response;
    try {
      response = await post(batch);
    } catch {
      return { end: "offline" };
    }
    if (response.status === 413 && records.length > 1) {
      most = Math.ceil(records.length / 2);
      continue;
    }
    if (response.status === 413 && records.length === 1) {
      await store.change(["outbox"], async (step) => {
        const item = await step.get("outbox", records[0].id);
        if (item) step.put("outbox", item.id, { ...item, state: "refused", why: "too-big", says: stopped(response).says });
      });
      continue;
    }
    // A hotel's or a shop's network likes to answer in the server's place.
    if (response.status === 200 && !understood(response)) return { end: "offline" };
    if (response.status !== 200) return stopped(response);
    if (response.json.locked) return { end: "locked" };
    const { outcomes, other } = await apply(store, batch, response.json, now, id);
    if (other) {
      tried.clear();
      waits.clear();
      continue;
    }
    for (const record of records) tried.add(record.id);
    const progress = Object.values(outcomes).some((o) => o === "kept");
    for (const [each, outcome] of Object.entries(outcomes)) if (outcome === "waits") waits.add(each);
    // What rests on something else may stand now.
    if (progress) {
      for (const each of waits) tried.delete(each);
      waits.clear();
    }
    const left = (await store.list("outbox")).some((item) => item.state !== "refused" && !tried.has(item.id));
    if (!left && !response.json.more) return { end: "done" };
  }
}

// How long to wait after so many failures in a row, in milliseconds: from four seconds to ten minutes, never in step
// with other phones.
export const pause = (failures, chance = Math.random()) => Math.min(600_000, 4_000 * 2 ** Math.min(failures, 8)) * (0.5 + chance / 2);
