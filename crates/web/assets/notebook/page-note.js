// Writing something down: what was seen or heard in one field, what its writer makes of it in another. A sentence and
// one press keep it.

import { Draft } from "./draft.js";
import { area, button, field, h, icon } from "./dom.js";
import { allowed } from "./consent.js";
import { grouped } from "./code.js";
import { newId } from "./id.js";
import { placeAt, whereAmI } from "./place.js";
import { photo } from "./photo.js";
import { voice } from "./recorder.js";
import { Full } from "./store.js";

const SORTS = ["saw", "said", "wonder"];
const DAY = 86_400_000;

// The draft that the address means: a new note of a sort, or a version after those that there are.
async function begin(app, id, query) {
  const { state, book, outing } = app;
  if (id) {
    const there = state.notes.find((n) => n.note === id);
    const key = `edit:${id}`;
    const draft = state.drafts.find((d) => d.key === key);
    if (draft || !there) return draft && { key, value: draft, there };
    const [{ says, version, where }] = there.heads;
    const refused = where === "refused";
    const value = { ...says, follows: refused ? says.follows ?? [] : [version], point: says.point ?? null, instead: refused ? version : null };
    return { key, value, there };
  }
  const sort = SORTS.includes(query.get("sort")) ? query.get("sort") : "saw";
  const key = `note:${sort}`;
  const draft = state.drafts.find((d) => d.key === key);
  if (draft && (draft.seen || draft.meaning || draft.touched)) {
    if (query.get("card")) draft.consent = query.get("card");
    return { key, value: draft };
  }
  if (!outing) return null;
  // Words rest on the card that was made last, when it was today and here.
  const last = state.consents
    .filter((c) => !c.withdrawn && c.given.placement === outing.placement && c.given.use_it && c.given.quote && c.at / 1000 > Date.now() - DAY / 2)
    .sort((a, b) => b.at - a.at)[0];
  const card = query.get("card") ?? (sort === "said" ? last?.given.consent : null) ?? null;
  return { key, value: book.blank(sort, outing.placement, outing.place ?? null, card) };
}

export async function show(app, { id, query }) {
  const { t } = app;
  const begun = await begin(app, id, query);
  if (!begun) return { title: t("not-here"), main: [h("h1", {}, t("not-here")), h("p", {}, h("a.button", { href: "#/" }, t("back")))] };
  const { key, value, there } = begun;
  const saved = h("p.saved", { role: "status" });
  const wrong = h("div.wrong", { role: "alert" });
  const draft = new Draft(value, (v) => app.book.saveDraft(key, v), (error) => {
    saved.textContent = error ? t(error instanceof Full ? "full-not-kept" : "not-kept") : t("draft-kept");
    saved.classList.toggle("bad", Boolean(error));
  });
  const set = (change) => draft.set({ ...change, touched: true });
  const seen = area({ value: value.seen, oninput: () => set({ seen: seen.value }), rows: "4", enterkeyhint: "enter", dir: "auto" });
  const meaning = area({ value: value.meaning, oninput: () => set({ meaning: meaning.value }), rows: "3", dir: "auto" });
  const more = h("details.meaning", { open: Boolean(value.meaning) }, h("summary", {}, t("note-meaning")), field(t("note-meaning"), meaning, t("note-meaning-hint")));
  more.querySelector("label").className = "quiet";
  const parts = { card: h("div"), files: h("div.pictures"), place: h("div") };
  const context = { app, draft, set, value, key, wrong, parts, there, again: () => fill(context) };
  fill(context);

  const keep = async () => {
    wrong.replaceChildren();
    if (!value.seen.trim()) {
      wrong.replaceChildren(h("p", {}, t("write-first")));
      seen.focus();
      return;
    }
    const files = await mine(app, value.note);
    const consent = app.state.consents.find((c) => c.given.consent === value.consent);
    const outing = app.state.self.pack?.outings.find((o) => o.placement === value.placement);
    const problem = allowed(value.sort, files, outing?.photos ?? "ask", consent);
    if (problem) {
      wrong.replaceChildren(h("p", {}, t(`error-${problem}`)), h("a.button.button--quiet", { href: `#/card?for=${value.sort}` }, t("consent-new")));
      wrong.scrollIntoView({ block: "center" });
      return;
    }
    await draft.flush();
    const { instead, touched, ...says } = value;
    const kept = await app.keep(() => app.book.keepNote({ ...says, seen: says.seen.trim(), meaning: (says.meaning ?? "").trim() }, { key, instead }), t("kept"));
    if (!kept) return;
    await draft.end();
    app.go("#/");
  };
  const drop = async () => {
    if (value.seen && !confirm(t("drop-sure"))) return;
    await draft.end();
    await app.book.dropDraft(key);
    await app.changed();
    app.go("#/");
  };
  const remove = async () => {
    if (!confirm(t("remove-sure"))) return;
    await draft.end();
    await app.book.dropDraft(key);
    await app.keep(() => app.book.removeNote(id), t("removed"));
    app.go("#/");
  };
  const refused = there?.heads.find((v) => v.where === "refused");
  return {
    title: t(`note-${value.sort}`),
    short: t(`note-${value.sort}`),
    focus: id ? undefined : seen,
    main: [
      h(`h1.sort.sort--${value.sort}`, {}, icon(value.sort), t(`note-${value.sort}`)),
      refused && h("p.notice.notice--bad", {}, refused.item.says ?? t("refused-plain")),
      parts.card,
      field(t(value.sort === "wonder" ? "wonder-what" : "note-seen"), seen, t("note-seen-hint")),
      more,
      parts.files,
      parts.place,
      wrong,
      h("div.keep", {}, button(t("keep"), keep, ".button--keep"), saved),
      h("p.after", {}, button(t("drop"), drop, ".button--quiet"), id && button(t("note-remove"), remove, ".button--danger")),
    ].filter(Boolean),
    leave: async () => {
      context.recording?.drop();
      await draft.flush();
      // Nothing was written: nothing stays.
      if (!value.touched && !id && (await mine(app, value.note)).length === 0) await app.book.dropDraft(key);
      if (!draft.over) await draft.end();
    },
    // What has the finger on it is not drawn anew under it.
    update: () => Object.values(parts).some((part) => part.contains(document.activeElement)) ? undefined : fill(context),
  };
}

