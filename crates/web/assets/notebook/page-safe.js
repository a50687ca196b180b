// Safe out there: where to, with whom, who asks when one is not back. No position, ever; a person looks after a person.

import { area, button, field, h, icon } from "./dom.js";
import { Draft } from "./draft.js";
import { newId } from "./id.js";

const HOUR = 3_600_000;
const QUARTER = 900_000;

export const outNow = (state) => state.outs.filter((o) => !o.back).sort((a, b) => b.since - a.since)[0];

const told = (app, out) => {
  const open = app.state.outbox.filter((o) => out.records.includes(o.id));
  const refused = open.find((o) => o.state === "refused");
  if (refused) return { kind: "bad", text: refused.says ?? app.t("refused-plain") };
  return open.length > 0 ? { kind: "warn", text: app.t("safe-not-told") } : { kind: "good", text: app.t("safe-told") };
};

const name = (app, id) => app.state.self.pack?.colleagues.find((c) => c.id === id)?.name ?? app.t("somebody");

// Above the first page while one is out.
export function safeState(app) {
  const out = outNow(app.state);
  if (!out) return null;
  const { t, times } = app;
  const late = out.due / 1000 < Date.now();
  const { kind, text } = told(app, out);
  return h(`section.out${late ? ".out--late" : ""}`, { "aria-label": t("safe-title") },
    h("p", {}, icon("safe"), h("strong", {}, t(late ? "safe-late" : "safe-until", { time: times.when(out.due) }))),
    h(`p.meta.told--${kind}`, {}, text),
    h("div.buttons", {}, button(t("safe-back"), () => app.keep(() => app.book.back(out.out), t("safe-welcome")), ".button--keep"), h("a.button.button--quiet", { href: "#/safe" }, t("safe-later"))));
}

const local = (ms) => {
  const at = new Date(ms);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
};

// The next moment at which clocks show this time.
export function nextAt(time, now = Date.now()) {
  const [hours, minutes] = time.split(":").map(Number);
  const at = new Date(now);
  at.setHours(hours, minutes, 0, 0);
  return (at.getTime() <= now ? new Date(at.setDate(at.getDate() + 1)) : at).getTime();
}

export async function show(app) {
  const { t } = app;
  const page = h("div");
  let draft;
  const draw = () => page.replaceChildren(...(outNow(app.state) ? isOut(app, draw) : going(app, (d) => (draft = d))));
  draw();
  return {
    title: t("safe-title"),
    short: t("safe-short"),
    main: [page],
    leave: async () => {
      await draft?.flush();
      await draft?.end();
    },
    update: () => page.contains(document.activeElement) && !outNow(app.state) ? undefined : draw(),
  };
}

function timeField(t, first) {
  const input = h("input", { type: "time", value: local(first), required: true });
  const set = (ms) => (input.value = local(ms));
  const quick = h("div.quick", { role: "group", "aria-label": t("safe-back-at") }, [1, 2, 3, 4].map((n) =>
    button(t("hours", { n }), () => { set(Math.ceil((Date.now() + n * HOUR) / QUARTER) * QUARTER); input.dispatchEvent(new Event("input")); }, ".button--quiet")));
  return { input, node: h("div", {}, field(t("safe-back-at"), input, t("safe-back-hint")), quick) };
}

function going(app, began) {
  const { t, state, outing } = app;
  const colleagues = state.self.pack?.colleagues ?? [];
  const head = [h("h1", {}, t("safe-title")), h("p.lead", {}, t("safe-lead"))];
  if (!outing || colleagues.length === 0) return [...head, h("p.notice", {}, t(outing ? "safe-nobody" : "no-outing-lead"))];
  const before = state.drafts.find((d) => d.key === "out") ?? { area: [outing.place_name, outing.meeting_point].filter(Boolean).join(", "), with: "", buddy: state.self.buddy ?? "" };
  const draft = new Draft(before, (v) => app.book.saveDraft("out", v));
  began(draft);
  const where = area({ value: before.area, rows: "2", oninput: () => draft.set({ area: where.value }) });
  const whom = h("input", { type: "text", value: before.with, oninput: () => draft.set({ with: whom.value }) });
  const buddy = h("select", { onchange: () => draft.set({ buddy: buddy.value }) }, h("option", { value: "" }, t("form-choose")), colleagues.map((c) => h("option", { value: c.id, selected: c.id === before.buddy }, c.name)));
  const time = timeField(t, Math.ceil((Date.now() + 2 * HOUR) / QUARTER) * QUARTER);
  const wrong = h("p.error", { role: "alert" });
  const go = async () => {
    if (!where.value.trim() || !buddy.value || !time.input.value) {
      wrong.textContent = t(!where.value.trim() ? "safe-area-first" : !buddy.value ? "safe-buddy-first" : "safe-time-first");
      (!where.value.trim() ? where : !buddy.value ? buddy : time.input).focus();
      return;
    }
    await draft.end();
    await app.store.change(["self"], (step) => step.put("self", "buddy", buddy.value));
    const out = { out: newId(), placement: outing.placement, area: where.value.trim(), with: whom.value.trim(), buddy: buddy.value, due: nextAt(time.input.value) * 1000 };
    if (await app.keep(() => app.book.goOut(out))) app.go("#/");
  };
  return [...head, field(t("safe-area"), where, t("safe-area-hint")), field(t("safe-with"), whom, t("safe-with-hint")), field(t("safe-buddy"), buddy, t("safe-buddy-hint")),
    time.node, wrong, h("div.keep", {}, button(t("safe-go"), go, ".button--keep"))];
}

function isOut(app, draw) {
  const { t, times } = app;
  const out = outNow(app.state);
  const { kind, text } = told(app, out);
  const late = out.due / 1000 < Date.now();
  const time = timeField(t, Math.ceil((Math.max(Date.now(), out.due / 1000) + HOUR) / QUARTER) * QUARTER);
  const later = async () => {
    if (!time.input.value) return;
    await app.keep(() => app.book.later(out.out, nextAt(time.input.value) * 1000), t("safe-later-kept"));
    draw();
  };
  const back = async () => {
    if (await app.keep(() => app.book.back(out.out), t("safe-welcome"))) app.go("#/");
  };
  return [
    h("h1", {}, t(late ? "safe-late" : "safe-until", { time: times.when(out.due) })),
    h(`p.notice.notice--${kind}`, { role: "status" }, text),
    h("dl.facts", {}, h("dt", {}, t("safe-area")), h("dd", {}, out.area), out.with && [h("dt", {}, t("safe-with")), h("dd", {}, out.with)], h("dt", {}, t("safe-buddy")), h("dd", {}, name(app, out.buddy))),
    h("p.hint", {}, t("safe-asks", { name: name(app, out.buddy) })),
    h("div.keep.keep--plain", {}, button(t("safe-back"), back, ".button--keep")),
    h("h2", {}, t("safe-later")), time.node, button(t("safe-later-button"), later, ".button--quiet"),
  ];
}
