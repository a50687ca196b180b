// The notebook and the real server together: what a phone brings back after a week is in the city once, the resident sees it
// at their code, the diary's words are in no file of the server, and a phone that was lost is locked out.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { enter, everything, startCity } from "./lib/city.mjs";
import { holds, kill, newProfile, open, openPhone, shellKept } from "./lib/phone.mjs";
import { wordsOf } from "./lib/notebook-site.mjs";

const PICTURE = fileURLToPath(new URL("../crates/web/assets/icon-192.png", import.meta.url));
const en = wordsOf("en");
const PASSWORD = "a kettle, a stair and a door";
let city;
let goer;
const left = { contexts: new Set(), profiles: new Set() };

before(async () => {
  city = await startCity({ people: 240, seed: 7 });
  const { placement, person, outing } = everything(city);
  // Somebody who is out, where pictures are allowed to those who ask.
  const fits = ({ photos, notes_allowed: notes, host_name: host }) => photos !== "none" && Boolean(notes) && Boolean(host);
  const now = placement.filter((p) => ["out", "debriefing", "embedding"].includes(p.stage) && fits(outing.find((o) => o.id === p.outing_id)));
  const counts = (p) => placement.filter((x) => x.person_id === p.person_id).length;
  const [chosen] = now.sort((a, b) => counts(a) - counts(b));
  const { email } = person.find((p) => p.id === chosen.person_id);
  goer = { email, placement: chosen.id, token: await enter(city, email) };
});

afterEach(async () => {
  for (const context of left.contexts) await context.close().catch(() => {});
});