const mine = async (app, note) => (await app.store.list("files")).filter((f) => f.note === note);

function fill(context) {
  card(context);
  files(context);
  place(context);
}

function card({ app, value, set, parts, again }) {
  const { t, state } = app;
  const cards = state.consents.filter((c) => !c.withdrawn && c.given.placement === value.placement && c.given.use_it).sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  const chosen = cards.find((c) => c.given.consent === value.consent);
  if (cards.length === 0) {
    parts.card.replaceChildren(...(value.sort === "said"
      ? [h("div.notice.notice--warn", {}, h("p", {}, t("card-needed")), h("a.button", { href: "#/card?for=said" }, t("consent-new")))] : []));
    return;
  }
  const option = (id, text) => h("option", { value: id, selected: (value.consent ?? "") === id }, text);
  const select = h("select", { onchange: () => { set({ consent: select.value || null }); again(); } },
    option("", t("note-consent-none")), cards.map((c) => option(c.given.consent, `${grouped(c.given.code.replaceAll("-", ""))}${c.given.quote ? "" : ` (${t("no-quote")})`}`)));
  parts.card.replaceChildren(field(t("note-consent"), select, value.sort === "said" && !chosen?.given.quote ? t("note-consent-hint") : undefined),
    ...(value.sort === "said" ? [h("p", {}, h("a.button.button--quiet", { href: "#/card?for=said" }, t("another-card")))] : []));
}

