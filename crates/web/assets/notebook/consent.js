// What a card allows, as crates/domain/src/consent.rs decides it: said on the phone before it is said by the server.

// The reason why a note of this sort with these files may not rest on this consent (or on none), or null.
export function allowed(sort, files, photos, consent) {
  const uses = consent?.given;
  if (consent?.withdrawn) return "consent-withdrawn";
  if (uses && !uses.use_it) return "use-not-allowed";
  if (sort === "said" && !uses?.quote) return "quote-without-consent";
  const picture = files.some((f) => f.mime.startsWith("image/"));
  const pictures = photos === "none" ? false : photos === "yes" ? !uses || uses.picture : Boolean(uses?.picture);
  if (picture && !pictures) return "picture-without-consent";
  const voice = files.some((f) => f.mime.startsWith("audio/"));
  if (voice && sort !== "wonder" && !uses?.quote) return "quote-without-consent";
  return null;
}
