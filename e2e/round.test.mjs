// A season matched at once, in a real browser: the lead opens a round and ticks outings in; a manager says one number by
// the link of a letter; three people wish; the lead checks, matches, decides by hand, matches again, publishes; the three
// get different answers in one true sentence each; one gives the seat back, and a reserve moves up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, launch, open } from "./lib/browser.mjs";
import { enter, everything, session, startCity } from "./lib/city.mjs";
import { go, picture, press, words } from "./lib/hands.mjs";

let city;
let browser;
const pages = {};

async function as(who, options = {}) {
  if (!pages[who]) {
    const token = who === "nobody" ? undefined : await (who.includes("@") ? enter(city, who) : session(city, who));
    pages[who] = await (await open(browser, city, { token, ...options })).newPage();
  }
  return pages[who];
}

async function keep(page, name) {
  assert.deepEqual(await faults(page), [], name);
  await picture(page, `round-${name}`);
}

const day = (days) => new Date(Date.now() + days * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Europe/Amsterdam" });

// Offers an outing as the API does.
async function offer(title, days, seats, challenge) {
  const token = await session(city, "challenge-owner");
  const fields = {
    kind: "learning-visit", title, description: "Two days beside those who have done it.", challenge, meeting_point: "Platform 3",
    host_name: title, safety_plan: "Together.", language: "en", starts_date: day(days), starts_time: "09:00",
    ends_date: day(days + 1), ends_time: "16:00", seats, photos: "none", publicity: "none", notes_allowed: "yes",
    peer_city_name: "Peer", peer_city_email: "peer@peer.example",
  };
  const answer = await fetch(`${city.base}/api/v1/outings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(fields),
  });
  const said = await answer.json();
  assert.ok(answer.ok, JSON.stringify(said));
  return said.see;
}

before(async () => {
  city = await startCity({ people: 240, seed: 11 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  city?.stop();
});

// Matches, and waits until it is done: the page looks again by itself.
async function match(page, round) {
  await go(page, `${round}/runs`);
  await page.getByLabel(/^Quick/).check();
  await press(page, "Match now");
  await page.getByText("No plan can be better than this one").waitFor();
}

test("a season from opening to letters, and a seat given back", async (t) => {
  const { person, challenge } = everything(city);
  const asked = challenge.find((c) => c.status === "open").id;
  const lower = (e) => e.toLowerCase();
  const taken = new Set(Object.values(city.accounts).map((a) => lower(a.email)));
  const speaks = (p) => p.active && p.manager_id && p.languages.split(" ").includes("en") && !taken.has(lower(p.email));
  // Two of one team, and one of another.
  const byManager = new Map();
  for (const p of person.filter(speaks)) byManager.set(p.manager_id, [...(byManager.get(p.manager_id) ?? []), p]);
  const [[managerId, team], ...others] = [...byManager].filter(([, t]) => t.length >= 2);
  const [ann, ben] = team;
  const [cas] = others[0][1];
  const manager = person.find((p) => p.id === managerId);
  const lead = await as("programme-lead");

  let round;
  await t.test("the lead opens a round and ticks outings in", async () => {
    await offer("Harbour at night", 200, 1, asked);
    await offer("The other shore", 214, 4, asked);
    await go(lead, "/rounds");
    await keep(lead, "01-rounds");
    await go(lead, "/rounds/new");
    await lead.locator("#title").fill("Spring");
    await lead.locator("#starts_on").fill(day(195));
    await lead.locator("#ends_on").fill(day(260));
    await lead.locator("#wishes_until").fill(day(10));
    await keep(lead, "02-open");
    await press(lead, "Open it");
    round = lead.url().replace(/\/outings.*/, "").replace(city.base, "");
    await lead.locator("#min_group").fill("1");
    await keep(lead, "03-outings");
    await press(lead, "Put the ticked ones in");
    await lead.getByText("2 outings in this round").first().waitFor();
    await go(lead, `${round}/limits`);
    await keep(lead, "04-limits");
    await go(lead, round);
    await keep(lead, "05-round");
    await press(lead, "Ask managers");
  });

  await t.test("a manager says one number by the link of the letter", async () => {
    const headers = { authorization: `Bearer ${await session(city, "admin")}` };
    let link;
    for (let number = 1; !link; number += 1) {
      const outbox = await (await fetch(`${city.base}/api/v1/outbox?page=${number}`, { headers })).json();
      const letter = outbox.letters.find((l) => l.body.includes("/cover/") && lower(l.to).includes(lower(manager.email)));
      link = letter?.body.match(/\/cover\/\S+/)[0];
      assert.ok(outbox.more || link, "there is a letter");
    }
    const page = await as("nobody", { size: "phone" });
    await go(page, link);
    await keep(page, "06-cover");
    await page.locator("#away").fill("1");
    await press(page, "This is my number");
    await page.getByText("Your number is noted").waitFor();
  });

  const add = async (page, title) => press(page, `Add ${title}`);
  await t.test("three people state their wishes on a phone", async () => {
    for (const [who, titles] of [[ann, ["Harbour at night"]], [ben, ["Harbour at night"]], [cas, ["The other shore", "Harbour at night"]]]) {
      const page = await as(who.email, { size: "phone" });
      await go(page, "/");
      await page.getByRole("link", { name: "Spring" }).first().click();
      await go(page, `${round}/wishes`);
      for (const title of titles) await add(page, title);
    }
    const page = await as(cas.email);
    await press(page, "Down The other shore");
    assert.match(await words(page), /1\. Harbour at night[^]*2\. The other shore/);
    await press(page, "Up The other shore");
    await page.locator("#wanted-1").check();
    await page.locator("#away_from_1").fill(day(230));
    await press(page, "Save");
    await keep(page, "07-wishes");
    const outing = await as(ben.email);
    await go(outing, "/outings");
    await go(outing, `${round}/outings`);
    await outing.getByRole("link", { name: "Harbour at night" }).click();
    await outing.getByText("takes its wishes in the round").waitFor();
  });

  await t.test("the lead checks first, matches, decides by hand and learns nobody's wishes", async () => {
    await go(lead, `${round}/check`);
    await keep(lead, "08-check");
    await match(lead, round);
    await keep(lead, "09-run");
    await go(lead, `${round}/edits`);
    await lead.locator("#email").fill(ben.email);
    await lead.locator("#outing").selectOption({ label: "Harbour at night" });
    await lead.getByLabel("Must go there").check();
    await lead.locator("#why").fill("He has prepared it for a year.");
    await press(lead, "Save");
    await keep(lead, "10-by-hand");
    await match(lead, round);
    await lead.getByText("Made with one decision by hand.").waitFor();
    await keep(lead, "11-run-with-edit");
    await go(lead, `${round}/runs`);
    await keep(lead, "12-compare");
  });

  await t.test("the auditor takes the proof away, and it holds", async () => {
    const auditor = await session(city, "auditor");
    const proof = await fetch(`${city.base}${round}/runs/2/proof.tar.gz`, { headers: { authorization: `Bearer ${auditor}` } });
    assert.equal(proof.headers.get("content-type"), "application/gzip");
    assert.ok((await proof.arrayBuffer()).byteLength > 500);
  });

  await t.test("published: three people hear three different things", async () => {
    await go(lead, `${round}/runs/2`);
    await lead.locator("#sure").check();
    await press(lead, "Publish this run");
    await keep(lead, "13-published");
    const hears = async (who) => {
      const page = await as(who.email);
      await go(page, round);
      return words(page);
    };
    assert.match(await hears(ben), /You got your first wish/);
    assert.match(await hears(ann), /“Harbour at night” was full|Every outing that suited you was full|no more of your team may be away/);
    assert.match(await hears(cas), /You got your first wish/);
    await keep(await as(ann.email), "14-nothing");
    await keep(await as(ben.email), "15-got");
    const boss = await as(manager.email);
    await go(boss, `${round}/team`);
    const team = await words(boss);
    assert.match(team, new RegExp(ben.name));
    assert.doesNotMatch(team, new RegExp(ann.name), "a refusal is nobody else's business");
    await keep(boss, "16-team");
  });

  await t.test("a seat given back goes to the first reserve who fits", async () => {
    const page = await as(ben.email);
    await go(page, round);
    await page.getByRole("link", { name: "Harbour at night" }).click();
    await page.locator("summary", { hasText: "Call it off" }).click();
    await page.locator("#why").fill("My leg is broken.");
    await press(page, "Call it off");
    await go(lead, `${round}/seats`);
    await lead.getByText(`First reserve who fits: ${ann.name}`).waitFor();
    await keep(lead, "17-given-back");
    await press(lead, "Offer the seat");
    await keep(lead, "18-repaired");
    const next = await as(ann.email);
    await go(next, round);
    assert.match(await words(next), /Harbour at night/);
  });
});
