// "Move to": a theme is found by typing a part of its name, walked to with the arrow keys, or made anew. Also asks for a name.

const fold = (text) => text.normalize("NFKC").toLocaleLowerCase();

function dialogWith(className, title, close) {
  const dialog = document.createElement("dialog");
  dialog.className = `board-dialog ${className}`;
  const heading = document.createElement("h2");
  heading.id = `${className}-title`;
  heading.textContent = title;
  dialog.setAttribute("aria-labelledby", heading.id);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.textContent = close;
  button.addEventListener("click", () => dialog.close());
  dialog.append(heading);
  document.body.append(dialog);
  return { dialog, heading, button };
}

export function makeMenu(words, { themes, move, moveToNew }) {
  const { dialog, button } = dialogWith("move-to", words.move, words.close);
  const label = document.createElement("label");
  label.htmlFor = "find-theme";
  label.textContent = words.find;
  const input = document.createElement("input");
  Object.assign(input, { id: "find-theme", type: "text", autocomplete: "off" });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", "found-themes");
  input.setAttribute("aria-autocomplete", "list");
  const list = document.createElement("ul");
  list.id = "found-themes";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.themes);
  const none = document.createElement("p");
  none.className = "meta";
  dialog.append(label, input, list, none, button);
  let found = [];
  let at = 0;

  function draw() {
    const typed = fold(input.value.trim());
    found = [{ id: null, name: words.notPlaced }, ...themes()].filter((t) => fold(t.name).includes(typed));
    const exact = found.some((t) => fold(t.name) === typed);
    if (typed && !exact) found.push({ make: input.value.trim(), name: `${words.new}: ${input.value.trim()}` });
    at = Math.max(0, Math.min(at, found.length - 1));
    list.replaceChildren(
      ...found.map((theme, n) => {
        const option = document.createElement("li");
        option.id = `found-${n}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", String(n === at));
        option.textContent = theme.name;
        return option;
      }),
    );
    list.hidden = found.length === 0;
    none.textContent = found.length === 0 ? words.nobody : "";
    if (found.length > 0) input.setAttribute("aria-activedescendant", `found-${at}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function choose(theme) {
    if (!theme) return;
    dialog.close();
    if (theme.make) moveToNew(theme.make);
    else move(theme.id);
  }

  input.addEventListener("input", () => {
    // Not placed is the first of all, and what is typed is a theme's name.
    at = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      at += by;
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[at]);
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(found[[...list.children].indexOf(option)]);
  });
  return () => {
    input.value = "";
    at = themes().length > 0 ? 1 : 0;
    draw();
    dialog.showModal();
    input.focus();
  };
}

// Asks for a name; calls back with it.
export function makeNaming(words) {
  const { dialog, heading, button } = dialogWith("naming", words.rename, words.close);
  const form = document.createElement("form");
  const label = document.createElement("label");
  label.htmlFor = "theme-says";
  const input = document.createElement("input");
  Object.assign(input, { id: "theme-says", type: "text", autocomplete: "off", maxLength: 160, required: true });
  const save = document.createElement("button");
  Object.assign(save, { type: "submit", className: "button", textContent: words.make });
  form.append(label, input, save, button);
  dialog.append(form);
  let then = () => {};
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = input.value.trim();
    if (!name) return;
    dialog.close();
    then(name);
  });
  return (title, name, done) => {
    heading.textContent = title;
    label.textContent = title;
    input.value = name;
    then = done;
    dialog.showModal();
    input.select();
  };
}

// A note, whole.
export function makeReading(words) {
  const { dialog, button } = dialogWith("reading", words.whole, words.close);
  const text = document.createElement("p");
  text.className = "prose";
  const meta = document.createElement("p");
  meta.className = "meta";
  const link = document.createElement("a");
  link.textContent = words.open;
  const more = document.createElement("p");
  more.append(link);
  dialog.append(text, meta, more, button);
  return (note) => {
    text.textContent = note.seen;
    meta.textContent = [words[note.kind], note.place, note.outing, note.consented ? words.consented : ""].filter(Boolean).join(" · ");
    link.href = `/notes/${note.id}`;
    dialog.showModal();
  };
}
