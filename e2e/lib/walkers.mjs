// Who walks through the site, and where they begin: each role, whoever has no account, and the people around
// one placement of each stage.
import assert from "node:assert/strict";
import { enter, everything, session } from "./city.mjs";

const ROLES = ["staff", "manager", "challenge-owner", "programme-lead", "mayor", "auditor", "admin", "clerk"];

// One placement of each stage and ending, and one outing of each kind, with those who see them each in their own way:
// whoever goes, their manager, whoever organises it.
async function spine(city, inside) {
  const { person, placement, outing } = everything(city);
  const email = (id) => person.find((p) => p.id === id)?.email;
  const starts = new Map();
  const shown = (who, href) => who && starts.set(who, [...(starts.get(who) ?? []), href]);
  const stages = new Set();
  for (const p of placement) {
    const stage = `${p.stage} ${p.ending ?? ""}`;
    if (stages.has(stage)) continue;
    stages.add(stage);
    const goer = person.find((w) => w.id === p.person_id);
    const organiser = outing.find((o) => o.id === p.outing_id).organiser_id;
    for (const who of [goer.email, email(goer.manager_id), email(organiser)]) shown(who, `/placements/${p.id}`);
  }
  const kinds = new Set();
  for (const o of outing) {
    if (kinds.has(o.kind)) continue;
    kinds.add(o.kind);
    shown(email(o.organiser_id), `/outings/${o.id}`);
  }
  assert.ok(stages.size >= 8 && kinds.size >= 6, `${[...stages]} and ${[...kinds]}`);
  const walkers = [];
  for (const [who, hrefs] of starts) walkers.push({ who, token: await inside(who), starts: ["/", ...hrefs] });
  return walkers;
}

const post = (city, token, path, fields) =>
  fetch(`${city.base}/api/v1${path}`, {
    method: "POST",
    headers: { ...(token && { authorization: `Bearer ${token}` }), "content-type": "application/json" },
    body: JSON.stringify(fields),
  });

// A walk of the staff account's that may begin at once, under a standing yes: nobody else leaves on the day of the tests.
async function walk(city, token, inside) {
  const { person } = everything(city);
  const walker = person.find((p) => p.email === city.accounts.staff.email);
  const manager = await inside(person.find((p) => p.id === walker.manager_id).email);
  const yes = await post(city, manager, `/team/${walker.id}/standing-yes`, { half_days: 20 });
  assert.ok(yes.ok, `no standing yes: ${yes.status}`);
  // In the last minute of a day it is over before it begins; then it is planned for the next one.
  for (;;) {
    const day = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Amsterdam" });
    const plan = { plan: "Along the dyke", starts_date: day, starts_time: "22:00", ends_time: "23:59" };
    const planned = await post(city, token, "/free-range", plan);
    if (planned.ok) return (await planned.json()).see;
    const told = await planned.text();
    assert.ok(planned.status === 422 && told.includes("starts_date"), told);
  }
}

// The staff account's owner is out there and will be back in five hours: who is out is seen by nobody else.
async function away(city, token) {
  const { person, placement } = everything(city);
  const goer = person.find((p) => p.email === city.accounts.staff.email);
  const own = placement.find((p) => p.person_id === goer.id);
  const back = new Date(Date.now() + 5 * 3_600_000);
  const told = await post(city, token, "/safe", {
    placement: own.id, area: "Between the dyke and the mill", buddy: goer.manager_id,
    due_date: back.toLocaleDateString("sv-SE", { timeZone: "Europe/Amsterdam" }),
    due_time: back.toLocaleTimeString("sv-SE", { timeZone: "Europe/Amsterdam" }).slice(0, 5),
  });
  assert.ok(told.ok, await told.text());
}

// A draft of the staff account's own: drafts are nobody else's to see, and the invented city has none.
async function draft(city, token) {
  const told = await post(city, token, "/practices", {
    title: "Ring before you write", problem: "Letters came back.", what: "A call first.", how: "Ten minutes a case.",
    needed: "A telephone.", result: "Half as many letters.", careful: "Not after six.", language: "en",
  });
  const said = await told.json();
  assert.ok(told.ok, JSON.stringify(said));
  return said.see;
}

// An experiment of the staff account's own that has a result and no decision yet.
async function undecided(city, token) {
  const ends = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const begun = await post(city, token, "/changes", {
    kind: "test", title: "One bench by the ferry", what: "A bench for a month.", when_x: "somebody waits", will_y: "look who sits",
    belief: "People stay when they can sit.", smallest_test: "One bench.", baseline: "The next stop.", change_mind: "Nobody sits.",
    ends_on: ends, cost: "A bench.", could_harm: "Nobody.", who_asked: "The ferry crew.", sureness: "hunch",
  });
  const said = await begun.json();
  assert.ok(begun.ok, JSON.stringify(said));
  const id = said.see.split("/").pop();
  const result = await post(city, token, `/experiments/${id}/result`, { finding: "unclear", result: "It rained for a month." });
  assert.ok(result.ok, await result.text());
  return said.see;
}

