// Every form, sent with nothing in it: the page that comes back says what is missing, at both sizes without a fault, in
// every language in its own words, and leads to each field it speaks about.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, languageFaults, launch, open, SIZES, speak } from "./lib/browser.mjs";
import { startCity } from "./lib/city.mjs";
import { crawl, pattern } from "./lib/crawl.mjs";
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

// Forms that need something, as the API describes them: sending them empty does nothing.
async function needy() {
  const { paths } = await (await fetch(`${city.base}/openapi.json`)).json();
  // What programs alone send is no form: its shape stands elsewhere in the description.
  const needs = ({ post }) => Object.values(post?.requestBody?.content ?? {}).some(({ schema }) => schema.required?.length > 0);
  const forms = Object.entries(paths).filter(([, operations]) => needs(operations));
  return forms.map(([path]) => {
    const parts = path.replace("/api/v1", "").split("/").map((part) => part.replace(/^\{.*\}$/, "[^/]+"));
    return { path, fits: new RegExp(`^${parts.join("/")}$`), found: undefined };
  });
}

// The same form on the page that is open, emptied and sent as a browser without any help of its own would.
async function sendEmpty(page, action) {
  const answered = page.waitForNavigation();
  await page.evaluate((address) => {
    const to = (form) => form.getAttribute("action") ?? location.pathname;
    const form = [...document.forms].find((f) => f.method === "post" && to(f) === address);
    for (const field of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {
      if (field.matches("select")) field.selectedIndex = -1;
      else if (field.matches("[type=checkbox], [type=radio]")) field.checked = false;
      else field.value = "";
    }
    // After this call has returned: it must not end in the middle of leaving the page.
    setTimeout(() => form.submit());
  }, action);
  return (await answered).status();
}

// Errors that lead nowhere: their field is not there, or hidden in something closed.
const deadEnds = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.error-summary a[href^="#"]')]
      .filter((a) => !document.getElementById(a.hash.slice(1))?.checkVisibility())
      .map((a) => a.hash),
  );

test("every form that was sent empty says what is missing, to everybody", async (t) => {
  const forms = await needy();
  for (const { who, token, starts } of await everybody(city)) {
    await crawl(city, who, token, starts, (href, key, html) => {
      for (const [, tag] of html.matchAll(/(<form[^>]* method="post"[^>]*>)/g)) {
        const action = tag.match(/ action="([^"]*)"/)?.[1] ?? href.replace(/\?.*/, "");
        const form = forms.find((f) => f.fits.test(action) && !f.found);
        if (form) form.found = { who, token, href, action };
      }
    });
  }
  const lost = forms.filter((f) => !f.found).map((f) => f.path);
  assert.deepEqual(lost, [], "these forms are on no page that anybody reaches");
  t.diagnostic(`${forms.length} forms`);
  const wrong = [];
  for (const size of Object.keys(SIZES)) {
    const context = await open(browser, city, { size });
    const page = await context.newPage();
    for (const { found } of forms) {
      await context.clearCookies({ name: "session" });
      if (found.token) await context.addCookies([{ name: "session", value: found.token, url: city.base }]);
      for (const lang of size === "phone" ? LANGS : LANGS.slice(0, 1)) {
        await speak(context, city, lang);
        await page.goto(city.base + found.href);
        const status = await sendEmpty(page, found.action);
        const told = (fault) => wrong.push(`${lang} ${size} ${found.who} ${pattern(found.href)} → ${pattern(found.action)}: ${fault}`);
        if (status !== 422) told(`answered ${status}`);
        (await languageFaults(page, lang)).forEach(told);
        if (lang !== LANGS[0]) continue;
        (await faults(page)).forEach(told);
        if ((await page.locator(".error-summary").count()) !== 1) told("has no list of errors");
        (await deadEnds(page)).forEach((hash) => told(`the error leads to ${hash}, which cannot be seen`));
      }
    }
    await context.close();
  }
  assert.equal(wrong.length, 0, `${wrong.length} faults:\n${wrong.slice(0, 60).join("\n")}`);
});
