// The notebook: opens what it holds, shows the page that the address names, and lets the pulse run.

import { Book } from "./book.js";
import { h, icon } from "./dom.js";
import { makeRoom } from "./files.js";
import { micros, newId } from "./id.js";
import { request } from "./net.js";
import { outingNow } from "./pack.js";
import { Pulse, syncAll } from "./pulse.js";
import { askToStay, lookAtRoom, wasRefused } from "./room.js";
import { Full, openPhone, wipePhone } from "./store.js";
import { best, times, words } from "./words.js";
import * as both from "./page-both.js";
import * as card from "./page-card.js";
import * as diary from "./page-diary.js";
import * as home from "./page-home.js";
import * as note from "./page-note.js";
import * as safe from "./page-safe.js";
import * as state from "./page-sync.js";
import { saidShort } from "./said.js";
import { takeOver, watchShell } from "./shell.js";

const PAGES = { "": home, note, card, diary, safe, sync: state, both };
const main = document.querySelector("main");
const $ = (id) => document.getElementById(id);

class App {
  base = document.body.dataset.base || location.origin;
  city = document.body.dataset.city;
  said = [];

  async start() {
    await takeOver();
    this.store = await openPhone(undefined, () => this.#elsewhere());
    this.book = new Book(this.store);
    await this.store.change(["self"], async (step) => {
      if (!(await step.get("self", "device"))) step.put("self", "device", newId());
      // Written only when it is another: a phone without any room must still open.
      if ((await step.get("self", "deviceName")) !== deviceName()) step.put("self", "deviceName", deviceName());
    });
    await this.look();
    await this.speak(this.state.self.language ?? best([this.state.self.pack?.language, cookie("lang"), ...navigator.languages]));
    // The address names the page, so the way past the bar cannot be an address.
    $("skip").addEventListener("click", (event) => {
      event.preventDefault();
      main.focus();
    });
    this.channel = globalThis.BroadcastChannel && new BroadcastChannel("notebook");
    if (this.channel) this.channel.onmessage = () => this.refresh();
    addEventListener("hashchange", () => this.show());
    this.pulse = new Pulse(() => syncAll({ store: this.store, request, shown: () => this.changed() }), { ended: (result) => this.#synced(result) });
    await this.show();
    addEventListener("online", () => this.pulse.now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.pulse.soon(200));
    setInterval(() => this.#minute(), 30_000);
    await this.#lookAtRoom();
    this.#badge();
    this.pulse.soon(50);
    makeRoom(this.store, Date.now(), this.room.tight).catch(() => {});
    watchShell((use) => {
      this.newer = use;
      this.#badge();
      this.page?.update?.();
    });
  }

  // Texts in a language, and everything shown in it.
  async speak(lang) {
    this.t = await words(lang);
    this.times = times(lang, this.t("just-now"));
    this.lang = lang;
    document.documentElement.lang = lang;
    $("skip").textContent = this.t("layout-skip");
    $("sync").setAttribute("aria-label", this.t("sync-title"));
  }

  async chooseLanguage(lang) {
    await this.store.change(["self"], (step) => step.put("self", "language", lang));
    await this.look();
    await this.speak(lang);
    await this.show();
  }

  async look() {
    this.state = await this.book.look();
    // Another tab may have spoken with the server since.
    const { ended } = this.state.self;
    if (ended && ended.at > (this.last?.at ?? 0)) this.last = ended;
    this.outing = outingNow(this.state.self.pack, this.state.self.chosen);
    this.#badge();
    return this.state;
  }

  // Something was kept, here or in another tab or by the pulse: the page looks again where it shows it.
  async refresh() {
    await this.look();
    await this.page?.update?.();
  }

  async changed() {
    this.channel?.postMessage("changed");
    await this.refresh();
  }

  // Does something that keeps; says so when the phone is full, and resolves to whether it was kept.
  async keep(act, said) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Full)) throw error;
      await this.#full();
      try {
        await act();
      } catch (still) {
        if (!(still instanceof Full)) throw still;
        this.say(this.t("full-not-kept"), "bad");
        return false;
      }
    }
    this.full = false;
    if (said) this.say(said);
    await this.changed();
    askToStay().then(() => this.#lookAtRoom());
    this.pulse.soon();
    return true;
  }

  async #full() {
    this.full = true;
    wasRefused();
    await makeRoom(this.store, Date.now(), true).catch(() => {});
    this.#badge();
  }

