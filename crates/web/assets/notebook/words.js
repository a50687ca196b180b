// Texts in the languages of the house. Each is a file of its own that lies in the shell, so that a card can be read out
// in another language than the notebook's, also without a signal.

export const LANGUAGES = ["en", "ko", "nl", "es"];

export const best = (wishes) => wishes.map((w) => w?.slice(0, 2).toLowerCase()).find((w) => LANGUAGES.includes(w)) ?? "en";

const files = new Map();

// `t(key, values)` for a language. A key that is missing shows itself.
export function words(lang, fetched = (l) => fetch(new URL(`words-${l}.json`, import.meta.url)).then((r) => r.json())) {
  if (!files.has(lang)) {
    const loading = fetched(lang).then((texts) => makeT(texts, lang));
    loading.catch(() => files.delete(lang));
    files.set(lang, loading);
  }
  return files.get(lang);
}

export function makeT(texts, lang) {
  const t = (key, values = {}) => {
    // One or many: the language's own rule decides, where there are two texts.
    const many = values.n === undefined ? key : `${key}-${new Intl.PluralRules(lang).select(values.n) === "one" ? "one" : "many"}`;
    const text = texts[many] ?? texts[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  };
  t.lang = lang;
  return t;
}

// Days and times, as people of the language write them.
export function times(tag, justNow) {
  // Hours are counted to twenty-four, as on the pages of the site.
  const lang = tag === "en" ? "en-GB" : tag;
  const day = new Intl.DateTimeFormat(lang, { weekday: "short", day: "numeric", month: "short" });
  const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const ago = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  return {
    day: (us) => day.format(us / 1000),
    clock: (us) => clock.format(us / 1000),
    when: (us, now = Date.now()) => {
      const at = new Date(us / 1000);
      return at.toDateString() === new Date(now).toDateString() ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
    },
    ago: (us, now = Date.now()) => {
      const minutes = Math.round((us / 1000 - now) / 60_000);
      if (minutes > -1) return justNow;
      if (Math.abs(minutes) < 60) return ago.format(minutes, "minute");
      if (Math.abs(minutes) < 48 * 60) return ago.format(Math.round(minutes / 60), "hour");
      return ago.format(Math.round(minutes / 1440), "day");
    },
  };
}
