// From notes to sense, in real browsers: two people arrange one board at once, one with the keyboard alone and one with the
// pointer; they move the same note and name the same theme at once; one is offline for a moment; and the same without script.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { faults, languageFaults, launch, open, speak } from "./lib/browser.mjs";
import { everything, session, startCity } from "./lib/city.mjs";

const pictures = process.env.FREERANGE_PICTURES || path.join(path.dirname(fileURLToPath(import.meta.url)), "results");
let city;
let browser;
let challenge;
let tokens;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  city = await startCity({ people: 240, seed: 5 });
  browser = await launch();
  const { challenge: all, note } = everything(city);
  const notes = (c) => note.filter((n) => n.challenge_id === c.id).length;
  challenge = all.filter((c) => c.status === "open").sort((a, b) => notes(b) - notes(a))[0];
  assert.ok(notes(challenge) > 8, "a challenge with notes");
  tokens = [await session(city, "staff"), await session(city, "challenge-owner")];
});

after(async () => {
  await browser?.close();
  city?.stop();
});

const address = () => `/challenges/${challenge.id}/board`;

async function board(token, options = {}) {
  const context = await open(browser, city, { token, ...options });
  const page = await context.newPage();
  await page.goto(city.base + address());
  if (options.javaScript !== false) await page.locator("#board[data-ready]").waitFor();
  return page;
}

// Everything that was done here is with the server.
const saved = (page) => page.locator('#board[data-waiting="0"]').waitFor();
const theme = (page, name) => page.locator(".board-theme", { has: page.locator(".board-name", { hasText: new RegExp(`^${name}$`) }) });
const count = async (page, name) => Number(await theme(page, name).locator(".board-count").innerText());
const said = (page, pattern) => page.locator(".board-said", { hasText: pattern }).waitFor();
// The note at the keyboard.
const current = (page) => page.locator("#board-notes").getAttribute("aria-activedescendant");

async function until(what, holds) {
  for (let n = 0; n < 300; n += 1) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(what);
}

async function lying(note) {
  const answer = await fetch(`${city.base}/api/v1${address()}/changes`, { headers: { authorization: `Bearer ${tokens[0]}` } });
  const { notes, themes } = await answer.json();
  const { theme: at } = notes.find((n) => `row-${n.id}` === note);
  return themes.find((t) => t.id === at)?.name ?? null;
}

async function tabTo(page, selector) {
  for (let n = 0; n < 120; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
  }
  assert.fail(`Tab never reaches ${selector}`);
}

test("two people on one board at once: one by keyboard alone, one by pointer", async (t) => {
  const [keys, pointer] = [await board(tokens[0]), await board(tokens[1])];

  await t.test("the keyboard picks notes up, makes a theme and finds it again by typing", async () => {
    await tabTo(keys, "#board-notes");
    await keys.keyboard.press(" ");
    await keys.keyboard.press("ArrowDown");
    await keys.keyboard.press(" ");
    await said(keys, /Picked up: 2/);
    await keys.keyboard.press("m");
    await keys.keyboard.type("Stairs");
    await keys.keyboard.press("Enter");
    await said(keys, /Moved to “Stairs”: 2/);
    await saved(keys);
    await until("the other sees it", async () => (await theme(pointer, "Stairs").count()) === 1 && (await count(pointer, "Stairs")) === 2);
    await keys.keyboard.press("m");
    await keys.keyboard.type("stai");
    await keys.keyboard.press("Enter");
    assert.equal(await count(keys, "Stairs"), 3);
    await keys.keyboard.press("Control+z");
    assert.equal(await count(keys, "Stairs"), 2);
    await saved(keys);
  });

  await t.test("the pointer drags a note, and clicks twice instead of dragging", async () => {
    await pointer.locator('[data-tool="new"]').click();
    await pointer.locator("#theme-says").fill("Light");
    await pointer.keyboard.press("Enter");
    await theme(pointer, "Light").waitFor();
    const row = pointer.locator(".note-row").first();
    // Both are on the screen.
    await theme(pointer, "Light").scrollIntoViewIfNeeded();
    await row.evaluate((one) => one.scrollIntoView({ block: "start" }));
    const [from, to] = [await row.boundingBox(), await theme(pointer, "Light").boundingBox()];
    await pointer.mouse.move(from.x + 40, from.y + 20);
    await pointer.mouse.down();
    await pointer.mouse.move(from.x + 80, from.y + 40, { steps: 4 });
    await pointer.mouse.move(to.x + 30, to.y + 20, { steps: 8 });
    await pointer.mouse.up();
    await said(pointer, /Moved to “Light”: 1/);
    await pointer.locator(".note-row").first().click();
    await theme(pointer, "Light").locator("[data-put]").click();
    assert.equal(await count(pointer, "Light"), 2);
    await saved(pointer);
    await until("the keyboard's side sees it", async () => (await theme(keys, "Light").count()) === 1 && (await count(keys, "Light")) === 2);
  });

  await t.test("of two who move one note the last wins, and the other is told who it was", async () => {
    await keys.locator("#board-notes").focus();
    await keys.keyboard.press("Home");
    const note = await current(keys);
    await keys.keyboard.press("m");
    await keys.keyboard.type("stairs");
    await keys.keyboard.press("Enter");
    await saved(keys);
    await until("it lies there", async () => (await lying(note)) === "Stairs");
    // The pointer's page goes to that theme and takes the note out of it.
    await theme(pointer, "Stairs").locator("[data-open]").click();
    await pointer.locator(`#${note}`).click();
    await theme(pointer, "Light").locator("[data-put]").click();
    await saved(pointer);
    await said(keys, /moved a note that you moved, to “Light”/);
    assert.equal(await lying(note), "Light");
    await theme(pointer, "Not placed yet").locator("[data-open]").click();
  });

  await t.test("of two who name one theme at once nobody's words are lost", async () => {
    await theme(keys, "Stairs").locator("[data-rename]").click();
    await theme(pointer, "Stairs").locator("[data-rename]").click();
    await keys.locator("#theme-says").fill("Dark stairs");
    await pointer.locator("#theme-says").fill("Stairs that smell");
    await Promise.all([keys.keyboard.press("Enter"), pointer.keyboard.press("Enter")]);
    await Promise.all([saved(keys), saved(pointer)]);
    for (const page of [keys, pointer]) {
      await until("both see that there are two", async () => (await page.locator(".board-theme.is-two").count()) === 1);
    }
    await keys.locator(".board-theme.is-two [data-open]").click();
    const notice = keys.locator(".board-two");
    assert.match(await notice.innerText(), /Dark stairs/);
    assert.match(await notice.innerText(), /Stairs that smell/);
    await notice.getByRole("button", { name: "Keep “Dark stairs”" }).click();
    await until("it has one name", async () => (await theme(pointer, "Dark stairs").count()) === 1 && (await pointer.locator(".is-two").count()) === 0);
  });

  await t.test("what is done without a connection is kept, and sent when there is one", async () => {
    await pointer.context().setOffline(true);
    await said(pointer, /No connection/);
    const before = await count(keys, "Light");
    await pointer.locator(".note-row").first().click();
    await theme(pointer, "Light").locator("[data-put]").click();
    assert.equal(await count(pointer, "Light"), before + 1);
    await pointer.context().setOffline(false);
    await said(pointer, /Everything is saved/);
    await until("the other sees it", async () => (await count(keys, "Light")) === before + 1);
  });

  await t.test("who moved what can be read, by the day", async () => {
    await keys.goto(`${city.base}${address()}/history`);
    assert.match(await keys.locator("main").innerText(), /moved 2 notes to “Dark stairs”/);
  });
  await keys.context().close();
  await pointer.context().close();
});

