// The diary: sealed on the device before it leaves it. A random key seals the entries; it is kept only wrapped, under a
// passphrase, a passkey, and a recovery key on paper. Open, it is a CryptoKey that cannot be taken out of the browser.

import { readRecoveryKey } from "./code.js";
import { fromBase64, joined, toBase64, utf8 } from "./id.js";

const VERSION = 1;
const ROUNDS = 600_000;
const PAD = 256;
const { subtle } = globalThis.crypto;
const random = (n) => crypto.getRandomValues(new Uint8Array(n));
const aes = (raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

// Which key: the first eight bytes of its hash. Two phones that began apart have two, and each opens its own entries.
export const keyName = async (raw) => toBase64(new Uint8Array(await subtle.digest("SHA-256", joined(utf8("freerange diary key"), raw))).subarray(0, 8));

async function sealed(key, name, bound, plain) {
  const iv = random(12);
  const body = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(bound) }, key, plain);
  return joined([VERSION], fromBase64(name), iv, new Uint8Array(body));
}

async function opened(key, bytes, bound) {
  if (bytes[0] !== VERSION) throw new Error("sealed by a newer notebook");
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: bytes.subarray(9, 21), additionalData: utf8(bound) }, key, bytes.subarray(21)));
}

const nameIn = (bytes) => toBase64(bytes.subarray(1, 9));

// The wrapping key of a secret: a passphrase is made expensive to guess, the two others cannot be guessed.
async function wrapping(sort, secret, salt) {
  const fast = sort !== "passphrase";
  const base = await subtle.importKey("raw", typeof secret === "string" ? utf8(secret) : secret, fast ? "HKDF" : "PBKDF2", false, ["deriveKey"]);
  const how = fast ? { name: "HKDF", hash: "SHA-256", salt, info: utf8(`freerange diary ${sort}`) } : { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export const plainSecret = (sort, typed) => (sort === "recovery" ? readRecoveryKey(typed).key : typed.normalize("NFC"));

export const newKey = () => random(32);

// A wrapped copy for the server and other phones.
export async function wrap(raw, { id, sort, secret, salt = random(16), credential }) {
  const wrapped = await sealed(await wrapping(sort, secret, salt), await keyName(raw), `freerange diary key ${id} ${sort}`, raw);
  return { id, sort, salt: toBase64(salt), wrapped: toBase64(wrapped), ...(credential && { credential: toBase64(credential) }) };
}

// The bytes of the key in a wrapped copy, or null when the secret does not open it.
export async function unwrap({ id, sort, salt, wrapped }, secret) {
  try {
    return await opened(await wrapping(sort, secret, fromBase64(salt)), fromBase64(wrapped), `freerange diary key ${id} ${sort}`);
  } catch {
    return null;
  }
}

// The ring of keys that a secret opens: name to a key that cannot be taken out. Empty: the secret fits none.
export async function unlock(copies, sort, secret, also) {
  const ring = {};
  for (const copy of copies.filter((c) => c.sort === sort && (!also || also(c)))) {
    const raw = await unwrap(copy, secret);
    if (!raw) continue;
    ring[await keyName(raw)] = await aes(raw);
    raw.fill(0);
  }
  return ring;
}

export const ringOf = async (raw) => ({ [await keyName(raw)]: await aes(raw) });

// What is written is padded, so that its length says little, and bound to its entry and version, so that the server
// can put none in another's place.
export async function seal(ring, entry, version, value) {
  const text = JSON.stringify(value);
  const plain = utf8(text);
  const padded = new Uint8Array(Math.ceil((plain.length + 1) / PAD) * PAD).fill(32);
  padded.set(plain);
  const name = Object.keys(ring).sort()[0];
  return toBase64(await sealed(ring[name], name, `freerange diary ${entry} ${version}`, padded));
}

// The value, or null when none of the keys opens it.
export async function open(ring, entry, version, text) {
  try {
    const bytes = fromBase64(text);
    const key = ring[nameIn(bytes)];
    if (!key) return null;
    return JSON.parse(new TextDecoder().decode(await opened(key, bytes, `freerange diary ${entry} ${version}`)));
  } catch {
    return null;
  }
}
