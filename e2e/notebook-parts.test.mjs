// The parts of the notebook that need no browser: codes, drawings of addresses, neighbourhoods, the sealed diary, faces
// made unrecognisable, voices, texts.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { cover, hide } from "../crates/web/assets/notebook/blur.js";
import { ALPHABET, grouped, makeCode, makeRecoveryKey, readCode, readRecoveryKey } from "../crates/web/assets/notebook/code.js";
import { allowed } from "../crates/web/assets/notebook/consent.js";
import * as diary from "../crates/web/assets/notebook/diary.js";
import { fromBase64, newId, toBase64 } from "../crates/web/assets/notebook/id.js";
import { outingNow } from "../crates/web/assets/notebook/pack.js";
import { placeAt } from "../crates/web/assets/notebook/place.js";
import { qr } from "../crates/web/assets/notebook/qr.js";
import { resampled, wav } from "../crates/web/assets/notebook/wav.js";
import { heads } from "../crates/web/assets/notebook/versions.js";
import { LANGUAGES, makeT } from "../crates/web/assets/notebook/words.js";
import { wordsOf } from "./lib/notebook-site.mjs";

const assets = new URL("../crates/web/assets/notebook/", import.meta.url);
const random = (n) => crypto.getRandomValues(new Uint8Array(n));

test("the phone makes the codes that the server makes, and reads them however they are typed", () => {
  const lines = readFileSync(new URL("../crates/domain/tests/codes.txt", import.meta.url), "utf8").trim().split("\n");
  assert.ok(lines.length >= 16);
  for (const line of lines) {
    const [hex, code] = line.split(" ");
    const made = makeCode(Uint8Array.from(hex.match(/../g), (b) => parseInt(b, 16)));
    assert.equal(grouped(made), code);
    assert.deepEqual(readCode(` ${code.toLowerCase().replaceAll("-", " – ")} `), { code: made });
  }
  for (let i = 0; i < 300; i += 1) {
    const code = makeCode();
    const at = i % 9;
    const wrong = ALPHABET[(ALPHABET.indexOf(code[at]) + 1 + (i % 28)) % 29];
    assert.deepEqual(readCode(code.slice(0, at) + wrong + code.slice(at + 1)), { problem: "check" });
    if (at < 8 && code[at] !== code[at + 1]) assert.deepEqual(readCode(code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2)), { problem: "check" });
  }
  assert.deepEqual(readCode("K7MW-4QXT"), { problem: "length" });
  assert.deepEqual(readCode("K7MW-4QXT-0"), { problem: "character" });
});

test("a key on paper says which group is wrong, and when two groups changed places", () => {
  for (let i = 0; i < 200; i += 1) {
    const key = makeRecoveryKey();
    assert.match(key, /^([2-9A-HJKMNP-TV-Y]{5}-){7}[2-9A-HJKMNP-TV-Y]{5}$/);
    assert.deepEqual(readRecoveryKey(key.toLowerCase()), { key: key.replaceAll("-", "") });
    const groups = key.split("-");
    const g = i % 8;
    const at = i % 5;
    const other = ALPHABET[(ALPHABET.indexOf(groups[g][at]) + 1) % 29];
    const spoiled = groups.with(g, groups[g].slice(0, at) + other + groups[g].slice(at + 1)).join("-");
    assert.deepEqual(readRecoveryKey(spoiled), { wrong: g + 1 });
    assert.deepEqual(readRecoveryKey(groups.slice(0, 7).join("-")), { wrong: 0 });
  }
  const [one, two, ...rest] = makeRecoveryKey().split("-");
  if (one !== two) assert.deepEqual(readRecoveryKey([two, one, ...rest].join("-")), { wrong: 1 });
});

// Made once and compared, module by module, with an independent encoder, and read by an independent reader.
const DRAWINGS = {
  A: "2092585037e9da56",
  "q*26": "0f5cb8cc9c07de8a",
  "http://127.0.0.1:8080/told/K7MW-4QXT-R": "def7379e972982d0",
  "https://freerange.amersfoort.nl/told/K7MW-4QXT-R": "8bff5c6d5f5c8cd9",
  "https://현장.서울.kr/told/K7MW-4QXT-R": "5486ebf97bf64a33",
  "z*62": "94f40e9d0ccbcbe3",
  "x*84": "828d6d94d58d40c1",
  "y*106": "21abcf50bdbf15b3",
};

