// What the tests of the notebook share: a server in memory, phones with a profile each, and the words on their buttons. All
// of it is gone after each test.
import { rmSync } from "node:fs";
import { after, afterEach } from "node:test";
import { fileURLToPath } from "node:url";
import { newProfile, openPhone } from "./phone.mjs";
import { startSite, wordsOf } from "./notebook-site.mjs";

export const PICTURE = fileURLToPath(new URL("../../crates/web/assets/icon-192.png", import.meta.url));
export const left = { contexts: new Set(), profiles: new Set(), sites: new Set() };

export async function site(options) {
  const made = await startSite(options);
  left.sites.add(made);
  return made;
}

export const profile = () => {
  const made = newProfile();
  left.profiles.add(made);
  return made;
};

export async function phone(folder, options) {
  const context = await openPhone(folder, options);
  left.contexts.add(context);
  context.once("close", () => left.contexts.delete(context));
  return context;
}

afterEach(async () => {
  for (const context of left.contexts) await context.close().catch(() => {});
  for (const made of left.sites) await made.stop().catch(() => {});
  left.sites.clear();
});

after(() => {
  for (const folder of left.profiles) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export const en = wordsOf("en");
export const button = (page, key) => page.getByRole("button", { name: en[key] ?? key, exact: true }).first();
export const link = (page, key) => page.getByRole("link", { name: en[key] ?? key }).first();
export const saved = (page) => page.locator('#sync[data-kind="there"]').waitFor();
// Asks the notebook to speak with the server now, and waits until it has tried, however that went.
export async function ask(page) {
  await page.evaluate(() => (location.hash = "#/sync"));
  await button(page, "sync-now").click();
  await page.getByRole("button", { name: en["sync-now"], exact: true, disabled: false }).waitFor();
}
// The same, until it says that everything is there.
export async function tell(page) {
  await ask(page);
  await saved(page);
}
// The same on a line that keeps breaking.
export async function tellAtLast(page, most = 80) {
  for (let tries = 0; tries < most && (await page.locator("#sync").getAttribute("data-kind")) !== "there"; tries += 1) await ask(page);
  await saved(page);
}
export const words = (server) => Object.values(server.data.notes).flatMap((n) => server.heads(n.versions).map((v) => n.versions[v].seen));

export async function write(page, sort, text) {
  await link(page, `note-${sort}`).click();
  await page.locator("textarea").first().fill(text);
  await button(page, "keep").click();
  await page.locator(".capture").waitFor();
}

// Two hundred captures of a week, made as the pages make them, with a picture on every tenth; on a card, where pictures need one.
export const week = (page, placement, card = false) =>
  page.evaluate(async ([where, onCard]) => {
    const base = document.querySelector("script[type=module]").src.replace(/app\.js$/, "");
    const [{ openPhone: openStore }, { Book }, { newId }, { makeCode, grouped }] = await Promise.all(["store.js", "book.js", "id.js", "code.js"].map((n) => import(base + n)));
    const store = await openStore();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 320;
    const pen = canvas.getContext("2d");
    const consent = onCard ? newId() : null;
    if (consent) {
      await new Book(store).giveConsent({ consent, placement: where, code: grouped(makeCode()), language: "en", adult: true, use_it: true, quote: true, picture: true, contact: false });
    }
    for (let i = 0; i < 200; i += 1) {
      const at = Date.now() - (200 - i) * 3_000_000;
      const book = new Book(store, { now: () => at });
      const note = { ...book.blank(i % 3 ? "saw" : "wonder", where, null, i % 10 ? null : consent), seen: `capture ${i} of the week` };
      if (i % 10 === 0) {
        pen.fillStyle = `hsl(${i} 60% 50%)`;
        pen.fillRect(0, 0, 320, 320);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
        const file = { id: newId(), note: note.note, mime: "image/jpeg", text: `picture ${i}`, blob, size: blob.size, state: "draft" };
        await store.change(["files"], (step) => step.put("files", file.id, file));
      }
      await book.keepNote(note);
    }
    store.close();
  }, [placement, card]);
export const ofTheWeek = Array.from({ length: 200 }, (_, i) => `capture ${i} of the week`).sort();

// A resident's card, with everything allowed; goes on to a note of what they said, and resolves to their code.
export async function giveCard(page) {
  await page.evaluate(() => (location.hash = "#/card?for=said"));
  for (const key of ["consent-use", "consent-quote", "consent-picture", "adult-yes"]) await page.getByLabel(en[key]).check();
  await button(page, "consent-button").click();
  const code = (await page.locator(".code").innerText()).trim().slice(-11);
  await link(page, "consent-note").click();
  await page.locator("textarea").first().waitFor();
  return code;
}

// Takes a picture, hides a part of it and describes it.
export async function takePicture(page, description) {
  await page.locator("#picture").setInputFiles(PICTURE);
  await button(page, "blur-face").click();
  await page.locator("dialog input").fill(description);
  await button(page, "picture-keep").click();
}

// A diary that opens with this passphrase; resolves to its key on paper.
export async function makeDiary(page, passphrase) {
  await page.evaluate(() => (location.hash = "#/diary"));
  for (const at of [0, 1]) await page.locator("input[type=password]").nth(at).fill(passphrase);
  await button(page, "diary-make").click();
  return beginDiary(page);
}

export async function beginDiary(page) {
  const recovery = (await page.locator(".code--long").innerText()).trim().split(/\s+/);
  await page.getByLabel(en["recovery-written"]).check();
  await button(page, "diary-begin").click();
  return recovery;
}

// An authenticator that makes secrets for whoever holds a passkey, as phones have them.
export async function authenticator(page) {
  const line = await page.context().newCDPSession(page);
  await line.send("WebAuthn.enable");
  const options = { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await line.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    credentials: async () => (await line.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    add: (credential) => line.send("WebAuthn.addCredential", { authenticatorId, credential }),
  };
}
