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
// Asks the notebook to speak with the server now, and waits until it says that everything is there.
export async function tell(page) {
  await page.locator("#sync").click();
  await button(page, "sync-now").click();
  await saved(page);
}
export const words = (server) => Object.values(server.data.notes).flatMap((n) => server.heads(n.versions).map((v) => n.versions[v].seen));

export async function write(page, sort, text) {
  await link(page, `note-${sort}`).click();
  await page.locator("textarea").first().fill(text);
  await button(page, "keep").click();
  await page.locator(".capture").waitFor();
}