test("addresses are drawn as independent readers read them", () => {
  for (const [text, hash] of Object.entries(DRAWINGS)) {
    const [letter, times] = text.split("*");
    const rows = qr(times ? letter.repeat(Number(times)) : text);
    const bits = rows.flat().map(Number).join("");
    assert.equal(createHash("sha256").update(bits).digest("hex").slice(0, 16), hash, text);
  }
  assert.throws(() => qr("x".repeat(107)), RangeError);
});

const square = (id, x, y) => ({ id, name: id, rings: [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]] });

test("a point lies in the neighbourhood around it, in a hole in none, and just outside in the nearest", () => {
  const places = [square("a", 0, 0), square("b", 1, 0)];
  places[0].rings.push([[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]]);
  for (let i = 0; i < 500; i += 1) {
    const [x, y] = [Math.random() * 2, Math.random()];
    const hole = x > 0.4 && x < 0.6 && y > 0.4 && y < 0.6;
    if (!hole) assert.equal(placeAt(places, x, y, 0)?.id, x < 1 ? "a" : "b");
  }
  assert.equal(placeAt(places, 0.5, 0.5, 0), null);
  assert.equal(placeAt(places, -0.001, 0.5)?.id, "a", "a hundred metres off");
  assert.equal(placeAt(places, -0.01, 0.5), null, "a kilometre off");
});

test("what is sealed opens with each of the ways, with nothing else, and in no other place", async () => {
  const raw = diary.newKey();
  const recovery = makeRecoveryKey();
  const copies = [
    await diary.wrap(raw, { id: newId(), sort: "passphrase", secret: "four walls and a door" }),
    await diary.wrap(raw, { id: newId(), sort: "recovery", secret: diary.plainSecret("recovery", recovery) }),
    await diary.wrap(raw, { id: newId(), sort: "passkey", secret: random(32), salt: random(32), credential: random(16) }),
  ];
  const ring = await diary.ringOf(raw);
  const [entry, version] = [newId(), newId()];
  const sealed = await diary.seal(ring, entry, version, { text: "the kettle 주전자", at: 5 });
  assert.ok(!Buffer.from(sealed, "base64").includes("kettle"));
  for (const [sort, secret] of [["passphrase", "four walls and a door"], ["recovery", diary.plainSecret("recovery", recovery.toLowerCase())]]) {
    const opened = await diary.unlock(copies, sort, secret);
    assert.deepEqual(await diary.open(opened, entry, version, sealed), { text: "the kettle 주전자", at: 5 });
    for (const key of Object.values(opened)) await assert.rejects(crypto.subtle.exportKey("raw", key), /extractable/);
  }
  assert.deepEqual(await diary.unlock(copies, "passphrase", "four walls and a Door"), {});
  assert.deepEqual(await diary.unlock(copies, "recovery", "four walls and a door"), {});
  // A copy under another's id or name does not open: the server cannot put one in the place of another.
  assert.deepEqual(await diary.unlock([{ ...copies[0], id: newId() }], "passphrase", "four walls and a door"), {});
  assert.equal(await diary.open(ring, entry, newId(), sealed), null);
  assert.equal(await diary.open(ring, newId(), version, sealed), null);
  const spoiled = fromBase64(sealed);
  spoiled[40] ^= 1;
  assert.equal(await diary.open(ring, entry, version, toBase64(spoiled)), null);
  // A short text is as long as another short text.
  assert.equal((await diary.seal(ring, entry, version, { text: "a", at: 5 })).length, sealed.length);
  // Two phones that began apart: a ring with both keys opens both.
  const other = await diary.ringOf(diary.newKey());
  const theirs = await diary.seal(other, entry, version, { text: "b" });
  assert.equal(await diary.open(ring, entry, version, theirs), null);
  assert.deepEqual(await diary.open({ ...ring, ...other }, entry, version, theirs), { text: "b" });
});

const picture = (width, height) => ({ width, height, data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : Math.random() * 256)) });

test("what is made unrecognisable is gone from the pixels, and nothing else is touched", () => {
  const before = picture(90, 70);
  const image = { ...before, data: before.data.slice() };
  hide(image, { x: 10.4, y: 5.2, w: 60, h: 50 });
  const colours = new Set();
  for (let y = 0; y < 70; y += 1) {
    for (let x = 0; x < 90; x += 1) {
      const at = (y * 90 + x) * 4;
      const colour = image.data.slice(at, at + 4).join();
      if (x >= 10 && x < 71 && y >= 5 && y < 56) colours.add(colour);
      else assert.equal(colour, before.data.slice(at, at + 4).join());
    }
  }
  assert.ok(colours.size <= 36, `${colours.size} colours are left`);
  cover(image, { x: -5, y: -5, w: 20, h: 20 });
  assert.deepEqual([...image.data.slice(0, 4)], [0, 0, 0, 255]);
  hide(image, { x: 200, y: 0, w: 5, h: 5 });
});

