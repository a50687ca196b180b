// The notebook as a file: the last way out when a phone does not come near a signal, or is to be given back. The diary
// stays sealed in it.

import { fromBase64, micros, toBase64 } from "./id.js";

const FORMAT = "freerange-notebook";

// Parts of the file, one thing a line, so that not all pictures lie in memory at once.
export async function* written(store, now = Date.now()) {
  const person = await store.read("self", "person");
  const keys = (await store.read("self", "keys")) ?? [];
  yield `{"format":"${FORMAT}","version":1,"made":${micros(now)},"person":${JSON.stringify(person)},"keys":${JSON.stringify(keys)}`;
  for (const box of ["outbox", "notes", "consents", "diary", "outs"]) {
    const things = await store.list(box);
    yield `,\n"${box}":[\n${things.map((thing) => JSON.stringify(thing)).join(",\n")}\n]`;
  }
  yield ',\n"files":[\n';
  let first = true;
  for (const { blob, ...file } of await store.list("files")) {
    if (file.state === "draft") continue;
    const data = toBase64(new Uint8Array(await blob.arrayBuffer()));
    yield `${first ? "" : ",\n"}${JSON.stringify({ ...file, data })}`;
    first = false;
  }
  yield "\n]}\n";
}

export async function exported(store, now) {
  const parts = [];
  for await (const part of written(store, now)) parts.push(new Blob([part]));
  return new Blob(parts, { type: "application/json" });
}

// Takes a file in. What is there already stays as it is; nothing doubles, since ids stay the same. Throws "format" or
// "person" when it is not such a file, or somebody else's.
export async function imported(store, text) {
  let read;
  try {
    read = JSON.parse(text);
  } catch {
    throw new Error("format");
  }
  if (read?.format !== FORMAT || !Array.isArray(read.outbox) || !Array.isArray(read.files)) throw new Error("format");
  const person = await store.read("self", "person");
  if (person && read.person && person !== read.person) throw new Error("person");
  let count = 0;
  await store.change(["self", "outbox", "consents", "outs"], async (step) => {
    if (!person && read.person) step.put("self", "person", read.person);
    const keys = (await step.get("self", "keys")) ?? [];
    step.put("self", "keys", [...keys, ...(read.keys ?? []).filter((k) => !keys.some((o) => o.id === k.id)).map((k) => ({ ...k, sent: false }))]);
    // What the other phone had sent is with the server, which tells it by itself.
    for (const item of read.outbox) {
      if (await step.get("outbox", item.id)) continue;
      step.put("outbox", item.id, { ...item, state: item.state === "refused" ? "refused" : "new" });
      count += 1;
    }
    // The server may have taken back what it told the other phone: only what it has not heard is taken in.
    const own = new Set(read.outbox.map(({ record }) => record.what.consent ?? record.what.out));
    for (const thing of read.consents ?? []) {
      if (own.has(thing.given?.consent) && !(await step.get("consents", thing.given.consent))) step.put("consents", thing.given.consent, thing);
    }
    for (const thing of read.outs ?? []) if (own.has(thing.out) && !(await step.get("outs", thing.out))) step.put("outs", thing.out, thing);
  });
  for (const { data, ...file } of read.files) {
    if (file.state === "sent" || (await store.read("files", file.id))) continue;
    const blob = new Blob([fromBase64(data)], { type: file.mime });
    await store.change(["files"], (step) => step.put("files", file.id, { ...file, blob }));
    count += 1;
  }
  return count;
}
