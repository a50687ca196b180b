// Where everything is, in a sentence: what lies only on this phone, and since when the rest is with the server.

import { waiting } from "./book.js";

export function counts({ outbox, files, self, drafts }) {
  const records = outbox.filter((o) => o.state !== "refused");
  return {
    notes: new Set(records.filter((o) => o.record.what.kind === "note").map((o) => o.record.what.note)).size,
    records: records.length,
    files: files.filter((f) => f.state === "new").length,
    refused: outbox.filter((o) => !waiting(o)).length + files.filter((f) => f.state === "refused").length,
    waits: records.filter((o) => o.state === "waits").length,
    drafts: drafts.length,
    keys: (self.keys ?? []).filter((k) => !k.sent).length,
  };
}

const only = (t, c) => {
  const parts = [];
  if (c.notes) parts.push(t("count-notes", { n: c.notes }));
  const others = c.records - c.notes;
  if (others > 0) parts.push(t("count-others", { n: others }));
  if (c.files) parts.push(t("count-files", { n: c.files }));
  return parts.join(", ");
};

// For the corner of every page.
export function saidShort({ t, times, state, full, last, newer }) {
  const c = counts(state);
  if (full) return { kind: "bad", text: t("short-full") };
  if (c.refused) return { kind: "bad", text: t("short-refused", { n: c.refused }) };
  const end = (last ?? state.self.ended)?.end;
  if (end === "signed-out" || end === "other-person") return { kind: "warn", text: t(`short-${end}`) };
  const here = c.records + c.files;
  if (here) return { kind: "here", text: t("short-here", { n: here }) };
  if (newer) return { kind: "there", text: t("short-newer") };
  if (!state.self.syncedAt) return { kind: "here", text: t("short-never") };
  return { kind: "there", text: t("short-there", { ago: times.ago(state.self.syncedAt) }) };
}

// For the page about it, and for the first page.
export function saidLong({ t, times, state }) {
  const c = counts(state);
  const lines = [];
  const list = only(t, c);
  if (list) lines.push(t("only-here", { list }));
  else if (c.refused) lines.push(t("refused-lead", { n: c.refused }));
  else if (state.self.syncedAt) lines.push(t("all-there"));
  if (state.self.syncedAt) lines.push(t("synced-at", { ago: times.ago(state.self.syncedAt) }));
  return lines;
}
