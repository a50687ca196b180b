// Safe out there, in a real browser: somebody says on a phone, without script, where they go and when they are back; the
// time passes; the server writes to the buddy, who answers from the letter without an account; the colleague is back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { faults, languageFaults, launch, open, speak } from "./lib/browser.mjs";
import { enter, everything, session, startCity } from "./lib/city.mjs";
import { go, picture, press, words } from "./lib/hands.mjs";

let city;
let browser;

before(async () => {
  city = await startCity({ people: 240, seed: 5 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  city?.stop();
});

// The same page on a phone and on a desk, in English and Korean: looked at, and nothing that shuts anybody out.
async function look(href, token, name) {
  for (const size of ["phone", "desktop"]) {
    const context = await open(browser, city, { size, token });
    const page = await context.newPage();
    for (const lang of ["en", "ko"]) {
      await speak(context, city, lang);
      await go(page, href);
      assert.deepEqual([...(await faults(page)), ...(await languageFaults(page, lang))], [], `${name} ${size} ${lang}`);
      await picture(page, `safety-${name}-${size}-${lang}`);
    }
    await context.close();
  }
}

// What nobody wants to wait for: the time that was said is over, by half a day if need be. Only the test can do this.
function passes(minutes) {
  const program = [
    "import sqlite3, sys",
    "door = sqlite3.connect(sys.argv[1], timeout=60)",
    "by = int(sys.argv[2]) * 60_000_000",
    "door.execute('UPDATE going_out SET due_at = due_at - ?, asks_at = asks_at - ? WHERE ended_at IS NULL', (by, by))",
    "door.commit()",
  ];
  execFileSync("python3", ["-c", program.join("\n"), path.join(city.folder, "freerange.sqlite"), `${minutes}`]);
}

// The link in a letter of the outbox, as soon as the server wrote one about this person.
async function letter(subject) {
  const headers = { authorization: `Bearer ${await session(city, "admin")}` };
  for (;;) {
    const { letters } = await (await fetch(`${city.base}/api/v1/outbox`, { headers })).json();
    const found = letters.find((l) => l.subject === subject);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test("somebody goes out, is overdue, the buddy answers from the letter, and all is well", async () => {
  const { person, placement } = everything(city);
  const out = placement.find((p) => ["agreed", "preparing", "out"].includes(p.stage));
  const goer = person.find((p) => p.id === out.person_id);
  const token = await enter(city, goer.email);
  const phone = await (await open(browser, city, { size: "phone", token, javaScript: false })).newPage();

  await go(phone, `/safe?placement=${out.id}`);
  assert.equal(await phone.getByLabel("For which outing").inputValue(), out.id);
  await phone.getByLabel("Where", { exact: true }).fill("Along the quay, between the ferry and the mill");
  await phone.getByLabel("With whom").fill("Jo of the harbour crew");
  await phone.getByLabel("Buddy").selectOption({ index: 1 });
  const buddyId = await phone.getByLabel("Buddy").inputValue();
  const buddy = person.find((p) => p.id === buddyId);
  const due = new Date(Date.now() + 2 * 3_600_000);
  const zone = { timeZone: "Europe/Amsterdam" };
  await phone.getByLabel("Back on").fill(due.toLocaleDateString("sv-SE", zone));
  await phone.getByLabel("Back at").fill(due.toLocaleTimeString("sv-SE", { ...zone, hour: "2-digit", minute: "2-digit" }));
  await press(phone, "I am going");
  assert.match(await words(phone), /Noted\. Say here when you are back/);
  await look("/safe", token, "out");

  const buddyToken = await enter(city, buddy.email);
  const desk = await (await open(browser, city, { token: buddyToken })).newPage();
  await go(desk, "/");
  assert.ok(!(await words(desk)).includes(`${goer.name} is not back yet`), "nobody hears anything before it is overdue");

  passes(140);
  const { body, links } = await letter(`${goer.name} is not back yet`);
  assert.match(body, /between the ferry and the mill/);
  await go(desk, "/");
  assert.ok((await words(desk)).includes(`${goer.name} is not back yet`), "it waits on the buddy's first page");
  await look(links[0], undefined, "watch");
  await look("/", buddyToken, "home");

  const nobody = await (await open(browser, city, { size: "phone", javaScript: false })).newPage();
  await go(nobody, links[0]);
  await press(nobody, "I have not. Pass it on at once");
  assert.match(await words(nobody), /Whoever is on duty has been asked as well/);

  await go(phone, "/safe");
  assert.match(await words(phone), /You said you would be back/);
  await press(phone, "I am back");
  await letter(`All is well: ${goer.name}`);
  const over = await nobody.goto(city.base + links[0]);
  assert.equal(over.status(), 404);
  assert.match(await words(nobody), /Nobody has to look any more/);
  await go(desk, "/");
  assert.ok(!(await words(desk)).includes(`${goer.name} is not back yet`));
});
