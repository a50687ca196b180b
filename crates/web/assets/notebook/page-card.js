// The consent card: read out or handed over in the resident's language, four choices that all start as no, and a code
// that they keep. It is made without a signal too.

import { grouped, makeCode } from "./code.js";
import { button, field, h, svg, tick } from "./dom.js";
import { newId } from "./id.js";
import { qr, qrPath } from "./qr.js";
import { LANGUAGES, words } from "./words.js";

const USES = [["use_it", "consent-use"], ["quote", "consent-quote"], ["picture", "consent-picture"], ["contact", "consent-contact"]];

export async function show(app, { id, query }) {
  return id ? made(app, id) : asking(app, query.get("for"));
}

async function asking(app, wanted) {
  const { t, outing, state } = app;
  if (!outing) return { title: t("consent-new"), main: [h("h1", {}, t("consent-new")), h("p", {}, t("no-outing-lead"))] };
  let lang = state.drafts.find((d) => d.key === "card")?.language ?? app.lang;
  const page = h("div");
  const names = Object.fromEntries(await Promise.all(LANGUAGES.map(async (l) => [l, (await words(l))("language-name")])));
  const draw = async () => {
    const own = await words(lang);
    const given = { adult: null };
    const make = button(t("consent-button"), () => keep(), ".button--keep");
    const kind = h("div", { role: "status" });
    const answer = (adult) => {
      given.adult = adult;
      kind.replaceChildren(...(adult ? [] : [h("p.notice", { lang }, own("minor-kind"))]));
      make.disabled = !adult;
    };
    make.disabled = true;
    const ticks = USES.map(([name, key]) => tick(own(key), { onchange: (event) => (given[name] = event.target.checked) }));
    const keep = async () => {
      const consent = newId();
      const code = makeCode();
      const record = { consent, placement: outing.placement, code: grouped(code), language: lang, adult: true };
      for (const [name] of USES) record[name] = Boolean(given[name]);
      if (!(await app.keep(() => app.book.giveConsent(record)))) return;
      app.go(`#/card/${consent}${wanted ? `?for=${wanted}` : ""}`);
    };
    page.replaceChildren(
      h("h1", {}, t("consent-new")),
      h("p.hint", {}, t("consent-lead")),
      h("div.langs", { role: "group", "aria-label": t("consent-language") }, LANGUAGES.map((l) => button(names[l], async () => {
        lang = l;
        await app.book.saveDraft("card", { language: l });
        await draw();
        page.querySelector(`[data-lang=${l}]`).focus();
      }, "", { lang: l, "aria-pressed": `${l === lang}`, "data-lang": l }))),
      h("section.consent-card", { lang },
        h("p.quote", {}, own("consent-read-out")),
        h("p.meta", {}, own("consent-for")),
        h("fieldset", {}, h("legend", {}, own("consent-you-decide")), ticks),
        h("fieldset.adult", {}, h("legend", {}, own("adult-question")),
          tick(own("adult-yes"), { type: "radio", name: "adult", onchange: () => answer(true) }),
          tick(own("adult-no"), { type: "radio", name: "adult", onchange: () => answer(false) }))),
      kind,
      h("div.keep", {}, make));
  };
  await draw();
  return { title: t("consent-new"), short: t("card-short"), main: [page] };
}

async function made(app, id) {
  const { t, state } = app;
  const consent = state.consents.find((c) => c.given.consent === id);
  if (!consent) return { title: t("not-here"), main: [h("h1", {}, t("not-here"))] };
  const { given } = consent;
  const own = await words(LANGUAGES.includes(given.language) ? given.language : app.lang);
  const address = `${app.base}/told/${given.code}`;
  const { size, path } = qrPath(qr(address));
  const yes = USES.filter(([name]) => given[name]).map(([, key]) => h("li", {}, own(key)));
  return {
    title: t("consent-card"),
    short: t("card-short"),
    main: [
      consent.withdrawn && h("p.notice.notice--warn", {}, t("consent-withdrawn")),
      h("section.consent-card.consent-card--made", { lang: own.lang },
        h("h1", {}, own("consent-card")),
        h("p.code", {}, h("span.visually-hidden", {}, `${own("told-code")}: `), given.code),
        svg(`0 0 ${size} ${size}`, path, { class: "qr", role: "img", "aria-label": own("qr-label") }),
        h("p.address", {}, address.replace(/^https?:\/\//, "")),
        h("p", {}, own("consent-keep", { address: `${app.base.replace(/^https?:\/\//, "")}/told` })),
        h("p", {}, own("told-phone")),
        h("h2", {}, own("told-allowed")),
        yes.length ? h("ul", {}, yes) : h("p", {}, own("uses-nothing"))),
      h("p.hint.screen", {}, t("card-copy")),
      h("div.buttons.screen", {},
        given.use_it && h("a.button.button--keep", { href: `#/note?sort=${given.quote ? "said" : "saw"}&card=${id}` }, t("consent-note")),
        button(t("print"), () => print(), ".button--quiet"),
        h("a.button.button--quiet", { href: "#/card" }, t("another-card"))),
    ].filter(Boolean),
  };
}