test("a voice is a plain WAV of three minutes at most", () => {
  const tone = Float32Array.from({ length: 48_000 }, (_, i) => Math.sin((i / 48_000) * 2 * Math.PI * 440) * 2);
  const bytes = wav([tone.subarray(0, 1000), tone.subarray(1000)], 48_000);
  const view = new DataView(bytes.buffer);
  assert.equal(Buffer.from(bytes.subarray(0, 4)).toString() + Buffer.from(bytes.subarray(8, 16)).toString(), "RIFFWAVEfmt ");
  assert.deepEqual([view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)], [1, 1, 16_000, 16]);
  assert.equal(view.getUint32(40, true), 32_000);
  assert.equal(bytes.length, 44 + 32_000);
  assert.equal(resampled(tone, 16_000), tone);
  assert.equal(wav([new Float32Array(16_000 * 200)], 16_000).length, 44 + 180 * 32_000);
});

test("a card carries what it says and nothing more", () => {
  const consent = (uses) => ({ withdrawn: false, given: { use_it: true, quote: false, picture: false, ...uses } });
  const image = [{ mime: "image/jpeg" }];
  const sound = [{ mime: "audio/wav" }];
  assert.equal(allowed("said", [], "ask", undefined), "quote-without-consent");
  assert.equal(allowed("said", [], "ask", consent({ quote: true })), null);
  assert.equal(allowed("saw", [], "none", consent({ use_it: false })), "use-not-allowed");
  assert.equal(allowed("saw", image, "ask", undefined), "picture-without-consent");
  assert.equal(allowed("saw", image, "yes", undefined), null);
  assert.equal(allowed("saw", image, "none", consent({ picture: true })), "picture-without-consent");
  assert.equal(allowed("wonder", sound, "ask", undefined), null);
  assert.equal(allowed("saw", sound, "ask", undefined), "quote-without-consent");
  assert.equal(allowed("saw", [], "yes", { ...consent({}), withdrawn: true }), "consent-withdrawn");
});

test("the outing of now is the one that is on, and one can choose another", () => {
  const hour = 3_600_000_000;
  const at = (name, starts, may_write = true) => ({ placement: name, starts: starts * hour, ends: (starts + 2) * hour, may_write });
  const pack = { outings: [at("later", 50), at("now", -1), at("past", -90), at("closed", 0, false)] };
  assert.equal(outingNow(pack, undefined, 0).placement, "now");
  assert.equal(outingNow(pack, "later", 0).placement, "later");
  assert.equal(outingNow(pack, "gone", 0).placement, "now");
  assert.equal(outingNow(undefined), null);
});

test("heads are what nothing follows", () => {
  assert.deepEqual(heads({ a: [], b: ["a"], c: ["a"] }), ["b", "c"]);
  assert.deepEqual(heads({ a: [], b: ["a"], c: ["a"], d: ["b", "c"] }), ["d"]);
});

test("ids sort as they were made", () => {
  const ids = Array.from({ length: 2000 }, () => newId(1_700_000_000_000));
  assert.deepEqual([...ids].sort(), ids);
  assert.match(ids[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("every text that the notebook asks for is there in every language", () => {
  const code = readdirSync(assets).filter((n) => n.endsWith(".js")).map((n) => readFileSync(new URL(n, assets), "utf8")).join("");
  const asked = new Set([...code.matchAll(/\b(?:t|own)\("([a-z-]+)"/g)].map((m) => m[1]));
  assert.ok(asked.size > 150);
  for (const lang of LANGUAGES) {
    const texts = wordsOf(lang);
    for (const key of asked) assert.ok(key in texts || (`${key}-one` in texts && `${key}-many` in texts), `${lang}: ${key}`);
    for (const end of ["offline", "busy", "trouble", "full", "phone-full", "signed-out", "other-person", "server-too-old", "nobody"]) assert.ok(texts[`end-${end}`], end);
  }
  const t = makeT({ "n-one": "{n} note", "n-many": "{n} notes" }, "en");
  assert.deepEqual([t("n", { n: 1 }), t("n", { n: 0 }), t("not-there")], ["1 note", "0 notes", "not-there"]);
});

test("all its scripts together are smaller than 120 kB compressed", () => {
  const sizes = readdirSync(assets).filter((n) => n.endsWith(".js")).map((n) => gzipSync(readFileSync(new URL(n, assets)), { level: 6 }).length);
  assert.ok(sizes.reduce((a, b) => a + b) < 120_000, `${sizes.reduce((a, b) => a + b)} bytes`);
});
