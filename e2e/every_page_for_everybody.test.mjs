// Every page, in all four languages, at both sizes: no violation of WCAG 2.2 AA that axe can see, nothing wider
// than the screen, no raw key of a language file, no server error. Of each pattern of addresses the first page is looked
// at in every language with all checks; every other page of it that is made differently (for another role, at another
// stage of a placement, for another kind of outing) with all checks in one language, and in the others for its words.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, languageFaults, launch, open, SIZES, speak } from "./lib/browser.mjs";
import { startCity } from "./lib/city.mjs";
import { pattern, visits } from "./lib/crawl.mjs";
import { everybody } from "./lib/walkers.mjs";

const LANGS = ["en", "ko", "nl", "es"];
let city;
let browser;

before(async () => {
  city = await startCity();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  city?.stop();
});

async function look(size, all) {
  const wrong = [];
  const context = await open(browser, city, { size, scheme: size === "phone" ? "dark" : "light" });
  const page = await context.newPage();
  for (const lang of LANGS) {
    await speak(context, city, lang);
    let who;
    for (const visit of all) {
      const whole = visit.first || lang === LANGS[0];
      // The words are the same at both sizes.
      if (!whole && size !== "phone") continue;
      if (visit.who !== who) {
        who = visit.who;
        await context.clearCookies({ name: "session" });
        if (visit.token) await context.addCookies([{ name: "session", value: visit.token, url: city.base }]);
      }
      await page.goto(city.base + visit.href, { waitUntil: "domcontentloaded" });
      const found = [...(await languageFaults(page, lang)), ...(whole ? await faults(page) : [])];
      wrong.push(...found.map((fault) => `${lang} ${size} ${who} ${visit.href}: ${fault}`));
    }
  }
  await context.close();
  return wrong;
}

test("every page can be used by everybody, in four languages, at 360 and 1400 px", async (t) => {
  const all = await visits(city, await everybody(city));
  const first = all.filter((v) => v.first).length;
  t.diagnostic(`${all.length} pages, ${first} of them × ${LANGS.length} languages; ${Object.keys(SIZES).length} sizes`);
  assert.ok(first > 40, `only ${first} patterns were found`);
  for (const must of ["/password/:token", "/placements/:id/consents", "/outings/:id/aftermath", "/outings/:id/wish"]) {
    assert.ok(all.some((v) => pattern(v.href) === must), `${must} was not found`);
  }
  for (const many of ["/placements/:id", "/outings/:id"]) {
    assert.ok(all.filter((v) => pattern(v.href) === many).length >= 6, `${many} was seen in too few forms`);
  }
  const wrong = (await Promise.all(Object.keys(SIZES).map((size) => look(size, all)))).flat();
  assert.equal(wrong.length, 0, `${wrong.length} faults:\n${wrong.slice(0, 60).join("\n")}`);
});

test("each language is named in itself", async () => {
  const html = await (await fetch(city.base)).text();
  const names = [...html.matchAll(/name="lang" value="([a-z]+)"[^>]*>([^<]+)</g)].map(([, tag, name]) => `${tag} ${name}`);
  assert.deepEqual(names.sort(), ["en English", "es Español", "ko 한국어", "nl Nederlands"]);
});
