// What a hand does in a browser, in every story: go somewhere, press a button and wait for what follows, read the page, keep
// a picture of it.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.env.FREERANGE_PICTURES || path.join(path.dirname(fileURLToPath(import.meta.url)), "../results");

// An address of the city, or a whole one.
export async function go(page, href) {
  const response = await page.goto(href);
  assert.ok(response.status() < 400, `${href}: ${response.status()}`);
}

// Presses a button, and the page that follows finds nothing wrong.
export async function press(page, name, options = {}) {
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name, ...options }).first().click()]);
  const summary = page.locator(".error-summary");
  assert.equal(await summary.count(), 0, (await summary.count()) ? await summary.innerText() : "");
}

export const words = (page) => page.locator("main").innerText();

export async function picture(page, name) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
