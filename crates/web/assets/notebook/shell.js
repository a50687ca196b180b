// The shell: what of the notebook is no person's, kept by the service worker. A newer one is taken over at the start,
// when nothing is being written, or when its reader says so.

const worker = () => navigator.serviceWorker;

const takesOver = () => new Promise((resolve) => worker().addEventListener("controllerchange", resolve, { once: true }));

// A newer shell that waits is used at once; the page then opens again in it. Before anything is shown.
export async function takeOver() {
  if (!worker()?.controller) return;
  const registration = await worker().getRegistration("/notebook");
  if (!registration?.waiting) return;
  const over = takesOver();
  registration.waiting.postMessage("take over");
  await Promise.race([over.then(() => new Promise(() => location.reload())), new Promise((resolve) => setTimeout(resolve, 1500))]);
}

// Registers the worker; calls `ready(use)` when a newer shell lies there, and `use()` takes it.
export async function watchShell(ready) {
  if (!worker()) return;
  try {
    const registration = await worker().register("/notebook/sw.js", { scope: "/notebook", updateViaCache: "none" });
    const offer = (waiting) => {
      // The first one ever has nobody to take over from.
      if (!waiting || !worker().controller) return;
      ready(() => {
        takesOver().then(() => location.reload());
        waiting.postMessage("take over");
      });
    };
    offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next.addEventListener("statechange", () => next.state === "installed" && offer(registration.waiting ?? next));
    });
    setInterval(() => registration.update().catch(() => {}), 6 * 3_600_000);
    addEventListener("online", () => registration.update().catch(() => {}));
  } catch {
    // Without a worker the notebook works while there is a signal.
  }
}
