// A QR code of an address: byte mode, level M, versions 1 to 6 (ISO/IEC 18004). Rows of true and false.

// For each version: data bytes, check bytes of a block, blocks, and where the alignment pattern stands (0: none).
const VERSIONS = [[16, 10, 1, 0], [28, 16, 1, 18], [44, 26, 1, 22], [64, 18, 2, 26], [86, 24, 2, 30], [108, 16, 4, 34]];

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i += 1, x = x & 128 ? (x << 1) ^ 0x11d : x << 1) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

function reedSolomon(data, count) {
  let generator = [1];
  for (let i = 0; i < count; i += 1) {
    const next = [...generator, 0];
    generator.forEach((g, at) => (next[at + 1] ^= times(g, EXP[i])));
    generator = next;
  }
  const rest = [...data, ...new Array(count).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const lead = rest[at];
    generator.forEach((g, i) => (rest[at + i] ^= times(g, lead)));
  }
  return rest.slice(data.length);
}

function codewords(bytes, [room, checks, blocks]) {
  const bits = [0, 1, 0, 0];
  const push = (value, length) => { for (let i = length - 1; i >= 0; i -= 1) bits.push((value >> i) & 1); };
  push(bytes.length, 8);
  bytes.forEach((b) => push(b, 8));
  for (let i = 0; i < 4 && bits.length < room * 8; i += 1) bits.push(0);
  while (bits.length % 8) bits.push(0);
  const data = [];
  for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);
  const size = room / blocks;
  const parts = Array.from({ length: blocks }, (_, b) => data.slice(b * size, (b + 1) * size));
  const tails = parts.map((part) => reedSolomon(part, checks));
  const woven = (rows) => rows[0].flatMap((_, at) => rows.map((row) => row[at]));
  return [...woven(parts), ...woven(tails)];
}

// Finder, timing and alignment patterns; null is where data goes.
function ground(version, align) {
  const size = 17 + 4 * version;
  const rows = Array.from({ length: size }, () => new Array(size).fill(null));
  const ringed = (cx, cy, reach, dark) => {
    for (let dy = -reach; dy <= reach; dy += 1) {
      for (let dx = -reach; dx <= reach; dx += 1) {
        const [x, y] = [cx + dx, cy + dy];
        if (x >= 0 && y >= 0 && x < size && y < size) rows[y][x] = dark(Math.max(Math.abs(dx), Math.abs(dy)));
      }
    }
  };
  for (let i = 8; i < size - 8; i += 1) rows[6][i] = rows[i][6] = i % 2 === 0;
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) ringed(x, y, 4, (r) => r !== 2 && r !== 4);
  if (align) ringed(align, align, 2, (r) => r !== 1);
  for (let i = 0; i < 9; i += 1) {
    rows[8][i] ??= false;
    rows[i][8] ??= false;
    if (i < 8) {
      rows[8][size - 1 - i] ??= false;
      rows[size - 1 - i][8] ??= false;
    }
  }
  rows[size - 8][8] = true;
  return rows;
}

function* places(size) {
  let up = true;
  for (let right = size - 1; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let i = 0; i < size; i += 1) for (const x of [right, right - 1]) yield [x, up ? size - 1 - i : i];
  }
}

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// Level M is 00; the mask follows; ten check bits; then the fixed pattern that keeps it from being all light.
function format(rows, mask) {
  const size = rows.length;
  let rest = mask << 10;
  for (let i = 14; i >= 10; i -= 1) if ((rest >> i) & 1) rest ^= 0x537 << (i - 10);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  for (let i = 0; i < 15; i += 1) {
    const dark = ((bits >> i) & 1) === 1;
    if (i < 6) rows[i][8] = dark;
    else if (i < 8) rows[i + 1][8] = dark;
    else rows[size - 15 + i][8] = dark;
    if (i < 8) rows[8][size - 1 - i] = dark;
    else if (i === 8) rows[8][7] = dark;
    else rows[8][14 - i] = dark;
  }
  rows[size - 8][8] = true;
}

function penalty(rows) {
  const size = rows.length;
  let sum = 0;
  let dark = 0;
  const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))];
  for (const line of lines) {
    for (let at = 0, run = 1; at < size; at += 1, run += 1) {
      if (at === size - 1 || line[at] !== line[at + 1]) {
        if (run >= 5) sum += run - 2;
        run = 0;
      }
    }
    const text = line.map((d) => (d ? 1 : 0)).join("");
    for (let at = 0; at + 11 <= size; at += 1) {
      const part = text.slice(at, at + 11);
      if (part === "10111010000" || part === "00001011101") sum += 40;
    }
  }
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (rows[y][x]) dark += 1;
      if (x && y && rows[y][x] === rows[y - 1][x] && rows[y][x] === rows[y][x - 1] && rows[y][x] === rows[y - 1][x - 1]) sum += 3;
    }
  }
  return sum + 10 * Math.floor(Math.abs((dark * 100) / (size * size) - 50) / 5);
}

export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const at = VERSIONS.findIndex(([room]) => bytes.length + 2 <= room);
  if (at < 0) throw new RangeError("the address is too long for a code that old phones read");
  const words = codewords(bytes, VERSIONS[at]);
  const bare = ground(at + 1, VERSIONS[at][3]);
  let best;
  MASKS.forEach((mask, number) => {
    const rows = bare.map((row) => [...row]);
    let bit = 0;
    for (const [x, y] of places(rows.length)) {
      if (bare[y][x] !== null) continue;
      // Bits that remain over are light before the mask.
      const dark = bit < words.length * 8 && ((words[bit >> 3] >> (7 - (bit & 7))) & 1) === 1;
      rows[y][x] = dark !== mask(x, y);
      bit += 1;
    }
    format(rows, number);
    const worth = penalty(rows);
    if (!best || worth < best.worth) best = { worth, rows };
  });
  return best.rows;
}

// The same as one path of an SVG, with the quiet zone of four modules around it.
export function qrPath(rows) {
  const path = [];
  rows.forEach((row, y) => row.forEach((dark, x) => dark && path.push(`M${x + 4} ${y + 4}h1v1h-1z`)));
  return { size: rows.length + 8, path: path.join("") };
}