  // One sentence, read out, that goes away by itself.
  say(text, kind = "good") {
    const line = h(`p.toast.toast--${kind}`, {}, text);
    $("said").replaceChildren(line);
    clearTimeout(this.saying);
    this.saying = setTimeout(() => line.remove(), kind === "bad" ? 12_000 : 3_500);
  }

  go(hash) {
    if (location.hash === hash) this.show();
    else location.hash = hash;
  }

  async show() {
    const turn = (this.turn = {});
    const [path, query] = location.hash.slice(1).split("?");
    const [, name = "", id] = path.split("/");
    await this.page?.leave?.();
    await this.look();
    if (this.turn !== turn) return;
    const made = PAGES[name] ?? home;
    const page = await made.show(this, { id, query: new URLSearchParams(query) });
    if (this.turn !== turn) {
      await page.leave?.();
      return;
    }
    this.page = page;
    document.title = page.title ? `${page.title} – ${this.t("title")}` : `${this.t("title")} – Freerange`;
    $("back").hidden = name === "";
    $("back").setAttribute("aria-label", this.t("back"));
    $("name").textContent = page.short ?? this.t("title");
    document.body.dataset.page = name || "home";
    main.replaceChildren(...page.main);
    scrollTo(0, 0);
    const first = page.focus ?? main.querySelector("h1");
    if (first && this.shown) {
      if (first.tabIndex < 0) first.tabIndex = -1;
      first.focus({ preventScroll: first.tagName === "H1" });
    }
    this.shown = true;
    document.documentElement.dataset.ready = "yes";
  }

  #badge() {
    if (!this.t || !this.state) return;
    const { kind, text } = saidShort(this);
    $("sync").dataset.kind = kind;
    $("sync").replaceChildren(icon(kind === "there" ? "cloud" : "phone"), h("span", {}, text));
    $("sync").setAttribute("aria-label", `${this.t("sync-title")}: ${text}`);
  }

  #minute() {
    this.#badge();
    this.page?.tick?.();
    this.#lookAtRoom();
  }

  // What it says about room is said as soon as it is so, not at the next page.
  async #lookAtRoom() {
    const was = this.room?.tight;
    this.room = await lookAtRoom();
    if (Boolean(this.room.tight) !== Boolean(was)) await this.page?.update?.();
  }

  async #synced(result) {
    if (result.end === "elsewhere") return;
    if (result.end === "locked") {
      await this.wipe("locked");
      return;
    }
    this.last = { ...result, at: micros() };
    await this.store.change(["self"], (step) => step.put("self", "ended", this.last)).catch(() => {});
    this.room = await lookAtRoom();
    if (!this.state.self.language && this.state.self.pack && this.state.self.pack.language !== this.lang && !this.spokenTo) {
      this.spokenTo = true;
      await this.speak(best([this.state.self.pack.language]));
    }
    const first = !this.state.self.pack;
    await this.changed();
    // The first pack makes the first page another.
    if (first && this.state.self.pack && location.hash.length < 3) await this.show();
  }

  // Everything of a person leaves this phone.
  async wipe(why) {
    await this.page?.leave?.();
    this.store.close();
    await wipePhone();
    // Whoever was locked out is signed out too: what is on the server does not come down again.
    if (why === "locked") await request("POST", "/session/end", { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "" }).catch(() => {});
    sessionStorage.setItem("wiped", why);
    location.replace("/notebook");
  }

  #elsewhere() {
    main.replaceChildren(h("p.lead", {}, this.t("other-tab")));
  }
}

const cookie = (name) => document.cookie.split("; ").map((c) => c.split("=")).find(([n]) => n === name)?.[1];

function deviceName() {
  const agent = navigator.userAgent;
  const system = navigator.userAgentData?.platform || agent.match(/Android|iPhone|iPad|Windows|Mac OS|Linux/)?.[0] || "";
  const browser = agent.match(/(Firefox|SamsungBrowser|Edg|OPR)\//)?.[1] ?? (agent.includes("Chrome") ? "Chrome" : agent.includes("Safari") ? "Safari" : "");
  return [system, browser].filter(Boolean).join(", ").slice(0, 60);
}

const app = new App();
app.start().catch((error) => {
  main.replaceChildren(
    h("h1", {}, app.t?.("broken") ?? "The notebook could not open"),
    h("p", {}, app.t?.("broken-lead") ?? "Nothing was deleted. Close other tabs of it and open it again."),
    h("p.muted", {}, `${error?.message ?? error}`),
  );
  document.documentElement.dataset.ready = "broken";
});
