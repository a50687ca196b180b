// A demo city of its own for a test file: the real program, a temporary folder, a free port.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.FREERANGE_BIN || path.join(root, "target/debug/freerange");

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

// Starts the demo; resolves when it answers. Accounts come from what it prints.
export async function startCity({ people = 240, seed = 7 } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "freerange-e2e-"));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  let printed = "";
  let child;
  const begin = async (build) => {
    child = spawn(build, ["demo", "--data", folder, "--people", `${people}`, "--seed", `${seed}`, "--port", `${port}`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (d) => (printed += d));
    child.stderr.on("data", (d) => (printed += d));
    const ended = new Promise((_, reject) => child.on("exit", (code) => reject(new Error(`freerange ended with ${code}:\n${printed}`))));
    ended.catch(() => {});
    await Promise.race([answers(base), ended]);
  };
  await begin(program);
  const accounts = {};
  for (const [, role, email, password] of printed.matchAll(/sign in as ([a-z-]+): +(\S+) +password +(.+)/g)) {
    accounts[role] = { email, password: password.trim() };
  }
  const code = (label) => printed.match(new RegExp(`${label}: +(\\S+)`))?.[1];
  return {
    base,
    accounts,
    residentCode: code("resident code"),
    invitationCode: code("invitation code"),
    communityCode: code("neighbourhood code"),
    // Runs the program on the city's database, as its operator would.
    command: (...words) => {
      const database = `sqlite:${path.join(folder, "freerange.sqlite")}`;
      return execFileSync(program, [...words, "--database", database], { encoding: "utf8" });
    },
    folder,
    // All that the program has said so far.
    printed: () => printed,
    // Ends the program as its operator would before an upgrade; what it keeps stays.
    async end() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    },
    // Starts it again at the same address on what was kept, as this build or another.
    again: (build = program) => begin(build),
    stop() {
      child.removeAllListeners("exit");
      child.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// A newer program: the same bytes but for one word that the notebook shows, in one of its modules. The version is made from the
// modules as the program holds them, so it is another one, and the server serves and refuses as after any upgrade.
export function newerProgram(folder) {
  const bytes = readFileSync(program);
  const [was, is] = [Buffer.from("– Freerange`;"), Buffer.from("– Newerange`;")];
  let changed = 0;
  for (let at = bytes.indexOf(was); at >= 0; at = bytes.indexOf(was, at + 1)) changed += is.copy(bytes, at) > 0;
  if (changed === 0) throw new Error("the notebook's title is not where it was");
  const newer = path.join(folder, "freerange-newer");
  writeFileSync(newer, bytes, { mode: 0o755 });
  return newer;
}

async function answers(base) {
  for (;;) {
    try {
      const response = await fetch(`${base}/healthz`);
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// A session for a role, as the API gives it.
export async function session(city, role) {
  const response = await fetch(`${city.base}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(city.accounts[role]),
  });
  if (!response.ok) throw new Error(`no session for ${role}: ${response.status}`);
  return (await response.json()).token;
}

// A session for anybody of the staff: the operator makes a password link, and it is used.
export async function enter(city, email) {
  const link = city.command("person", "password", email).trim();
  const account = { email, password: "a kettle, a stair and a door" };
  const headers = { "content-type": "application/json" };
  const set = await fetch(`${city.base}/api/v1${new URL(link).pathname}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ new_password: account.password }),
  });
  if (!set.ok) throw new Error(`no password for ${email}: ${set.status}`);
  return session({ ...city, accounts: { it: account } }, "it");
}

// What is in the city, by table: read from a backup, whose lines are JSON.
export function everything(city) {
  const file = path.join(city.folder, "everything.backup");
  city.command("backup", file);
  const tables = {};
  let rows;
  let columns;
  for (const line of readFileSync(file, "utf8").trim().split("\n").slice(1, -1)) {
    const row = JSON.parse(line);
    if (!Array.isArray(row)) {
      ({ columns } = row);
      rows = tables[row.table] = [];
    } else {
      rows.push(Object.fromEntries(columns.map((name, at) => [name, row[at]])));
    }
  }
  rmSync(file);
  return tables;
}
