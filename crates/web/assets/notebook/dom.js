// Elements in one line: h("button.big", { onclick }, "text"). Words of people go in as text, never as markup.

export function h(what, props = {}, ...children) {
  const [, tag, id, classes] = what.match(/^([a-z0-9]+)(#[\w-]+)?((?:\.[\w-]+)*)$/i);
  const node = document.createElement(tag);
  if (id) node.id = id.slice(1);
  if (classes) node.className = classes.slice(1).replaceAll(".", " ");
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (["value", "checked", "hidden", "disabled", "selected", "srcObject"].includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const NS = "http://www.w3.org/2000/svg";

export function svg(viewBox, paths, props = {}) {
  const node = document.createElementNS(NS, "svg");
  node.setAttribute("viewBox", viewBox);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  for (const d of [paths].flat()) {
    const path = document.createElementNS(NS, "path");
    path.setAttribute("d", d);
    node.append(path);
  }
  return node;
}

const ICONS = {
  saw: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  said: "M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-8l-5 4v-4H4A1.5 1.5 0 0 1 2.5 15V6A1.5 1.5 0 0 1 4 4.5z M7 9h10 M7 12.5h6",
  wonder: "M9 9.3a3.1 3.1 0 1 1 4.6 2.7c-1 .6-1.6 1.2-1.6 2.5 M12 18v.2 M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z",
  card: "M3 6h18v12H3z M6.5 10h5 M6.5 14h3 M15 10h2.5v4H15z",
  safe: "M12 2.5l8 3v6c0 5-3.4 8.5-8 10-4.6-1.5-8-5-8-10v-6z M8.5 12l2.5 2.5 4.5-5",
  diary: "M6 3h12.5v18H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z M8 3v18 M12 8h4 M12 12h4",
  photo: "M3 8h4l1.5-2.5h7L17 8h4v11H3z M12 10.5a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z",
  voice: "M12 3a3 3 0 0 0-3 3v5.5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z M5.5 11.5a6.5 6.5 0 0 0 13 0 M12 18v3",
  place: "M12 21.5s7-6.3 7-11.7a7 7 0 0 0-14 0c0 5.4 7 11.7 7 11.7z M12 7.5a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z",
  back: "M14.5 5l-7 7 7 7",
  phone: "M7.5 2.5h9v19h-9z M11 18.5h2",
  cloud: "M7 18.5a4.5 4.5 0 0 1-.6-8.96A5.8 5.8 0 0 1 17.6 9 4.8 4.8 0 0 1 17 18.5z M9 14l2.3 2.3 4-4.6",
  lock: "M6 11h12v9.5H6z M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
};

export const icon = (name) => svg("0 0 24 24", ICONS[name], { class: "icon", "aria-hidden": "true" });

let turn = 0;
// A field with its label and hint, tied together.
export function field(label, input, hint) {
  const id = `f${(turn += 1)}`;
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}h`);
  return h("div.field", {}, h("label", { for: id }, label), hint && h("p.hint", { id: `${id}h` }, hint), input);
}

export function tick(label, { type = "checkbox", ...props }) {
  const id = `f${(turn += 1)}`;
  return h("div.tick", {}, h("input", { id, type, ...props }), h("label", { for: id }, label));
}

export const button = (label, onclick, kind = "", props = {}) => h(`button.button${kind}`, { type: "button", onclick, ...props }, label);

// An area that grows with what is written. Browsers write what stands in a field into files of their own, so that a tab
// can be restored; "off" keeps them from it.
export const area = (props) => h("textarea", { rows: "3", autocapitalize: "sentences", autocomplete: "off", ...props });

// Draws anew what changed and nothing else: what was folded open stays open, and the finger stays where it was.
export function redraw(box, ...nodes) {
  const next = h("div", {}, ...nodes);
  if (box.drawn === next.innerHTML) return;
  box.drawn = next.innerHTML;
  const open = new Set([...box.querySelectorAll("details[open] > summary")].map((s) => s.textContent));
  for (const summary of next.querySelectorAll("summary")) if (open.has(summary.textContent)) summary.parentNode.open = true;
  const at = box.contains(document.activeElement) ? document.activeElement : null;
  box.replaceChildren(...next.childNodes);
  if (!at) return;
  const same = [...box.querySelectorAll(at.tagName)].find((n) => n.textContent === at.textContent && n.getAttribute("href") === at.getAttribute("href"));
  same?.focus({ preventScroll: true });
}
