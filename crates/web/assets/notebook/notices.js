// What must be known before it is too late: signed out, another person, a full phone, a browser that may forget.

import { button, h } from "./dom.js";
import { counts } from "./said.js";

const notice = (kind, ...content) => h(`div.notice.notice--${kind}`, {}, ...content);

export function notices(app) {
  const { t, state, room } = app;
  const c = counts(state);
  const here = c.records + c.files;
  const last = app.last ?? state.self.ended;
  const out = [];
  if (app.full) out.push(notice("bad", h("p", {}, t("full-lead")), h("a.button", { href: "#/sync" }, t("full-what"))));
  if (last?.end === "signed-out") out.push(notice("warn", h("p", {}, t("signed-out")), h("a.button", { href: "/sign-in?to=notebook" }, t("sign-in"))));
  if (last?.end === "other-person") out.push(notice("warn", h("p", {}, t("other-person", { name: state.self.pack?.name ?? "" })), h("a.button", { href: "#/sync" }, t("decide"))));
  if (last?.end === "full") out.push(notice("warn", h("p", {}, t("server-full"))));
  if (last?.end === "server-too-old") out.push(notice("warn", h("p", {}, t("server-old"))));
  if (c.refused > 0) out.push(notice("bad", h("p", {}, t("refused-lead", { n: c.refused })), h("a.button", { href: "#/sync" }, t("look-at-it"))));
  if (!app.full && room?.known && room.tight) out.push(notice("warn", h("p", {}, t("room-tight")), h("a.button", { href: "#/sync" }, t("full-what"))));
  else if (room?.known && !room.persisted && here > 0 && state.self.syncedAt && Date.now() - state.self.syncedAt / 1000 > 3 * 86_400_000) {
    out.push(notice("warn", h("p", {}, t("may-forget")), h("a.button", { href: "#/sync" }, t("full-what"))));
  }
  if (app.newer) out.push(notice("info", h("p", {}, t("newer")), button(t("newer-use"), app.newer, ".button--quiet")));
  return out;
}
