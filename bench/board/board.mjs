// How quickly a board answers: the real server, Chromium, a challenge with 5,000 notes; from the input (a key, a drag, a move) to the
// next paint by the Event Timing API, median and 98th percentile, also with a processor four times slower. Beside it, in the
// same run, the same with 100 notes. Ratios say more than milliseconds of one machine.
//
//     FREERANGE_BIN=PROGRAM node board.mjs
import { execFileSync } from "node:child_process";
import path from "node:path";
import { launch, open } from "../../e2e/lib/browser.mjs";
import { everything, session, startCity } from "../../e2e/lib/city.mjs";

const city = await startCity({ people: 240, seed: 5 });
const MANY = 5000;
const FEW = 100;
const ROUNDS = Number(process.env.ROUNDS ?? 60);

// Notes beside those that are there, of the same outing, each with words of its own.
function fill(challenge, count) {
  const program = [
    "import sqlite3, sys, uuid, random",
    "door = sqlite3.connect(sys.argv[1], timeout=60)",
    "challenge, count = uuid.UUID(sys.argv[2]).bytes, int(sys.argv[3])",
    "door.execute('DELETE FROM insight_note WHERE note_id IN (SELECT id FROM note WHERE challenge_id = ?)', (challenge,))",
    "base = door.execute('SELECT placement_id, outing_id, author_id, place_id, happened_at, created_at FROM note LIMIT 1').fetchone()",
    "have = door.execute('SELECT COUNT(*) FROM note WHERE challenge_id = ?', (challenge,)).fetchone()[0]",
    "words = 'stair lift lamp rent form page income queue letter bridge bus evening child square shop doctor neighbour dark wet late'.split()",
    "rng = random.Random(1)",
    "for n in range(max(0, count - have)):",
    "    note = uuid.uuid4().bytes",
    "    text = f'Note {n}: ' + ' '.join(rng.choices(words, k=22))",
    "    door.execute('INSERT INTO note (id, placement_id, outing_id, challenge_id, author_id, kind, seen, meaning, place_id, happened_at, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)', (note, base[0], base[1], challenge, base[2], 'saw', text, '', base[3], base[4], base[5]))",
    "    door.execute('INSERT INTO note_version (id, note_id, kind, seen, meaning, place_id, happened_at, made_at) VALUES (?,?,?,?,?,?,?,?)', (note, note, 'saw', text, '', base[3], base[4], base[5]))",
    "door.commit()",
  ];
  execFileSync("python3", ["-c", program.join("\n"), path.join(city.folder, "freerange.sqlite"), challenge, `${count}`]);
}

const of = (times, part) => times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;

async function measure(browser, token, challenge, slower) {
  const context = await open(browser, city, { token });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slower });
  const began = performance.now();
  await page.goto(`${city.base}/challenges/${challenge}/board`);
  await page.locator("#board[data-ready]").waitFor();
  const ready = performance.now() - began;
  await page.evaluate(() => {
    globalThis.times = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.interactionId) globalThis.times.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: false });
    // From the event to the paint after it, also where the browser rounds to eight milliseconds.
    globalThis.paints = [];
    for (const name of ["keydown", "pointermove", "pointerup"]) {
      addEventListener(name, (event) => {
        const from = event.timeStamp;
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => globalThis.paints.push([name, performance.now() - from]);
          port2.postMessage(0);
        });
      }, true);
    }
  });
  await page.locator("#board-notes").focus();
  for (let n = 0; n < ROUNDS; n += 1) await page.keyboard.press(n % 7 === 6 ? "PageDown" : "ArrowDown");
  // Moves: the menu, two letters, and there.
  for (let n = 0; n < ROUNDS / 6; n += 1) {
    await page.keyboard.press("m");
    await page.keyboard.press("Enter");
  }
  // A drag across the board.
  const box = await page.locator(".note-row").first().boundingBox();
  await page.mouse.move(box.x + 30, box.y + 30);
  await page.mouse.down();
  for (let n = 0; n < ROUNDS; n += 1) await page.mouse.move(box.x + 30 + n * 8, box.y + 30 + n * 2);
  await page.mouse.up();
  await page.waitForTimeout(300);
  const { paints, times } = await page.evaluate(() => ({ paints: globalThis.paints, times: globalThis.times }));
  await context.close();
  const told = Object.fromEntries(["keydown", "pointermove"].map((name) => {
    const all = paints.filter(([n]) => n === name).map(([, ms]) => ms);
    return [name, { median: of(all, 0.5), p98: of(all, 0.98) }];
  }));
  return { ready, told, events: { median: of(times, 0.5), p98: of(times, 0.98), count: times.length } };
}

const browser = await launch();
try {
  const open_ = everything(city).challenge.filter((c) => c.status === "open").slice(-2).map((c) => c.id);
  const [many, few] = open_;
  fill(many, MANY);
  fill(few, FEW);
  const token = await session(city, "staff");
  for (const slower of [1, 4]) {
    const base = await measure(browser, token, few, slower);
    const full = await measure(browser, token, many, slower);
    const line = (what, a, b) => console.log(`processor ${slower} times slower, ${what}: ${MANY} notes ${a.toFixed(1)} ms, ${FEW} notes ${b.toFixed(1)} ms, ratio ${(a / b).toFixed(2)}`);
    line("ready", full.ready, base.ready);
    for (const name of ["keydown", "pointermove"]) {
      line(`${name} to paint, median`, full.told[name].median, base.told[name].median);
      line(`${name} to paint, p98`, full.told[name].p98, base.told[name].p98);
    }
    if (full.events.count && base.events.count) line("Event Timing over 16 ms, p98", full.events.p98, base.events.p98);
  }
} finally {
  await browser.close();
  city.stop();
}
