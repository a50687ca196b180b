// Where the notebook keeps what it holds: boxes of values by key. Everything that belongs together is changed in one
// step that happens wholly or not at all, also when the browser is killed in it, and also beside other tabs.

export const BOXES = ["self", "drafts", "outbox", "notes", "consents", "diary", "files", "outs"];

// The device has no room left: nothing of the step was kept.
export class Full extends Error {}

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const tooFull = (error) => error?.name === "QuotaExceededError";

class Phone {
  constructor(base) {
    this.base = base;
  }

  // `act` may await nothing but the step's own gets: a transaction ends by itself when nobody asks it anything.
  change(boxes, act) {
    return this.#step(boxes, "readwrite", act);
  }

  read(box, key) {
    return this.#step([box], "readonly", (step) => step.get(box, key));
  }

  list(box) {
    return this.#step([box], "readonly", (step) => step.all(box));
  }

  #step(boxes, mode, act) {
    return new Promise((resolve, reject) => {
      let result;
      let failed;
      // Strict: what is said to be kept is on the disk, not only on its way there.
      const tx = this.base.transaction(boxes, mode, { durability: "strict" });
      const fail = (error) => reject(tooFull(error) ? new Full() : error ?? new Error("the device did not keep it"));
      tx.oncomplete = () => resolve(result);
      tx.onabort = () => fail(failed ?? tx.error);
      const step = {
        get: (box, key) => asked(tx.objectStore(box).get(key)),
        all: (box) => asked(tx.objectStore(box).getAll()),
        keys: (box) => asked(tx.objectStore(box).getAllKeys()),
        put: (box, key, value) => void tx.objectStore(box).put(value, key),
        drop: (box, key) => void tx.objectStore(box).delete(key),
      };
      Promise.resolve()
        .then(() => act(step))
        .then((value) => (result = value))
        .catch((error) => {
          failed = error;
          try { tx.abort(); } catch { fail(error); }
        });
    });
  }

  close() {
    this.base.close();
  }
}

// The boxes on the phone. `onolder` is called when another tab wants to replace or remove them.
export function openPhone(name = "freerange-notebook", onolder = () => {}) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => BOXES.forEach((box) => request.result.createObjectStore(box));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const base = request.result;
      base.onversionchange = () => { base.close(); onolder(); };
      base.onclose = onolder;
      resolve(new Phone(base));
    };
  });
}

export const wipePhone = (name = "freerange-notebook") =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    // Blocked is not failed: it happens when the last tab lets go.
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });

// The same in memory, for tests. `trouble(box, key)` may throw in place of a write.
export class Memory {
  constructor(trouble = () => {}) {
    this.boxes = Object.fromEntries(BOXES.map((box) => [box, new Map()]));
    this.trouble = trouble;
    this.turn = Promise.resolve();
  }

  change(boxes, act) {
    const run = async () => {
      const changes = [];
      const now = (box, key) => {
        const last = changes.findLast((c) => c.box === box && c.key === key);
        return structuredClone(last ? last.value : this.boxes[box].get(key));
      };
      const touched = (box) => [...new Set([...this.boxes[box].keys(), ...changes.filter((c) => c.box === box).map((c) => c.key)])];
      const known = (box) => {
        if (!boxes.includes(box)) throw new Error(`${box} is not part of this step`);
        return box;
      };
      const there = (box) => touched(known(box)).filter((key) => now(box, key) !== undefined).sort();
      const step = {
        get: async (box, key) => now(known(box), key),
        all: async (box) => there(box).map((key) => now(box, key)),
        keys: async (box) => there(box),
        put: (box, key, value) => {
          this.trouble(box, key);
          changes.push({ box: known(box), key, value: structuredClone(value) });
        },
        drop: (box, key) => changes.push({ box: known(box), key, value: undefined }),
      };
      const result = await act(step);
      for (const { box, key, value } of changes) {
        if (value === undefined) this.boxes[box].delete(key);
        else this.boxes[box].set(key, value);
      }
      return result;
    };
    const mine = this.turn.then(run);
    this.turn = mine.catch(() => {});
    return mine;
  }

  read(box, key) {
    return this.change([box], (step) => step.get(box, key));
  }

  list(box) {
    return this.change([box], (step) => step.all(box));
  }

  close() {}
}
