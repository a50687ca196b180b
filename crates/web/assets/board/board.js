// The live board: puts its parts together. The plain board below it stays for whoever has no script; here it is folded away.
import { listen as drags } from "./drag.js";
import { listen as keyboard } from "./keys.js";
import { Line } from "./line.js";
import { makeMenu, makeNaming, makeReading } from "./menu.js";
import { State } from "./state.js";
import { Tray } from "./tray.js";
import { make } from "./view.js";

const root = document.getElementById("board");

function start() {
  const words = {};
  for (const [key, text] of Object.entries(root.dataset)) {
    if (key.startsWith("say")) words[key[3].toLowerCase() + key.slice(4)] = text;
  }
  const state = new State();
  let at = new URLSearchParams(location.search).get("theme") || null;
  const view = make(words);
  root.append(...view.parts);
  const tray = new Tray(view.list, state, words);
  const naming = makeNaming(words);
  const reading = makeReading(words);
  const nameOf = (theme) => state.themes.find((t) => t.id === theme)?.name ?? words.notPlaced;
  let said = "";
  const say = (text) => {
    // The same sentence twice is said twice.
    view.live.textContent = said === text ? `${text}\u00a0` : text;
    said = view.live.textContent;
  };

  function draw(anew = false) {
    if (at && !state.themes.some((t) => t.id === at)) [at, anew] = [null, true];
    tray.show(state.list(at), { anew });
    view.draw(state, at, tray.picked.size);
  }

  const held = () => (tray.picked.size > 0 ? [...tray.picked] : tray.current ? [tray.current] : []);

  function move(notes, theme) {
    const count = state.place(notes, theme);
    tray.picked.clear();
    draw();
    if (count > 0) say(words.moved.replace("{n}", count).replace("{theme}", nameOf(theme)));
    line.now();
  }

  function undo() {
    const back = state.undo();
    draw();
    if (back?.count > 0) say(words.moved.replace("{n}", back.count).replace("{theme}", nameOf(back.to)));
    line.now();
  }

  function clear() {
    tray.picked.clear();
    draw();
  }

  function name(text, theme, seen) {
    const made = state.name(text, theme, seen);
    draw();
    say(words.named.replace("{theme}", text));
    line.now();
    return made;
  }

  const menu = makeMenu(words, {
    themes: () => state.themes,
    move: (theme) => {
      move(held(), theme);
      view.list.focus();
    },
    moveToNew: (text) => {
      move(held(), name(text));
      view.list.focus();
    },
  });
  const openMenu = () => held().length > 0 && menu();

  function rename(theme) {
    const { name: now, names } = state.themes.find((t) => t.id === theme);
    // What was seen when the pen was taken up; a name that comes in meanwhile stays beside the new one.
    const seen = names.map((n) => n.id);
    naming(words.rename, now, (text) => name(text, theme, seen));
  }

  keyboard(tray, { move: openMenu, read: (id) => reading(state.notes.get(id)), undo, clear });
  drags(tray, root, { drop: move });
  view.list.addEventListener("picked", () => {
    view.draw(state, at, tray.picked.size);
    if (tray.picked.size > 0) say(words.picked.replace("{n}", tray.picked.size));
  });
  view.list.addEventListener("dblclick", (event) => {
    const row = event.target.closest(".note-row");
    if (row) reading(state.notes.get(row.dataset.note));
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { tool, open, put, rename: theme, keep } = button.dataset;
    if (tool === "move") openMenu();
    else if (tool === "undo") undo();
    else if (tool === "clear") clear();
    else if (tool === "new") naming(words.new, "", (text) => name(text));
    else if (put !== undefined) move(held(), put || null);
    else if (theme) rename(theme);
    else if (keep !== undefined) name(keep, at, state.themes.find((t) => t.id === at).names.map((n) => n.id));
    else if (open !== undefined) {
      at = open || null;
      draw(true);
    }
  });

  let first = true;
  const line = new Line(root.dataset.board, state, {
    changed(taken) {
      draw(first);
      if (first) root.dataset.ready = "yes";
      first = false;
      for (const one of taken) say(words.movedBy.replace("{by}", one.by ?? "–").replace("{theme}", nameOf(one.theme)));
    },
    refused(why) {
      for (const sentence of why) say(words.refused.replace("{why}", sentence));
    },
    connected: (yes) => say(yes ? words.online : words.offline),
    rested: (waiting) => (root.dataset.waiting = waiting),
  });
  addEventListener("beforeunload", (event) => {
    if (state.pending.length > 0) event.preventDefault();
  });

  document.querySelector("[data-plain]").hidden = true;
  root.hidden = false;
  line.run();
}

if (root) start();
