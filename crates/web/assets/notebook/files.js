// Pictures and voices go up in pieces (tus 1.0): each piece with its check, and after a break from where the server
// says it stopped. A file is sent when its note is there.

import { about } from "./book.js";
import { micros, toBase64, utf8 } from "./id.js";
import { stopped } from "./sync.js";

const PIECE = 256 * 1024;
const HERE_STILL = 14 * 86_400_000;

const sha256 = async (bytes) => toBase64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
const TUS = { "tus-resumable": "1.0.0" };

const set = (store, id, change) =>
  store.change(["files"], async (step) => {
    const file = await step.get("files", id);
    // Taken away meanwhile: it stays away.
    if (file) step.put("files", id, { ...file, ...change });
  });

// Those that can go up: their note is there, or at least on its way no more.
export async function toSend(store) {
  return store.change(["files", "outbox"], async (step) => {
    const pending = new Set((await step.all("outbox")).filter((o) => o.record.what.kind === "note").map((o) => about(o.record)));
    return (await step.all("files")).filter((f) => f.state === "new" && !pending.has(f.note)).map((f) => f.id);
  });
}

const metadata = (fields) => Object.entries(fields).map(([k, v]) => `${k} ${toBase64(utf8(v))}`).join(",");

// Sends one file. Resolves to "sent", "refused", "later", "gone", or to why everything stops.
async function send({ store, request, piece = PIECE, now = Date.now }, file) {
  const at = `/notebook/files/${file.id}`;
  const bytes = new Uint8Array(await file.blob.arrayBuffer());
  const checksum = file.checksum ?? (await sha256(bytes));
  const fields = { id: file.id, note: file.note, mime: file.mime, text: file.text, checksum };
  const made = await request("POST", "/notebook/files", { headers: { ...TUS, "upload-length": `${bytes.length}`, "upload-metadata": metadata(fields) } });
  const verdict = await judge(store, file, made, now);
  if (verdict) return verdict;
  const asked = await request("HEAD", at, { headers: TUS });
  const asking = await judge(store, file, asked, now);
  if (asking) return asking;
  let offset = Number(asked.headers.get("upload-offset"));
  let spoiled = 0;
  while (offset < bytes.length) {
    const part = bytes.subarray(offset, offset + piece);
    const headers = { ...TUS, "content-type": "application/offset+octet-stream", "upload-offset": `${offset}`, "upload-checksum": `sha256 ${await sha256(part)}` };
    const answer = await request("PATCH", at, { headers, body: part });
    if (answer.status === 460 && (spoiled += 1) < 4) continue;
    if (answer.status === 409 && !reason(answer)) {
      // It has more or less than we thought: it is asked.
      const again = await request("HEAD", at, { headers: TUS });
      const next = Number(again.headers.get("upload-offset"));
      if (again.status >= 300 || !Number.isFinite(next) || (spoiled += 1) > 4) return { stop: { end: "trouble", status: again.status } };
      offset = next;
      continue;
    }
    const failed = await judge(store, file, answer, now);
    if (failed) return failed;
    const next = Number(answer.headers.get("upload-offset"));
    if (!(next > offset)) return { stop: { end: "trouble", status: answer.status } };
    offset = next;
    await set(store, file.id, { offset, size: bytes.length });
  }
  await set(store, file.id, { state: "sent", sentAt: micros(now()), offset: bytes.length, checksum });
  return "sent";
}

const reason = (response) => response.json?.problem ?? "";

// What an answer other than "go on" means for this file. Undefined: go on.
async function judge(store, file, response, now) {
  const { status } = response;
  if (status >= 200 && status < 300) return undefined;
  const why = reason(response);
  if (status === 409 && why === "file-kept") {
    await set(store, file.id, { state: "sent", sentAt: micros(now()) });
    return "sent";
  }
  if (status === 409 && why === "note-not-here-yet") return "later";
  if (status === 410) {
    await store.change(["files"], (step) => step.drop("files", file.id));
    return "gone";
  }
  // Forgotten between two pieces: it begins again the next time.
  if (status === 404) return "later";
  if ([400, 403, 409, 413, 415, 422].includes(status)) {
    await set(store, file.id, { state: "refused", why: why || `${status}`, says: stopped(response).says });
    return "refused";
  }
  return { stop: stopped(response) };
}

export async function sendFiles({ store, request, piece, now, shown = () => {} }) {
  for (const id of await toSend(store)) {
    const file = await store.read("files", id);
    if (!file || file.state !== "new") continue;
    let result;
    try {
      result = await send({ store, request, piece, now }, file);
    } catch (error) {
      // The phone itself is full or gone: that is not the network's fault.
      if (error?.constructor?.name === "Full") throw error;
      return { end: "offline" };
    }
    if (result.stop) return result.stop;
    await shown();
  }
  return { end: "done" };
}

// What the server keeps stays here for a fortnight in case it has to go back to a copy; then, or when the phone is
// nearly full, it makes room.
export const makeRoom = (store, now = Date.now(), hard = false) =>
  store.change(["files"], async (step) => {
    let freed = 0;
    for (const file of await step.all("files")) {
      if (file.state !== "sent" || (!hard && file.sentAt / 1000 > now - HERE_STILL)) continue;
      step.drop("files", file.id);
      freed += file.size ?? 0;
    }
    return freed;
  });
