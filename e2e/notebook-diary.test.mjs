// The diary in a phone's browser: its words are nowhere but on the screen, and its writer gets them back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { authenticator, beginDiary, button, en, link, makeDiary, phone, profile, saved, site } from "./lib/notebook-bench.mjs";
import { holds, kill, open } from "./lib/phone.mjs";

const PLAIN = "I was ashamed of page four and nobody may know";
const PASS = "four walls and a door";

test("the diary's words are on the screen and nowhere else: not on the phone's disk, not on the line, not on the server", async () => {
  const city = await site();
  const folder = profile();
  let context = await phone(folder);
  let page = await open(context, city.base, "#/diary");
  await saved(page);
  const recovery = await makeDiary(page, PASS);
  await link(page, "diary-write").click();
  await page.locator("textarea").fill(PLAIN);
  await page.getByText(en["draft-sealed"]).waitFor();
  await kill(context, folder);
  assert.deepEqual(holds(folder, PLAIN), [], "a draft that was killed");
  context = await phone(folder);
  page = await open(context, city.base, "#/diary/new");
  assert.equal(await page.locator("textarea").inputValue(), PLAIN);
  await button(page, "keep").click();
  await page.locator(".note", { hasText: PLAIN }).waitFor();
  await saved(page);
  assert.equal(Object.keys(city.server.data.diary).length, 1);
  await button(page, "diary-lock").click();
  await button(page, "diary-open").waitFor();
  assert.equal(await page.locator(".note").count(), 0);
  await context.close();
  for (const secret of [PLAIN, PASS, recovery[0] + recovery[1]]) {
    assert.deepEqual(holds(folder, secret), [], `on the disk of the phone: ${secret}`);
    assert.ok(!city.requests.some((r) => r.body.includes(secret) || r.url.includes(secret)), "on the line");
    assert.ok(!JSON.stringify([city.server.data, city.server.keys]).includes(secret), "on the server");
  }
  // A new phone gets it back, by the passphrase or by the key on paper.
  context = await phone(profile());
  page = await open(context, city.base, "#/diary");
  await page.locator("input[type=password]").first().fill("something else entirely");
  await button(page, "diary-open").click();
  await page.getByText(en["diary-wrong"]).waitFor();
  await page.locator("summary", { hasText: en["recovery-use"] }).click();
  await page.getByLabel(en["recovery-key"]).fill(recovery.with(2, "22222").join(" "));
  await page.getByLabel(en["diary-new-passphrase"]).fill("another four words here");
  await page.locator("details button").click();
  await page.getByText(en["recovery-group"].replace("{group}", "3")).waitFor();
  await page.getByLabel(en["recovery-key"]).fill(recovery.join(" ").toLowerCase());
  await page.locator("details button").click();
  await page.locator(".note", { hasText: PLAIN }).waitFor();
});

test("a passkey opens the diary where the browser can make a secret of it", async () => {
  const city = await site();
  const context = await phone(profile());
  const page = await open(context, city.base);
  await saved(page);
  await authenticator(page);
  await page.evaluate(() => (location.hash = "#/diary"));
  await button(page, "diary-with-passkey").click();
  await beginDiary(page);
  await link(page, "diary-write").click();
  await page.locator("textarea").fill(PLAIN);
  await button(page, "keep").click();
  await page.locator(".note", { hasText: PLAIN }).waitFor();
  await button(page, "diary-lock").click();
  await button(page, "diary-open-passkey").click();
  await page.locator(".note", { hasText: PLAIN }).waitFor();
  await saved(page);
  assert.deepEqual(city.server.keys.map((k) => k.sort).sort(), ["passkey", "recovery"]);
});
