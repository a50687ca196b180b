// What is being written is kept while it is written: at most a quarter of a second after a key, and when the page is
// hidden or left.

const DELAY = 250;

export class Draft {
  // `save(value)` keeps it; `told(error)` hears how it went.
  constructor(value, save, told = () => {}) {
    this.value = value;
    this.save = save;
    this.told = told;
    this.changed = false;
    this.last = Promise.resolve();
    this.leave = () => this.flush();
    addEventListener("pagehide", this.leave);
    document.addEventListener("visibilitychange", this.leave);
  }

  set(change) {
    Object.assign(this.value, change);
    this.changed = true;
    // Not put off by further keys: the oldest unsaved key waits no longer than the delay.
    this.timer ??= setTimeout(() => this.flush(), DELAY);
  }

  // One after the other, so that an older text never comes after a newer one.
  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.changed || this.over) return this.last;
    this.changed = false;
    const value = structuredClone(this.value);
    this.last = this.last.then(async () => {
      try {
        await this.save(value);
        this.told(null);
      } catch (error) {
        this.changed = true;
        this.told(error);
      }
    });
    return this.last;
  }

  // After it was kept or thrown away: nothing writes it again.
  async end() {
    clearTimeout(this.timer);
    this.over = true;
    removeEventListener("pagehide", this.leave);
    document.removeEventListener("visibilitychange", this.leave);
    await this.last;
  }
}
