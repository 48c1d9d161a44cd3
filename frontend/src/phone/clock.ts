// The phone's clock against the server's. The offset is measured whenever the server is reached; between two contacts a
// clock that is set back by hand shows against the page's own running time, which nobody can set. A clock that runs
// ahead of it tells nothing: running time stands still while the phone sleeps. The server bounds what lies ahead.
import type { Store } from "./store";
import type { Clock } from "./types";

export interface Reading {
  at: string;
  device_at: string;
  offset_ms: number;
  jump_ms: number;
  measured_at: string;
}

interface Timers {
  wall(): number;
  running(): number;
}
const TIMERS: Timers = { wall: () => Date.now(), running: () => performance.now() };
/** Less than this is the clock being corrected by the network, or a timer's own unrest. */
const JUMP_MS = 2000;

export function stamp(moment: number): string {
  return new Date(moment).toISOString();
}

export class DeviceClock {
  private anchor: { wall: number; running: number };
  private clock: Clock = { offset_ms: 0, measured_at: "" };

  constructor(private readonly timers: Timers = TIMERS) {
    this.anchor = { wall: timers.wall(), running: timers.running() };
  }

  async load(store: Store): Promise<void> {
    this.clock = await store.clock();
  }

  /** The server said `now` between two readings of our running time. */
  async measured(store: Store | null, now: string, before: number, after: number): Promise<void> {
    const wall = this.timers.wall();
    const middle = wall - (after - before) / 2;
    this.anchor = { wall, running: this.timers.running() };
    this.clock = { offset_ms: Math.round(Date.parse(now) - middle), measured_at: now };
    await store?.keepFact("clock", this.clock);
  }

  running(): number {
    return this.timers.running();
  }

  /** Now, corrected; never earlier than `last`, what was done before on this phone. */
  read(last = ""): Reading {
    const wall = this.timers.wall();
    const expected = this.anchor.wall + (this.timers.running() - this.anchor.running);
    const moved = Math.round(wall - expected);
    if (moved > JUMP_MS) this.anchor = { wall, running: this.timers.running() };
    const jump = moved < -JUMP_MS ? moved : 0;
    const corrected = Math.round(wall + this.clock.offset_ms - jump);
    const floor = last ? Date.parse(last) + 1 : corrected;
    return {
      at: stamp(Math.max(corrected, floor)),
      device_at: stamp(wall),
      offset_ms: this.clock.offset_ms,
      jump_ms: jump,
      measured_at: this.clock.measured_at,
    };
  }
}
