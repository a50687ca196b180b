// How much room the phone gives, and whether it may take it back. Said before it is too late.

const MB = 1024 * 1024;
const TIGHT = 40 * MB;
const GIB = 1024 * MB;

// What is tried where the browser does not say how much there is: some pictures.
export const TRIED = 8 * MB;
const AGAIN = { fits: 1_800_000, tight: 20_000 };

// Chromium since 138 says "used, and 10 GiB more" whatever the phone has, so that no site learns from it (chromestatus.com,
// feature 4977371751645184). Then a file is put down and taken away again.
const saysNothing = (free) => free > 0 && free % GIB === 0;

let last = { at: -Infinity, fits: true };

let trying;

async function tried(boxes, now) {
  const [name, file] = ["room", "/notebook/app/room"];
  try {
    const box = await boxes.open(name);
    try {
      await box.put(file, new Response(new Uint8Array(TRIED)));
      last = { at: now, fits: true };
    } finally {
      // By itself: a box that is deleted whole goes only when nothing in the page names it any more.
      await box.delete(file);
    }
  } catch {
    last = { at: now, fits: false };
  }
  await boxes.delete(name).catch(() => {});
  return last.fits;
}

function fits(boxes, now) {
  if (now - last.at < (last.fits ? AGAIN.fits : AGAIN.tight)) return last.fits;
  trying ??= tried(boxes, now).finally(() => (trying = undefined));
  return trying;
}

// Something did not fit, so what was tried before does not count any more.
export const wasRefused = () => (last = { at: -Infinity, fits: false });

export async function lookAtRoom(storage = navigator.storage, boxes = globalThis.caches, now = Date.now()) {
  if (!storage?.estimate) return { known: false };
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([storage.estimate(), storage.persisted?.() ?? false]);
  const free = Math.max(0, quota - usage);
  const vague = Boolean(boxes) && saysNothing(free);
  const tight = vague ? !(await fits(boxes, now)) : quota > 0 && (free < TIGHT || usage / quota > 0.85);
  return { known: true, vague, usage, quota, free, persisted, tight };
}

// The browser is asked to keep the notebook when it needs room for other things.
export async function askToStay(storage = navigator.storage) {
  try {
    return (await storage?.persisted?.()) || (await storage?.persist?.()) || false;
  } catch {
    return false;
  }
}
