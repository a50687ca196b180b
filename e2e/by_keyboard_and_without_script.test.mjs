// Going out with the keyboard alone, every stop of it to be seen; and the working day of a public servant and a manager
// in a browser that runs no script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./lib/browser.mjs";
import { enter, everything, session, startCity } from "./lib/city.mjs";

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

// Where the keyboard is: what it says, where it leads, and whether somebody who looks at the screen can tell.
const focus = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    // The calendar button inside a date field is a stop of its own that only the browser sees; it has its own ring.
    const inside = /^(date|time)$/.test(at.type) && !at.matches(":focus");
    const outlined = inside || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const onScreen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    const says = (at.labels?.[0] ?? at).innerText?.trim() ?? "";
    return { tag: at.tagName, id: at.id, href: at.getAttribute("href"), says, seen: outlined && onScreen };
  });

// Presses Tab until the focus is where it should be, and looks at each stop on the way.
async function tabTo(page, what, fits) {
  const stops = [];
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press("Tab");
    const at = await focus(page);
    assert.ok(at.seen, `the focus cannot be seen at ${JSON.stringify(at)}`);
    if (fits(at)) return stops;
    stops.push(at);
  }
  throw new Error(`Tab never reaches ${what}; it went ${stops.map((s) => s.says || s.id).join(", ")}`);
}

const leave = (page, key) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);

// An outing with free seats, of a kind for which the manager is asked each time.
async function offer() {
  const token = await session(city, "challenge-owner");
  const { challenge } = everything(city);
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const fields = {
    kind: "learning-visit", title: "How they got rid of page four", description: "Two days with those who did it.",
    challenge: challenge.find((c) => c.status === "open").id, meeting_point: "The station", host_name: "Their rent desk",
    safety_plan: "Ring the desk.", language: "en", seats: 3, photos: "none", publicity: "none",
    starts_date: day(20), starts_time: "09:00", ends_date: day(21), ends_time: "16:00",
    peer_city_name: "Their rent desk", peer_city_email: "desk@peer.example",
  };
  const response = await fetch(`${city.base}/api/v1/outings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(fields),
  });
  const said = await response.json();
  assert.ok(response.ok, JSON.stringify(said));
  return said.see;
}

test("from the first page to a wish by keyboard alone", async (t) => {
  const token = await session(city, "staff");
  const context = await open(browser, city, { token });
  const page = await context.newPage();
  const outing = await offer();
  await page.goto(city.base);

  await t.test("the first stop skips to what the page is about", async () => {
    await page.keyboard.press("Tab");
    const skip = await focus(page);
    assert.equal(skip.href, "#main");
    assert.ok(skip.seen, "it shows itself when it has the focus");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null), "the next stop is in the page");
  });

  await t.test("the navigation is walked in the order in which it is read", async () => {
    await page.goto(city.base);
    const shown = await page.locator("header.site nav.loop a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
    const stops = await tabTo(page, "the outings", (at) => at.href === "/outings");
    const walked = stops.map((s) => s.href).filter((href) => shown.includes(href));
    assert.deepEqual([...walked, "/outings"], shown.slice(0, shown.indexOf("/outings") + 1));
    await leave(page, "Enter");
    assert.equal(new URL(page.url()).pathname, "/outings");
  });

  await t.test("the menu of the account opens, and Escape closes it and gives the focus back", async () => {
    await tabTo(page, "the account", (at) => at.tag === "SUMMARY");
    await page.keyboard.press("Enter");
    await tabTo(page, "one's own page", (at) => at.href === "/me");
    await page.keyboard.press("Escape");
    assert.equal((await focus(page)).tag, "SUMMARY");
    assert.equal(await page.locator("header.site details[open]").count(), 0);
  });

  await t.test("an outing, its form, and a mistake on the way", async () => {
    await page.goto(city.base + outing);
    await tabTo(page, "I want to go", (at) => at.href === `${outing}/wish`);
    await leave(page, "Enter");
    // Sent too early: the list of errors has the focus, and its first link leads into the field.
    await tabTo(page, "the button", (at) => at.tag === "BUTTON" && at.says === "I want to go");
    await leave(page, "Enter");
    assert.ok(await page.evaluate(() => document.activeElement.matches(".error-summary")), "the list of errors is read out first");
    await tabTo(page, "the first error", (at) => at.href?.startsWith("#"));
    const { href } = await focus(page);
    await page.keyboard.press("Enter");
    const field = await focus(page);
    assert.equal(`#${field.id}`, href);
    // From field to field, as many as this kind of outing asks for.
    const missing = await page.locator('.error-summary a[href^="#"]').evaluateAll((all) => all.map((a) => a.hash.slice(1)));
    await page.keyboard.type("What a morning there is like.");
    for (const next of missing.slice(1)) {
      await tabTo(page, next, (at) => at.id === next);
      await page.keyboard.type("Ann takes the desk.");
    }
    await tabTo(page, "the button", (at) => at.tag === "BUTTON" && at.says === "I want to go");
    await leave(page, "Space");
    assert.match(new URL(page.url()).pathname, /^\/placements\/[0-9a-f-]{36}$/);
    assert.equal(await page.locator(".error-summary").count(), 0);
  });
  await context.close();
});

