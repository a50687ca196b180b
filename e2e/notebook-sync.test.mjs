// The notebook and a server agree in the end, whatever was lost, doubled, killed or restored on the way: what was kept
// is there once, what was taken back is nowhere, and what was refused is still with its writer.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Book } from "../crates/web/assets/notebook/book.js";
import { newId } from "../crates/web/assets/notebook/id.js";
import { pause, syncRecords } from "../crates/web/assets/notebook/sync.js";
import { sendFiles } from "../crates/web/assets/notebook/files.js";
import { Full, Memory } from "../crates/web/assets/notebook/store.js";
import { exported, imported } from "../crates/web/assets/notebook/carry.js";
import { NotebookServer } from "./lib/notebook-server.mjs";

const SCHEDULES = Number(process.env.FREERANGE_SCHEDULES || 1500);

// Numbers from a seed, so that a schedule that fails can be run again.
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { chance: (p) => next() < p, upTo: (n) => Math.floor(next() * n), one: (list) => list[Math.floor(next() * list.length)] };
}

async function phone(server, trouble) {
  const store = new Memory(trouble);
  await store.change(["self"], (step) => {
    step.put("self", "device", newId());
    step.put("self", "person", server.person);
  });
  return { store, book: new Book(store) };
}

class Killed extends Error {}

// A network that loses questions and answers and gives them twice.
function network(server, d, bad) {
  return async (batch) => {
    const told = JSON.parse(JSON.stringify(batch));
    if (d.chance(bad / 3)) throw new TypeError("no signal");
    if (d.chance(bad / 6)) return d.one([{ status: 503, headers: new Headers({ "retry-after": "1" }) }, { status: 507 }, { status: 500 }, { status: 200, json: { welcome: "to our hotel" } }]);
    const answer = JSON.parse(JSON.stringify(server.sync(told)));
    if (d.chance(bad / 6)) server.sync(told);
    if (d.chance(bad / 3)) throw new TypeError("answer lost");
    return answer;
  };
}

const texts = (versions) => Object.values(versions).map((v) => v.seen).sort();

