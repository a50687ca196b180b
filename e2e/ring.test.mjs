// A ring of four cities, in a real browser: this city and three others, who work through the links in their letters. One
// leg drops out; the page shows what survives and the smallest repair; unchanged legs keep their yes, and in the end the
// ring is final. The lead at a desk, cities and people on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, languageFaults, launch, open } from "./lib/browser.mjs";
import { session, startCity } from "./lib/city.mjs";
import { go, picture, press } from "./lib/hands.mjs";
import { ringLetter } from "./lib/walkers.mjs";

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
let city;
let browser;
let lead;
let admin;
const pages = {};

before(async () => {
  city = await startCity({ people: 240, seed: 5 });
  browser = await launch();
  lead = await (await open(browser, city, { token: await session(city, "programme-lead") })).newPage();
  admin = await session(city, "admin");
});

after(async () => {
  await browser?.close();
  city?.stop();
});

// Whoever follows a link has no account.
async function guest(name, size = "phone") {
  pages[name] ??= await (await open(browser, city, { size })).newPage();
  return pages[name];
}

async function keep(page, name, lang = "en") {
  assert.deepEqual([...(await faults(page)), ...(await languageFaults(page, lang))], [], name);
  await picture(page, `ring-${name}`);
}

const letter = (email) => ringLetter(city, admin, email);

async function putForward(page, { label, email, learn, topic, wishes }) {
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Put somebody forward" }).click()]);
  await page.locator("#label").fill(label);
  if (email) await page.locator("#email").fill(email);
  await page.locator("#learn").fill(learn);
  await page.getByLabel(topic, { exact: true }).check();
  for (const [at, wish] of wishes.entries()) await page.locator(`#wish_${at + 1}`).selectOption({ label: wish });
  await page.locator("#language_1").selectOption("en");
  await press(page, "Put forward");
}

async function offer(page, { title, topic }) {
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Offer a place" }).click()]);
  await page.locator("#title").fill(title);
  await page.locator("#shows").fill("A week beside the people at the counter, with one of us as a guide.");
  await page.getByLabel(topic, { exact: true }).check();
  await page.locator("#language_1").selectOption("en");
  await press(page, "Offer it");
}

// Says yes everywhere the reader is asked.
async function yesToAll(page, href) {
  for (;;) {
    await go(page, href);
    const yes = page.getByRole("button", { name: /^Yes, (I|we)/ });
    if ((await yes.count()) === 0) return;
    await press(page, /^Yes, (I|we)/);
  }
}

const CITIES = [
  { name: "Ghent", email: "jo@ghent.example", wish: "Seoul", person: "R-17", topic: "Housing" },
  { name: "Seoul", email: "min@seoul.example", wish: "Montevideo", person: "Kim", topic: "Care and health", own: "kim@seoul.example" },
  { name: "Montevideo", email: "ana@montevideo.example", wish: "home", person: "Ana’s colleague", topic: "Digital services" },
];

