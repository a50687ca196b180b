// How much room the phone gives, and whether it may take it back. Said before it is too late.

const TIGHT = 40 * 1024 * 1024;

export async function lookAtRoom(storage = navigator.storage) {
  if (!storage?.estimate) return { known: false };
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([storage.estimate(), storage.persisted?.() ?? false]);
  return { known: true, usage, quota, free: Math.max(0, quota - usage), persisted, tight: quota > 0 && (quota - usage < TIGHT || usage / quota > 0.85) };
}

// The browser is asked to keep the notebook when it needs room for other things.
export async function askToStay(storage = navigator.storage) {
  try {
    return (await storage?.persisted?.()) || (await storage?.persist?.()) || false;
  } catch {
    return false;
  }
}
