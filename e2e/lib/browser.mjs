// Debian's Chromium, without network, at phone and desktop size; and what every page is checked for.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const SIZES = { phone: { width: 360, height: 780 }, desktop: { width: 1400, height: 900 } };

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });

export async function open(browser, city, { size = "desktop", token, lang = "en", javaScript = true, scheme = "light" } = {}) {
  const context = await browser.newContext({
    baseURL: city.base,
    viewport: SIZES[size],
    javaScriptEnabled: javaScript,
    colorScheme: scheme,
    reducedMotion: "reduce",
    // axe is put into the page by the test; the page's own policy forbids that to everybody else.
    bypassCSP: true,
  });
  // No promise is about speed, and a machine may have other work.
  context.setDefaultTimeout(180_000);
  const cookies = [{ name: "lang", value: lang, url: city.base }];
  if (token) cookies.push({ name: "session", value: token, url: city.base });
  await context.addCookies(cookies);
  return context;
}

// What is wrong with a page for somebody who uses it in another way, or on a narrow screen.
export async function faults(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    (tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }),
    TAGS,
  );
  const wrong = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (sideways > 0) wrong.push(`scrolls sideways by ${sideways} px`);
  return wrong;
}

// A word that looks like a key of the language files, where a sentence should stand.
const RAW = /\b(kind|stage|party|act|who|error|problem|done|event|ask|question|prepare|return|word)-[a-z]+(-[a-z]+)*\b/;

// What is wrong with a page's language: it says another, or shows the name of a text instead of the text.
export async function languageFaults(page, lang) {
  const { said, raw } = await page.evaluate((source) => ({
    said: document.documentElement.lang,
    raw: document.body.innerText.replaceAll("done-deal", "").match(new RegExp(source))?.[0],
  }), RAW.source);
  const wrong = [];
  if (said !== lang) wrong.push(`the page says it is in ${said}`);
  if (raw) wrong.push(`shows the key ${raw}`);
  return wrong;
}

// The same browser, in another language from the next page on.
export const speak = (context, city, lang) => context.addCookies([{ name: "lang", value: lang, url: city.base }]);
