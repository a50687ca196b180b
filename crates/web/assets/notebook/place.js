// Which neighbourhood a point lies in, found on the phone from the boundaries it keeps. The point is thrown away.

// Even and odd over all rings: holes and islands count by themselves.
function inside(rings, lon, lat) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}

// Metres from a point to the nearest edge; near enough on the scale of a city.
function metresTo(rings, lon, lat) {
  const east = 111_320 * Math.cos((lat * Math.PI) / 180);
  let nearest = Infinity;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 1) {
      const [ax, ay] = [(ring[i - 1][0] - lon) * east, (ring[i - 1][1] - lat) * 111_320];
      const [bx, by] = [(ring[i][0] - lon) * east, (ring[i][1] - lat) * 111_320];
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      nearest = Math.min(nearest, Math.hypot(ax + along * dx, ay + along * dy));
    }
  }
  return nearest;
}

// The neighbourhood around a point. Simplified boundaries leave slivers: within `slack` metres the nearest one counts.
export function placeAt(places, lon, lat, slack = 150) {
  const found = places.find((p) => inside(p.rings, lon, lat));
  if (found) return found;
  let best = null;
  for (const place of places) {
    const metres = metresTo(place.rings, lon, lat);
    if (metres <= slack && (!best || metres < best.metres)) best = { metres, place };
  }
  return best ? best.place : null;
}

// Asks the phone once. Nothing watches, nothing is kept: whoever calls takes from it what was asked for.
export const whereAmI = (geolocation = navigator.geolocation) =>
  new Promise((resolve, reject) => {
    if (!geolocation) { reject(new Error("none")); return; }
    geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude }),
      reject,
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 },
    );
  });
