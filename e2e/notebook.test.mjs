// The notebook in a phone's browser: it opens without a signal, keeps what it says it keeps through whatever happens to
// browser, network and server, gives everything over once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startSite, wordsOf } from "./lib/notebook-site.mjs";
import { button, en, left, link, ofTheWeek, phone, PICTURE, profile, saved, site, tell, tellAtLast, week, words, write } from "./lib/notebook-bench.mjs";
import { kill, open, shellKept } from "./lib/phone.mjs";

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

test("a week without a signal: two hundred captures and their pictures arrive, each once, whatever the line does", async () => {
  const city = await site();
  const folder = profile();
  const context = await phone(folder);
  const page = await open(context, city.base);
  await saved(page);
  await shellKept(page);
  await context.setOffline(true);
  await week(page, city.server.placement);
  await page.reload();
  await page.locator("#sync", { hasText: "220 only here" }).waitFor();
  await page.getByText("Only on this phone: 200 notes, 20 pictures and voices.").waitFor();
  // Every third answer is lost on its way, after the server has done its work.
  let count = 0;
  city.lose = (request) => !request.url.startsWith("/notebook/app") && (count += 1) % 3 === 0;
  await context.setOffline(false);
  await tellAtLast(page);
  assert.deepEqual(words(city.server).sort(), ofTheWeek);
  assert.equal(Object.values(city.server.data.notes).every((n) => Object.keys(n.versions).length === 1), true);
  const files = Object.values(city.server.data.files);
  assert.deepEqual(files.map((f) => [f.done, f.text]).sort(), Array.from({ length: 20 }, (_, i) => [true, `picture ${i * 10}`]).sort());
});

test("a browser that is killed in the middle loses nothing that was shown as kept, and no more than a breath of a draft", async () => {
  const city = await site();
  const folder = profile();
  let context = await phone(folder);
  let page = await open(context, city.base);
  await saved(page);
  await shellKept(page);
  await context.setOffline(true);
  const acknowledged = [];
  for (let round = 0; round < 3; round += 1) {
    // Each id is told to the test after the step that kept it, until the browser dies.
    await page.exposeFunction("kept", (text) => acknowledged.push(text));
    const dying = page.evaluate(async ([where, r]) => {
      const base = document.querySelector("script[type=module]").src.replace(/app\.js$/, "");
      const [{ openPhone: openStore }, { Book }] = await Promise.all(["store.js", "book.js"].map((n) => import(base + n)));
      const book = new Book(await openStore());
      for (let i = 0; ; i += 1) {
        const seen = `round ${r} note ${i}`;
        await book.keepNote({ ...book.blank("saw", where), seen });
        await globalThis.kept(seen);
      }
    }, [city.server.placement, round]).catch(() => {});
    const before = acknowledged.length;
    while (acknowledged.length < before + 25) await new Promise((resolve) => setImmediate(resolve));
    await kill(context, folder);
    await dying;
    context = await phone(folder);
    await context.setOffline(true);
    page = await open(context, city.base);
  }
  // And a sentence that was being written.
  await link(page, "note-wonder").click();
  const area = page.locator("textarea").first();
  await area.pressSequentially("Why does the notice hang where nobody reads");
  await page.getByText(en["draft-kept"]).waitFor();
  await page.waitForFunction(() => document.querySelector(".saved").textContent !== "");
  const typed = await area.inputValue();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await kill(context, folder);
  context = await phone(folder);
  page = await open(context, city.base, "#/note?sort=wonder");
  assert.equal(await page.locator("textarea").first().inputValue(), typed);
  await page.locator("#back").click();
  await tell(page);
  const arrived = words(city.server);
  for (const text of acknowledged) assert.equal(arrived.filter((w) => w === text).length, 1, text);
  assert.equal(new Set(arrived).size, arrived.length);
});

test("a phone without room says so, keeps the words on the screen, and keeps them once there is room", async () => {
  const city = await site();
  const context = await phone(profile());
  await context.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...given) {
      if (globalThis.noRoom && this.name !== "self") throw new DOMException("full", "QuotaExceededError");
      return put.apply(this, given);
    };
    navigator.storage.estimate = async () => (globalThis.nearlyFull ? { usage: 980_000_000, quota: 1_000_000_000 } : { usage: 1, quota: 1_000_000_000 });
  });
  const page = await open(context, city.base);
  await saved(page);
  await link(page, "note-saw").click();
  await page.evaluate(() => (globalThis.noRoom = true));
  await page.locator("textarea").first().fill("The ramp ends at a kerb");
  await page.locator(".saved.bad").waitFor();
  await button(page, "keep").click();
  await page.locator(".toast--bad", { hasText: "no room left" }).waitFor();
  assert.equal(await page.locator("textarea").first().inputValue(), "The ramp ends at a kerb");
  await page.locator("#sync", { hasText: en["short-full"] }).waitFor();
  await page.evaluate(() => (globalThis.noRoom = false));
  await button(page, "keep").click();
  await page.locator(".capture").waitFor();
  await saved(page);
  assert.deepEqual(words(city.server), ["The ramp ends at a kerb"]);
  // Before it is too late it is said.
  await page.evaluate(() => (globalThis.nearlyFull = true));
  await tell(page);
  await page.evaluate(() => (location.hash = "#/"));
  await page.getByText(en["room-tight"]).waitFor();
});

