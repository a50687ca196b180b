// Versions of one thing, each naming those it follows. What nothing follows are its heads: several when it was
// edited in two places.

// From a map of id to the ids it follows, the heads in the order of their ids.
export function heads(follows) {
  const followed = new Set(Object.values(follows).flat());
  return Object.keys(follows).filter((id) => !followed.has(id)).sort();
}
