// 随附文件 and 信封: what stands beside a bundle, checked against it as anguan.inspections.draws does.
//
// Whatever follows from the bundle is worked out once more and compared; what was only stated (the roster of experts,
// who asked for which step, salts and openings) is checked for its shape.
import { type Bundle, checkFormat } from "./bundle";
import { type Digest, US, fieldsHash, named, valueHash } from "./hash";
import { Ambiguous, type Fields, type Value, byCodePoint, canonical, parse } from "./json";

/** The first thing that is not so; `expected` is undefined where the shape is wrong, `found` where there is nothing. */
export class BesideDiffers extends Error {
  constructor(
    readonly path: string,
    readonly expected: Value | undefined,
    readonly found: Value | undefined,
  ) {
    super(path);
  }
}

export type Beside =
  | { kind: "companion"; replaced: number; lost: number; people: number; experts: number; digest: string }
  | { kind: "envelopes"; envelopes: number; opened: number; early: number; read: number; digest: string };

type Expert = { id: string; capacity: number; specialities: string[] };
type Plan = { per_target: number; speciality: string | null; experts: Expert[]; recusals: { expert: string; target: string }[] };
type Skips = { [name: string]: string }[];
type Team = { taken: string[]; skipped: Skips };

const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const TARGET_REASONS = ["closed", "stopped", "checked_jointly", "force_majeure", "conflict", "cap_reached", "unstaffed"];
const PERSON_REASONS = ["ill", "left", "uncertified", "term_over", "conflict"];

/** Verify a companion or an envelopes file against a bundle that was verified. Throws BesideDiffers or Unreadable. */
export function verifyBeside(bytes: Uint8Array, bundleBytes: Uint8Array): Beside {
  const bundle = checkFormat(parse(bundleBytes));
  const raw = object(read(bytes), "");
  const digest = named(bundle.hash) as Digest;
  const whole = { batch: (bundle.spec as unknown as { batch: string }).batch, digest: valueHash(digest, bundle as unknown as Value) };
  if (raw["format"] === "anguan-draw-companion/1") return companion(raw, bundle, digest, whole);
  if (raw["format"] === "anguan-draw-envelopes/1") return envelopes(raw, bundle, digest, whole);
  throw new BesideDiffers("format", undefined, raw["format"]);
}

function companion(raw: Fields, bundle: Bundle, digest: Digest, whole: { batch: string; digest: string }): Beside {
  const plan = raw["experts"] === null ? null : planOf(raw["experts"]);
  const teams = new Teams(bundle, digest, plan);
  const drawn = bundle.result.targets.filter((row) => !row.unstaffed && plan).map((row) => teams.drawExperts(row.id));
  const found = list(raw["steps"], "steps");
  const head: Fields = {
    format: "anguan-draw-companion/1", hash: bundle.hash, batch: whole.batch, bundle_digest: whole.digest,
    experts: raw["experts"] as Value, expert_teams: drawn, steps: found,
  };
  compare(head, raw, "");
  let before = "";
  let replaced = 0;
  let lost = 0;
  let people = 0;
  found.forEach((value, place) => {
    const path = `steps[${place}]`;
    const step = object(value, path);
    const times = { asked_at: time(step["asked_at"], `${path}.asked_at`), decided_at: time(step["decided_at"], `${path}.decided_at`) };
    // Fixed widths and one zone: the texts compare as the moments do.
    if (times.decided_at < before || times.decided_at < times.asked_at) throw new BesideDiffers(`${path}.decided_at`, undefined, times.decided_at);
    before = times.decided_at;
    const follows = teams.take(step);
    if (!follows) throw new BesideDiffers(path, undefined, step);
    compare({ ...follows, ...times }, step, path);
    const instead = follows["replacement"] !== null;
    if (follows["kind"] !== "target") people += Number(instead);
    else if (instead) replaced += 1;
    else lost += 1;
  });
  const experts = drawn.reduce((sum, team) => sum + (team["experts"] as Value[]).length, 0);
  return { kind: "companion", replaced, lost, people, experts, digest: plan ? valueHash(digest, raw["experts"] as Value) : "" };
}