async function schedule(seed) {
  const d = dice(seed);
  const server = new NotebookServer();
  server.page = 1 + d.upTo(6);
  // The browser is killed in the middle of a step, now and then, while it syncs.
  let deadly = 0;
  const killed = () => {
    if (d.chance(deadly)) throw new Killed();
  };
  const phones = [await phone(server, killed), await phone(server, killed)];
  // What the author did, told to nobody else: the ground truth.
  const written = new Map();
  const removed = new Set();
  const withdrawn = new Set();
  const cards = [];
  const diary = new Map();
  const outs = new Map();
  let copy = server.copy();
  let sayings = 0;
  let restored = false;
  for (let turn = 0; turn < 14; turn += 1) {
    const it = d.one(phones);
    const { book, store } = it;
    const look = await book.look();
    const act = d.upTo(13);
    if (act <= 3) {
      const card = d.chance(0.4) && cards.length ? d.one(cards) : null;
      const seen = `text ${(sayings += 1)}${d.chance(0.06) ? " REFUSE" : ""}`;
      const note = book.blank(d.one(["saw", "wonder"]), server.placement, null, card);
      await book.keepNote({ ...note, seen });
      written.set(note.note, { card, seen: [seen] });
    } else if (act <= 5 && look.notes.length) {
      const note = d.one(look.notes);
      const seen = `text ${(sayings += 1)}`;
      const base = note.heads[0];
      if (base.where === "refused") continue;
      await book.keepNote({ ...base.says, note: note.note, seen, follows: d.chance(0.5) ? note.heads.filter((x) => x.where !== "refused").map((x) => x.version) : [base.version] });
      written.get(note.note)?.seen.push(seen);
    } else if (act === 6 && look.notes.length) {
      const { note } = d.one(look.notes);
      await book.removeNote(note);
      removed.add(note);
    } else if (act === 7) {
      const consent = newId();
      await book.giveConsent({ consent, placement: server.placement, code: "K7MW-4QXT-R", language: "en", adult: true, use_it: true, quote: true, picture: true, contact: false });
      cards.push(consent);
    } else if (act === 8) {
      const entry = newId();
      const version = newId();
      await book.keepDiary(entry, version, [], btoa(`sealed ${entry}`));
      diary.set(entry, version);
    } else if (act === 9) {
      const out = newId();
      await book.goOut({ out, placement: server.placement, area: "A", with: "", buddy: newId(), due: 1 });
      if (d.chance(0.5)) await book.later(out, 2);
      if (d.chance(0.5)) await book.back(out);
      outs.set(out, (await store.read("outs", out)).back);
    } else if (act === 10 && d.chance(0.5)) {
      copy = server.copy();
    } else if (act === 11 && d.chance(0.3)) {
      server.restore(copy);
      restored = true;
    } else if (act === 12) {
      const there = cards.filter((c) => server.data.consents[c] && !server.data.consents[c].withdrawn);
      if (there.length && d.chance(0.4) && !restored) {
        const consent = d.one(there);
        server.withdraw(consent);
        withdrawn.add(consent);
      }
    }
    if (!d.chance(0.6)) continue;
    deadly = 0.03;
    await syncRecords({ store, post: network(server, d, 0.8), id: newId }).catch((error) => assert.ok(error instanceof Killed, error));
    deadly = 0;
  }
  // Then the signal is good. Each phone speaks as often as it takes for the other to hear.
  const calm = dice(1);
  for (let round = 0; round < 4; round += 1) {
    for (const { store } of phones) {
      const { end } = await syncRecords({ store, post: network(server, calm, 0), id: newId });
      assert.equal(end, "done", `schedule ${seed}`);
    }
  }
  const looks = await Promise.all(phones.map((p) => p.book.look()));
  const lost = (note) => removed.has(note) || withdrawn.has(written.get(note).card);
  for (const [note, { seen }] of written) {
    const there = server.data.notes[note];
    if (lost(note)) {
      // A restored copy may be older than the taking away; the phone that took it away has told it once and no more.
      if (!restored) assert.equal(there, undefined, `schedule ${seed}: ${note} was taken back`);
      continue;
    }
    const keepable = seen.filter((s) => !s.includes("REFUSE"));
    if (there) for (const s of keepable) assert.equal(texts(there.versions).filter((x) => x === s).length, 1, `schedule ${seed}: "${s}" once`);
    else assert.equal(keepable.length, 0, `schedule ${seed}: ${note} is lost`);
    for (const s of seen.filter((x) => x.includes("REFUSE"))) {
      assert.ok(looks.some((l) => l.outbox.some((o) => o.state === "refused" && o.record.what.seen === s)), `schedule ${seed}: "${s}" stays with its writer`);
    }
  }
  for (const card of cards) assert.ok(server.data.consents[card] || (restored && withdrawn.has(card)), `schedule ${seed}: card ${card}`);
  for (const [entry, version] of diary) assert.ok(server.data.diary[entry]?.versions[version], `schedule ${seed}: diary ${entry}`);
  if (!restored) for (const [out, back] of outs) assert.equal(Boolean(server.data.outs[out].back), Boolean(back), `schedule ${seed}: out ${out}`);
  // Both phones show what the server has: the same versions that nothing follows.
  for (const { notes, outbox } of looks) {
    // A card that was taken back, and that the restored copy is too old to know, comes back for nobody's note.
    const hopeless = (o) => o.state === "waits" && restored && withdrawn.has(o.record.what.consent) && !server.data.consents[o.record.what.consent];
    assert.deepEqual(outbox.filter((o) => o.state !== "refused" && !hopeless(o)), [], `schedule ${seed}: nothing is left waiting`);
    const shown = Object.fromEntries(notes.map((n) => [n.note, n.heads.filter((x) => x.where === "server").map((x) => x.version)]).filter(([, v]) => v.length));
    const kept = Object.fromEntries(Object.entries(server.data.notes).map(([id, n]) => [id, server.heads(n.versions)]));
    const refusedOn = new Set(notes.filter((n) => n.heads.some((x) => x.where === "refused")).map((n) => n.note));
    for (const id of new Set([...Object.keys(shown), ...Object.keys(kept)])) if (!refusedOn.has(id)) assert.deepEqual(shown[id], kept[id], `schedule ${seed}: ${id}`);
  }
}

