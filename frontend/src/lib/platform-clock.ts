// The clock of the platform: seconds on the screen are counted by it, whatever the clock of this machine says.
let offset = 0;

/** Take over what the platform says the time is, in ms. */
export function setClock(now: number): void {
  if (Number.isFinite(now) && now > 0) offset = now - Date.now();
}

/** The platform's time, in ms. */
export function platformNow(): number {
  return Date.now() + offset;
}
