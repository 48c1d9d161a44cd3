export interface Position {
  lat: string;
  lon: string;
  accuracy: string;
  at: string;
}

/** Where the phone is now, or null when it may not or cannot tell (also on plain http, where browsers refuse). */
export function position(timeout = 12000): Promise<Position | null> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator) || !window.isSecureContext) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        resolve({
          lat: coords.latitude.toFixed(6),
          lon: coords.longitude.toFixed(6),
          accuracy: coords.accuracy.toFixed(0),
          at: new Date(timestamp).toISOString(),
        }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout, maximumAge: 15000 },
    );
  });
}
