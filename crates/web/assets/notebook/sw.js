// Keeps the shell of the notebook, so that it opens without a signal. The server writes VERSION and FILES above this.
// It holds no personal data and answers nothing but the shell: what the notebook says to the server passes by.

const CACHE = `notebook-${VERSION}`;

self.addEventListener("install", (event) => {
  // All or nothing: a server that was upgraded in between makes it fail, and the next visit begins again.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // The one before stays: a tab that is still open in it may need a text of it.
      const names = (await caches.keys()).filter((name) => name.startsWith("notebook-") && name !== CACHE);
      await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const shell = request.mode === "navigate" && (url.pathname === "/notebook" || url.pathname === "/notebook/");
  if (shell) event.respondWith(kept("/notebook", request));
  else if (url.pathname.startsWith("/notebook/app/") || url.pathname === "/notebook/manifest.webmanifest") event.respondWith(kept(url.pathname, request));
});

async function kept(path, request) {
  const mine = await (await caches.open(CACHE)).match(path, { ignoreVary: true });
  return mine ?? (await caches.match(path, { ignoreVary: true })) ?? fetch(request);
}