test("a public servant and a manager need no script", async () => {
  const walkers = {};
  const { person } = everything(city);
  const staff = person.find((p) => p.email === city.accounts.staff.email);
  const manager = person.find((p) => p.id === staff.manager_id);
  const tokens = { staff: await session(city, "staff"), manager: await enter(city, manager.email) };
  for (const [who, token] of Object.entries(tokens)) {
    const context = await open(browser, city, { token, javaScript: false, size: "phone" });
    walkers[who] = await context.newPage();
  }
  const go = async (page, href) => assert.ok((await page.goto(city.base + href)).status() < 400, href);
  const press = async (page, name) => {
    await Promise.all([page.waitForNavigation(), page.getByRole("button", { name }).first().click()]);
    assert.equal(await page.locator(".error-summary").count(), 0, `${name}: ${page.url()}`);
  };
  const here = (page) => new URL(page.url()).pathname;

  const page = walkers.staff;
  const outing = await offer();
  await go(page, "/");
  // On a phone the navigation folds away; it opens without a script.
  await page.locator("header.site details.menu > summary").click();
  await Promise.all([page.waitForNavigation(), page.locator('header.site details.menu a[href="/outings"]').click()]);
  await page.locator('input[name="q"]').fill("form");
  await press(page, /^Search|^Show|^Find/);
  await go(page, `${outing}/wish`);
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "I want to go" }).click()]);
  assert.equal(await page.locator(".error-summary").count(), 1, "what is missing is told");
  for (const field of await page.locator('main textarea[required], main textarea[aria-invalid="true"]').all()) {
    await field.fill("What a morning there is like.");
  }
  await press(page, "I want to go");
  const placement = here(page);
  assert.match(placement, /^\/placements\//);

  const boss = walkers.manager;
  await go(boss, "/");
  await go(boss, "/team");
  const asked = boss.locator(`form[action="${placement}/answer"]`);
  await Promise.all([boss.waitForNavigation(), asked.getByRole("button", { name: /^Yes/ }).click()]);
  assert.equal(here(boss), "/team");
  assert.equal(await boss.locator(`form[action="${placement}/answer"]`).count(), 0, "it waits no longer");
  const standing = boss.locator(`form[action="/team/${staff.id}/standing-yes"]`);
  await standing.locator('[name="half_days"]').fill("8");
  await Promise.all([boss.waitForNavigation(), standing.getByRole("button").click()]);
  assert.equal(await boss.locator(".error-summary").count(), 0);

  // What comes after: a plan that is moved, a reflection that is kept, the language of the page.
  await go(page, placement);
  assert.match(await page.locator("main").innerText(), /Agreed|not answered yet/);
  await go(page, `${placement}/reflections/evening`);
  await page.locator("main textarea").first().fill("They knew my name.");
  await press(page, "Keep it");
  await go(page, "/");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Nederlands" }).click()]);
  assert.equal(await page.locator("html").getAttribute("lang"), "nl");
});
