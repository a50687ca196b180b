// A passkey opens the diary where the browser offers its PRF extension: a secret that never leaves the authenticator's
// owner, made anew from the same salt each time.

import { fromBase64 } from "./id.js";

const random = (n) => crypto.getRandomValues(new Uint8Array(n));

export const offered = () => Boolean(globalThis.PublicKeyCredential && navigator.credentials?.create);

async function ask(ids, salt) {
  const got = await navigator.credentials.get({
    publicKey: {
      challenge: random(32), rpId: location.hostname, userVerification: "required", timeout: 120_000,
      allowCredentials: ids.map((id) => ({ type: "public-key", id })),
      extensions: { prf: { eval: { first: salt } } },
    },
  });
  const secret = got?.getClientExtensionResults().prf?.results?.first;
  return secret ? { secret: new Uint8Array(secret), credential: new Uint8Array(got.rawId) } : null;
}

// A new passkey for the diary alone: { secret, credential, salt }, or null where the extension is missing.
export async function makePasskey(label) {
  const salt = random(32);
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { id: location.hostname, name: label }, user: { id: random(16), name: label, displayName: label },
      challenge: random(32), pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" }, timeout: 120_000,
      extensions: { prf: { eval: { first: salt } } },
    },
  });
  const results = made?.getClientExtensionResults().prf;
  if (!made || !results?.enabled) return null;
  const credential = new Uint8Array(made.rawId);
  if (results.results?.first) return { secret: new Uint8Array(results.results.first), credential, salt };
  const asked = await ask([credential], salt);
  return asked && { ...asked, salt };
}

// The secret behind one of the wrapped copies: { secret, copy }, or null.
export async function usePasskey(copies) {
  for (const copy of copies.filter((c) => c.sort === "passkey" && c.credential)) {
    const asked = await ask([fromBase64(copy.credential)], fromBase64(copy.salt));
    if (asked) return { secret: asked.secret, copy };
  }
  return null;
}
