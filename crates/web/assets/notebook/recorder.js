// The recorder on a page: starts at once, shows how long, asks what is said before it is kept.

import { button, field, h } from "./dom.js";
import { record } from "./voice.js";

const clock = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;

// Draws into `box`; calls `attach(blob, text)` when it is to be kept.
export async function voice(app, box, context, attach) {
  const { t } = app;
  if (context.recording) return;
  const time = h("strong.time", {}, "0:00");
  const stop = button(t("voice-stop"), () => end(), ".button--keep");
  box.replaceChildren(h("div.recorder", {}, h("p", { role: "status" }, h("span.dot", {}), t("voice-runs"), " ", time), stop));
  let recording;
  try {
    recording = await record({ tick: (s) => (time.textContent = `${clock(s)} / 3:00`), full: () => end() });
  } catch {
    box.replaceChildren(h("p.notice.notice--warn", { role: "alert" }, t("voice-failed")));
    return;
  }
  context.recording = recording;
  stop.focus();
  const end = async () => {
    if (context.recording !== recording) return;
    context.recording = undefined;
    const blob = await recording.stop();
    const text = h("input", { type: "text", maxlength: "300", dir: "auto" });
    const wrong = h("p.error", { role: "alert" });
    const url = URL.createObjectURL(blob);
    const close = () => {
      URL.revokeObjectURL(url);
      box.replaceChildren();
    };
    const keep = async () => {
      if (!text.value.trim()) {
        wrong.textContent = t("voice-text-first");
        text.focus();
      } else if (await attach(blob, text.value.trim())) close();
    };
    box.replaceChildren(h("div.recorder", {}, h("audio", { src: url, controls: true, "aria-label": t("voice") }), field(t("voice-text"), text, t("voice-text-hint")), wrong,
      h("div.buttons", {}, button(t("voice-keep"), keep), button(t("voice-drop"), close, ".button--quiet"))));
    text.focus();
  };
}