function planOf(value: Value | undefined): Plan {
  const plan = object(value, "experts");
  const experts = list(plan["experts"], "experts.experts").map((one, place): Expert => {
    const path = `experts.experts[${place}]`;
    const row = object(one, path);
    only(row, ["id", "capacity", "specialities"], path);
    const specialities = list(row["specialities"], `${path}.specialities`).map((item) => text(item, `${path}.specialities`));
    return { id: text(row["id"], `${path}.id`), capacity: count(row["capacity"], `${path}.capacity`), specialities };
  });
  const recusals = list(plan["recusals"], "experts.recusals").map((one, place) => {
    const path = `experts.recusals[${place}]`;
    const row = object(one, path);
    only(row, ["expert", "target", "reason"], path);
    if (row["reason"] !== "declared") throw new BesideDiffers(`${path}.reason`, "declared", row["reason"]);
    return { expert: text(row["expert"], `${path}.expert`), target: text(row["target"], `${path}.target`) };
  });
  only(plan, ["per_target", "speciality", "experts", "recusals"], "experts");
  ascending(experts.map((one) => one.id), "experts.experts", plan["experts"]);
  ascending(recusals.map((one) => one.expert + "\u0000" + one.target), "experts.recusals", plan["recusals"]);
  const speciality = plan["speciality"] === null ? null : text(plan["speciality"], "experts.speciality");
  return { per_target: count(plan["per_target"], "experts.per_target"), speciality, experts, recusals };
}

/** Who goes where after the draw and the steps since: `Teams` in Python. */
class Teams {
  private readonly officers = new Map<string, string[]>();
  private readonly experts = new Map<string, string[]>();
  private readonly load = new Map<string, number>();
  private readonly expertLoad = new Map<string, number>();
  private readonly barred: Set<string>;
  private readonly recused: Set<string>;
  private readonly since = new Set<string>();
  private readonly absent = new Set<string>();
  private readonly expertsAbsent = new Set<string>();
  private readonly stratum = new Map<string, string>();
  private alternates: string[];
  private number = 0;

  constructor(
    private readonly bundle: Bundle,
    private readonly digest: Digest,
    private readonly plan: Plan | null,
  ) {
    const { result } = bundle;
    for (const row of [...result.targets, ...result.alternates]) this.stratum.set(row.id, row.stratum);
    for (const row of result.targets) {
      this.officers.set(row.id, [...row.officers]);
      add(this.load, row.officers, 1);
    }
    this.alternates = result.alternates.map((row) => row.id);
    this.barred = new Set(bundle.conflicts.map((row) => row.officer + US + row.target));
    this.recused = new Set((plan?.recusals ?? []).map((row) => row.expert + US + row.target));
  }

  drawExperts(target: string): Fields {
    const { taken, skipped } = this.expertTeam(target, this.plan?.per_target ?? 0, []);
    this.experts.set(target, taken);
    return { target, experts: taken, skipped };
  }

  /** The step that follows from kind, target, person and reason; null where none can. */
  take(step: Fields): Fields | null {
    const { kind, target, reason } = step;
    if (typeof target !== "string" || typeof reason !== "string") return null;
    if (kind === "target") return TARGET_REASONS.includes(reason) ? this.replaceTarget(target, reason) : null;
    const person = typeof kind === "string" ? step[kind] : undefined;
    if (typeof person !== "string" || !PERSON_REASONS.includes(reason)) return null;
    if (kind === "officer") return this.replaceOfficer(target, person, reason);
    return kind === "expert" ? this.replaceExpert(target, person, reason) : null;
  }

  private replaceTarget(target: string, reason: string): Fields | null {
    const team = this.officers.get(target);
    if (!team || (reason === "unstaffed") !== !team.length) return null;
    add(this.load, team, -1);
    add(this.expertLoad, this.experts.get(target) ?? [], -1);
    this.officers.delete(target);
    this.experts.delete(target);
    const following = this.alternates.find((name) => this.stratum.get(name) === this.stratum.get(target)) ?? null;
    let found: Team = { taken: [], skipped: [] };
    let experts: Team = { taken: [], skipped: [] };
    if (following !== null) {
      this.alternates = this.alternates.filter((name) => name !== following);
      found = this.staff(following, []);
      this.officers.set(following, found.taken);
      if (found.taken.length && this.plan) {
        experts = this.expertTeam(following, this.plan.per_target, []);
        this.experts.set(following, experts.taken);
      }
    }
    return {
      number: ++this.number, kind: "target", target, reason, replacement: following, officers: found.taken, skipped: found.skipped,
      unstaffed: following !== null && !found.taken.length, experts: experts.taken, experts_skipped: experts.skipped,
    };
  }