test("an insight: two people write at once, and it says on what it rests and what speaks against it", async () => {
  const [one, two] = [await board(tokens[0]), await board(tokens[1])];
  await one.goto(`${city.base}/challenges/${challenge.id}/insights/new`);
  await one.getByLabel("What we think is going on").fill("The stair keeps people in");
  await one.getByLabel("Why we think so").fill("Everybody who was asked named it first.");
  await one.getByLabel("Dark stairs").check();
  await Promise.all([one.waitForNavigation(), one.getByRole("button", { name: "Keep it" }).click()]);
  assert.match(await one.locator("dl.facts").innerText(), /2 notes · \d independent outing/);
  const href = new URL(one.url()).pathname;
  for (const page of [one, two]) await page.goto(`${city.base}${href}/edit`);
  await one.getByLabel("Why we think so").fill("The lamps are out.");
  await two.getByLabel("Why we think so").fill("It smells there.");
  for (const page of [one, two]) await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Keep it" }).click()]);
  const text = await two.locator("main").innerText();
  assert.match(text, /The lamps are out/);
  assert.match(text, /It smells there/);
  await two.locator("summary", { hasText: "Mark notes" }).click();
  await two.locator('input[name="note"]').first().check();
  await two.getByLabel("speak against it").check();
  await Promise.all([two.waitForNavigation(), two.getByRole("button", { name: "Mark them" }).click()]);
  assert.match(await two.locator("dl.facts").innerText(), /What speaks against it\s+1 note/);
  await one.context().close();
  await two.context().close();
});

test("without script notes are ticked and moved, a theme is named, changed and dissolved", async () => {
  const page = await board(tokens[0], { size: "phone", javaScript: false });
  const press = (name) => Promise.all([page.waitForNavigation(), page.getByRole("button", { name, exact: true }).first().click()]);
  await page.getByLabel("A new theme").fill("Paper");
  await press("Name it");
  assert.match(await page.locator("main").innerText(), /The theme has its name/);
  await page.locator('input[name="note"]').nth(0).check();
  await page.locator('input[name="note"]').nth(1).check();
  await page.getByLabel("Move to").selectOption({ label: "Paper" });
  await press("Move");
  assert.equal(await page.locator('input[name="note"]').count(), 2);
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Change this theme" }).click()]);
  await page.getByLabel("Name of the theme").fill("Paper and forms");
  await press("Name it");
  assert.match(await page.locator("h2").first().innerText(), /Paper and forms/);
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Change this theme" }).click()]);
  await page.locator("summary", { hasText: "Dissolve" }).click();
  await press("Dissolve this theme");
  assert.ok(!(await page.locator("aside").innerText()).includes("Paper and forms"));
  await page.context().close();
});

test("the live board can be used by everybody, at both sizes, in English and Korean", async () => {
  for (const size of ["phone", "desktop"]) {
    for (const lang of ["en", "ko"]) {
      const page = await board(tokens[0], { size, lang });
      await speak(page.context(), city, lang);
      assert.deepEqual([...(await faults(page)), ...(await languageFaults(page, lang))], [], `board ${size} ${lang}`);
      await page.screenshot({ path: path.join(pictures, `board-${size}-${lang}.png`) });
      await page.locator("#board-notes").focus();
      await page.keyboard.press(" ");
      await page.keyboard.press("m");
      await page.locator("dialog.move-to[open]").waitFor();
      assert.deepEqual(await faults(page), [], `menu ${size} ${lang}`);
      await page.screenshot({ path: path.join(pictures, `board-menu-${size}-${lang}.png`) });
      await page.context().close();
    }
  }
});
