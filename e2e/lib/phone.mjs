// An old phone: small, slow to forget, with a profile that survives being killed.
import { readFileSync, readdirSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

export const newProfile = () => mkdtempSync(path.join(tmpdir(), "freerange-phone-"));

// Opens the browser on a profile. `cookies` are set before anything is asked.
export async function openPhone(profile, { lang = "en", scheme = "light", cookies = [], bypassCSP = false } = {}) {
  for (const name of ["SingletonLock", "SingletonSocket", "SingletonCookie"]) rmSync(path.join(profile, name), { force: true });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ARGS, viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true,
    locale: lang, colorScheme: scheme, reducedMotion: "reduce", bypassCSP, geolocation: { latitude: 52.3655, longitude: 4.9141 },
    permissions: ["geolocation", "camera", "microphone", "clipboard-write"],
  });
  context.setDefaultTimeout(60_000);
  if (cookies.length) await context.addCookies(cookies);
  return context;
}

// The browser is killed as an empty battery kills it. Only its own processes, found by the folder of the profile.
export async function kill(context, profile) {
  const own = readdirSync("/proc").filter((p) => /^\d+$/.test(p)).filter((p) => {
    try {
      return readFileSync(`/proc/${p}/cmdline`, "utf8").includes(`--user-data-dir=${profile}`);
    } catch {
      return false;
    }
  });
  const closed = new Promise((resolve) => context.once("close", resolve));
  for (const pid of own) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // Gone with its parent.
    }
  }
  await closed;
}

export async function open(context, base, hash = "") {
  const page = context.pages().find((p) => p.url() === "about:blank") ?? (await context.newPage());
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${base}/notebook${hash}`);
  await page.locator("html[data-ready=yes]").waitFor({ state: "attached" });
  return page;
}

// Until the worker keeps the shell: from then on it opens without a signal.
export const shellKept = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const names = await caches.keys();
    return { scope: registration.scope, caches: names.length };
  });

// Bytes of a text anywhere below a folder, in the two ways in which browsers write it.
export function holds(folder, text) {
  const looked = [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];
  const found = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    let bytes;
    try {
      bytes = readFileSync(file);
    } catch {
      continue;
    }
    if (looked.some((l) => bytes.includes(l))) found.push(file);
  }
  return found;
}
