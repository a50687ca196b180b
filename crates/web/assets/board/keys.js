// The keyboard in the list of notes. Letters count only while the list has the focus.

export function listen(tray, { move, read, undo, clear }) {
  tray.list.addEventListener("keydown", (event) => {
    const key = event.key;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") {
      event.preventDefault();
      undo();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const walks = {
      ArrowDown: () => tray.walk(1),
      ArrowUp: () => tray.walk(-1),
      PageDown: () => tray.walk(tray.page()),
      PageUp: () => tray.walk(-tray.page()),
      Home: () => tray.stand(0),
      End: () => tray.stand(tray.count - 1),
      " ": () => tray.current && tray.pick(tray.current),
      m: move,
      M: move,
      Enter: () => tray.current && read(tray.current),
      Escape: clear,
    };
    const walk = walks[key];
    if (!walk) return;
    event.preventDefault();
    walk();
    tray.list.dispatchEvent(new CustomEvent("picked"));
  });
}
