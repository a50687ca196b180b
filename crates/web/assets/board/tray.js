// The notes that are looked at: a list of any length of which only what is seen is made. Rows have one height, so where each
// lies is a multiplication and nothing has to be measured while somebody scrolls, walks or drags.

const MORE = 6;

export class Tray {
  #words;
  #state;
  #ids = [];
  #rows = new Map();
  #height = 0;
  #at = 0;
  picked = new Set();

  constructor(list, state, words) {
    this.list = list;
    this.#state = state;
    this.#words = words;
    this.sizer = document.createElement("div");
    this.sizer.className = "tray-all";
    this.sizer.setAttribute("role", "presentation");
    list.append(this.sizer);
    list.addEventListener("scroll", () => this.#wish(), { passive: true });
    addEventListener("resize", () => {
      this.#height = 0;
      this.draw();
    });
  }

  #waits = false;

  #wish() {
    if (this.#waits) return;
    this.#waits = true;
    requestAnimationFrame(() => {
      this.#waits = false;
      this.draw();
    });
  }

  get current() {
    return this.#ids[this.#at];
  }

  get count() {
    return this.#ids.length;
  }

  // Shows these notes; whoever stood at one still does, or at what lies there now.
  show(ids, { anew = false } = {}) {
    const was = this.current;
    this.#ids = ids;
    for (const id of this.picked) if (!this.#state.notes.has(id)) this.picked.delete(id);
    const still = anew ? 0 : ids.indexOf(was);
    this.#at = Math.max(0, Math.min(still < 0 ? this.#at : still, ids.length - 1));
    if (anew) this.list.scrollTop = 0;
    this.draw();
  }

  rowHeight() {
    if (this.#height === 0) this.#height = parseFloat(getComputedStyle(this.list).getPropertyValue("--row")) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    return this.#height;
  }

  walk(by) {
    this.stand(this.#at + by);
  }

  stand(at) {
    if (this.#ids.length === 0) return;
    this.#at = Math.max(0, Math.min(at, this.#ids.length - 1));
    const height = this.rowHeight();
    const top = this.#at * height;
    const { scrollTop } = this.list;
    const seen = this.#seen();
    if (top < scrollTop) this.list.scrollTop = top;
    else if (top + height > scrollTop + seen) this.list.scrollTop = top + height - seen;
    this.draw();
  }

  #inside = 0;

  #seen() {
    if (this.#inside === 0) {
      this.#inside = this.list.clientHeight;
      new ResizeObserver(() => {
        this.#inside = this.list.clientHeight;
        this.#wish();
      }).observe(this.list);
    }
    return this.#inside;
  }

  indexOf(id) {
    return this.#ids.indexOf(id);
  }

  page() {
    return Math.max(1, Math.floor(this.#seen() / this.rowHeight()) - 1);
  }

  pick(id) {
    if (!this.picked.delete(id)) this.picked.add(id);
    this.draw();
  }

  // From where one stands to a note, all of them.
  pickTo(id) {
    const to = this.#ids.indexOf(id);
    for (let at = Math.min(to, this.#at); at <= Math.max(to, this.#at); at += 1) this.picked.add(this.#ids[at]);
    this.stand(to);
  }

  #row(id) {
    const row = document.createElement("div");
    row.className = "note-row";
    row.id = `row-${id}`;
    row.dataset.note = id;
    row.setAttribute("role", "option");
    const text = document.createElement("p");
    const meta = document.createElement("p");
    meta.className = "meta";
    row.append(text, meta);
    return row;
  }

  draw() {
    const height = this.rowHeight();
    const { scrollTop } = this.list;
    const first = Math.max(0, Math.floor(scrollTop / height) - MORE);
    const end = Math.min(this.#ids.length, Math.ceil((scrollTop + this.#seen()) / height) + MORE);
    const whole = `${this.#ids.length * height}px`;
    if (this.sizer.style.height !== whole) this.sizer.style.height = whole;
    const stay = new Set(this.#ids.slice(first, end));
    if (this.current) stay.add(this.current);
    for (const [id, row] of this.#rows) {
      if (!stay.has(id)) {
        row.remove();
        this.#rows.delete(id);
      }
    }
    const place = (at) => {
      const id = this.#ids[at];
      const note = this.#state.notes.get(id);
      let row = this.#rows.get(id);
      if (!row) {
        row = this.#row(id);
        this.#rows.set(id, row);
        this.sizer.append(row);
      }
      const [text, meta] = row.children;
      const says = note.seen.length > 400 ? `${note.seen.slice(0, 400)}…` : note.seen;
      if (text.textContent !== says) text.textContent = says;
      const by = note.moved_by ? this.#words.by.replace("{by}", note.moved_by) : "";
      const facts = [this.#words[note.kind], note.place, note.outing, by].filter(Boolean).join(" · ");
      if (meta.textContent !== facts) meta.textContent = facts;
      row.style.transform = `translateY(${at * height}px)`;
      row.setAttribute("aria-setsize", this.#ids.length);
      row.setAttribute("aria-posinset", at + 1);
      row.setAttribute("aria-selected", String(this.picked.has(id)));
      row.classList.toggle("is-current", at === this.#at);
    };
    for (let at = first; at < end; at += 1) place(at);
    if (this.current && (this.#at < first || this.#at >= end)) place(this.#at);
    if (this.current) this.list.setAttribute("aria-activedescendant", `row-${this.current}`);
    else this.list.removeAttribute("aria-activedescendant");
  }
}
