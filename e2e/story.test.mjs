// The story the program is for, in a real browser: a resident group invites; an owner links it to a challenge; a
// public servant goes, with the manager's yes from the letter; what was heard leads to a change and a stop; the
// residents hear of it, and one takes a quote back; the practice is published; the mayor sees it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, launch, open } from "./lib/browser.mjs";
import { session, startCity } from "./lib/city.mjs";
import { go, picture, press } from "./lib/hands.mjs";

const QUOTE = "On page four they ask for a paper that nobody in this stairwell has ever seen";
let city;
let browser;
const pages = {};
// Residents need no JavaScript. axe does, so their pages are checked by it in the other test file.
const withoutScript = new Set();

async function as(role, options = {}) {
  if (!pages[role]) {
    const token = role === "resident" ? undefined : await session(city, role);
    const context = await open(browser, city, { token, ...options });
    pages[role] = await context.newPage();
    if (options.javaScript === false) withoutScript.add(pages[role]);
  }
  return pages[role];
}

async function fill(page, fields) {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).first().fill(value);
}

async function keep(page, name) {
  if (!withoutScript.has(page)) assert.deepEqual(await faults(page), [], name);
  await picture(page, name);
}

// Day and time as the city's clocks show them: both of one moment, so that a midnight between the two cannot part them.
const onTheClock = (moment = new Date()) => {
  const [day, time] = moment.toLocaleString("sv-SE", { timeZone: "Europe/Amsterdam" }).split(" ");
  return { day, time: time.slice(0, 5) };
};

const inDays = (days) => onTheClock(new Date(Date.now() + days * 86_400_000)).day;

