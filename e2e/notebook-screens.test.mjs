// Every screen of the notebook, by day and by night, as everybody uses it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./lib/browser.mjs";
import { wordsOf } from "./lib/notebook-site.mjs";
import { phone, PICTURE, profile, saved, site } from "./lib/notebook-bench.mjs";
import { open } from "./lib/phone.mjs";

const PASS = "four walls and a door";
const SCREENS = ["", "#/note?sort=saw", "#/note?sort=said", "#/note?sort=wonder", "#/card", "#/safe", "#/diary", "#/sync"];

for (const lang of ["en", "ko"]) {
  test(`every screen can be used by everybody, in ${lang}, by day and by night`, async () => {
    const city = await site();
    city.language = lang;
    const t = wordsOf(lang);
    const wrong = [];
    for (const scheme of ["light", "dark"]) {
      const context = await phone(profile(), { lang, scheme, bypassCSP: true });
      const page = await open(context, city.base);
      await saved(page);
      const look = async (name) => {
        for (const fault of await faults(page)) wrong.push(`${scheme} ${name}: ${fault}`);
        const small = await page.evaluate(() => [...document.querySelectorAll("main :is(a, button, input:not(.visually-hidden), select, textarea, summary), header a:not([hidden])")].filter((n) => {
          const { width, height } = n.getBoundingClientRect();
          // A tick's label is its target too.
          return width > 0 && Math.min(width, height) < 44 && !n.closest(".tick") && !n.closest("p.hint");
        }).map((n) => n.outerHTML.slice(0, 80)));
        for (const target of small) wrong.push(`${scheme} ${name}: too small: ${target}`);
        assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
        const raw = await page.evaluate((keys) => keys.filter((k) => k.includes("-") && document.body.innerText.includes(k)), Object.keys(t));
        for (const key of raw) wrong.push(`${scheme} ${name}: shows the key ${key}`);
      };
      for (const hash of SCREENS) {
        await page.evaluate((h) => (location.hash = h || "#/"), hash);
        await page.locator("main h1").first().waitFor();
        await look(hash || "home");
      }
      await page.evaluate(() => (location.hash = "#/card"));
      await page.getByLabel(t["consent-use"]).check();
      await page.getByLabel(t["consent-picture"]).check();
      await page.getByLabel(t["adult-yes"]).check();
      await page.getByRole("button", { name: t["consent-button"] }).click();
      await page.locator(".qr").waitFor();
      await look("card made");
      await page.getByRole("link", { name: t["consent-note"] }).click();
      await page.locator("#picture").setInputFiles(PICTURE);
      await page.getByRole("button", { name: t["blur-face"] }).click();
      await look("picture");
      await page.locator("dialog input").fill("A door");
      await page.getByRole("button", { name: t["picture-keep"] }).click();
      await page.locator(".pictures figure").waitFor();
      await page.locator("textarea").first().fill("REFUSE");
      await look("note with a picture");
      await page.getByRole("button", { name: t.keep, exact: true }).click();
      await page.locator("#sync[data-kind=bad]").waitFor();
      await look("home with a refusal");
      await page.evaluate(() => (location.hash = "#/sync"));
      await page.getByRole("link", { name: t["edit-again"] }).waitFor();
      await look("refused");
      await page.evaluate(() => (location.hash = "#/safe"));
      await page.locator("select").selectOption({ index: 1 });
      await page.getByRole("button", { name: t["safe-go"] }).click();
      await page.locator(".out").waitFor();
      await look("home while out");
      await page.evaluate(() => (location.hash = "#/safe"));
      await page.getByRole("button", { name: t["safe-later-button"] }).waitFor();
      await look("out");
      await page.evaluate(() => (location.hash = "#/diary"));
      await page.locator("input[type=password]").first().waitFor();
      if (scheme === "light") {
        for (const at of [0, 1]) await page.locator("input[type=password]").nth(at).fill(PASS);
        await page.getByRole("button", { name: t["diary-make"] }).click();
        await page.getByLabel(t["recovery-written"]).check();
        await look("recovery key");
        await page.getByRole("button", { name: t["diary-begin"], exact: true }).click();
        await page.getByRole("link", { name: t["diary-write"] }).click();
        await page.locator("textarea").fill("A line");
        await look("diary entry");
        await page.getByRole("button", { name: t.keep, exact: true }).click();
        await page.locator(".note").waitFor();
        await look("diary");
        await page.getByRole("button", { name: t["diary-lock"] }).click();
        // The next phone opens it once the server has the wrapped keys.
        await page.locator("#sync").click();
        await page.getByRole("button", { name: t["sync-now"], exact: true }).click();
        await page.getByRole("button", { name: t["sync-now"], exact: true, disabled: false }).waitFor();
        assert.equal(city.server.keys.length, 2);
        await page.evaluate(() => (location.hash = "#/diary"));
      }
      await page.getByRole("button", { name: t["diary-open"], exact: true }).first().waitFor();
      await look("diary locked");
      await context.close();
      for (const id of Object.keys(city.server.data.diary)) delete city.server.data.diary[id];
    }
    assert.deepEqual(wrong, []);
  });
}
