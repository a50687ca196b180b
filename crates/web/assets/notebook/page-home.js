// The first page: today's outing, three ways to write something down, and the few other things one needs out there.

import { button, h, icon, redraw, svg } from "./dom.js";
import { safeState } from "./page-safe.js";
import { notices } from "./notices.js";
import { saidLong } from "./said.js";

const SORTS = ["saw", "said", "wonder"];
const SHOWN = 5;

export async function show(app, { query }) {
  const { t } = app;
  const wiped = sessionStorage.getItem("wiped");
  sessionStorage.removeItem("wiped");
  const top = h("div");
  const body = h("div");
  const all = query.get("all") === "yes";
  const draw = () => {
    redraw(top, notices(app), wiped && h("p.notice.notice--warn", { role: "status" }, t(`wiped-${wiped}`)), safeState(app));
    redraw(body, app.outing ? outing(app) : empty(app), notes(app, all));
  };
  draw();
  return { main: [top, body], focus: null, update: draw, tick: draw };
}

function empty({ t, state, last }) {
  const known = Boolean(state.self.pack);
  return [
    h("h1", {}, t(known ? "no-outing" : "welcome")),
    h("p.lead", {}, t(known ? "no-outing-lead" : "welcome-lead")),
    h("p", {}, known
      ? h("a.button", { href: "/outings" }, t("find-outing"))
      : last?.end === "signed-out" ? h("a.button", { href: "/sign-in?to=notebook" }, t("sign-in")) : h("span.muted", {}, t("looking"))),
  ];
}

function outing(app) {
  const { t, times, outing: o, state } = app;
  const several = state.self.pack.outings.length > 1;
  const out = [
    h("p.kicker", {}, `${times.when(o.starts)} – ${times.when(o.ends)}`),
    h("h1", {}, o.title),
    h("p.meta", {}, [o.place_name, o.meeting_point].filter(Boolean).join(" · ")),
  ];
  if (!o.may_write || !o.notes_allowed) out.push(h("p.notice", {}, t(o.notes_allowed ? "not-now" : "no-notes")));
  out.push(
    h("nav.capture", { "aria-label": t("write") }, SORTS.map((sort) =>
      h(`a.big.big--${sort}`, { href: `#/note?sort=${sort}` }, icon(sort), h("span", {}, t(`note-${sort}`)), draftOf(state, sort) && h("small", {}, t("begun"))))),
    h("nav.tools", { "aria-label": t("more") },
      tool("card", "#/card", t("card-short")),
      tool("safe", "#/safe", t("safe-short")),
      tool("diary", "#/diary", t("diary"))),
    facts(app, o),
  );
  if (several) {
    out.push(h("details.more", {}, h("summary", {}, t("other-outing")),
      h("ul.plain", {}, state.self.pack.outings.filter((x) => x.placement !== o.placement).map((x) =>
        h("li", {}, button([h("strong", {}, x.title), h("small", {}, times.when(x.starts))], () => choose(app, x.placement), ".button--row"))))));
  }
  return out;
}

async function choose(app, placement) {
  await app.store.change(["self"], (step) => step.put("self", "chosen", placement));
  await app.show();
}

const draftOf = (state, sort) => state.drafts.some((d) => d.key === `note:${sort}` && (d.seen || d.meaning));
const tool = (name, href, text) => h("a.tool", { href }, icon(name), h("span", {}, text));
const person = (t) => (p) => h("li", {}, h("strong", {}, p.name), " ", h("span.muted", {}, t(`role-${p.role}`)));

function facts({ t, times, state }, o) {
  const { numbers = [] } = state.self.pack;
  const part = (title, content, open) => h("details.more", { open }, h("summary", {}, title), content);
  const text = (words) => h("p.prose", {}, words);
  return h("section.facts", { "aria-label": t("about-outing") },
    (numbers.length > 0 || o.safety_plan) && part(t("numbers"), [
      numbers.length > 0 && h("ul.plain", {}, numbers.map((n) => h("li", {}, h("a.call", { href: `tel:${n.number.replace(/[^+\d]/g, "")}` }, h("span", {}, n.label), h("strong", {}, n.number))))),
      o.safety_plan && text(o.safety_plan),
    ]),
    o.plan && part(t("plan"), text(o.plan)),
    o.people.length > 0 && part(t("people"), h("ul.list", {}, o.people.map(person(t)))),
    part(t("told"), text(o.told || t("told-nothing"))),
    o.reflect_by && h("p.meta", {}, t("reflect-by", { when: times.when(o.reflect_by) })));
}

function notes(app, all) {
  const { t, state } = app;
  const mine = state.notes;
  if (mine.length === 0) return [h("p.meta.where", {}, saidLong(app).join(" "))];
  return [
    h("h2", {}, t("my-notes")),
    h("ul.notes", {}, (all ? mine : mine.slice(0, SHOWN)).map((n) => h("li", {}, line(app, n)))),
    !all && mine.length > SHOWN && h("p", {}, h("a.button.button--quiet", { href: "#/?all=yes" }, t("all-notes", { n: mine.length }))),
    h("p.meta.where", {}, saidLong(app).join(" ")),
  ].filter(Boolean);
}

function line({ t, times }, { note, heads, files, there }) {
  const [{ says, where }] = heads;
  const pictures = files.length + there.filter((f) => !files.some((x) => x.id === f.id)).length;
  const two = heads.length > 1;
  return h(`a.note.note--${says.sort}`, { href: two ? `#/both/${note}` : `#/note/${note}` },
    icon(says.sort),
    h("span.note-text", {}, says.seen || says.meaning),
    h("span.meta", {}, [
      times.when(says.happened),
      pictures > 0 && t("with-files", { n: pictures }),
      two ? t("two-versions") : where === "refused" ? t("refused-short") : where === "server" ? null : t("only-phone"),
    ].filter(Boolean).join(" · ")),
    (where !== "server" || two) && mark(two ? "two" : where));
}

const mark = (kind) => svg("0 0 10 10", "M5 1a4 4 0 1 1 0 8 4 4 0 0 1 0-8z", { class: `mark mark--${kind}`, "aria-hidden": "true" });