test(`${SCHEDULES} schedules end in one state, nothing lost and nothing doubled`, async () => {
  for (let seed = 1; seed <= SCHEDULES; seed += 1) await schedule(seed);
});

test("a step that the phone has no room for leaves everything as it was, and the words with the writer", async () => {
  let full = false;
  const { store, book } = await phone(new NotebookServer(), () => {
    if (full) throw new Full();
  });
  await book.saveDraft("note:saw", { note: "n", seen: "half a sentence" });
  full = true;
  await assert.rejects(book.keepNote({ ...book.blank("saw", "p"), note: "n", seen: "half a sentence" }, { key: "note:saw" }), Full);
  full = false;
  assert.equal((await store.read("drafts", "note:saw")).seen, "half a sentence");
  assert.deepEqual(await store.list("outbox"), []);
});

test("a hotel's answer is no answer, a locked phone stops, and each end has its name", async () => {
  const server = new NotebookServer();
  const { store, book } = await phone(server);
  await book.keepNote({ ...book.blank("saw", server.placement), seen: "a kettle" });
  const end = async (answer) => (await syncRecords({ store, post: async () => answer, id: newId })).end;
  assert.equal(await end({ status: 200, json: undefined }), "offline");
  assert.equal(await end({ status: 401, json: { message: "Sign in." } }), "signed-out");
  assert.equal(await end({ status: 403 }), "other-person");
  assert.equal(await end({ status: 409, json: { problem: "server-too-old" } }), "server-too-old");
  assert.equal(await end({ status: 409, json: { problem: "too-many-phones" } }), "trouble");
  assert.equal(await end({ status: 429, headers: new Headers({ "retry-after": "7" }) }), "busy");
  assert.equal(await end({ status: 507 }), "full");
  assert.equal(await end({ status: 500 }), "trouble");
  assert.equal((await store.list("outbox")).length, 1);
  server.locked.add(await store.read("self", "device"));
  assert.equal((await syncRecords({ store, post: async (b) => server.sync(b), id: newId })).end, "locked");
});

test("a batch that is too large is made smaller, and a single record that is too large is shown to its writer", async () => {
  const server = new NotebookServer();
  const { store, book } = await phone(server);
  for (let i = 0; i < 20; i += 1) await book.keepNote({ ...book.blank("saw", server.placement), seen: `text ${i}` });
  await book.keepNote({ ...book.blank("saw", server.placement), seen: "long ".repeat(900) });
  const sizes = [];
  const most = async (batch) => {
    sizes.push(batch.records.length);
    return JSON.stringify(batch).length > 3000 ? { status: 413, json: { message: "Too large." } } : server.sync(batch);
  };
  assert.equal((await syncRecords({ store, post: most, id: newId })).end, "done");
  assert.equal(Object.keys(server.data.notes).length, 20);
  const [left] = await store.list("outbox");
  assert.equal(left.state, "refused");
  assert.ok(left.record.what.seen.startsWith("long"));
});

// A file server that cuts and spoils.
function filePost(server, d, bad) {
  return async (method, path, { headers = {}, body } = {}) => {
    if (d.chance(bad / 3)) throw new TypeError("no signal");
    const spoiled = body && d.chance(bad / 4) ? body.map((b, i) => (i === 0 ? b ^ 1 : b)) : body;
    const check = (_, bytes) => createHash("sha256").update(bytes).digest("base64");
    const answer = server.files(method, path.split("/")[3], headers, spoiled && Uint8Array.from(spoiled), check);
    if (d.chance(bad / 3)) throw new TypeError("answer lost");
    return { status: answer.status, json: answer.json, headers: new Headers(answer.headers) };
  };
}

