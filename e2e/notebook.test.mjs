// The notebook in a phone's browser: it opens without a signal, keeps what it says it keeps through whatever happens to
// browser, network and server, gives everything over once, and the diary's words are nowhere but on the screen.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { faults } from "./lib/browser.mjs";
import { holds, kill, newProfile, open, openPhone, shellKept } from "./lib/phone.mjs";
import { startSite, wordsOf } from "./lib/notebook-site.mjs";

const PICTURE = fileURLToPath(new URL("../crates/web/assets/icon-192.png", import.meta.url));
const left = { contexts: new Set(), profiles: new Set(), sites: new Set() };

async function site(options) {
  const made = await startSite(options);
  left.sites.add(made);
  return made;
}

const profile = () => {
  const made = newProfile();
  left.profiles.add(made);
  return made;
};

async function phone(folder, options) {
  const context = await openPhone(folder, options);
  left.contexts.add(context);
  context.once("close", () => left.contexts.delete(context));
  return context;
}

afterEach(async () => {
  for (const context of left.contexts) await context.close().catch(() => {});
  for (const made of left.sites) await made.stop().catch(() => {});
  left.sites.clear();
});

after(() => {
  for (const folder of left.profiles) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const en = wordsOf("en");
const button = (page, key) => page.getByRole("button", { name: en[key] ?? key, exact: true }).first();
const link = (page, key) => page.getByRole("link", { name: en[key] ?? key }).first();
const saved = (page) => page.locator('#sync[data-kind="there"]').waitFor();
// Asks the notebook to speak with the server now, and waits until it says that everything is there.
async function tell(page) {
  await page.locator("#sync").click();
  await button(page, "sync-now").click();
  await saved(page);
}
const words = (server) => Object.values(server.data.notes).flatMap((n) => server.heads(n.versions).map((v) => n.versions[v].seen));

async function write(page, sort, text) {
  await link(page, `note-${sort}`).click();
  await page.locator("textarea").first().fill(text);
  await button(page, "keep").click();
  await page.locator(".capture").waitFor();
}

test("it can be put on the home screen, and opens without a signal in less than a second", async () => {
  const city = await site();
  const context = await phone(profile());
  const page = await open(context, city.base);
  await saved(page);
  assert.equal((await shellKept(page)).scope, `${city.base}/notebook`);
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
  assert.deepEqual([manifest.start_url, manifest.scope, manifest.display], ["/notebook", "/notebook", "standalone"]);
  await city.stop();
  const times = [];
  for (let i = 0; i < 5; i += 1) {
    const again = await open(context, city.base);
    times.push(await again.evaluate(() => performance.now()));
    await again.getByRole("heading", { name: "Tea on the third floor" }).waitFor();
    await again.locator("summary", { hasText: en.numbers }).click();
    await again.getByRole("link", { name: "Duty desk" }).waitFor();
    await again.close();
  }
  assert.ok(Math.min(...times) < 1000, `opened after ${times.map(Math.round)} ms`);
});

test("from the first page a sentence is kept in two taps, and words of a resident with their card, offline", async () => {
  const city = await site();
  const context = await phone(profile());
  const page = await open(context, city.base);
  await saved(page);
  await shellKept(page);
  await city.stop();
  await write(page, "saw", "The lift stands still since May");
  await page.locator("#sync", { hasText: "1 only here" }).waitFor();
  await link(page, "note-said").click();
  await link(page, "consent-new").click();
  await page.getByRole("button", { name: "한국어" }).click();
  const ko = wordsOf("ko");
  await page.getByLabel(ko["consent-use"]).check();
  await page.getByLabel(ko["consent-quote"]).check();
  await page.getByLabel(ko["consent-picture"]).check();
  await page.getByLabel(ko["adult-no"]).check();
  await page.getByText(ko["minor-kind"]).waitFor();
  assert.ok(await button(page, "consent-button").isDisabled());
  await page.getByLabel(ko["adult-yes"]).check();
  await button(page, "consent-button").click();
  const code = (await page.locator(".code").innerText()).split(": ").pop();
  assert.match(code, /[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]$/);
  await page.locator(".qr").waitFor();
  await link(page, "consent-note").click();
  await page.locator("textarea").first().fill("Nobody here has ever seen that paper");
  await page.locator("#picture").setInputFiles(PICTURE);
  await button(page, "blur-face").click();
  await page.keyboard.press("ArrowDown");
  await page.locator("dialog input").fill("The letter boxes");
  await button(page, "picture-keep").click();
  await page.locator(".pictures figure").waitFor();
  await button(page, "keep").click();
  await page.locator("#sync", { hasText: "4 only here" }).waitFor();
  const back = await startSite({ server: city.server, port: city.port });
  left.sites.add(back);
  await tell(page);
  assert.deepEqual(words(city.server).sort(), ["Nobody here has ever seen that paper", "The lift stands still since May"]);
  const [file] = Object.values(city.server.data.files);
  assert.deepEqual([file.done, file.mime, file.text], [true, "image/jpeg", "The letter boxes"]);
  const [card] = Object.values(city.server.data.consents);
  assert.deepEqual([card.given.code, card.given.language, card.given.contact, card.given.adult], [code.slice(-11), "ko", false, true]);
});
