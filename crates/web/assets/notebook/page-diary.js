// The diary: nobody but its writer opens it. What is written is sealed before it is put down anywhere, drafts too.

import { Draft } from "./draft.js";
import { area, button, field, h, icon, tick } from "./dom.js";
import * as seal from "./diary.js";
import { makeRecoveryKey, readRecoveryKey } from "./code.js";
import { micros, newId } from "./id.js";
import { makePasskey, offered, usePasskey } from "./passkey.js";

const SHORTEST = 12;

export async function show(app, { id }) {
  const page = h("div");
  let leave;
  let first;
  let shown;
  const kind = () => {
    const { ring, keys = [], keysSeen } = app.state.self;
    if (ring) return id ? "writing" : "entries";
    return keys.length > 0 ? "locked" : keysSeen ? "setting up" : "waiting";
  };
  const draw = async () => {
    await leave?.();
    leave = undefined;
    first = undefined;
    const keys = app.state.self.keys ?? [];
    const { ring } = app.state.self;
    let made;
    shown = kind();
    if (shown === "writing") made = await writing(app, ring, id);
    else if (shown === "entries") made = await entries(app, ring, lock);
    else if (shown === "locked") made = locked(app, keys, opened);
    else made = setUp(app, shown === "setting up", opened);
    ({ leave, focus: first } = made);
    page.replaceChildren(...made.main.filter(Boolean));
  };
  const opened = async (ring) => {
    await app.store.change(["self"], (step) => step.put("self", "ring", ring));
    await app.look();
    await draw();
    scrollTo(0, 0);
    page.querySelector("h1")?.focus();
  };
  const lock = async () => {
    await app.store.change(["self"], (step) => step.drop("self", "ring"));
    await app.changed();
    app.go("#/diary");
  };
  await draw();
  return {
    title: app.t("diary"),
    short: app.t("diary"),
    main: [page],
    focus: first,
    leave: () => leave?.(),
    // Nobody's typing is torn away, nor the key that is shown once; locking in another tab shuts this one too.
    update: () => {
      const now = kind();
      const stays = shown === "setting up" ? !app.state.self.ring : now === shown && now !== "entries";
      return stays ? undefined : draw();
    },
  };
}

const head = (t) => [h("h1", { tabindex: "-1" }, icon("lock"), t("diary")), h("p.lead", {}, t("diary-lead"))];
const secret = (label, hint, autocomplete) => {
  const input = h("input", { type: "password", autocomplete, dir: "auto" });
  return { input, node: field(label, input, hint) };
};

// The wrapped copies lie in the phone until the server has them too.
const keep = (app, copies) => app.keep(() => app.store.change(["self"], async (step) => step.put("self", "keys", [...((await step.get("self", "keys")) ?? []), ...copies.map((c) => ({ ...c, sent: false }))])));

function setUp(app, seen, opened) {
  const { t } = app;
  if (!seen) return { main: [...head(t), h("p.notice", {}, t("diary-first-signal"))] };
  const wrong = h("p.error", { role: "alert" });
  const one = secret(t("diary-passphrase"), t("diary-passphrase-hint"), "new-password");
  const two = secret(t("diary-again"), undefined, "new-password");
  const box = h("div");
  const withSecret = async (sort, given, extra = {}) => {
    const raw = seal.newKey();
    const recovery = makeRecoveryKey();
    const copies = [
      await seal.wrap(raw, { id: newId(), sort, secret: given, ...extra }),
      await seal.wrap(raw, { id: newId(), sort: "recovery", secret: seal.plainSecret("recovery", recovery) }),
    ];
    const ring = await seal.ringOf(raw);
    raw.fill(0);
    box.replaceChildren(...recoverySheet(app, recovery, async () => {
      if (await keep(app, copies)) await opened(ring);
    }));
    box.querySelector("h2").focus();
    box.scrollIntoView();
  };
  const byPassphrase = async () => {
    const text = one.input.value;
    if ([...text].length < SHORTEST || text !== two.input.value) {
      wrong.textContent = t([...text].length < SHORTEST ? "diary-too-short" : "diary-not-same");
      one.input.focus();
      return;
    }
    wrong.textContent = t("diary-making");
    await withSecret("passphrase", seal.plainSecret("passphrase", text));
  };
  const byPasskey = async () => {
    try {
      const made = await makePasskey(t("diary"));
      if (!made) throw new Error("no prf");
      await withSecret("passkey", made.secret, { salt: made.salt, credential: made.credential });
    } catch {
      wrong.textContent = t("diary-no-passkey");
    }
  };
  box.append(
    h("p", {}, t("diary-how")),
    ...(offered() ? [h("p", {}, button(t("diary-with-passkey"), byPasskey)), h("p.hint", {}, t("diary-or"))] : []),
    one.node, two.node, wrong, button(t("diary-make"), byPassphrase, ".button--keep"));
  return { main: [...head(t), box] };
}

