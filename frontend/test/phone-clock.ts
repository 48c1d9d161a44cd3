// Run by inspections/tests/test_records.py: what a phone's clock reads while somebody sets it, one JSON line each.
import { DeviceClock } from "../src/phone/clock";

const NINE = Date.parse("2026-03-03T01:00:00.000Z");
let wall = NINE;
let running = 1000;
const pass = (ms: number): void => {
  wall += ms;
  running += ms;
};
const clock = new DeviceClock({ wall: () => wall, running: () => running });
const say = (name: string, last = ""): void => console.log(JSON.stringify({ name, ...clock.read(last) }));

say("never measured");
// The phone is a minute slow; the answer took 400 ms, so the server's moment belongs to the middle of it.
const before = running;
pass(400);
await clock.measured(null, "2026-03-03T01:01:00.200Z", before, running);
say("measured");
pass(60_000);
say("a minute later");
// Two hours in a pocket: the clock went on, the page's running time stood still.
wall += 7_200_000;
say("after sleep");
// Somebody sets the clock back by an hour: the page's own running time tells.
wall -= 3_600_000;
say("set back");
pass(1000);
say("never before what was done", "2026-03-03T04:30:00.000Z");
