// The notebook and the real server when something is short or new: a phone without room, a server that was upgraded meanwhile,
// a diary that opens with a passkey on a second phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { newerProgram } from "./lib/city.mjs";
import { ask, authenticator, beginDiary, button, en, giveCard, link, profile, saved, takePicture, tell, write } from "./lib/notebook-bench.mjs";
import { cityOfAGoer } from "./lib/notebook-city.mjs";
import { holds, open, shellKept } from "./lib/phone.mjs";

const { there, phone, onOuting, notesOf, filesOf } = cityOfAGoer();
const MB = 1024 * 1024;
const home = async (page) => {
  await page.evaluate(() => (location.hash = "#/"));
  await page.locator(".capture").waitFor();
};
const waiting = (page, n) => page.locator("#sync", { hasText: `${n} only here` }).waitFor();

// How much room the browser gives this origin. The browser goes by it when something is written; what it reports to the page
// stays "10 GiB more".
async function room(page, origin) {
  const line = await page.context().newCDPSession(page);
  const give = (quotaSize) => line.send("Storage.overrideQuotaForOrigin", { origin, ...(quotaSize && { quotaSize }) });
  const used = async () => (await line.send("Storage.getUsageAndQuota", { origin })).usage;
  return { used, free: async (bytes) => give((await used()) + bytes), enough: () => give() };
}

// Something else of this origin takes what is left, to the last bytes.
const fill = (page) => page.evaluate(async () => {
  const base = await new Promise((resolve) => {
    const asked = indexedDB.open("something-else", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("it");
    asked.onsuccess = () => resolve(asked.result);
  });
  const put = (size) => new Promise((resolve) => {
    const tx = base.transaction("it", "readwrite");
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));
    tx.objectStore("it").put(bytes, Math.random());
    tx.oncomplete = () => resolve(true);
    tx.onabort = () => resolve(false);
  });
  for (let size = 1 << 20; size >= 16; size /= 4) while (await put(size));
  base.close();
});

// What lies in the phone's outbox, as the next opening would find it.
const outbox = (page) => page.evaluate(async () => {
  const base = document.querySelector("script[type=module]").src.replace(/app\.js$/, "");
  const { openPhone } = await import(`${base}store.js`);
  const store = await openPhone();
  const items = await store.list("outbox");
  const files = await store.list("files");
  store.close();
  return { texts: items.map((i) => i.record.what.seen).filter(Boolean).sort(), cards: items.filter((i) => i.record.what.kind === "consent").length, files: files.length };
});

test("a phone that is nearly full says so, keeps what it says it keeps, refuses what does not fit, and gives all of it over once", async () => {
  const context = await phone();
  const page = await open(context, there.city.base);
  await onOuting(page);
  await shellKept(page);
  await context.setOffline(true);
  await write(page, "saw", "Nearly full: before it was tight");
  await waiting(page, 1);
  assert.equal(await page.getByText(en["room-tight"]).count(), 0);

  // Tight: it is said, without figures that nobody knows, and what is written is kept all the same.
  const disk = await room(page, there.city.base);
  await disk.free(3 * MB);
  await page.reload();
  await page.locator(".notice--warn", { hasText: en["room-tight"] }).waitFor();
  await write(page, "saw", "Nearly full: while it was tight");
  await waiting(page, 2);
  await page.evaluate(() => (location.hash = "#/sync"));
  await page.getByText(en["room-unsaid"].replace("{used}", `${Math.round((await disk.used()) / MB)}`).replace("{tried}", "8")).waitFor();
  assert.equal(await page.locator("meter").count(), 0);

  // Full: the text stays on the screen, nothing of it is half kept, nothing else is lost.
  await giveCard(page);
  const held = ["Nearly full: before it was tight", "Nearly full: while it was tight"];
  await fill(page);
  const text = `Nearly full: what did not fit. ${"Every stair has its own smell. ".repeat(200)}`.trim();
  const area = page.locator("textarea").first();
  await area.fill(text);
  await page.locator(".saved.bad", { hasText: en["full-not-kept"] }).waitFor();
  await button(page, "keep").click();
  await page.locator(".toast--bad", { hasText: en["full-not-kept"] }).waitFor();
  await page.locator('#sync[data-kind="bad"]', { hasText: en["short-full"] }).waitFor();
  assert.equal(await area.inputValue(), text);
  // A picture does not fit either, and takes nothing with it.
  await takePicture(page, "Stairwell 14");
  await page.locator(".toast--bad", { hasText: en["full-not-kept"] }).waitFor();
  assert.equal(await page.locator(".pictures figure").count(), 0);
  assert.equal(await area.inputValue(), text);
  assert.deepEqual(await outbox(page), { texts: held, cards: 1, files: 0 });

  // Opened once more while it is full, it opens, with all that it holds.
  const again = await open(context, there.city.base);
  for (const each of held) await again.getByText(each).waitFor();
  await again.close();

  // With room again it is kept by the same press, and all of it is in the city, once.
  await disk.enough();
  await button(page, "keep").click();
  await page.locator(".capture").waitFor();
  await waiting(page, 4);
  await context.setOffline(false);
  await tell(page);
  assert.deepEqual(notesOf("Nearly full").map((n) => n.seen).sort(), [...held, text].sort());
});