test("signed out meanwhile: nothing is lost, it says so, and goes on after signing in", async () => {
  const city = await site();
  const context = await phone(profile());
  const page = await open(context, city.base);
  await saved(page);
  city.signedIn = false;
  await write(page, "saw", "Two bells, one name");
  await page.getByText(en["signed-out"]).waitFor();
  assert.match(await page.locator(".notice a").getAttribute("href"), /^\/sign-in\?to=notebook$/);
  city.signedIn = true;
  await open(context, city.base);
  await saved(page);
  assert.deepEqual(words(city.server), ["Two bells, one name"]);
});

test("another person on this phone: nothing is sent as theirs", async () => {
  const city = await site();
  const context = await phone(profile());
  const page = await open(context, city.base);
  await saved(page);
  const mine = city.server.person;
  city.server.person = "0197bbbb-0000-7000-8000-000000000009";
  await write(page, "saw", "Not hers to send");
  await page.getByText(/Mira Vos/).first().waitFor();
  assert.deepEqual(words(city.server), []);
  city.server.person = mine;
  await tell(page);
  assert.deepEqual(words(city.server), ["Not hers to send"]);
});

test("the server is renewed meanwhile: the newer notebook is taken over, with the draft and what was not sent", async () => {
  const city = await site();
  const context = await phone(profile());
  const page = await open(context, city.base);
  await saved(page);
  await shellKept(page);
  const version = () => page.evaluate(() => document.body.dataset.version);
  const old = await version();
  city.signedIn = false;
  await write(page, "saw", "Before the renewal");
  await link(page, "note-wonder").click();
  await page.locator("textarea").first().fill("half a thought");
  await page.getByText(en["draft-kept"]).waitFor();
  city.salt = "another version";
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/notebook");
    await registration.update();
    await new Promise((resolve) => {
      const look = () => (registration.waiting ? resolve() : setTimeout(look, 20));
      look();
    });
  });
  // Nothing is torn away while somebody writes.
  assert.equal(await version(), old);
  assert.equal(await page.locator("textarea").first().inputValue(), "half a thought");
  await page.locator("#back").click();
  await button(page, "newer-use").click();
  await page.waitForFunction((was) => document.body?.dataset.version && document.body.dataset.version !== was && document.documentElement.dataset.ready === "yes", old);
  await link(page, "note-wonder").click();
  assert.equal(await page.locator("textarea").first().inputValue(), "half a thought");
  city.signedIn = true;
  await page.locator("#back").click();
  await tell(page);
  assert.deepEqual(words(city.server), ["Before the renewal"]);
});

test("a phone that was locked out forgets everything", async () => {
  const city = await site();
  const folder = profile();
  const context = await phone(folder);
  const page = await open(context, city.base);
  await saved(page);
  await write(page, "saw", "A secret of stairwell 14");
  await saved(page);
  const batch = city.requests.filter((r) => r.url === "/notebook/sync").at(-1);
  city.server.locked.add(JSON.parse(batch.body).device);
  await page.locator("#sync").click();
  await button(page, "sync-now").click();
  await page.getByText(en["wiped-locked"]).waitFor();
  city.signedIn = false;
  await context.close();
  assert.equal(city.requests.some((r) => r.method === "POST" && r.url === "/session/end"), true);
});

test("one note edited on two phones shows both, and its writer brings them together", async () => {
  const city = await site();
  const [a, b] = await Promise.all([phone(profile()), phone(profile())]);
  const one = await open(a, city.base);
  await saved(one);
  await write(one, "saw", "The lift stands still");
  await saved(one);
  const two = await open(b, city.base);
  await two.getByText("The lift stands still").click();
  await two.locator("textarea").first().fill("The lift stands still since May");
  await button(two, "keep").click();
  await two.locator(".capture").waitFor();
  await saved(two);
  await one.getByText("The lift stands still").click();
  await one.locator("textarea").first().fill("The lift on the left stands still");
  await button(one, "keep").click();
  await one.getByText(en["two-versions"]).waitFor();
  await one.getByText(en["two-versions"]).click();
  await one.getByText("The lift stands still since May").first().waitFor();
  await one.locator("textarea").first().fill("The lift on the left stands still since May");
  await button(one, "keep").click();
  await one.locator(".capture").waitFor();
  await saved(one);
  assert.deepEqual(words(city.server), ["The lift on the left stands still since May"]);
});

test("going out is told when there is a signal, and until then it says that nobody knows", async () => {
  const city = await site();
  const context = await phone(profile());
  const page = await open(context, city.base);
  await saved(page);
  await context.setOffline(true);
  await link(page, "safe-short").click();
  await button(page, "safe-go").click();
  await page.getByText(en["safe-buddy-first"]).waitFor();
  await page.locator("select").selectOption({ label: "Sara Lind" });
  await button(page, "safe-go").click();
  await page.getByText(en["safe-not-told"]).waitFor();
  await context.setOffline(false);
  await tell(page);
  await page.locator("#back").click();
  await page.getByText(en["safe-told"]).waitFor();
  await button(page, "safe-back").click();
  await page.locator(".out").waitFor({ state: "detached" });
  await saved(page);
  const [out] = Object.values(city.server.data.outs);
  assert.ok(out.back > 0 && out.area.startsWith("Dyke Quarter"));
  assert.ok(!("lon" in out) && !JSON.stringify(out).includes("4.91"), "no position");
});
