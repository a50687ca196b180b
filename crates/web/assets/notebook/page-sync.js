// Where everything is: only here or with the server; what was refused and why; how much room there is; the file to
// take away; the language; and clearing the phone.

import { about } from "./book.js";
import { button, h, redraw } from "./dom.js";
import { exported, imported } from "./carry.js";
import { notices } from "./notices.js";
import { TRIED } from "./room.js";
import { counts, saidLong } from "./said.js";
import { LANGUAGES, words } from "./words.js";

export async function show(app) {
  const { t } = app;
  const names = Object.fromEntries(await Promise.all(LANGUAGES.map(async (l) => [l, (await words(l))("language-name")])));
  const top = h("div");
  const refused = h("div");
  const room = h("div");
  const draw = () => {
    redraw(top, h("h1", {}, t("sync-title")), notices(app).filter((n) => !n.querySelector('a[href="#/sync"]')), other(app), state(app));
    refused.replaceChildren(...refusedParts(app));
    redraw(room, roomParts(app));
  };
  draw();
  return {
    title: t("sync-title"),
    main: [top, refused, room, take(app),
      h("section", {}, h("h2", {}, t("layout-language")), h("div.langs", { role: "group", "aria-label": t("layout-language") }, LANGUAGES.map((l) =>
        button(names[l], () => app.chooseLanguage(l), "", { lang: l, "aria-pressed": `${l === app.lang}` })))),
      clear(app), h("p.meta", {}, t("shell-version", { version: document.body.dataset.version.slice(0, 8) }))],
    update: () => (refused.contains(document.activeElement) ? undefined : draw()),
  };
}

function state(app) {
  const { t, times } = app;
  const c = counts(app.state);
  const last = app.last ?? app.state.self.ended;
  const now = button(t("sync-now"), async () => {
    now.disabled = true;
    now.textContent = t("syncing");
    app.pulse.failures = 0;
    await app.pulse.now();
    now.disabled = false;
    now.textContent = t("sync-now");
  }, ".button--keep");
  return h("section.card", {},
    h("p.big-line", { role: "status" }, saidLong(app)[0] ?? t("short-never")),
    h("p.meta", {}, saidLong(app)[1]),
    last && last.end !== "done" && h("p", {}, t(`end-${last.end}`), last.says ? ` ${last.says}` : "", last.at ? ` (${times.when(last.at)})` : ""),
    c.waits > 0 && h("p.hint", {}, t("waits", { n: c.waits })),
    c.drafts > 0 && h("p.hint", {}, t("drafts", { n: c.drafts })),
    h("div.buttons", {}, now));
}

// Somebody else is signed in: nothing is sent as theirs.
function other(app) {
  const { t, state: s } = app;
  const last = app.last ?? s.self.ended;
  if (last?.end !== "other-person") return [];
  return [h("section.notice.notice--warn", {}, h("p", {}, t("other-what", { name: s.self.pack?.name ?? "" })), h("div.buttons", {}, h("a.button", { href: "/me" }, t("other-sign-in"))))];
}

function refusedParts(app) {
  const { t, times, state: s } = app;
  const records = s.outbox.filter((o) => o.state === "refused");
  const files = s.files.filter((f) => f.state === "refused");
  if (records.length + files.length === 0) return [];
  const copy = (text) => button(t("copy"), async () => {
    await navigator.clipboard.writeText(text).then(() => app.say(t("copied")), () => app.say(t("copy-by-hand"), "bad"));
  }, ".button--quiet");
  const gone = (act) => button(t("throw-away"), async () => {
    if (confirm(t("throw-away-sure"))) await app.keep(act);
  }, ".button--danger");
  return [
    h("h2", {}, t("refused-title")),
    ...records.map(({ id, record, says }) => {
      const { what } = record;
      const text = what.kind === "note" ? [what.seen, what.meaning].filter(Boolean).join("\n\n") : what.kind === "consent" ? what.code : what.area ?? t(`kind-${what.kind}`);
      return h("section.card", {},
        h("p.error", {}, says ?? t("refused-plain")),
        h("p.kicker", {}, t(`kind-${what.kind}`), " · ", times.when(record.at)),
        what.kind !== "diary" && h("p.prose.selectable", {}, text),
        h("div.buttons", {}, what.kind === "note" && h("a.button", { href: `#/note/${about(record)}` }, t("edit-again")), what.kind === "diary" && h("a.button", { href: `#/diary/${about(record)}` }, t("edit-again")),
          what.kind !== "diary" && copy(text), gone(() => app.book.forgetRefused(id))));
    }),
    ...files.map((f) => {
      const url = URL.createObjectURL(f.blob);
      return h("section.card", {}, h("p.error", {}, f.says ?? t("refused-plain")), f.mime.startsWith("image/") ? h("img", { src: url, alt: f.text }) : h("audio", { src: url, controls: true, "aria-label": f.text }),
        h("p", {}, f.text),
        h("div.buttons", {},
          button(t("send-again"), () => app.keep(() => app.store.change(["files"], (step) => step.put("files", f.id, { ...f, state: "new" }))), ".button--quiet"),
          h("a.button.button--quiet", { href: url, download: f.mime.startsWith("image/") ? "picture.jpg" : "voice.wav" }, t("save-file")),
          gone(() => app.store.change(["files"], (step) => step.drop("files", f.id)))));
    }),
  ];
}

function roomParts(app) {
  const { t, room } = app;
  if (!room?.known) return [];
  const mb = (bytes) => Math.round(bytes / 1_048_576);
  const share = room.quota ? Math.min(100, Math.max(1, Math.round((room.usage / room.quota) * 100))) : 0;
  return [
    h("h2", {}, t("room-title")),
    ...(room.vague
      ? [h("p", {}, t("room-unsaid", { used: mb(room.usage), tried: mb(TRIED) }))]
      : [h("p", {}, t("room-used", { used: mb(room.usage), free: mb(room.free) })), h("meter", { min: "0", max: "100", value: `${share}`, "aria-label": t("room-title") })]),
    h("p.hint", {}, t(room.persisted ? "room-stays" : "room-may-go")),
  ];
}

function take(app) {
  const { t } = app;
  const pick = h("input.visually-hidden", { type: "file", accept: "application/json,.json", id: "import", onchange: async () => {
    const [file] = pick.files;
    if (!file) return;
    try {
      const n = await imported(app.store, await file.text());
      app.say(t("imported", { n }));
      await app.changed();
      app.pulse.soon();
    } catch (error) {
      app.say(t(error.message === "person" ? "import-person" : error.message === "format" ? "import-format" : "full-not-kept"), "bad");
    }
    pick.value = "";
  } });
  const save = async () => {
    const url = URL.createObjectURL(await exported(app.store));
    h("a", { href: url, download: `notebook-${new Date().toISOString().slice(0, 10)}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    app.say(t("exported"));
  };
  return h("section", {}, h("h2", {}, t("file-title")), h("p.hint", {}, t("file-lead")),
    h("div.buttons", {}, button(t("export"), save, ".button--quiet"), pick, h("label.button.button--quiet", { for: "import" }, t("import"))));
}

function clear(app) {
  const { t } = app;
  const sure = async () => {
    const c = counts(app.state);
    const only = c.records + c.files + c.refused + c.drafts;
    if (confirm(only ? t("clear-sure-lost", { n: only }) : t("clear-sure"))) await app.wipe("cleared");
  };
  return h("details.more", {}, h("summary", {}, t("clear-title")), h("p", {}, t("clear-lead")), h("p", {}, h("a.button.button--quiet", { href: "/notebook/devices" }, t("phones"))), button(t("clear"), sure, ".button--danger"));
}
