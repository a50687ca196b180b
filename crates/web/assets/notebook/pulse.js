// When the notebook syncs: at the start, after something was kept, when the signal comes back, when it is looked at
// again; after a failure later and later. One tab at a time.

import { fetchPack, fetchPlaces, tradeKeys } from "./pack.js";
import { sendFiles } from "./files.js";
import { pause, syncRecords } from "./sync.js";
import { newId } from "./id.js";

export const KEEPS_TRYING = ["offline", "busy", "trouble", "server-too-old", "full"];

// Everything once, in the order in which one thing needs another.
export async function syncAll({ store, request, now, shown }) {
  const post = (batch) => request("POST", "/notebook/sync", { headers: { "content-type": "application/json" }, body: JSON.stringify(batch) });
  const ask = async (what) => {
    try {
      return await what();
    } catch (error) {
      if (error?.constructor?.name === "Full") throw error;
      return { end: "offline" };
    }
  };
  const pack = await ask(() => fetchPack(store, request));
  if (pack.end !== "done") return pack;
  const records = await syncRecords({ store, post, now, id: newId });
  await shown?.();
  if (records.end !== "done") return records;
  const keys = await ask(() => tradeKeys(store, request));
  const files = await sendFiles({ store, request, now, shown });
  if (files.end !== "done") return files;
  // A note may have arrived while a file was on its way, or a file may have told of one that is gone.
  if (keys.end !== "done") return keys;
  return ask(() => fetchPlaces(store, request));
}

export class Pulse {
  constructor(run, { ended, timers = globalThis, locks = globalThis.navigator?.locks }) {
    this.run = run;
    this.ended = ended;
    this.timers = timers;
    this.locks = locks;
    this.failures = 0;
    this.busy = false;
  }

  // Soon, and not twice for two things that were kept one after the other.
  soon(ms = 800) {
    this.timers.clearTimeout(this.timer);
    this.timer = this.timers.setTimeout(() => this.now(), ms);
  }

  async now() {
    this.timers.clearTimeout(this.timer);
    if (this.busy) {
      this.more = true;
      return;
    }
    this.busy = true;
    this.more = false;
    let result = { end: "elsewhere" };
    try {
      const go = async (lock) => (lock === null ? result : this.run());
      result = this.locks ? await this.locks.request("notebook-sync", { ifAvailable: true }, go) : await go();
    } catch (error) {
      result = { end: error?.constructor?.name === "Full" ? "phone-full" : "trouble", says: `${error?.message ?? error}` };
    } finally {
      this.busy = false;
    }
    this.failures = result.end === "done" ? 0 : this.failures + 1;
    await this.ended(result);
    if (result.end === "done" && this.more) this.soon();
    else if (result.end === "elsewhere") this.soon(5_000);
    else if (KEEPS_TRYING.includes(result.end)) this.soon(Math.max(result.after * 1000 || 0, pause(this.failures)));
  }
}