before(async () => {
  city = await startCity({ people: 240, seed: 11 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  city?.stop();
});

test("from an invitation to a change told back", async (t) => {
  let invitedAt;
  await t.test("a resident group invites, without an account and without JavaScript", async () => {
    const page = await as("resident", { size: "phone", javaScript: false });
    await go(page, "/");
    await keep(page, "01-first-page");
    await go(page, "/invitations/new");
    await fill(page, {
      "What is it about?": "Tea on the third floor",
      "What do you want to show or say?": "We fill in the rent form together, and we stop at the same page.",
      "Your group or household": "Stairwell 14",
      "Whom we talk to": "Amina",
      "When would you like it?": inDays(1),
    });
    await page.locator("#contact_email").fill("amina@stairwell.example");
    await page.getByLabel("You may take notes").check();
    await page.getByLabel("Only after asking whoever is in them").check();
    await press(page, "Send the invitation");
    await page.getByText("Keep the code below").waitFor();
    await keep(page, "02-invitation");
    invitedAt = page.url().replace(/\?.*/, "");
  });

  let outing;
  let challenge;
  await t.test("a challenge owner asks a question and links the invitation to it", async () => {
    const page = await as("challenge-owner");
    await go(page, "/challenges/new");
    await fill(page, {
      "The question in a few words": "Why do people stop at page four?",
      "What do we not know?": "What stops somebody who has come as far as page four.",
      "Why does it matter, and to whom?": "They lose the rent support they have a right to.",
      "The decision it feeds": "The new rent form",
      "When it is decided": inDays(60),
    });
    await press(page, "Ask it");
    challenge = page.url().replace(/\?.*/, "");
    await keep(page, "03-challenge");
    const lead = await as("programme-lead");
    await go(lead, "/invitations");
    const href = await lead.getByRole("link", { name: "Tea on the third floor" }).first().getAttribute("href");
    await go(page, href);
    await page.getByLabel("Challenge", { exact: true }).selectOption({ label: "Why do people stop at page four?" });
    // It begins now and takes hours, so that it can happen in this story at whatever time of day that is told.
    const { day, time } = onTheClock();
    await page.locator("#date").fill(day);
    await page.locator("#time").fill(time);
    await page.locator("#hours").fill("12");
    await page.locator("#safety_plan").fill("Two of us, back by five, ring the desk.");
    await page.locator("#answer").fill("Yes, gladly. We come with two people and no camera.");
    await press(page, "Accept the invitation");
    outing = page.url().replace(/\?.*/, "");
    await keep(page, "04-outing");
  });

  let placement;
  await t.test("a public servant wants to go", async () => {
    const page = await as("staff", { size: "phone" });
    await go(page, outing);
    await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "I want to go" }).click()]);
    await page.locator("#learn").fill("What the form looks like from a kitchen table.");
    await page.locator("#job-link").fill("The rent form is mine.");
    await press(page, "I want to go");
    placement = page.url().replace(/\?.*/, "");
  });

  await t.test("the manager says yes from the letter, without an account; opening the link decides nothing", async () => {
    const admin = await as("admin");
    await go(admin, "/outbox");
    const letter = admin.locator("article", { hasText: "Tea on the third floor" }).filter({ hasText: "Yes or no?" }).first();
    const href = await letter.locator('a[href^="/answer/"]').getAttribute("href");
    const staff = await as("staff");
    // Whoever opens the letter is not signed in: the same browser as the resident's.
    const manager = await as("resident");
    await go(manager, href);
    await go(staff, placement);
    assert.match(await staff.locator("body").innerText(), /not answered yet/);
    await keep(manager, "05-manager-decides");
    await press(manager, "Yes");
    await go(staff, placement);
    await staff.locator('li[aria-current="step"]', { hasText: "Agreed" }).waitFor();
    await keep(staff, "06-placement-agreed");
  });

  let code;
  await t.test("the outing happens: a consent card, a quote, and what was seen apart from what it means", async () => {
    const page = await as("staff");
    await page.getByLabel("Check-in").fill("With Noor, until five");
    await press(page, "I am leaving now");
    await go(page, `${placement}/consents`);
    for (const label of ["What I say may be used, without my name", "My words may be quoted", "The person is of age"]) {
      await page.getByLabel(label).check();
    }
    await press(page, "Make the card");
    code = (await page.locator(".code").first().innerText()).trim();
    await keep(page, "07-consent-card");
    await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Write a note on this card" }).click()]);
    await page.locator("#seen").fill(QUOTE);
    await page.locator("#meaning").fill("We ask for what we could look up ourselves.");
    await keep(page, "08-note");
    await press(page, "Keep the note");
    await go(page, `${placement}/notes/new`);
    await page.locator("#seen").fill("Five forms lie on the fridge, all folded at page four.");
    await press(page, "Keep the note");
    await go(page, placement);
    await press(page, "I am back");
  });

  await t.test("debrief and return talk, private until shared", async () => {
    const page = await as("staff");
    await go(page, `${placement}/reflections/debrief`);
    await page.locator("#so-what").fill(`It is our paper that is missing, not theirs. “${QUOTE}”, one said.`);
    await keep(page, "09-reflection");
    await press(page, "Keep it");
    await press(page, "Share with colleagues");
    await go(page, placement);
    await press(page, "The debrief is done");
    await go(page, `${placement}/reflections/return-talk`);
    await page.locator("#two-weeks").fill("Ring the ten people whose form came back last week.");
    await press(page, "Keep it");
  });

  let change;
  await t.test("a change and a stop, resting on the notes", async () => {
    const page = await as("staff");
    await go(page, `/changes/new?placement=${placement.split("/").pop()}`);
    await page.getByLabel("Start", { exact: true }).check();
    await page.locator("#title").fill("We look the paper up ourselves");
    await page.locator("#what").fill("The desk fetches the paper from the register instead of asking for it.");
    await page.locator("#when_x").fill("a rent form comes back unfinished");
    await page.locator("#will_y").fill("ring the person the same day");
    await page.getByLabel(QUOTE).check();
    await press(page, "Commit");
    change = page.url().replace(/\?.*/, "");
    await keep(page, "10-change");
    await go(page, `/changes/new?placement=${placement.split("/").pop()}`);
    await page.getByLabel("Stop", { exact: true }).check();
    await page.locator("#title").fill("Page four of the rent form");
    await page.locator("#what").fill("Page four goes.");
    await page.locator("#when_x").fill("the form is printed again");
    await page.locator("#will_y").fill("leave page four out");
    await page.locator("#hours_freed").fill("40");
    await press(page, "Commit");
  });

  await t.test("told back: residents see it at their code and their invitation", async () => {
    const owner = await as("challenge-owner");
    await go(owner, `${outing}/aftermath`);
    await owner.locator("#told").fill("We heard that page four asks for a paper we have ourselves. We fetch it now, and the page goes.");
    await press(owner, "Tell them");
    const resident = await as("resident");
    await go(resident, "/told");
    await resident.locator("#code").fill(code.toLowerCase().replaceAll("-", " "));
    await press(resident, "Look");
    await resident.getByText(QUOTE).waitFor();
    await resident.getByText("We look the paper up ourselves").waitFor();
    await keep(resident, "11-told-back");
    await go(resident, invitedAt);
    await resident.getByText("We fetch it now").waitFor();
  });

  let practice;
  await t.test("the practice is told with the quote, and published", async () => {
    const page = await as("staff");
    await go(page, `/practices/new?change=${change.split("/").pop()}`);
    const telling = {
      problem: `Four in ten forms for rent support came back unfinished, nearly all at the same page. At the kitchen table we heard why: “${QUOTE}.”`,
      what: "The desk fetches the paper from the land register itself, while the person is still sitting there. Page four is no longer printed.",
      how: "One half-day to find out which papers the register gives us. One week with two colleagues at one desk. Then all desks, with a card of four lines beside the screen.",
      needed: "Access to the register for everybody at the desk, one colleague who knows it well, and a manager who lets an unfinished form lie for a week.",
      result: "In the first month three of eighty forms came back. Nobody has asked for page four.",
      careful: "Ask before you look somebody up, and say what you will see. Whoever does not want it can still bring the paper.",
    };
    for (const [id, text] of Object.entries(telling)) await page.locator(`#${id}`).fill(text);
    await page.getByLabel(QUOTE).check();
    await press(page, "Keep as draft");
    await press(page, "Publish");
    practice = page.url().replace(/\?.*/, "");
    const feed = await (await fetch(`${city.base}/practices.atom`)).text();
    assert.match(feed, /We look the paper up ourselves/);
    const resident = await as("resident");
    await go(resident, practice);
    assert.match(await resident.locator("body").innerText(), new RegExp(QUOTE));
    const owner = await as("challenge-owner");
    await go(owner, practice);
    await keep(owner, "12-practice");
  });

  await t.test("the resident takes the quote back, and it is gone everywhere", async () => {
    const resident = await as("resident");
    await go(resident, `/told/${code}`);
    await Promise.all([resident.waitForNavigation(), resident.getByRole("link", { name: /Take this back/ }).first().click()]);
    await press(resident, "Yes, take it back");
    await go(resident, practice);
    await keep(resident, "14-practice-without-the-quote");
    const staff = await as("staff");
    for (const href of [practice, change, challenge, `${placement}`, "/reflections", "/notes", `/told/${code}`, outing]) {
      const page = href.includes("/told/") ? resident : staff;
      await go(page, href);
      assert.doesNotMatch(await page.locator("body").innerText(), new RegExp(QUOTE), href);
    }
    await go(staff, challenge);
    assert.match(await staff.locator("body").innerText(), /1 note was taken back/);
  });

  await t.test("closed honestly, and the mayor's overview shows it", async () => {
    const staff = await as("staff");
    await go(staff, placement);
    await staff.getByText("Close it").click();
    await staff.getByLabel("Something changed").check();
    await staff.locator("#why").fill("We fetch the paper ourselves.");
    await press(staff, "Close");
    const mayor = await as("mayor");
    await go(mayor, "/overview");
    const text = await mayor.locator("main").innerText();
    assert.match(text, /We look the paper up ourselves/);
    assert.match(text, /Page four of the rent form/);
    await keep(mayor, "13-overview");
  });
});
