// The pointer: a click picks a note up and another click on "put here" lets it go; or it is dragged onto a theme. One listener
// for all notes. While something is dragged only a small paper follows the pointer, by its transform.

const FAR = 6;

export function listen(tray, root, { drop }) {
  let start = null;
  let paper = null;
  let over = null;

  const forget = () => {
    paper?.remove();
    over?.classList.remove("is-over");
    root.classList.remove("is-dragging");
    [start, paper, over] = [null, null, null];
  };

  tray.list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".note-row");
    // A finger scrolls; it picks up by touching, and puts down by touching.
    if (!row || event.button !== 0) return;
    start = { x: event.clientX, y: event.clientY, id: row.dataset.note, mouse: event.pointerType !== "touch" };
  });

  addEventListener("pointermove", (event) => {
    if (!start?.mouse) return;
    if (!paper) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < FAR) return;
      const count = tray.picked.has(start.id) ? tray.picked.size : 1;
      paper = document.createElement("div");
      paper.className = "paper";
      paper.textContent = String(count);
      root.append(paper);
      root.classList.add("is-dragging");
    }
    paper.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 12}px)`;
    const target = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-drop]") ?? null;
    if (target !== over) {
      over?.classList.remove("is-over");
      target?.classList.add("is-over");
      over = target;
    }
  });

  addEventListener("pointerup", (event) => {
    if (!start) return;
    const { id } = start;
    if (paper) {
      if (over) drop(tray.picked.has(id) ? [...tray.picked] : [id], over.dataset.drop || null);
    } else if (event.target.closest?.(".note-row")?.dataset.note === id) {
      if (event.shiftKey) tray.pickTo(id);
      else {
        tray.stand(tray.indexOf(id));
        tray.pick(id);
      }
      tray.list.dispatchEvent(new CustomEvent("picked"));
    }
    forget();
  });
  addEventListener("pointercancel", forget);
  addEventListener("keydown", (event) => event.key === "Escape" && paper && forget());
}
