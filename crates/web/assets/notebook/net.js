// One request to the house: { status, json, headers }. Rejects when nobody answered, or somebody else did.

export async function request(method, path, { headers = {}, body } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 90_000);
  try {
    const response = await fetch(path, {
      method, body, headers: { accept: "application/json", ...headers }, credentials: "same-origin", cache: "no-store",
      // A network that wants its own page seen first sends elsewhere.
      redirect: "manual", signal: stop.signal,
    });
    if (response.type === "opaqueredirect") throw new Error("sent elsewhere");
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    const json = isJson ? await response.json() : undefined;
    return { status: response.status, json, headers: response.headers };
  } finally {
    clearTimeout(timer);
  }
}

export const sendJson = (method, path, value) => request(method, path, { headers: { "content-type": "application/json" }, body: JSON.stringify(value) });