  private replaceOfficer(target: string, officer: string, reason: string): Fields | null {
    const before = this.officers.get(target) ?? [];
    if (!before.includes(officer)) return null;
    if (reason === "conflict") this.barred.add(officer + US + target);
    else this.absent.add(officer);
    add(this.load, before, -1);
    const { taken, skipped } = this.staff(target, before.filter((name) => name !== officer));
    this.officers.set(target, taken);
    if (!taken.length) {
      add(this.expertLoad, this.experts.get(target) ?? [], -1);
      this.experts.delete(target);
    }
    return { number: ++this.number, kind: "officer", target, officer, reason, replacement: taken.at(-1) ?? null, officers: taken, skipped };
  }

  private replaceExpert(target: string, expert: string, reason: string): Fields | null {
    const before = this.experts.get(target) ?? [];
    if (!this.plan || !before.includes(expert)) return null;
    if (reason === "conflict") this.since.add(expert + US + target);
    else this.expertsAbsent.add(expert);
    const staying = before.filter((name) => name !== expert);
    add(this.expertLoad, [expert], -1);
    const { taken, skipped } = this.expertTeam(target, 1, staying);
    const experts = [...staying, ...taken];
    this.experts.set(target, experts);
    return { number: ++this.number, kind: "expert", target, expert, reason, replacement: taken[0] ?? null, experts, skipped };
  }

  private ranked(tag: string, target: string, ids: string[]): string[] {
    const scored = ids.map((id) => ({ id, score: fieldsHash(this.digest, this.bundle.result.seed, tag, target, id) }));
    scored.sort((left, right) => byCodePoint(left.score, right.score) || byCodePoint(left.id, right.id));
    return scored.map((one) => one.id);
  }

  private staff(target: string, staying: string[]): Team {
    const wanted = Number(this.bundle.spec.officers_per_target);
    const known = new Map(this.bundle.officers.map((one) => [one.id, one]));
    const leads = (names: string[]) => names.some((name) => known.get(name)?.leader);
    const taken = [...staying];
    const skipped: Skips = [];
    for (const officer of this.ranked("O", target, [...known.keys()])) {
      if (taken.length >= wanted && leads(taken)) break;
      if (staying.includes(officer)) continue;
      const reason = this.reason(officer, target);
      if (reason) skipped.push({ officer, reason });
      else if (taken.length < wanted) taken.push(officer);
      else if (leads([officer])) taken[taken.length - 1] = officer;
    }
    if (taken.length < wanted || !leads(taken)) return { taken: [], skipped };
    add(this.load, taken, 1);
    return { taken, skipped };
  }

  private reason(name: string, target: string): string {
    if (this.absent.has(name)) return "absent";
    if (this.barred.has(name + US + target)) return "conflict";
    const officer = this.bundle.officers.find((one) => one.id === name);
    const speciality = this.bundle.spec.strata.find((one) => one.id === this.stratum.get(target))?.speciality ?? null;
    if (speciality !== null && !officer?.specialities.includes(speciality)) return "speciality";
    return (this.load.get(name) ?? 0) >= Number(officer?.capacity) ? "capacity" : "";
  }

  private expertTeam(target: string, wanted: number, staying: string[]): Team {
    const { experts = [], speciality = null } = this.plan ?? {};
    const known = new Map(experts.map((one) => [one.id, one]));
    const taken: string[] = [];
    const skipped: Skips = [];
    for (const expert of this.ranked("E", target, [...known.keys()])) {
      if (taken.length === wanted) break;
      if (staying.includes(expert)) continue;
      const entry = known.get(expert);
      const reason = this.expertsAbsent.has(expert)
        ? "absent"
        : this.since.has(expert + US + target) || this.recused.has(expert + US + target)
          ? "recusal"
          : speciality !== null && !entry?.specialities.includes(speciality)
            ? "speciality"
            : (this.expertLoad.get(expert) ?? 0) >= Number(entry?.capacity)
              ? "capacity"
              : "";
      if (reason) skipped.push({ expert, reason });
      else taken.push(expert);
    }
    add(this.expertLoad, taken, 1);
    return { taken, skipped };
  }
}

