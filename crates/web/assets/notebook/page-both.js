// Two edits of one note: both stand beside each other, and their writer brings them together.

import { area, button, field, h } from "./dom.js";

export async function show(app, { id }) {
  const { t, times, state } = app;
  const note = state.notes.find((n) => n.note === id);
  if (!note) return { title: t("not-here"), main: [h("h1", {}, t("not-here")), h("p", {}, h("a.button", { href: "#/" }, t("back")))] };
  const { heads } = note;
  const joined = (name) => [...new Set(heads.map((v) => v.says[name]).filter(Boolean))].join("\n\n");
  const seen = area({ value: joined("seen"), rows: "5", dir: "auto" });
  const meaning = area({ value: joined("meaning"), rows: "3", dir: "auto" });
  let base = heads[0].says;
  const use = (says) => {
    base = says;
    seen.value = says.seen;
    meaning.value = says.meaning ?? "";
    seen.focus();
  };
  const wrong = h("p.error", { role: "alert" });
  const keep = async () => {
    if (!seen.value.trim()) {
      wrong.textContent = t("write-first");
      seen.focus();
      return;
    }
    const says = { ...base, note: id, seen: seen.value.trim(), meaning: meaning.value.trim(), follows: heads.map((v) => v.version) };
    if (await app.keep(() => app.book.keepNote(says), t("kept"))) app.go("#/");
  };
  return {
    title: t("two-versions"),
    main: [
      h("h1", {}, t("two-title")),
      h("p.lead", {}, t("two-lead")),
      ...heads.map((v, at) => h("section.card", { "aria-label": t("version", { at: at + 1 }) },
        h("p.kicker", {}, t("version", { at: at + 1 }), " · ", times.when(v.says.at ?? v.item?.record.at ?? v.says.happened), v.where === "server" ? "" : ` · ${t("only-phone")}`),
        h("p.prose", {}, v.says.seen),
        v.says.meaning && [h("p.kicker", {}, t("note-meaning")), h("p.prose", {}, v.says.meaning)],
        button(t("two-use"), () => use(v.says), ".button--quiet"))),
      h("h2", {}, t("two-together")),
      field(t("note-seen"), seen), field(t("note-meaning"), meaning), wrong,
      h("div.keep", {}, button(t("keep"), keep, ".button--keep")),
    ],
  };
}
