// The notebook and the real server together: what a phone brings back after a week is in the city once, the resident sees it
// at their code, the diary's words are in no file of the server, and a phone that was lost is locked out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { enter } from "./lib/city.mjs";
import { button, en, giveCard, link, makeDiary, ofTheWeek, profile, saved, takePicture, tell, tellAtLast, week, write } from "./lib/notebook-bench.mjs";
import { cityOfAGoer } from "./lib/notebook-city.mjs";
import { holds, kill, open, shellKept } from "./lib/phone.mjs";

const PASSWORD = "a kettle, a stair and a door";
const { there, phone, onOuting, notesOf, filesOf } = cityOfAGoer();

test("what was captured in a cellar is in the city once, with its picture, and the resident finds it at the code", async () => {
  const context = await phone();
  const page = await open(context, there.city.base);
  await onOuting(page);
  await shellKept(page);
  await context.setOffline(true);
  await page.reload();
  const code = await giveCard(page);
  const quote = "Nobody in this stairwell has ever seen that paper";
  await page.locator("textarea").first().fill(quote);
  await takePicture(page, "The letter boxes of stairwell 14");
  await page.locator(".pictures figure").waitFor();
  await button(page, "keep").click();
  await page.locator("#sync", { hasText: "3 only here" }).waitFor();
  assert.equal(notesOf(quote).length, 0);
  await context.setOffline(false);
  await tell(page);
  const [note, ...more] = notesOf(quote);
  assert.deepEqual([note.kind, note.placement_id, more.length], ["said", there.goer.placement, 0]);
  const told = await (await fetch(`${there.city.base}/told/${code}`)).text();
  assert.ok(told.includes(quote), "the resident sees it");
  assert.equal(filesOf([note]).length, 1);
  // The resident takes it back: it goes from the phone too.
  const sent = await fetch(`${there.city.base}/told/${code}/withdrawal`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "" });
  assert.ok(sent.ok);
  await tell(page);
  await page.evaluate(() => (location.hash = "#/"));
  await page.locator(".capture").waitFor();
  await page.getByText(quote).waitFor({ state: "detached" });
});

test("a week of two hundred captures and twenty pictures arrives, each once, through a browser that is killed", async () => {
  const folder = profile();
  let context = await phone(folder);
  let page = await open(context, there.city.base);
  await onOuting(page);
  await shellKept(page);
  await context.setOffline(true);
  await week(page, there.goer.placement, true);
  await page.reload();
  await page.locator("#sync", { hasText: "221 only here" }).waitFor();
  await context.setOffline(false);
  // Killed while it is giving over.
  const answered = page.waitForResponse((r) => r.url().endsWith("/notebook/sync"));
  page.evaluate(() => (location.hash = "#/sync")).catch(() => {});
  await answered;
  await kill(context, folder);
  context = await phone(folder);
  page = await open(context, there.city.base);
  await tellAtLast(page, 10);
  const arrived = notesOf("of the week").map((n) => n.seen).sort();
  assert.deepEqual(arrived, ofTheWeek);
  assert.equal(filesOf(notesOf("of the week")).length, 20);
});

test("the session ended meanwhile: nothing is lost, and signing in leads back to the notebook", async () => {
  const token = await (async () => {
    const answer = await fetch(`${there.city.base}/api/v1/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: there.goer.email, password: PASSWORD }) });
    return (await answer.json()).token;
  })();
  const context = await phone(profile(), { token });
  const page = await open(context, there.city.base);
  await onOuting(page);
  await fetch(`${there.city.base}/api/v1/session/end`, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: "{}" });
  await write(page, "saw", "Two bells and one name beside them");
  await page.getByText(en["signed-out"]).waitFor();
  await page.locator(".notice").getByRole("link", { name: en["sign-in"] }).click();
  await page.locator("#email").fill(there.goer.email);
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
  const page = await open(context, there.city.base);
  await saved(page);
  const line = [];
  page.on("request", (request) => line.push(request.url() + (request.postData() ?? "")));
  const recovery = await makeDiary(page, "four walls and a door");
  await link(page, "diary-write").click();
  await page.locator("textarea").fill(PLAIN);
  await page.getByText(en["draft-sealed"]).waitFor();
  await button(page, "keep").click();
  await page.locator(".note", { hasText: PLAIN }).waitFor();
  await tell(page);
  await context.close();
  const backup = path.join(there.city.folder, "diary.backup");
  there.city.command("backup", backup);
  assert.ok(readFileSync(backup, "utf8").includes("diary"), "the diary is in the backup, sealed");
  for (const secret of [PLAIN, "four walls and a door", recovery.join("")]) {
    assert.deepEqual(holds(there.city.folder, secret), [], "in a file of the server");
    assert.ok(!there.city.printed().includes(secret), "in the log");
    assert.ok(!line.some((l) => l.includes(secret)), "on the line");
    assert.deepEqual(holds(folder, secret), [], "on the disk of the phone");
  }
  // A new phone, by the passphrase.
  const second = await open(await phone(), there.city.base, "#/diary");
  await second.locator("input[type=password]").first().fill("four walls and a door");
  await button(second, "diary-open").click();
  await second.locator(".note", { hasText: PLAIN }).waitFor();
});

test("a lost phone is locked out from the page about phones, and forgets everything", async () => {
  const folder = profile();
  const token = await enter(there.city, there.goer.email);
  const context = await phone(folder, { token });
  const page = await open(context, there.city.base);
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
  const other = await enter(there.city, there.goer.email);
  const locked = await fetch(`${there.city.base}/api/v1/notebook/devices/${device}/lock`, { method: "POST", headers: { authorization: `Bearer ${other}`, "content-type": "application/json" }, body: "{}" });
  assert.ok(locked.ok, await locked.text());
  await context.addCookies([{ name: "session", value: other, url: there.city.base }]);
  await button(page, "sync-now").click();
  await page.getByText(en["wiped-locked"]).waitFor();
  there.goer.token = await enter(there.city, there.goer.email);
});