function envelopes(raw: Fields, bundle: Bundle, digest: Digest, whole: { batch: string; digest: string }): Beside {
  only(raw, ["format", "hash", "batch", "commitments", "opened"], "");
  const opened = object(raw["opened"], "opened");
  const rows = list(opened["envelopes"], "opened.envelopes");
  const drawn = [...bundle.result.targets, ...bundle.result.alternates];
  const head = { hash: bundle.hash, batch: whole.batch };
  compare(head, { hash: raw["hash"] as Value, batch: raw["batch"] as Value }, "");
  compare({ bundle_digest: whole.digest, envelopes: rows }, opened, "opened");
  const known = new Set(bundle.officers.map((one) => one.id));
  const sums = { opened: 0, early: 0, read: 0 };
  const commitments = Array.from({ length: Math.max(rows.length, drawn.length) }, (_, place) => {
    const path = `opened.envelopes[${place}]`;
    const target = drawn[place]?.id;
    if (target === undefined || rows[place] === undefined) throw new BesideDiffers(path, target, rows[place]);
    const row = object(rows[place], path);
    only(row, ["number", "target", "name", "salt", "openings"], path);
    compare({ number: place + 1, target }, { number: row["number"] as Value, target: row["target"] as Value }, path);
    let before = "";
    let isOpen = false;
    list(row["openings"], `${path}.openings`).forEach((value, index) => {
      const at = `${path}.openings[${index}]`;
      const opening = object(value, at);
      only(opening, ["kind", "by", "at", "early"], at);
      const moment = time(opening["at"], `${at}.at`);
      if (moment < before) throw new BesideDiffers(`${at}.at`, undefined, moment);
      before = moment;
      const isReading = opening["kind"] === "read";
      if (isOpen || (!isReading && opening["kind"] !== "opened") || typeof opening["early"] !== "boolean") throw new BesideDiffers(at, undefined, opening);
      const by = text(opening["by"], `${at}.by`);
      if (isReading ? by !== "approver" : !known.has(by)) throw new BesideDiffers(`${at}.by`, isReading ? "approver" : undefined, by);
      isOpen = !isReading;
      sums.read += Number(isReading);
      sums.opened += Number(isOpen);
      sums.early += Number(isOpen && opening["early"]);
    });
    const sealed = [text(row["name"], `${path}.name`), text(row["salt"], `${path}.salt`)];
    return fieldsHash(digest, "anguan-draw-envelope/1", whole.batch, target, ...sealed);
  });
  compare(commitments, raw["commitments"], "commitments");
  return { kind: "envelopes", envelopes: commitments.length, ...sums, digest: valueHash(digest, commitments) };
}

function read(bytes: Uint8Array): Value {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof Ambiguous) throw new BesideDiffers(error.path, undefined, error.found);
    throw error;
  }
}

/** Throw at the first place where two values differ; a key that only one of them has differs too. */
function compare(expected: Value, found: Value | undefined, path: string): void {
  if (Array.isArray(expected) && Array.isArray(found)) {
    for (let place = 0; place < Math.max(expected.length, found.length); place += 1) {
      const should = expected[place];
      if (should === undefined) throw new BesideDiffers(`${path}[${place}]`, undefined, found[place]);
      compare(should, found[place], `${path}[${place}]`);
    }
  } else if (isObject(expected) && isObject(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const inner = path ? `${path}.${key}` : key;
      const should = expected[key];
      if (should === undefined) throw new BesideDiffers(inner, undefined, found[key]);
      compare(should, found[key], inner);
    }
  } else if (found === undefined || canonical(expected) !== canonical(found)) throw new BesideDiffers(path, expected, found);
}

function isObject(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function object(value: Value | undefined, path: string): Fields {
  if (!isObject(value)) throw new BesideDiffers(path, undefined, value);
  return value;
}

function only(value: Fields, names: string[], path: string): void {
  for (const name of new Set([...names, ...Object.keys(value)])) {
    if (!names.includes(name) || !(name in value)) throw new BesideDiffers(path ? `${path}.${name}` : name, undefined, value[name]);
  }
}

function list(value: Value | undefined, path: string): Value[] {
  if (!Array.isArray(value)) throw new BesideDiffers(path, undefined, value);
  return value;
}

function text(value: Value | undefined, path: string): string {
  if (typeof value !== "string") throw new BesideDiffers(path, undefined, value);
  return value;
}

function time(value: Value | undefined, path: string): string {
  if (typeof value !== "string" || !TIME.test(value)) throw new BesideDiffers(path, undefined, value);
  return value;
}

function count(value: Value | undefined, path: string): number {
  if ((typeof value !== "number" && typeof value !== "bigint") || value < 1) throw new BesideDiffers(path, undefined, value);
  return Number(value);
}

function ascending(keys: string[], path: string, found: Value | undefined): void {
  if (keys.some((key, place) => place > 0 && byCodePoint(keys[place - 1] ?? "", key) >= 0)) throw new BesideDiffers(path, undefined, found);
}

function add(load: Map<string, number>, names: string[], by: number): void {
  for (const name of names) load.set(name, (load.get(name) ?? 0) + by);
}
