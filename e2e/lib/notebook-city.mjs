// Phones of somebody who is out there, before the real server: a demo city, the session of whoever goes, their notebook.
import { after, before } from "node:test";
import { enter, everything, startCity } from "./city.mjs";
import { phone as openPhone, profile, saved } from "./notebook-bench.mjs";

// A city with a goer, made before the first test and gone after the last.
export function cityOfAGoer(options = { people: 240, seed: 7 }) {
  const there = {};
  before(async () => {
    there.city = await startCity(options);
    const { placement, person, outing } = everything(there.city);
    // Somebody who is out, where pictures are allowed to those who ask.
    const fits = ({ photos, notes_allowed: notes, host_name: host }) => photos !== "none" && Boolean(notes) && Boolean(host);
    const now = placement.filter((p) => ["out", "debriefing", "embedding"].includes(p.stage) && fits(outing.find((o) => o.id === p.outing_id)));
    const counts = (p) => placement.filter((x) => x.person_id === p.person_id).length;
    const [chosen] = now.sort((a, b) => counts(a) - counts(b));
    const { email } = person.find((p) => p.id === chosen.person_id);
    there.goer = { email, placement: chosen.id, token: await enter(there.city, email) };
  });
  after(() => there.city?.stop());

  return {
    there,
    // A phone with the goer's session, or another, or none.
    async phone(folder = profile(), { token = there.goer.token, base = there.city.base } = {}) {
      const cookies = token ? [{ name: "session", value: token, url: base }, { name: "lang", value: "en", url: base }] : [];
      return openPhone(folder, { cookies });
    },
    // Several placements: the one of the test is chosen as its owner would.
    async onOuting(page) {
      await saved(page);
      await page.evaluate(async (placement) => {
        const base = document.querySelector("script[type=module]").src.replace(/app\.js$/, "");
        const { openPhone: openStore } = await import(`${base}store.js`);
        const store = await openStore();
        await store.change(["self"], (step) => step.put("self", "chosen", placement));
        store.close();
      }, there.goer.placement);
      await page.reload();
      await page.locator(".capture").waitFor();
    },
    // What the city holds of a text, read from a backup.
    notesOf: (text) => everything(there.city).note.filter((n) => n.seen.includes(text)),
    filesOf: (notes) => everything(there.city).media.filter((m) => notes.some((n) => n.id === m.note_id)),
  };
}