function recoverySheet({ t }, recovery, done) {
  const go = button(t("diary-begin"), done, ".button--keep");
  go.disabled = true;
  return [
    h("h2", { tabindex: "-1" }, t("recovery-title")),
    h("p", {}, t("recovery-lead")),
    h("section.consent-card", {}, h("p.code.code--long", {}, recovery.split("-").map((g, at) => [at > 0 && " ", h("span", {}, g)])), h("p.hint", {}, t("recovery-what"))),
    h("p.screen", {}, button(t("print"), () => print(), ".button--quiet")),
    tick(t("recovery-written"), { onchange: (event) => (go.disabled = !event.target.checked) }),
    h("div.keep", {}, go),
  ];
}

function locked(app, keys, opened) {
  const { t } = app;
  const wrong = h("p.error", { role: "alert" });
  const has = (sort) => keys.some((k) => k.sort === sort);
  const pass = secret(t("diary-passphrase"), undefined, "current-password");
  const next = tick(t("diary-next-passkey"), {});
  const byPassphrase = async () => {
    wrong.textContent = t("diary-opening");
    const typed = seal.plainSecret("passphrase", pass.input.value);
    const ring = await seal.unlock(keys, "passphrase", typed);
    if (Object.keys(ring).length === 0) {
      wrong.textContent = t("diary-wrong");
      pass.input.focus();
      return;
    }
    if (next.querySelector("input").checked) await addPasskey(app, keys, typed).catch(() => app.say(t("diary-no-passkey"), "bad"));
    await opened(ring);
  };
  const byPasskey = async () => {
    try {
      const used = await usePasskey(keys);
      const ring = used ? await seal.unlock([used.copy], "passkey", used.secret) : {};
      if (Object.keys(ring).length === 0) throw new Error("none");
      await opened(ring);
    } catch {
      wrong.textContent = t("diary-no-passkey");
    }
  };
  const paper = h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });
  const fresh = secret(t("diary-new-passphrase"), t("diary-passphrase-hint"), "new-password");
  const byPaper = async () => {
    const { wrong: group } = readRecoveryKey(paper.value);
    if (group !== undefined) {
      wrong.textContent = group ? t("recovery-group", { group }) : t("recovery-length");
      paper.focus();
      return;
    }
    if ([...fresh.input.value].length < SHORTEST) {
      wrong.textContent = t("diary-too-short");
      fresh.input.focus();
      return;
    }
    wrong.textContent = t("diary-opening");
    const given = seal.plainSecret("recovery", paper.value);
    const ring = await seal.unlock(keys, "recovery", given);
    if (Object.keys(ring).length === 0) {
      wrong.textContent = t("recovery-wrong");
      return;
    }
    const copies = [];
    for (const copy of keys.filter((k) => k.sort === "recovery")) {
      const raw = await seal.unwrap(copy, given);
      if (raw) copies.push(await seal.wrap(raw, { id: newId(), sort: "passphrase", secret: seal.plainSecret("passphrase", fresh.input.value) }));
    }
    if (await keep(app, copies)) await opened(ring);
  };
  return {
    main: [
      ...head(t),
      has("passkey") && offered() && h("p", {}, button(t("diary-open-passkey"), byPasskey, ".button--keep")),
      has("passphrase") && h("form", { onsubmit: (event) => { event.preventDefault(); byPassphrase(); } }, pass.node, offered() && !has("passkey") && next, h("button.button", { type: "submit" }, t("diary-open"))),
      wrong,
      h("details.more", {}, h("summary", {}, t("recovery-use")), field(t("recovery-key"), paper, t("recovery-key-hint")), fresh.node, button(t("diary-open"), byPaper)),
    ],
  };
}

// The passphrase opens the key once more, to wrap it for a passkey.
async function addPasskey(app, keys, typed) {
  const made = await makePasskey(app.t("diary"));
  if (!made) throw new Error("no prf");
  const copies = [];
  for (const copy of keys.filter((k) => k.sort === "passphrase")) {
    const raw = await seal.unwrap(copy, typed);
    if (raw) copies.push(await seal.wrap(raw, { id: newId(), sort: "passkey", secret: made.secret, salt: made.salt, credential: made.credential }));
  }
  await keep(app, copies);
}

