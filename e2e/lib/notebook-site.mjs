// The notebook's shell as the real server makes it, in front of a NotebookServer: for looking at the app alone.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { NotebookServer } from "./notebook-server.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../crates");
const assets = path.join(root, "web/assets/notebook");
const MIME = { ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".png": "image/png" };
const rust = readFileSync(path.join(root, "web/src/notebook/app.rs"), "utf8");
const policy = rust.match(/const POLICY: &str = "([^;]*(?:;[^;"]*)*)";/s)[1].replace(/\\\n\s*/g, "");

// The texts of a language, as crates/i18n/build.rs writes them.
export function wordsOf(lang) {
  const shared = /^(nb-|note-|consent-|told-code|told-phone|told-allowed|language-name|layout-skip|layout-language|form-choose|uses-nothing|error-(consent-withdrawn|use-not-allowed|quote-without-consent|picture-without-consent))/;
  const texts = {};
  for (const line of readFileSync(path.join(root, `i18n/lang/${lang}.ftl`), "utf8").split("\n")) {
    const found = line.match(/^([a-z][a-z0-9-]*) = (.*)$/);
    if (found && shared.test(found[1])) texts[found[1].replace(/^nb-/, "")] = found[2].replace(/\{ \$(\w+) \}/g, "{$1}");
  }
  return texts;
}

const PLACES = (id) => [
  { id, name: "Dyke Quarter", rings: [[[4.9, 52.36], [4.91, 52.36], [4.91, 52.37], [4.9, 52.37], [4.9, 52.36]]] },
  { id: "0197aaaa-0000-7000-8000-000000000002", name: "Old Harbour", rings: [[[4.91, 52.36], [4.92, 52.36], [4.92, 52.37], [4.91, 52.37], [4.91, 52.36]]] },
];

export async function startSite({ server = new NotebookServer(), salt = "", port = 0 } = {}) {
  server.place ??= "0197aaaa-0000-7000-8000-000000000001";
  const site = { server, salt, requests: [], signedIn: true, lose: () => false, refuse: () => null, language: "en" };
  const names = readdirSync(assets).filter((n) => /\.(js|css)$/.test(n) && n !== "sw.js");
  const version = () => createHash("sha256").update(names.map((n) => readFileSync(path.join(assets, n))).join("") + site.salt).digest("hex").slice(0, 16);
  const icons = ["icon-180.png", "icon-192.png", "icon-512.png"];
  const words = ["en", "ko", "nl", "es"].map((l) => `words-${l}.json`);
  const parts = () => [...names, ...icons, ...words].map((n) => `/notebook/app/${version()}/${n}`);
  const html = () => readFileSync(path.join(assets, "shell.html"), "utf8")
    .replace("{{ahead}}", names.filter((n) => n.endsWith(".js") && n !== "voice-worklet.js").map((n) => `<link rel="modulepreload" href="/notebook/app/${version()}/${n}">`).join("\n"))
    .replaceAll("{{app}}", `/notebook/app/${version()}`).replaceAll("{{version}}", version()).replaceAll("{{base}}", site.base).replaceAll("{{city}}", "Amersfoort").replaceAll("{{noscript}}", "");
  const answer = async (request, body) => {
    const { pathname } = new URL(request.url, "http://x");
    if (pathname === "/notebook") return { status: 200, headers: { "content-type": "text/html", "content-security-policy": policy }, body: html() };
    if (pathname === "/notebook/sw.js") {
      const files = ["/notebook", "/notebook/manifest.webmanifest", ...parts()];
      return { status: 200, headers: { "content-type": "text/javascript", "service-worker-allowed": "/notebook" }, body: `const VERSION = "${version()}";\nconst FILES = ${JSON.stringify(files)};\n${readFileSync(path.join(assets, "sw.js"), "utf8")}` };
    }
    if (pathname === "/notebook/manifest.webmanifest") return { status: 200, headers: { "content-type": "application/manifest+json" }, body: JSON.stringify({ name: "Freerange", start_url: "/notebook", scope: "/notebook", display: "standalone", icons: [] }) };
    const part = pathname.match(/^\/notebook\/app\/([^/]+)\/(.+)$/);
    if (part) {
      if (part[1] !== version()) return { status: 404, body: "other version" };
      const text = part[2].match(/^words-(..)\.json$/);
      const file = path.join(icons.includes(part[2]) ? path.dirname(assets) : assets, part[2]);
      return { status: 200, headers: { "content-type": MIME[path.extname(part[2])], "cache-control": "max-age=31536000, immutable" }, body: text ? JSON.stringify(wordsOf(text[1])) : readFileSync(file) };
    }
    if (!site.signedIn) return { status: 401, json: { problem: "problem-signed-out", message: "Sign in." } };
    const refused = site.refuse(request, body);
    if (refused) return refused;
    if (pathname === "/notebook/pack") return { status: 200, json: server.pack({ language: site.language, ...site.pack }) };
    if (pathname === "/notebook/places") return { status: 200, json: PLACES(server.place) };
    if (pathname === "/notebook/keys") return { status: 200, json: { keys: server.keys } };
    if (pathname.startsWith("/notebook/keys/") && request.method === "PUT") {
      const id = pathname.split("/").pop();
      if (!server.keys.some((k) => k.id === id)) server.keys.push({ id, credential: null, ...JSON.parse(body), made: Date.now() * 1000 });
      return { status: 204 };
    }
    if (pathname === "/notebook/sync") return server.sync(JSON.parse(body));
    if (pathname.startsWith("/notebook/files")) return server.files(request.method, pathname.split("/")[3], request.headers, body, (_, bytes) => createHash("sha256").update(bytes).digest("base64"));
    return { status: 404, json: { problem: "problem-not-found", message: "Nothing there." } };
  };
  const http = createServer((request, response) => {
    const chunks = [];
    request.on("data", (c) => chunks.push(c));
    request.on("end", async () => {
      const body = Buffer.concat(chunks);
      site.requests.push({ method: request.method, url: request.url, body: body.toString("latin1") });
      const { status, headers = {}, json, body: out } = await answer(request, body);
      if (site.lose(request)) {
        response.destroy();
        return;
      }
      response.writeHead(status, { "x-content-type-options": "nosniff", ...headers, ...(json && { "content-type": "application/json" }) });
      response.end(json ? JSON.stringify(json) : out);
    });
  });
  await new Promise((resolve) => http.listen(port, "127.0.0.1", resolve));
  site.port = http.address().port;
  site.base = `http://localhost:${site.port}`;
  site.stop = () => new Promise((resolve) => { http.closeAllConnections(); http.close(resolve); });
  return site;
}
