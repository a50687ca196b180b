// Codes that people read out and write on paper, as crates/domain/src/code.rs makes them: eight letters and digits
// and a check. Every single wrong character and every swap of two is noticed.

export const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY";
const BODY = 8;

// The weighted sum modulo the prime 29.
export const check = (digits) => ALPHABET[digits.reduce((sum, d, at) => sum + (at + 2) * d, 0) % ALPHABET.length];

const digits = (text) => Array.from(text, (c) => ALPHABET.indexOf(c));

// Eight random bytes make a code.
export function makeCode(bytes = crypto.getRandomValues(new Uint8Array(BODY))) {
  const body = Array.from(bytes, (b) => b % ALPHABET.length);
  return body.map((d) => ALPHABET[d]).join("") + check(body);
}

// As it stands on a card: K7MW-4QXT-R.
export const grouped = (code) => `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;

// The nine characters of what was typed, or the reason why it is no code: "length", "character" or "check".
export function readCode(typed) {
  const kept = typed.replace(/[\s\-–._]/gu, "").toUpperCase();
  if ([...kept].some((c) => !ALPHABET.includes(c))) return { problem: "character" };
  if (kept.length !== BODY + 1) return { problem: "length" };
  if (check(digits(kept.slice(0, BODY))) !== kept[BODY]) return { problem: "check" };
  return { code: kept };
}

// A key to print and keep in a drawer: groups of four with a check that knows the number of its group, so that two
// groups that changed places are noticed. Eight groups carry 155 bits.
export const GROUPS = 8;

export function makeRecoveryKey(random = (n) => crypto.getRandomValues(new Uint8Array(n))) {
  const groups = [];
  for (let g = 0; g < GROUPS; g += 1) {
    const body = [];
    // Bytes of 232 and more would make some letters likelier than others.
    while (body.length < 4) for (const b of random(8)) if (b < 232 && body.length < 4) body.push(b % ALPHABET.length);
    groups.push(body.map((d) => ALPHABET[d]).join("") + check([...body, g]));
  }
  return groups.join("-");
}

// The key without dashes, or which group is wrong (counted from one), or 0 when there are too few or too many.
export function readRecoveryKey(typed) {
  const kept = typed.replace(/[\s\-–._]/gu, "").toUpperCase();
  for (let g = 0; g < Math.min(GROUPS, Math.floor(kept.length / 5)); g += 1) {
    const group = kept.slice(g * 5, g * 5 + 5);
    const body = digits(group.slice(0, 4));
    if (body.includes(-1) || check([...body, g]) !== group[4]) return { wrong: g + 1 };
  }
  if (kept.length !== GROUPS * 5) return { wrong: 0 };
  return { key: kept };
}