// The page of a theme on a board that is still open.
function theme(city) {
  const { theme, challenge } = everything(city);
  const open = new Set(challenge.filter((c) => c.status === "open").map((c) => c.id));
  const found = theme.find((t) => !t.gone && open.has(t.challenge_id));
  assert.ok(found, "no open board has a theme");
  return `/themes/${found.id}`;
}

// The question of a letter that asks how a change goes: whoever has the link needs no account.
async function askedAgain(city, admin) {
  for (let page = 1; ; page += 1) {
    const answer = await fetch(`${city.base}/api/v1/outbox?page=${page}`, { headers: { authorization: `Bearer ${admin}` } });
    const { letters } = await answer.json();
    const found = letters.find((l) => l.body.includes("/follow-ups/"));
    if (found) return found.body.match(/\/follow-ups\/[0-9a-f]+/)[0];
    assert.ok(letters.length > 0, "no letter asks how a change goes");
  }
}

// The code of an invitation whose visit is still to come: whoever invited may call it off.
function coming(city) {
  const { invitation, outing } = everything(city);
  const ahead = outing.find((o) => o.invitation_id && o.status === "open" && o.starts_at > Date.now() * 1000);
  return invitation.find((i) => i.id === ahead.invitation_id).code;
}

// The address in the last letter to somebody that leads into an exchange.
export async function ringLetter(city, admin, email) {
  for (let page = 1; ; page += 1) {
    const answer = await fetch(`${city.base}/api/v1/outbox?page=${page}`, { headers: { authorization: `Bearer ${admin}` } });
    const { letters } = await answer.json();
    const found = letters.find((l) => l.to.includes(`<${email}>`) && l.body.includes("/rings/"));
    if (found) return found.body.match(/\/rings\/[0-9a-f]+/)[0];
    assert.ok(letters.length > 0, `no letter to ${email}`);
  }
}

// Whoever takes part in an exchange by a link: in one that still collects, which the lead opens here, a city's contact
// and somebody of that city; in the one of the demo, which waits for everybody's yes, a contact.
async function ringGuests(city, lead, admin) {
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const opened = await post(city, lead, "/exchanges", {
    title: "Autumn exchange", starts_on: day(200), ends_on: day(300), days: 5, answers_until: day(60), most_out: 2,
    tolerance: 1, together: "all",
  });
  const said = await opened.json();
  assert.ok(opened.ok, JSON.stringify(said));
  const joined = await post(city, lead, `${said.see}/members`, {
    city: "Utrecht", contact_name: "Bo", contact_email: "bo@utrecht.example", language: "nl", most_out: 2, tolerance: 0,
  });
  assert.ok(joined.ok, await joined.text());
  const desk = await ringLetter(city, admin, "bo@utrecht.example");
  const entered = await post(city, undefined, `${desk}/people`, {
    label: "U-1", email: "sam@utrecht.example", grade: "starting", language_1: "en", free_from: day(200), free_to: day(300),
    learn: "How others ring first.", anywhere: "yes",
  });
  assert.ok(entered.ok, await entered.text());
  const addresses = [desk, await ringLetter(city, admin, "sam@utrecht.example"), await ringLetter(city, admin, "lies.maes@ghent.example")];
  return addresses.map((address, at) => ({ who: `a ring guest ${at + 1}`, token: undefined, starts: [address] }));
}

export async function everybody(city) {
  const roles = [];
  for (const role of ROLES) roles.push({ who: role, token: await session(city, role), starts: ["/"] });
  // Whoever is in already stays in: a new password ends the sessions of before.
  const tokens = new Map(roles.map(({ who, token }) => [city.accounts[who].email, token]));
  const inside = async (email) => {
    if (!tokens.has(email)) tokens.set(email, await enter(city, email));
    return tokens.get(email);
  };
  const staff = roles.find(({ who }) => who === "staff");
  staff.starts.push(await walk(city, staff.token, inside), await draft(city, staff.token), "/outings/new?kind=learning-visit");
  staff.starts.push(await undecided(city, staff.token), theme(city));
  await away(city, staff.token);
  const token = (name) => roles.find(({ who }) => who === name).token;
  const guests = await ringGuests(city, token("programme-lead"), token("admin"));
  const password = new URL(city.command("person", "password", city.accounts.mayor.email).trim()).pathname;
  const doors = [
    "/", "/sign-in", "/password", password, "/told", "/invitations/new", `/told/${city.residentCode}`,
    `/told/${city.residentCode}/withdrawal`, `/invited/${city.invitationCode}`, `/communities/${city.communityCode}`, `/communities/${city.communityCode}/notice`, "/no-such-page",
  ];
  doors.push(await askedAgain(city, token("admin")));
  const inviter = { who: "an inviter", token: undefined, starts: [`/invited/${coming(city)}`] };
  // The people of the spine last: they add what the roles do not show.
  return [...roles, { who: "nobody", token: undefined, starts: doors }, inviter, ...guests, ...(await spine(city, inside))];
}
