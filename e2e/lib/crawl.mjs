// Which pages there are to look at: for everybody all addresses they reach by links, and of the pages at addresses of
// one pattern each one that is made differently, whatever it says.
import assert from "node:assert/strict";

// Two addresses of one pattern are the same page with other content.
export const pattern = (href) =>
  href
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ":id")
    .replace(/\/practices\/(?!new)[^/?]+/, "/practices/:slug")
    .replace(/\/(told|invited)\/[^/?]+/, "/$1/:code")
    .replace(/\/(answer|password|rings|cover|watch)\/[^/?]+/, "/$1/:token")
    .replace(/\?.*/, (query) => (/status=|kind=/.test(query) ? "?filter" : ""));

const skip = /^\/(assets|media|calendar|notebook(?!\/devices)|openapi\.json|practices\.atom|rounds\/[^/]+\/runs\/\d+\/proof)/;
// Of these every one is looked at: what they are made of depends on who looks and how far they have come.
const each = /^\/(placements|outings|practices|invitations|changes|challenges|exchanges)\/:(id|slug)$|^\/exchanges\/:id\/(part|members\/:id)$/;
// Enough of a kind. What must be seen is named by whoever asks.
const MOST = 40;

// What a page is made of: its elements with their classes, kinds and states, each once, in any order. How many
// entries a list has and what they say makes no difference; a form, a table or a warning more does.
function made(html) {
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  const parts = new Set();
  for (const [tag, name] of main.matchAll(/<([a-z][a-z0-9-]*)\b[^>]*>/g)) {
    const told = ["class", "type", "role", "aria-current", "aria-pressed"].map((a) => tag.match(new RegExp(` ${a}="([^"]*)"`))?.[1] ?? "");
    parts.add([name, ...told].join(" "));
  }
  for (const [, action] of main.matchAll(/<form[^>]* action="([^"]*)"/g)) parts.add(pattern(action));
  return [...parts].sort().join("|");
}

const text = (html) => html.replaceAll("&#38;", "&").replaceAll("&amp;", "&");

// Everything somebody reaches from these addresses. Calls `page(href, key, html, status)` for each that was fetched.
export async function crawl(city, who, token, starts, page) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const queue = [...starts];
  const seen = new Set();
  const counts = {};
  while (queue.length > 0) {
    const href = queue.shift();
    const key = pattern(href);
    const mark = starts.includes(href) || (each.test(key) && (counts[key] ?? 0) < MOST) ? href : key;
    if (seen.has(mark) || skip.test(href)) continue;
    seen.add(mark);
    counts[key] = (counts[key] ?? 0) + 1;
    const response = await fetch(city.base + href, { headers, redirect: "follow" });
    assert.ok(response.status < 500, `${href} as ${who}: ${response.status}`);
    // A file to take along is no page.
    if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
    const html = await response.text();
    page(href, key, html);
    for (const [, link] of html.matchAll(/href="(\/[^"#]*)/g)) queue.push(text(link));
  }
}

// The visits to make: who goes where. `first` marks the first page of its pattern.
export async function visits(city, walkers) {
  const known = new Set();
  const looks = new Set();
  const found = [];
  for (const { who, token, starts } of walkers) {
    await crawl(city, who, token, starts, (href, key, html) => {
      // The first page is another for everybody on purpose.
      const look = href === "/" ? `/ ${who}` : `${key} ${made(html)}`;
      if (looks.has(look)) return;
      looks.add(look);
      found.push({ who, token, href, first: !known.has(key) || href === "/" });
      known.add(key);
    });
  }
  return found;
}
