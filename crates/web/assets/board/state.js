// What lies where. The server's board, and over it what was done here and is not acknowledged yet: the same acts are laid
// over whatever the server says, so nothing that was done here jumps back while it is on its way. Knows no page and no network.

export function id() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// The most notes that one act moves, as the server has it.
const AT_ONCE = 200;

export class State {
  notes = new Map();
  themes = [];
  // Acts that are not acknowledged yet, oldest first.
  pending = [];
  line = "";
  last = 0;
  #order = [];
  #told = [];
  #lists = new Map();
  // Where somebody here put a note, until somebody else moves it.
  #mine = new Map();
  #moves = [];

  // Takes in what the server says. Returns notes that were moved here and lie elsewhere now: somebody else moved them.
  take(changes) {
    if (changes.line === this.line && changes.last === this.last) return { changed: false, taken: [] };
    const taken = [];
    if (changes.whole) {
      this.notes.clear();
      this.#order = [];
    }
    for (const told of changes.notes) {
      const known = this.notes.get(told.id);
      if (!known) this.#order.push(told.id);
      this.notes.set(told.id, { ...told, at: told.theme });
      const put = this.#mine.get(told.id);
      if (put !== undefined && put !== told.theme && !this.#waits(told.id)) {
        taken.push({ id: told.id, by: told.moved_by, theme: told.theme });
        this.#mine.delete(told.id);
      }
    }
    if (changes.gone.length > 0) {
      for (const gone of changes.gone) {
        this.notes.delete(gone);
        this.#mine.delete(gone);
      }
      this.#order = this.#order.filter((one) => this.notes.has(one));
    }
    if (changes.themes.length > 0 || changes.whole || changes.last !== this.last) this.#told = changes.themes;
    this.line = changes.line;
    this.last = changes.last;
    this.#lay();
    return { changed: true, taken };
  }

  #waits(note) {
    return this.pending.some((act) => act.do === "place" && act.notes.includes(note));
  }

  // Lays what is on its way over what the server said.
  #lay() {
    this.#lists.clear();
    this.themes = this.#told.map((theme) => ({ ...theme, names: theme.names.map(({ id: wording, says }) => ({ id: wording, says })) }));
    for (const act of this.pending) this.#apply(act);
  }

  #apply(act) {
    if (act.do === "place") {
      for (const note of act.notes) {
        const lying = this.notes.get(note);
        if (lying) lying.at = act.theme;
      }
    } else if (act.do === "name") {
      const name = { id: act.wording, says: act.name };
      const theme = this.themes.find((t) => t.id === act.theme);
      if (!theme) this.themes.push({ id: act.theme, name: act.name, names: [name], rests: "" });
      else if (!theme.names.some((n) => n.id === act.wording)) {
        theme.names = [name, ...theme.names.filter((n) => !act.follows.includes(n.id))];
        theme.name = act.name;
      }
    }
    this.#lists.clear();
  }

  // What became of acts. Those that are done are the server's from now on.
  answered(answers) {
    const refused = [];
    for (const answer of answers) {
      const at = this.pending.findIndex((act) => act.id === answer.id);
      if (at < 0) continue;
      const [act] = this.pending.splice(at, 1);
      if (!answer.done) refused.push(answer.says);
      if (act.do === "place") {
        for (const note of act.notes) {
          const lying = this.notes.get(note);
          if (!lying) continue;
          if (answer.done) lying.theme = act.theme;
          else this.#mine.delete(note);
          lying.at = lying.theme;
        }
      } else if (act.do === "name" && answer.done && !this.#told.some((t) => t.id === act.theme)) {
        this.#told = [...this.#told, { id: act.theme, name: act.name, names: [{ id: act.wording, says: act.name }], rests: "" }];
      }
    }
    this.#lay();
    return refused;
  }

  #do(act) {
    this.pending.push({ id: id(), ...act });
    this.#apply(act);
  }

  // Ids of the notes in a theme, or of those that are not placed, in their order.
  list(theme) {
    if (!this.#lists.size) {
      for (const note of this.#order) {
        const at = this.notes.get(note).at ?? "";
        if (!this.#lists.has(at)) this.#lists.set(at, []);
        this.#lists.get(at).push(note);
      }
    }
    return this.#lists.get(theme ?? "") ?? [];
  }

  // Puts notes somewhere. Returns how many were elsewhere before.
  place(notes, theme) {
    const from = new Map();
    for (const note of notes) {
      const lying = this.notes.get(note);
      if (lying && lying.at !== theme) from.set(note, lying.at);
    }
    if (from.size === 0) return 0;
    this.#moves.push({ from, to: theme });
    this.#send([...from.keys()], theme);
    return from.size;
  }

  #send(notes, theme) {
    for (const note of notes) this.#mine.set(note, theme);
    for (let at = 0; at < notes.length; at += AT_ONCE) {
      this.#do({ do: "place", notes: notes.slice(at, at + AT_ONCE), theme });
    }
  }

  // Takes the last move back, for the notes that nobody has moved since.
  undo() {
    const move = this.#moves.pop();
    if (!move) return null;
    const back = new Map();
    for (const [note, from] of move.from) {
      if (this.notes.get(note)?.at !== move.to) continue;
      if (!back.has(from)) back.set(from, []);
      back.get(from).push(note);
    }
    for (const [from, notes] of back) this.#send(notes, from);
    return { count: [...back.values()].flat().length, to: [...back.keys()][0] ?? null };
  }

  // Makes a theme, or gives one another name instead of those that were seen.
  name(name, theme = id(), seen = []) {
    this.#do({ do: "name", theme, wording: id(), follows: seen, name });
    return theme;
  }
}
