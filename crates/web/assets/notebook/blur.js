// Makes a part of a picture unrecognisable for good: few, large squares of one colour each. What was there is not in
// the pixels any more. Works on ImageData and whatever has data, width and height like it.

// At most so many squares across the shorter side of what is hidden.
const SQUARES = 5;

export function hide(image, { x, y, w, h }) {
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
  const [right, bottom] = [Math.min(image.width, Math.ceil(x + w)), Math.min(image.height, Math.ceil(y + h))];
  if (right <= left || bottom <= top) return;
  const side = Math.max(12, Math.ceil(Math.min(right - left, bottom - top) / SQUARES));
  for (let cy = top; cy < bottom; cy += side) {
    for (let cx = left; cx < right; cx += side) average(image, cx, cy, Math.min(right, cx + side), Math.min(bottom, cy + side));
  }
}

function average({ data, width }, left, top, right, bottom) {
  const sum = [0, 0, 0];
  const count = (right - left) * (bottom - top);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) for (let c = 0; c < 3; c += 1) sum[c] += data[(y * width + x) * 4 + c];
  }
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) for (let c = 0; c < 3; c += 1) data[(y * width + x) * 4 + c] = Math.round(sum[c] / count);
  }
}

// Black over it.
export function cover({ data, width, height }, { x, y, w, h }) {
  for (let py = Math.max(0, Math.floor(y)); py < Math.min(height, Math.ceil(y + h)); py += 1) {
    for (let px = Math.max(0, Math.floor(x)); px < Math.min(width, Math.ceil(x + w)); px += 1) data.set([0, 0, 0, 255], (py * width + px) * 4);
  }
}