async function files(context) {
  const { app, value, parts, wrong, set } = context;
  const { t, state } = app;
  const consent = state.consents.find((c) => c.given.consent === value.consent);
  const outing = state.self.pack?.outings.find((o) => o.placement === value.placement);
  const attach = async (blob, mime, text) => {
    const file = { id: newId(), note: value.note, mime, text, blob, size: blob.size, state: "draft", offset: 0 };
    const kept = await app.keep(async () => {
      await app.store.change(["files"], (step) => step.put("files", file.id, file));
    });
    if (kept) set({});
    files(context);
    return kept;
  };
  const list = await mine(app, value.note);
  const shown = list.map((file) => attached(app, file, async () => {
    await app.store.change(["files"], (step) => step.drop("files", file.id));
    files(context);
  }));
  const onServer = (context.there?.there ?? []).filter((f) => !list.some((l) => l.id === f.id)).map((f) => h("p.meta", {}, `${t("on-server")}: ${f.text}`));
  const canPicture = !allowed("saw", [{ mime: "image/jpeg" }], outing?.photos ?? "ask", consent);
  const canVoice = value.sort === "wonder" || Boolean(consent?.given.quote && !consent.withdrawn);
  const pick = h("input.visually-hidden", { type: "file", accept: "image/*", capture: "environment", id: "picture", onchange: async () => {
    const [file] = pick.files;
    if (!file) return;
    const done = await photo(app, file);
    pick.value = "";
    if (done) await attach(done.blob, done.blob.type, done.text);
    else files(context);
  } });
  const asking = h("div");
  const buttons = h("div.attach", {},
    outing?.photos === "none" ? h("p.hint", {}, t("no-pictures"))
      : canPicture ? [pick, h("label.button.button--quiet", { for: "picture" }, icon("photo"), t("picture"))]
        : h("p.hint", {}, t("picture-needs-card")),
    canVoice && button([icon("voice"), t("voice")], () => voice(app, asking, context, (blob, text) => attach(blob, "audio/wav", text)), ".button--quiet"));
  parts.files.replaceChildren(...shown, ...onServer, buttons, asking);
  wrong.replaceChildren();
}

function attached({ t }, file, remove) {
  const url = URL.createObjectURL(file.blob);
  const free = () => URL.revokeObjectURL(url);
  const what = file.mime.startsWith("image/")
    ? h("img", { src: url, alt: file.text, onload: free, onerror: free })
    : h("audio", { src: url, controls: true, "aria-label": file.text });
  return h("figure", {}, what, h("figcaption", {}, file.text), file.state === "draft" && button(t("take-off"), remove, ".button--quiet"));
}

function place(context) {
  const { app, value, set, parts } = context;
  const { t, state } = app;
  const places = state.self.places ?? [];
  const said = h("p.hint", { role: "status" });
  const sorted = [...places].sort((a, b) => a.name.localeCompare(b.name, app.lang));
  const known = sorted.some((p) => p.id === value.place);
  const outing = state.self.pack?.outings.find((o) => o.place === value.place);
  const select = h("select", { onchange: () => set({ place: select.value || null, point: null }) },
    h("option", { value: "" }, t("no-place")),
    value.place && !known && h("option", { value: value.place, selected: true }, outing?.place_name ?? t("place-of-outing")),
    sorted.map((p) => h("option", { value: p.id, selected: p.id === value.place }, p.name)));
  const asked = async (then) => {
    said.textContent = t("where-looking");
    try {
      then(await whereAmI());
    } catch {
      said.textContent = t("where-failed");
    }
  };
  const where = () => asked(({ lon, lat }) => {
    const found = placeAt(places, lon, lat);
    if (!found) {
      said.textContent = t("where-none");
      return;
    }
    set({ place: found.id, point: null });
    place(context);
    parts.place.querySelector("[role=status]").textContent = t("where-found", { place: found.name });
  });
  const mark = () => asked(({ lon, lat }) => {
    const found = placeAt(places, lon, lat);
    set({ point: [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5], ...(found && { place: found.id }) });
    place(context);
  });
  const open = parts.place.querySelector("details")?.open ?? false;
  parts.place.replaceChildren(h("details.more", { open },
    h("summary", {}, icon("place"), t("place"), h("span.muted", {}, [sorted.find((p) => p.id === value.place)?.name ?? outing?.place_name ?? t("no-place"), value.point && t("with-point")].filter(Boolean).join(", "))),
    field(t("neighbourhood"), select, t("note-place-hint")),
    h("p.buttons", {}, places.length > 0 && button(t("where-am-i"), where, ".button--quiet"),
      value.point ? button(t("point-off"), () => { set({ point: null }); place(context); }, ".button--quiet") : button(t("point-mark"), mark, ".button--quiet")),
    value.point && h("p.meta", {}, `${value.point[1]}, ${value.point[0]}`),
    h("p.hint", {}, t("point-hint")), said));
}