after(() => {
  city?.stop();
  for (const folder of left.profiles) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const profile = () => {
  const made = newProfile();
  left.profiles.add(made);
  return made;
};

async function phone(folder = profile(), token = goer.token) {
  const cookies = token ? [{ name: "session", value: token, url: city.base }, { name: "lang", value: "en", url: city.base }] : [];
  const context = await openPhone(folder, { cookies });
  left.contexts.add(context);
  context.once("close", () => left.contexts.delete(context));
  return context;
}

const button = (page, key) => page.getByRole("button", { name: en[key], exact: true }).first();
const saved = (page) => page.locator('#sync[data-kind="there"]').waitFor();

async function tell(page) {
  await page.evaluate(() => (location.hash = "#/sync"));
  await button(page, "sync-now").click();
  await page.getByRole("button", { name: en["sync-now"], exact: true, disabled: false }).waitFor();
}

// Several placements: the one of the test is chosen as its owner would.
async function onOuting(page) {
  await saved(page);
  await page.evaluate(async (placement) => {
    const base = document.querySelector("script[type=module]").src.replace(/app\.js$/, "");
    const { openPhone: openStore } = await import(`${base}store.js`);
    const store = await openStore();
    await store.change(["self"], (step) => step.put("self", "chosen", placement));
    store.close();
  }, goer.placement);
  await page.reload();
  await page.locator(".capture").waitFor();
}

const notesOf = (text) => everything(city).note.filter((n) => n.seen.includes(text));

test("what was captured in a cellar is in the city once, with its picture, and the resident finds it at the code", async () => {
  const context = await phone();
  const page = await open(context, city.base);
  await onOuting(page);
  await shellKept(page);
  await context.setOffline(true);
  await page.reload();
  await page.locator(".big--said").click();
  await page.locator('main a[href="#/card?for=said"]').click();
  for (const key of ["consent-use", "consent-quote", "consent-picture", "adult-yes"]) await page.getByLabel(en[key]).check();
  await button(page, "consent-button").click();
  const code = (await page.locator(".code").innerText()).split(": ").pop().trim();
  await page.getByRole("link", { name: en["consent-note"] }).click();
  const quote = "Nobody in this stairwell has ever seen that paper";
  await page.locator("textarea").first().fill(quote);
  await page.locator("#picture").setInputFiles(PICTURE);
  await button(page, "blur-face").click();
  await page.locator("dialog input").fill("The letter boxes of stairwell 14");
  await button(page, "picture-keep").click();
  await page.locator(".pictures figure").waitFor();
  await button(page, "keep").click();
  await page.locator("#sync", { hasText: "3 only here" }).waitFor();
  assert.equal(notesOf(quote).length, 0);
  await context.setOffline(false);
  await tell(page);
  await saved(page);
  const [note, ...more] = notesOf(quote);
  assert.deepEqual([note.kind, note.placement_id, more.length], ["said", goer.placement, 0]);
  const told = await (await fetch(`${city.base}/told/${code}`)).text();
  assert.ok(told.includes(quote), "the resident sees it");
  const media = everything(city).media.filter((m) => m.note_id === note.id);
  assert.equal(media.length, 1);
  // The resident takes it back: it goes from the phone too.
  const sent = await fetch(`${city.base}/told/${code}/withdrawal`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "" });
  assert.ok(sent.ok);
  await tell(page);
  await page.evaluate(() => (location.hash = "#/"));
  await page.locator(".capture").waitFor();
  await page.getByText(quote).waitFor({ state: "detached" });
});

test("a week of two hundred captures and twenty pictures arrives, each once, through a browser that is killed", async () => {
  const folder = profile();
  let context = await phone(folder);
  let page = await open(context, city.base);
  await onOuting(page);
  await shellKept(page);
  await context.setOffline(true);
  await page.evaluate(async (where) => {
    const base = document.querySelector("script[type=module]").src.replace(/app\.js$/, "");
    const [{ openPhone: openStore }, { Book }, { newId }] = await Promise.all(["store.js", "book.js", "id.js"].map((n) => import(base + n)));
    const store = await openStore();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 320;
    const pen = canvas.getContext("2d");
    const consent = newId();
    const { makeCode, grouped } = await import(`${base}code.js`);
    await new Book(store).giveConsent({ consent, placement: where, code: grouped(makeCode()), language: "en", adult: true, use_it: true, quote: true, picture: true, contact: false });
    for (let i = 0; i < 200; i += 1) {
      const at = Date.now() - (200 - i) * 3_000_000;
      const book = new Book(store, { now: () => at });
      const note = { ...book.blank(i % 3 ? "saw" : "wonder", where, null, i % 10 ? null : consent), seen: `capture ${i} of the week` };
      if (i % 10 === 0) {
        pen.fillStyle = `hsl(${i} 60% 50%)`;
        pen.fillRect(0, 0, 320, 320);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
        const file = { id: newId(), note: note.note, mime: "image/jpeg", text: `picture ${i}`, blob, size: blob.size, state: "draft" };
        await store.change(["files"], (step) => step.put("files", file.id, file));
      }
      await book.keepNote(note);
    }
    store.close();
  }, goer.placement);
  await page.reload();
  await page.locator("#sync", { hasText: "221 only here" }).waitFor();
  await context.setOffline(false);
  // Killed while it is giving over.
  const answered = page.waitForResponse((r) => r.url().endsWith("/notebook/sync"));
  page.evaluate(() => (location.hash = "#/sync")).catch(() => {});
  await answered;
  await kill(context, folder);
  context = await phone(folder);
  page = await open(context, city.base);
  for (let tries = 0; tries < 10 && (await page.locator("#sync").getAttribute("data-kind")) !== "there"; tries += 1) await tell(page);
  await saved(page);
  const arrived = notesOf("of the week").map((n) => n.seen).sort();
  assert.deepEqual(arrived, Array.from({ length: 200 }, (_, i) => `capture ${i} of the week`).sort());
  const ids = new Set(notesOf("of the week").map((n) => n.id));
  const media = everything(city).media.filter((m) => ids.has(m.note_id));
  assert.equal(media.length, 20);
});

test("the session ended meanwhile: nothing is lost, and signing in leads back to the notebook", async () => {
  const token = await (async () => {
    const answer = await fetch(`${city.base}/api/v1/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: goer.email, password: PASSWORD }) });
    return (await answer.json()).token;
  })();
  const context = await phone(profile(), token);
  const page = await open(context, city.base);
  await onOuting(page);
  await fetch(`${city.base}/api/v1/session/end`, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: "{}" });
  await page.locator(".big--saw").click();
  await page.locator("textarea").first().fill("Two bells and one name beside them");
  await button(page, "keep").click();
  await page.getByText(en["signed-out"]).waitFor();
  await page.locator(".notice").getByRole("link", { name: en["sign-in"] }).click();
  await page.locator("#email").fill(goer.email);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("form[action='/session'] button").click();
  await page.waitForURL(/\/notebook$/);
  await saved(page);
  assert.equal(notesOf("Two bells and one name beside them").length, 1);
});

const PLAIN = "I was ashamed of page four and nobody may know of it";

test("the diary's words are in no file of the server, not in a backup, not on the line", async () => {
  const folder = profile();
  const context = await phone(folder);
  const page = await open(context, city.base);
  await saved(page);
  const line = [];
  page.on("request", (request) => line.push(request.url() + (request.postData() ?? "")));
  await page.evaluate(() => (location.hash = "#/diary"));
  for (const at of [0, 1]) await page.locator("input[type=password]").nth(at).fill("four walls and a door");
  await button(page, "diary-make").click();
  const recovery = (await page.locator(".code--long").innerText()).trim().split(/\s+/);
  await page.getByLabel(en["recovery-written"]).check();
  await button(page, "diary-begin").click();
  await page.getByRole("link", { name: en["diary-write"] }).click();
  await page.locator("textarea").fill(PLAIN);
  await page.getByText(en["draft-sealed"]).waitFor();
  await button(page, "keep").click();
  await page.locator(".note", { hasText: PLAIN }).waitFor();
  await tell(page);
  await saved(page);
  await context.close();
  const backup = path.join(city.folder, "diary.backup");
  city.command("backup", backup);
  assert.ok(readFileSync(backup, "utf8").includes("diary"), "the diary is in the backup, sealed");
  for (const secret of [PLAIN, "four walls and a door", recovery.join("")]) {
    assert.deepEqual(holds(city.folder, secret), [], "in a file of the server");
    assert.ok(!city.printed().includes(secret), "in the log");
    assert.ok(!line.some((l) => l.includes(secret)), "on the line");
    assert.deepEqual(holds(folder, secret), [], "on the disk of the phone");
  }
  // A new phone, by the passphrase.
  const second = await open(await phone(), city.base, "#/diary");
  await second.locator("input[type=password]").first().fill("four walls and a door");
  await button(second, "diary-open").click();
  await second.locator(".note", { hasText: PLAIN }).waitFor();
});

test("a lost phone is locked out from the page about phones, and forgets everything", async () => {
  const folder = profile();
  const token = await enter(city, goer.email);
  const context = await phone(folder, token);
  const page = await open(context, city.base);
  await saved(page);
  await tell(page);
  const device = await page.evaluate(() => new Promise((resolve) => {
    const asked = indexedDB.open("freerange-notebook");
    asked.onsuccess = () => {
      const got = asked.result.transaction("self").objectStore("self").get("device");
      got.onsuccess = () => {
        asked.result.close();
        resolve(got.result);
      };
    };
  }));
  const other = await enter(city, goer.email);
  const locked = await fetch(`${city.base}/api/v1/notebook/devices/${device}/lock`, { method: "POST", headers: { authorization: `Bearer ${other}`, "content-type": "application/json" }, body: "{}" });
  assert.ok(locked.ok, await locked.text());
  await context.addCookies([{ name: "session", value: other, url: city.base }]);
  await button(page, "sync-now").click();
  await page.getByText(en["wiped-locked"]).waitFor();
  goer.token = await enter(city, goer.email);
});