test("pictures arrive whole and once, however often the line breaks", async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const d = dice(seed);
    const server = new NotebookServer();
    const { store, book } = await phone(server);
    const bytes = Uint8Array.from({ length: 1 + d.upTo(5000) }, () => d.upTo(256));
    const note = { ...book.blank("saw", server.placement), seen: "a stair" };
    const file = { id: newId(), note: note.note, mime: "image/jpeg", text: "a stair", blob: new Blob([bytes]), size: bytes.length, state: "draft" };
    await store.change(["files"], (step) => step.put("files", file.id, file));
    await book.keepNote(note);
    assert.deepEqual((await sendFiles({ store, request: filePost(server, d, 0), piece: 512 })).end, "done");
    assert.deepEqual(server.data.files, {}, "it waits for its note");
    await syncRecords({ store, post: async (b) => server.sync(b), id: newId });
    for (let tries = 0; tries < 200 && (await store.read("files", file.id)).state !== "sent"; tries += 1) await sendFiles({ store, request: filePost(server, d, 0.5), piece: 512 });
    assert.equal((await store.read("files", file.id)).state, "sent", `schedule ${seed}`);
    assert.deepEqual(Uint8Array.from(server.data.files[file.id].bytes), bytes, `schedule ${seed}`);
  }
});

test("what was taken back takes its picture from the phone", async () => {
  const server = new NotebookServer();
  const { store, book } = await phone(server);
  const note = { ...book.blank("saw", server.placement), seen: "a stair" };
  await book.keepNote(note);
  await syncRecords({ store, post: async (b) => server.sync(b), id: newId });
  await store.change(["files"], (step) => step.put("files", "f", { id: "f", note: note.note, mime: "image/jpeg", text: "x", blob: new Blob(["x"]), size: 1, state: "new" }));
  server.data.gone[note.note] = true;
  await sendFiles({ store, request: filePost(server, dice(1), 0) });
  assert.equal(await store.read("files", "f"), undefined);
});

test("the notebook leaves as a file and comes back on another phone, once", async () => {
  const server = new NotebookServer();
  const a = await phone(server);
  const note = { ...a.book.blank("saw", server.placement), seen: "a “kettle”\nand 집" };
  await a.store.change(["files"], (step) => step.put("files", "f", { id: "f", note: note.note, mime: "image/jpeg", text: "x", blob: new Blob([Uint8Array.of(0, 255, 7)]), size: 3, state: "draft" }));
  await a.book.keepNote(note);
  await a.book.keepNote({ ...a.book.blank("wonder", server.placement), seen: "why" });
  const text = await (await exported(a.store)).text();
  const b = await phone(server);
  assert.equal(await imported(b.store, text), 3);
  assert.equal(await imported(b.store, text), 0);
  assert.deepEqual(new Uint8Array(await (await b.store.read("files", "f")).blob.arrayBuffer()), Uint8Array.of(0, 255, 7));
  for (const { store } of [a, b]) await syncRecords({ store, post: async (x) => server.sync(x), id: newId });
  assert.equal(Object.keys(server.data.notes).length, 2);
  assert.deepEqual(texts(server.data.notes[note.note].versions), [note.seen]);
  await assert.rejects(imported(b.store, "{}"), /format/);
  await assert.rejects(imported(b.store, text.replace(server.person, newId())), /person/);
});

test("after failures it waits longer, at most ten minutes, never nothing", () => {
  for (let failures = 1; failures < 40; failures += 1) {
    assert.ok(pause(failures, 0) >= 4000 && pause(failures, 1) <= 600_000);
    assert.ok(pause(failures + 1, 0.5) >= pause(failures, 0.5));
  }
});