const opened = (ring, entry, { version, says }) => seal.open(ring, entry, version, says.sealed);

async function entries(app, ring, lock) {
  const { t, times, state } = app;
  const read = await Promise.all(state.diary.map(async (d) => ({ ...d, texts: await Promise.all(d.heads.map((head) => opened(ring, d.entry, head))) })));
  read.sort((a, b) => (b.texts[0]?.at ?? b.heads[0].says.at ?? 0) - (a.texts[0]?.at ?? a.heads[0].says.at ?? 0));
  const line = ({ entry, heads, texts }) =>
    h("li", {}, h("a.note", { href: `#/diary/${entry}` },
      h("span.note-text", {}, texts[0]?.text ?? t("diary-unreadable")),
      h("span.meta", {}, [texts[0] && times.when(texts[0].at), heads.length > 1 && t("two-versions"), heads.some((x) => x.where !== "server") && t("only-phone")].filter(Boolean).join(" · "))));
  return {
    main: [
      h("h1", { tabindex: "-1", "data-open": "yes" }, t("diary")),
      h("p.hint", {}, t("diary-open-lead")),
      h("a.big.big--diary", { href: "#/diary/new" }, icon("diary"), h("span", {}, t("diary-write"))),
      read.length > 0 && h("ul.notes", {}, read.map(line)),
      h("p.after", {}, button([icon("lock"), t("diary-lock")], lock, ".button--quiet")),
    ],
  };
}

async function writing(app, ring, id) {
  const { t, state, times } = app;
  const key = `diary:${id}`;
  const before = state.drafts.find((d) => d.key === key);
  const there = state.diary.find((d) => d.entry === id);
  const texts = there ? await Promise.all(there.heads.map((head) => opened(ring, id, head))) : [];
  if (id !== "new" && !there) return { main: [h("h1", {}, t("not-here"))] };
  const drafted = before && (await seal.open(ring, before.entry, "draft", before.sealed));
  const value = {
    entry: before?.entry ?? there?.entry ?? newId(),
    at: drafted?.at ?? texts[0]?.at ?? micros(),
    // Two edits of one entry stand below each other until their writer has made one of them.
    text: drafted?.text ?? texts.filter(Boolean).map((x) => x.text).join("\n\n———\n\n"),
  };
  const follows = there?.heads.filter((head) => head.where !== "refused").map((head) => head.version) ?? [];
  const saved = h("p.saved", { role: "status" });
  const draft = new Draft(value, async (v) => app.book.saveDraft(key, { entry: v.entry, sealed: await seal.seal(ring, v.entry, "draft", { text: v.text, at: v.at }) }),
    (error) => (saved.textContent = t(error ? "not-kept" : "draft-sealed")));
  const text = area({ value: value.text, rows: "10", dir: "auto", oninput: () => draft.set({ text: text.value }) });
  const wrong = h("p.error", { role: "alert" });
  const keepIt = async () => {
    if (!value.text.trim()) {
      wrong.textContent = t("write-first");
      text.focus();
      return;
    }
    await draft.flush();
    const version = newId();
    const sealed = await seal.seal(ring, value.entry, version, { text: value.text.trim(), at: value.at });
    if (sealed.length * 0.75 > 64 * 1024) {
      wrong.textContent = t("diary-too-long");
      return;
    }
    if (!(await app.keep(() => app.book.keepDiary(value.entry, version, follows, sealed, key), t("kept-sealed")))) return;
    await draft.end();
    app.go("#/diary");
  };
  const drop = async () => {
    await draft.end();
    await app.book.dropDraft(key);
    await app.changed();
    app.go("#/diary");
  };
  const remove = async () => {
    if (!confirm(t("diary-remove-sure"))) return;
    await draft.end();
    await app.book.dropDraft(key);
    await app.keep(() => app.book.removeDiary(id), t("removed"));
    app.go("#/diary");
  };
  return {
    focus: text,
    leave: async () => {
      await draft.flush();
      await draft.end();
    },
    main: [
      h("h1", { tabindex: "-1", "data-open": "yes" }, t("diary")),
      h("p.meta", {}, times.when(value.at)),
      texts.includes(null) && h("p.notice.notice--warn", {}, t("diary-unreadable")),
      there?.heads.length > 1 && h("p.notice", {}, t("diary-two")),
      field(t("diary-text"), text, t("diary-text-hint")), wrong,
      h("div.keep", {}, button(t("keep"), keepIt, ".button--keep"), saved),
      h("p.after", {}, button(t("drop"), drop, ".button--quiet"), there && button(t("diary-remove"), remove, ".button--danger")),
    ],
  };
}
