// The themes beside the notes: what each is called, how much lies in it, and where picked-up notes can be put.

export function make(words, id) {
  const el = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const live = el("p", "board-said");
  live.setAttribute("role", "status");
  const tools = el("div", "actions board-tools");
  const button = (text, name) => {
    const made = el("button", "button button--quiet", text);
    made.type = "button";
    made.dataset.tool = name;
    tools.append(made);
    return made;
  };
  button(words.move, "move");
  button(words.undo, "undo");
  button(words.clear, "clear");
  const panes = el("div", "board-panes");
  const left = el("section", "board-notes");
  const heading = el("h2");
  heading.id = "board-here";
  const rests = el("p", "meta");
  const two = el("div", "notice notice--warn board-two");
  two.hidden = true;
  const list = el("div", "tray");
  list.tabIndex = 0;
  list.id = "board-notes";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-multiselectable", "true");
  list.setAttribute("aria-labelledby", heading.id);
  list.setAttribute("aria-describedby", "board-keys");
  const empty = el("p", "empty", words.nothing);
  const keys = el("p", "hint", words.keys);
  keys.id = "board-keys";
  left.append(heading, rests, two, tools, list, empty, keys);
  const right = el("section", "board-themes");
  right.append(el("h2", "", words.themes));
  const themes = el("ul", "board-list");
  const fresh = el("button", "button button--quiet", words.new);
  fresh.type = "button";
  fresh.dataset.tool = "new";
  right.append(themes, fresh);
  panes.append(left, right);

  const cards = new Map();

  function card(key) {
    const li = el("li", "board-theme");
    li.dataset.drop = key;
    const open = el("button", "board-open");
    open.type = "button";
    open.dataset.open = key;
    const name = el("span", "board-name");
    const count = el("span", "board-count");
    open.append(name, count);
    const meta = el("p", "meta");
    const put = el("button", "button", words.here);
    put.type = "button";
    put.dataset.put = key;
    put.hidden = true;
    li.append(open, meta);
    if (key) {
      const rename = el("button", "button button--quiet board-rename", words.rename);
      rename.type = "button";
      rename.dataset.rename = key;
      li.append(rename);
    }
    li.append(put);
    return { li, name, count, meta, put, open, rename: li.querySelector(".board-rename") };
  }

  const set = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  // Only what changed is touched.
  function draw(state, at, picked) {
    const all = [{ id: "", name: words.notPlaced, rests: "", names: [] }, ...state.themes];
    const keep = new Set(all.map((t) => t.id));
    for (const [key, made] of cards) {
      if (!keep.has(key)) {
        made.li.remove();
        cards.delete(key);
      }
    }
    all.forEach((theme, n) => {
      let made = cards.get(theme.id);
      if (!made) {
        made = card(theme.id);
        cards.set(theme.id, made);
      }
      if (themes.children[n] !== made.li) themes.insertBefore(made.li, themes.children[n] ?? null);
      set(made.name, theme.name);
      set(made.count, String(state.list(theme.id || null).length));
      set(made.meta, theme.rests);
      const here = theme.id === (at ?? "");
      made.li.classList.toggle("is-here", here);
      made.li.classList.toggle("is-two", theme.names.length > 1);
      if (here) made.open.setAttribute("aria-current", "true");
      else made.open.removeAttribute("aria-current");
      const label = `${words.here}: ${theme.name}`;
      if (made.put.getAttribute("aria-label") !== label) made.put.setAttribute("aria-label", label);
      made.put.hidden = picked === 0 || here;
      if (made.rename) made.rename.setAttribute("aria-label", `${words.rename}: ${theme.name}`);
    });
    const here = all.find((t) => t.id === (at ?? "")) ?? all[0];
    set(heading, here.name);
    set(rests, here.rests);
    two.hidden = here.names.length < 2;
    if (!two.hidden) {
      two.replaceChildren(
        el("p", "", words.two),
        ...here.names.map((name) => {
          const keepIt = el("button", "button button--quiet", words.keep.replace("{name}", name.says));
          keepIt.type = "button";
          keepIt.dataset.keep = name.says;
          return keepIt;
        }),
      );
    }
    const none = state.list(at).length === 0;
    list.hidden = none;
    empty.hidden = !none;
    tools.querySelector("[data-tool=clear]").hidden = picked === 0;
  }

  return { parts: [live, panes], live, list, panes, draw, id };
}
