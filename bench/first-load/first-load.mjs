// What the notebook costs an old phone that opens it first: bytes of script and of everything, Lighthouse's scores on its slow
// phone (4 times slower processor, slow 4G), and the time until the capture buttons can be pressed with a processor 4 and 6 times
// slower, first with the network and then without it. A demo city on loopback; prints a table, and each time also as a ratio
// to the same page with the full processor.
//
//     node first-load.mjs PROGRAM [PORT]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import lighthouse from "lighthouse";
import { chromium, devices } from "playwright-core";

const [program, given] = process.argv.slice(2);
const port = Number(given ?? 18131);
const base = `http://127.0.0.1:${port}`;
const folder = mkdtempSync(path.join(tmpdir(), "freerange-first-load-"));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"];
const READY = ".capture";

function freePort() {
  return new Promise((done) => {
    const door = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = door.address();
      door.close(() => done(free));
    });
  });
}

async function startCity() {
  const server = spawn(program, ["demo", "--data", folder, "--people", "240", "--port", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const part of server.stdout) {
    said += part;
    if (said.includes("is ready")) break;
  }
  const [, email, password] = said.match(/sign in as staff: (\S+) {2}password (.*)/);
  const answer = await fetch(`${base}/api/v1/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email, password }) });
  return { server, token: (await answer.json()).token };
}

async function bytes(token) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await browser.newContext({ ...devices["Pixel 7"] });
  await context.addCookies([{ name: "session", value: token, url: base }]);
  const page = await context.newPage();
  const sums = { script: 0, all: 0, requests: 0 };
  page.on("response", async (response) => {
    const body = await response.body().catch(() => Buffer.alloc(0));
    const size = gzipSync(body).length;
    sums.requests += 1;
    sums.all += size;
    if (/javascript/.test(response.headers()["content-type"] ?? "")) sums.script += size;
  });
  await page.goto(`${base}/notebook`);
  await page.locator(READY).first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForLoadState("networkidle");
  await browser.close();
  return sums;
}

async function usable(token, slower) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await browser.newContext({ ...devices["Pixel 7"] });
  await context.addCookies([{ name: "session", value: token, url: base }]);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  const open = async () => {
    const began = performance.now();
    await page.goto(`${base}/notebook`);
    await page.locator(READY).first().waitFor();
    return performance.now() - began;
  };
  const first = await open();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  const times = [];
  for (let n = 0; n < 5; n += 1) times.push(await open());
  await browser.close();
  return { first, offline: times.sort((a, b) => a - b)[2] };
}

async function scores(token) {
  const debugging = await freePort();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, `--remote-debugging-port=${debugging}`] });
  const options = { port: debugging, output: "json", logLevel: "error", extraHeaders: { Cookie: `session=${token}` }, onlyCategories: ["performance", "accessibility", "best-practices"] };
  const { lhr } = await lighthouse(`${base}/notebook`, options);
  await browser.close();
  const of = (id) => Math.round(lhr.categories[id].score * 100);
  const ms = (id) => Math.round(lhr.audits[id].numericValue);
  return { performance: of("performance"), accessibility: of("accessibility"), practices: of("best-practices"), paint: ms("first-contentful-paint"), interactive: ms("interactive"), blocking: ms("total-blocking-time") };
}

const { server, token } = await startCity();
try {
  const sums = await bytes(token);
  console.log(`first load: ${sums.requests} answers, ${(sums.all / 1000).toFixed(1)} kB gzipped, of it script ${(sums.script / 1000).toFixed(1)} kB`);
  const full = await usable(token, 1);
  for (const slower of [1, 4, 6]) {
    const { first, offline } = slower === 1 ? full : await usable(token, slower);
    console.log(`processor ${slower} times slower: usable first after ${first.toFixed(0)} ms (${(first / full.first).toFixed(1)} times), offline after ${offline.toFixed(0)} ms (${(offline / full.offline).toFixed(1)} times)`);
  }
  const s = await scores(token);
  console.log(`Lighthouse, slow phone: performance ${s.performance}, accessibility ${s.accessibility}, best practices ${s.practices}; first paint ${s.paint} ms, interactive ${s.interactive} ms, blocked ${s.blocking} ms`);
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