const version = (page) => page.evaluate(() => document.body.dataset.version);

test("the server is upgraded while notes wait: the phone takes the newer notebook with all of them, and each arrives once", async () => {
  const { city } = there;
  const context = await phone();
  const page = await open(context, city.base);
  await onOuting(page);
  await shellKept(page);
  const old = await version(page);
  // This one arrives, but the phone never hears of it.
  await context.route("**/notebook/sync", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await write(page, "saw", "Upgraded: the answer was lost");
  await ask(page);
  await waiting(page, 1);
  assert.equal(notesOf("Upgraded: the answer was lost").length, 1);
  // Without a signal: words with a card and a picture, and half a thought.
  await context.setOffline(true);
  await giveCard(page);
  await page.locator("textarea").first().fill("Upgraded: what they said before");
  await takePicture(page, "The letter boxes of stairwell 14");
  await page.locator(".pictures figure").waitFor();
  await button(page, "keep").click();
  await page.locator(".capture").waitFor();
  await waiting(page, 4);
  await link(page, "note-wonder").click();
  await page.locator("textarea").first().fill("Upgraded: half a thought");
  await page.getByText(en["draft-kept"]).waitFor();

  // The server is away, and comes back newer, on the same data.
  const newer = newerProgram(profile());
  await city.end();
  await context.setOffline(false);
  await page.evaluate(() => navigator.serviceWorker.getRegistration("/notebook").then((r) => r.update()).catch(() => {}));
  assert.equal(await version(page), old);
  await city.again(newer);
  const shell = await (await fetch(`${city.base}/notebook`)).text();
  assert.ok(!shell.includes(old), "another version");
  assert.equal((await fetch(`${city.base}/notebook/app/${old}/app.js`)).status, 404, "parts of two versions never meet");
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/notebook");
    await registration.update();
    await new Promise((resolve) => {
      const look = () => (registration.waiting ? resolve() : setTimeout(look, 20));
      look();
    });
  });
  // Nothing is torn away while somebody writes, and the old one goes on meanwhile.
  assert.equal(await version(page), old);
  assert.equal(await page.locator("textarea").first().inputValue(), "Upgraded: half a thought");
  await home(page);
  await button(page, "newer-use").click();
  await page.waitForFunction((was) => document.body?.dataset.version && document.body.dataset.version !== was && document.documentElement.dataset.ready === "yes", old);
  assert.match(await page.title(), /Newerange$/, "the newer module runs");
  await waiting(page, 4);
  await context.unroute("**/notebook/sync");
  await tell(page);
  await home(page);
  await link(page, "note-wonder").click();
  assert.equal(await page.locator("textarea").first().inputValue(), "Upgraded: half a thought");
  await button(page, "keep").click();
  await page.locator(".capture").waitFor();
  await tell(page);
  const arrived = notesOf("Upgraded:");
  assert.deepEqual(arrived.map((n) => n.seen).sort(), ["Upgraded: half a thought", "Upgraded: the answer was lost", "Upgraded: what they said before"]);
  assert.equal(filesOf(arrived).length, 1);
  // It opens without a signal, in the newer one.
  await context.setOffline(true);
  await home(page);
  await page.reload();
  await page.getByText("Upgraded: half a thought").waitFor();
  assert.notEqual(await version(page), old);
  assert.match(city.command("check"), /./);
});

