// What the phone takes along: the outing, the boundaries, the wrapped keys of the diary. Fetched anew when there is a
// signal, with a mark so that what did not change is not sent again.

import { stopped } from "./sync.js";

const fetched = async (store, request, name, path, good) => {
  const mark = await store.read("self", `${name}Mark`);
  const response = await request("GET", path, { headers: mark ? { "if-none-match": mark } : {} });
  if (response.status === 304) return { end: "done" };
  if (response.status !== 200) return stopped(response);
  if (!good(response.json)) return { end: "offline" };
  return { end: "done", json: response.json, mark: response.headers.get("etag") };
};

const keep = (store, name, { json, mark }) =>
  store.change(["self"], (step) => {
    step.put("self", name, json);
    step.put("self", `${name}Mark`, mark ?? null);
  });

// Whose notebook this is comes from the first pack and does not change by itself: another person is asked about.
export async function fetchPack(store, request) {
  const got = await fetched(store, request, "pack", "/notebook/pack", (p) => typeof p?.person === "string" && Array.isArray(p.outings));
  if (!got.json) return got;
  const person = await store.read("self", "person");
  if (person && person !== got.json.person) return { end: "other-person", name: got.json.name };
  await store.change(["self"], (step) => step.put("self", "person", got.json.person));
  await keep(store, "pack", got);
  return { end: "done" };
}

export async function fetchPlaces(store, request) {
  const got = await fetched(store, request, "places", "/notebook/places", Array.isArray);
  if (got.json) await keep(store, "places", got);
  return got;
}

// Wrapped keys that only this phone has go up; those of other phones come down.
export async function tradeKeys(store, request) {
  for (const { id, sent, ...copy } of (await store.read("self", "keys")) ?? []) {
    if (sent) continue;
    const { made, ...body } = copy;
    const response = await request("PUT", `/notebook/keys/${id}`, { headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    // One that the server has otherwise under this id stays here, and keeps nothing else from going on.
    if (response.status === 409) continue;
    if (response.status >= 300) return stopped(response);
  }
  const response = await request("GET", "/notebook/keys");
  if (response.status !== 200) return stopped(response);
  if (!Array.isArray(response.json?.keys)) return { end: "offline" };
  await store.change(["self"], async (step) => {
    const there = new Set(response.json.keys.map((k) => k.id));
    const here = ((await step.get("self", "keys")) ?? []).filter((k) => !there.has(k.id) && !k.sent);
    step.put("self", "keys", [...response.json.keys.map((k) => ({ ...k, sent: true })), ...here]);
    step.put("self", "keysSeen", true);
  });
  return { end: "done" };
}

// The outing of now: the one that is on or nearest, and that notes can be written on.
export function outingNow(pack, chosen, now = Date.now()) {
  const outings = pack?.outings ?? [];
  const mine = outings.find((o) => o.placement === chosen);
  if (mine) return mine;
  const far = (o) => (o.starts / 1000 <= now && now <= o.ends / 1000 ? 0 : Math.min(Math.abs(o.starts / 1000 - now), Math.abs(o.ends / 1000 - now)));
  return [...outings].sort((a, b) => Number(b.may_write) - Number(a.may_write) || far(a) - far(b))[0] ?? null;
}
