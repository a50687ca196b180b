// Ids, moments and bytes as the wire wants them.

let lastMs = 0;
let turn = 0;

// A UUID of version 7: sorts by the moment it was made, within a millisecond by turn.
export function newId(ms = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  turn = ms === lastMs ? (turn + 1) & 0xfff : bytes[7] & 0x7f;
  lastMs = ms;
  for (let at = 5, rest = ms; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = 0x70 | (turn >> 8);
  bytes[7] = turn & 0xff;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// Moments are microseconds since 1970 on the wire and in what is kept.
export const micros = (ms = Date.now()) => Math.round(ms) * 1000;
export const millis = (us) => us / 1000;

export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

export const utf8 = (text) => new TextEncoder().encode(text);

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