const PLAIN = "I did not dare to say it at the table, and wrote it here";

test("a diary that opens with a passkey is back on a second phone, and its words are nowhere in the server", async () => {
  // Passkeys belong to names, not to addresses.
  const base = there.city.base.replace("127.0.0.1", "localhost");
  const folders = [profile(), profile()];
  const first = await open(await phone(folders[0], { base }), base);
  await saved(first);
  const held = await authenticator(first);
  const line = [];
  first.on("request", (request) => line.push(request.url() + (request.postData() ?? "")));
  await first.evaluate(() => (location.hash = "#/diary"));
  await button(first, "diary-with-passkey").click();
  const recovery = await beginDiary(first);
  await link(first, "diary-write").click();
  await first.locator("textarea").fill(PLAIN);
  await first.getByText(en["draft-sealed"]).waitFor();
  await button(first, "keep").click();
  await first.locator(".note", { hasText: PLAIN }).waitFor();
  await tell(first);

  // The second phone has nothing but its session. An authenticator that holds the credential without its secret opens nothing.
  const second = await open(await phone(folders[1], { base }), base);
  await saved(second);
  const [credential] = await held.credentials();
  await (await authenticator(second)).add(credential);
  await second.evaluate(() => (location.hash = "#/diary"));
  await button(second, "diary-open-passkey").click();
  await second.getByText(en["diary-no-passkey"]).waitFor();
  assert.equal(await second.locator(".note").count(), 0);

  // With the first phone's authenticator it opens, as when that phone is held beside it: what the second asks, the first one's answers.
  await second.exposeFunction("askTheFirst", (asked) => first.evaluate(async ({ ids, salt }) => {
    const bytes = (list) => new Uint8Array(list);
    const got = await navigator.credentials.get({ publicKey: {
      challenge: crypto.getRandomValues(bytes(32)), rpId: location.hostname, userVerification: "required",
      allowCredentials: ids.map((id) => ({ type: "public-key", id: bytes(id) })), extensions: { prf: { eval: { first: bytes(salt) } } },
    } });
    return { id: [...new Uint8Array(got.rawId)], secret: [...new Uint8Array(got.getClientExtensionResults().prf.results.first)] };
  }, asked));
  await second.evaluate(() => {
    navigator.credentials.get = async ({ publicKey: { allowCredentials, extensions } }) => {
      const { id, secret } = await globalThis.askTheFirst({ ids: allowCredentials.map((c) => [...new Uint8Array(c.id)]), salt: [...new Uint8Array(extensions.prf.eval.first)] });
      return { rawId: new Uint8Array(id).buffer, getClientExtensionResults: () => ({ prf: { results: { first: new Uint8Array(secret).buffer } } }) };
    };
  });
  await button(second, "diary-open-passkey").click();
  await second.locator(".note", { hasText: PLAIN }).waitFor();
  await button(second, "diary-lock").click();
  await button(second, "diary-open-passkey").waitFor();
  for (const page of [first, second]) await page.context().close();

  const backup = path.join(there.city.folder, "passkey.backup");
  there.city.command("backup", backup);
  assert.ok(readFileSync(backup, "utf8").includes("passkey"), "the wrapped key is in the backup");
  for (const secret of [PLAIN, recovery.join(""), recovery.join("-")]) {
    assert.deepEqual(holds(there.city.folder, secret), [], "in a file of the server");
    assert.ok(!there.city.printed().includes(secret), "in the log");
    assert.ok(!line.some((l) => l.includes(secret)), "on the line");
    for (const folder of folders) assert.deepEqual(holds(folder, secret), [], "on the disk of a phone");
  }
});
