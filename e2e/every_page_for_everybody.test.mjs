// Every page, in all four languages, at both sizes: no violation of WCAG 2.2 AA that axe can see, nothing wider
// than the screen, no raw key of a language file, no server error. Each page is visited once per language and size,
// by the first role that reaches it; roles that see a page differently on purpose (home) are all visited.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, launch, open, SIZES } from "./lib/browser.mjs";
import { session, startCity } from "./lib/city.mjs";

const LANGS = ["en", "ko", "nl", "es"];
const ROLES = ["staff", "manager", "challenge-owner", "programme-lead", "mayor", "auditor", "admin", "clerk"];
let city;
let browser;
const tokens = {};

before(async () => {
  city = await startCity();
  browser = await launch();
  for (const role of ROLES) tokens[role] = await session(city, role);
});

after(async () => {
  await browser?.close();
  city?.stop();
});

// Two addresses of one pattern show the same page with other content.
const pattern = (href) =>
  href
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ":id")
    .replace(/\/practices\/(?!new)[^/?]+/, "/practices/:slug")
    .replace(/\/(told|invited)\/[^/?]+/, "/$1/:code")
    .replace(/\/answer\/[^/?]+/, "/answer/:token")
    .replace(/\?.*/, (query) => (/status=|kind=/.test(query) ? "?filter" : ""));

const skip = /^\/(assets|media|calendar|openapi\.json|practices\.atom)/;

// All page patterns a role reaches by links, with one address each.
async function reachable(role, known) {
  const headers = tokens[role] ? { authorization: `Bearer ${tokens[role]}` } : {};
  const start = ["/", "/sign-in", "/password", "/told", "/invitations/new", `/told/${city.residentCode}`, `/told/${city.residentCode}/withdrawal`, `/invited/${city.invitationCode}`, "/no-such-page"];
  const queue = [...start];
  const seen = new Set();
  const found = [];
  while (queue.length > 0) {
    const href = queue.shift();
    const key = pattern(href);
    if (seen.has(key) || skip.test(href)) continue;
    seen.add(key);
    const response = await fetch(city.base + href, { headers, redirect: "follow" });
    assert.ok(response.status < 500, `${href} as ${role}: ${response.status}`);
    if (!known.has(key) || href === "/") {
      known.add(key);
      found.push(href);
    }
    const html = await response.text();
    for (const [, link] of html.matchAll(/href="(\/[^"#]*)/g)) queue.push(link.replaceAll("&#38;", "&").replaceAll("&amp;", "&"));
  }
  return found;
}

test("every page can be used by everybody, in four languages, at 360 and 1400 px", async (t) => {
  const known = new Set();
  const visits = [];
  for (const role of [...ROLES, "nobody"]) {
    for (const href of await reachable(role, known)) visits.push([role, href]);
  }
  t.diagnostic(`${visits.length} pages × ${LANGS.length} languages × ${Object.keys(SIZES).length} sizes`);
  assert.ok(visits.length > 40, `only ${visits.length} pages were found`);
  const wrong = [];
  for (const size of Object.keys(SIZES)) {
    for (const lang of LANGS) {
      for (const role of [...ROLES, "nobody"]) {
        const mine = visits.filter(([who]) => who === role);
        if (mine.length === 0) continue;
        const context = await open(browser, city, { size, lang, token: tokens[role], scheme: size === "phone" ? "dark" : "light" });
        const page = await context.newPage();
        for (const [, href] of mine) {
          await page.goto(city.base + href, { waitUntil: "domcontentloaded" });
          const shown = await page.evaluate(() => document.documentElement.lang);
          if (shown !== lang) wrong.push(`${lang} ${href}: the page says it is in ${shown}`);
          const raw = await page.evaluate(() => document.body.innerText.match(/\b(kind|stage|party|act|who|error|problem|done|event|ask|question|prepare|return|word)-[a-z]+(-[a-z]+)*\b/)?.[0]);
          if (raw && !/done-deal/.test(raw)) wrong.push(`${lang} ${href}: shows the key ${raw}`);
          for (const fault of await faults(page)) wrong.push(`${lang} ${size} ${role} ${href}: ${fault}`);
        }
        await context.close();
      }
    }
  }
  assert.equal(wrong.length, 0, `${wrong.length} faults:\n${wrong.slice(0, 60).join("\n")}`);
});
