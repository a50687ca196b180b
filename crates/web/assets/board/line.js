// The line to the server: what waits is sent, then what changed is asked for, one after the other and never at once. What was
// not answered is sent again under the same ids, so it is done once.

const REST = 1500;
const REST_HIDDEN = 15000;
const LONGEST = 15000;
const AT_ONCE = 50;

export class Line {
  #address;
  #state;
  #hear;
  #wake = () => {};
  #failures = 0;

  // `hear` is told what changed, what was refused, and whether there is a connection.
  constructor(address, state, hear) {
    [this.#address, this.#state, this.#hear] = [address, state, hear];
    document.addEventListener("visibilitychange", () => this.now());
    addEventListener("online", () => this.now());
  }

  // Something waits.
  now() {
    this.#wake();
  }

  async #ask(path, options) {
    const response = await fetch(this.#address + path, { signal: AbortSignal.timeout(20000), ...options });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  async #turn() {
    const acts = this.#state.pending.slice(0, AT_ONCE);
    if (acts.length > 0) {
      const headers = { "content-type": "application/json" };
      const { answers } = await this.#ask("/acts", { method: "POST", headers, body: JSON.stringify({ acts }) });
      this.#hear.refused(this.#state.answered(answers));
    }
    const since = this.#state.line ? `?line=${this.#state.line}&after=${this.#state.last}` : "";
    const { changed, taken } = this.#state.take(await this.#ask(`/changes${since}`));
    if (changed || acts.length > 0) this.#hear.changed(taken);
  }

  async run() {
    for (;;) {
      try {
        await this.#turn();
        if (this.#failures > 0) this.#hear.connected(true);
        this.#failures = 0;
      } catch {
        this.#failures += 1;
        if (this.#failures === 1) this.#hear.connected(false);
      }
      this.#hear.rested(this.#state.pending.length);
      const rest = this.#failures > 0 ? Math.min(LONGEST, 1000 * 2 ** (this.#failures - 1)) : document.hidden ? REST_HIDDEN : REST;
      if (this.#failures === 0 && this.#state.pending.length > 0) continue;
      await new Promise((done) => {
        const timer = setTimeout(done, rest);
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }
}
