// A picture before it is kept: whoever did not say yes is made unrecognisable first, by finger or by keyboard. The
// original is never stored, and where and with what it was taken goes, since it is drawn anew.

import { cover, hide } from "./blur.js";
import { button, field, h } from "./dom.js";

const LONGEST = 1600;

async function drawn(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    const url = URL.createObjectURL(file);
    picture = new Image();
    picture.src = url;
    await picture.decode().finally(() => URL.revokeObjectURL(url));
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = h("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close?.();
  return { canvas, pen, ground: pen.getImageData(0, 0, canvas.width, canvas.height) };
}

// The boxes are in the pixels themselves: what is shown is what will be kept.
function paint({ pen, ground, canvas }, boxes) {
  const image = new ImageData(new Uint8ClampedArray(ground.data), canvas.width, canvas.height);
  for (const box of boxes) (box.black ? cover : hide)(image, box);
  pen.putImageData(image, 0, 0);
}

const asJpeg = (canvas, quality) => new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error("picture"))), "image/jpeg", quality));

async function small(canvas, most) {
  for (const quality of [0.82, 0.65, 0.45]) {
    const blob = await asJpeg(canvas, quality);
    if (blob.size <= most) return blob;
  }
  return asJpeg(canvas, 0.3);
}

function normal(box, { width, height }) {
  const w = Math.max(8, Math.min(width, box.w));
  const hh = Math.max(8, Math.min(height, box.h));
  return { ...box, w, h: hh, x: Math.max(0, Math.min(width - w, box.x)), y: Math.max(0, Math.min(height - hh, box.y)) };
}

// Resolves to { blob, text }, or to null when it is not to be kept.
export async function photo(app, file) {
  const { t } = app;
  let picture;
  try {
    picture = await drawn(file);
  } catch {
    app.say(t("picture-unreadable"), "bad");
    return null;
  }
  const { canvas } = picture;
  const boxes = [];
  let black = false;
  let waiting = false;
  const repaint = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      paint(picture, boxes);
    });
  };
  const stage = h("div.stage", {}, canvas);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", t("picture"));
  const put = (node, box) => {
    const per = (v, of) => `${(v / of) * 100}%`;
    Object.assign(node.style, { left: per(box.x, canvas.width), top: per(box.y, canvas.height), width: per(box.w, canvas.width), height: per(box.h, canvas.height) });
  };
  const toImage = (event) => {
    const seen = canvas.getBoundingClientRect();
    return { x: ((event.clientX - seen.left) / seen.width) * canvas.width, y: ((event.clientY - seen.top) / seen.height) * canvas.height };
  };
  const add = (box) => {
    const at = boxes.push(normal({ ...box, black }, canvas)) - 1;
    const made = boxes[at];
    const node = h("button.hidden-part", { type: "button", "aria-label": t(black ? "part-black" : "part-blurred"), "aria-describedby": "part-keys" });
    const move = (change) => {
      Object.assign(made, normal({ ...made, ...change }, canvas));
      put(node, made);
      repaint();
    };
    const remove = () => {
      boxes.splice(boxes.indexOf(made), 1);
      const next = node.nextElementSibling ?? node.previousElementSibling;
      node.remove();
      (next?.matches("button") ? next : more).focus();
      repaint();
    };
    node.addEventListener("keydown", (event) => {
      const by = Math.max(canvas.width, canvas.height) / 50;
      const [dx, dy] = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key] ?? [0, 0];
      if (dx || dy) {
        event.preventDefault();
        move(event.shiftKey ? { w: made.w + dx, h: made.h + dy } : { x: made.x + dx, y: made.y + dy });
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        remove();
      }
    });
    let from;
    node.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      node.setPointerCapture(event.pointerId);
      from = { ...toImage(event), was: { ...made } };
    });
    node.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = toImage(event);
      move({ x: from.was.x + to.x - from.x, y: from.was.y + to.y - from.y });
    });
    node.addEventListener("pointerup", () => (from = undefined));
    put(node, made);
    stage.append(node);
    repaint();
    return { node, move, made };
  };
  let drawing;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = { from: toImage(event) };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const to = toImage(event);
    const { from } = drawing;
    const box = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), w: Math.abs(to.x - from.x), h: Math.abs(to.y - from.y) };
    if (box.w < 10 && box.h < 10) return;
    drawing.part ??= add(box);
    drawing.part.move(box);
  });
  canvas.addEventListener("pointerup", () => (drawing = undefined));
  const middle = () => {
    const side = Math.min(canvas.width, canvas.height) / 4;
    add({ x: (canvas.width - side) / 2, y: (canvas.height - side) / 3, w: side, h: side }).node.focus();
  };
  const more = button(t("blur-face"), () => { black = false; middle(); }, ".button--quiet");
  const blacken = button(t("black-face"), () => { black = true; middle(); }, ".button--quiet");
  const undo = button(t("part-off"), () => {
    const last = stage.querySelector(".hidden-part:last-of-type");
    if (!last) return;
    boxes.pop();
    last.remove();
    repaint();
  }, ".button--quiet");
  const text = h("input", { type: "text", maxlength: "300", dir: "auto" });
  const wrong = h("p.error", { role: "alert" });
  const dialog = h("dialog.photo", { "aria-label": t("picture") });
  return new Promise((resolve) => {
    let result = null;
    dialog.addEventListener("close", () => {
      dialog.remove();
      canvas.width = canvas.height = 1;
      resolve(result);
    });
    const keep = async () => {
      if (!text.value.trim()) {
        wrong.textContent = t("picture-text-first");
        text.focus();
        return;
      }
      paint(picture, boxes);
      result = { blob: await small(canvas, app.state.self.pack?.limits?.picture_bytes ?? 12_000_000), text: text.value.trim() };
      dialog.close();
    };
    dialog.append(
      h("p.lead", {}, t("faces-lead")), stage, h("p.hint.keys", { id: "part-keys" }, t("part-keys")),
      h("div.buttons", {}, more, blacken, undo), field(t("note-picture-text"), text, t("note-picture-text-hint")), wrong,
      h("div.keep", {}, button(t("picture-keep"), keep, ".button--keep")),
      h("p.after", {}, button(t("picture-drop"), () => dialog.close(), ".button--quiet")));
    document.body.append(dialog);
    dialog.showModal();
  });
}