test("a ring of four cities in which one leg drops out", async (t) => {
  let exchange;
  let home;
  await t.test("the lead opens an exchange and brings three cities in", async () => {
    await go(lead, "/exchanges");
    await keep(lead, "01-list");
    await go(lead, "/exchanges/new");
    await lead.locator("#title").fill("Spring exchange on renting");
    await lead.locator("#starts_on").fill(inDays(60));
    await lead.locator("#ends_on").fill(inDays(150));
    await lead.locator("#answers_until").fill(inDays(21));
    await lead.locator("#challenge").selectOption({ index: 1 });
    await keep(lead, "02-new");
    await press(lead, "Open it");
    exchange = new URL(lead.url()).pathname;
    home = (await lead.locator("section.card h3").first().innerText()).replace(/\s*Our city$/, "").trim();
    for (const { name, email } of CITIES) {
      const form = lead.locator("details", { has: lead.locator("#city") });
      if (!(await form.getAttribute("open"))?.length && !(await lead.locator("#city").isVisible())) await form.locator("summary").click();
      await lead.locator("#city").fill(name);
      await lead.locator("#contact_name").fill("The contact");
      await lead.locator("#contact_email").fill(email);
      await press(lead, "Bring it in");
    }
    await keep(lead, "03-exchange");
  });

  await t.test("each city enters people and places by its link; opening it changes nothing", async () => {
    await go(lead, exchange);
    await Promise.all([lead.waitForNavigation(), lead.getByRole("link", { name: `People and places of ${home}` }).click()]);
    await offer(lead, { title: "Rent desk", topic: "Digital services" });
    for (const { name, email, topic } of CITIES) {
      const page = await guest(name);
      await go(page, await letter(email));
      await page.getByText("asks you to enter").waitFor();
      await offer(page, { title: `Counter of ${name}`, topic });
    }
    const wishes = { Ghent: ["Seoul: Counter of Seoul"], Seoul: ["Montevideo: Counter of Montevideo", `Anywhere in ${home}`], Montevideo: [`Anywhere in ${home}`] };
    for (const { name, email, person, topic, own } of CITIES) {
      const page = await guest(name);
      await go(page, await letter(email));
      const learn = "How they keep the counter open for people who cannot read the form.";
      await putForward(page, { label: person, email: own, learn, topic, wishes: wishes[name] });
      await keep(page, `04-desk-${name}`);
    }
    await go(lead, exchange);
    await Promise.all([lead.waitForNavigation(), lead.getByRole("link", { name: `People and places of ${home}` }).click()]);
    await keep(lead, "05-home-desk");
  });

  await t.test("a colleague wants to take part, and a person of another city looks at their own entry", async () => {
    const staff = await (await open(browser, city, { size: "phone", token: await session(city, "staff") })).newPage();
    pages.staff = staff;
    await go(staff, exchange);
    await Promise.all([staff.waitForNavigation(), staff.getByRole("link", { name: "I want to take part" }).click()]);
    await keep(staff, "06-take-part");
    await staff.locator("#learn").fill("How Ghent talks with tenants before the letter goes out.");
    await staff.getByLabel("Housing", { exact: true }).check();
    await staff.locator("#wish_1").selectOption({ label: "Ghent: Counter of Ghent" });
    await staff.locator("#language_1").selectOption("en");
    await press(staff, "Take part");
    await keep(staff, "07-my-part");
    const kim = await guest("kim");
    await go(kim, await letter("kim@seoul.example"));
    await kim.getByText("What is entered about you").waitFor();
    await keep(kim, "08-own-entry");
    const others = await kim.locator("main").innerText();
    assert.ok(!others.includes("R-17"), "the people of the other cities are not shown");
    const ghent = await guest("Ghent");
    await go(ghent, await letter("jo@ghent.example"));
    const seen = await ghent.locator("main").innerText();
    assert.ok(seen.includes("Counter of Seoul") && !seen.includes("Kim"), "places are shown, people are not");
  });

  await t.test("checked first, then matched: a ring of four, proven", async () => {
    await go(lead, `${exchange}/check`);
    await keep(lead, "09-check");
    await press(lead, "Find rings and ask everybody");
    await lead.getByRole("heading", { name: new RegExp(`Ring 1: .*→.*→.*→.*→`) }).waitFor();
    await lead.getByText("no other set of rings has more").waitFor();
    await keep(lead, "10-proposal");
  });

  await t.test("three say yes, and one drops out with a reason", async () => {
    await yesToAll(lead, `${exchange}/proposal`);
    await yesToAll(pages.staff, `${exchange}/part`);
    const seoul = await letter("min@seoul.example");
    await yesToAll(await guest("Seoul"), seoul);
    const kim = await letter("kim@seoul.example");
    await yesToAll(await guest("kim"), kim);
    await keep(await guest("kim"), "11-own-leg");
    const ghent = await guest("Ghent");
    await yesToAll(ghent, await letter("jo@ghent.example"));
    await keep(ghent, "12-ghent-said-yes");
    // Montevideo receives Kim: and cannot.
    const page = await guest("Montevideo");
    await go(page, await letter("ana@montevideo.example"));
    await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: /^No.*Seoul → Montevideo, The city that receives/ }).click()]);
    await keep(page, "13-refusal");
    await page.locator("#why").fill("The counter moves house in spring.");
    await press(page, "Say no");
    await keep(page, "14-refused");
  });

  await t.test("the lead sees what survives and accepts the smallest repair", async () => {
    await go(lead, `${exchange}/proposal`);
    await lead.getByRole("heading", { name: "A leg dropped out" }).waitFor();
    const repair = lead.locator("#repair");
    assert.match(await repair.innerText(), new RegExp(`Seoul → ${home}`));
    assert.equal(await repair.getByText("stays, with every yes").count(), 2);
    await keep(lead, "15-repair");
    const old = await (await guest("Ghent")).locator("main").innerText();
    assert.ok(old.includes("Seoul"));
    await press(lead, "Accept this change and ask anew");
    const heading = await lead.getByRole("heading", { name: /^Ring 1/ }).innerText();
    assert.ok(!heading.includes("Montevideo"), heading);
    assert.ok((await lead.getByText("(said before, to the same words)").count()) >= 4);
    await keep(lead, "16-second-proposal");
  });

  await t.test("who is asked anew says yes; the ring is final and the ledger knows", async () => {
    await yesToAll(await guest("Seoul"), await letter("min@seoul.example"));
    await yesToAll(await guest("kim"), await letter("kim@seoul.example"));
    await go(lead, `${exchange}/proposal`);
    assert.equal(await lead.getByText("Final: everybody said yes").count(), 0, "one yes is still missing");
    await yesToAll(lead, `${exchange}/proposal`);
    await lead.getByText("Final: everybody said yes").waitFor();
    await keep(lead, "17-final");
    await go(lead, "/exchanges/ledger");
    await keep(lead, "18-ledger");
    const ana = await guest("Montevideo");
    await go(ana, await letter("ana@montevideo.example"));
    await keep(ana, "19-left-over");
    await go(pages.staff, `${exchange}/part`);
    await keep(pages.staff, "20-my-final-leg");
    await Promise.all([pages.staff.waitForNavigation(), pages.staff.getByRole("link", { name: "Your placement, with its dates" }).click()]);
    await pages.staff.getByText("Spring exchange on renting: Ghent").first().waitFor();
    await keep(pages.staff, "21-placement");
  });
});
