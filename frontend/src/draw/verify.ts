// 双随机: the verification of a published draw in the visitor's browser, without a word to the server.
//
// The same steps, in the same order and with the same paths, as anguan.inspections.draws.verify.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { type Alternate, type Bundle, type Kind, type Officer, type Result, type Stratum, type Target, checkFormat } from "./bundle";
import { LAST_ROUND, signedByQuicknet, timeOfRound } from "./drand";
import { type Digest, FORMAT, US, commitmentOf, fieldsHash, named, treeHash, valueHash } from "./hash";
import { Ambiguous, type Fields, type Value, canonical, parse } from "./json";
import { Differs, type Expected, type Step } from "./words";

export { Unreadable } from "./json";
export { Differs, STEPS, type Step, type Want } from "./words";

/** A step that was passed, or how far the long one has come. */
export type Progress = { step: Step; done: true } | { step: Step; done: false; tickets: number; of: number };

export type Verification = {
  targets: number;
  alternates: number;
  unstaffed: number;
  kind: Kind;
  /** What the page's sentences need: round, not_before, value, source, committed_at. */
  values: Record<string, string>;
};

const PAUSE_EVERY = 20_000; // tickets; a page stays alive in between

/** Verify the bytes of a bundle step by step. Throws Differs or Unreadable; returns what holds. */
export function* verifying(bytes: Uint8Array): Generator<Progress, Verification> {
  const bundle = checkFormat(read(bytes));
  yield { step: "format", done: true };
  const digest = named(bundle.hash) as Digest;
  const { spec } = bundle;

  bundle.commitments.forEach((entry, place) => {
    const secret = bundle.secrets[place]?.secret ?? "";
    same("commitments", `commitments[${place}].commitment`, commitmentOf(digest, entry.party, secret), entry.commitment);
  });
  yield { step: "commitments", done: true };

  const leaves = bundle.pool.map((row) => utf8ToBytes([row.salt, row.id, row.stratum, spec.weights[row.class]].join(US)));
  same("pool_root", "spec.pool_root", treeHash(digest, leaves), spec.pool_root);
  yield { step: "pool_root", done: true };

  same("digests", "spec.officers_digest", valueHash(digest, bundle.officers as unknown as Value), spec.officers_digest);
  same("digests", "spec.conflicts_digest", valueHash(digest, bundle.conflicts), spec.conflicts_digest);
  yield { step: "digests", done: true };

  // Fixed widths and one zone: the texts compare as the moments do.
  if (!(spec.committed_at < spec.beacon.not_before)) {
    throw new Differs("committed_at", "spec.committed_at", { want: "before-beacon" }, spec.committed_at);
  }
  yield { step: "committed_at", done: true };

  checkBeacon(bundle);
  yield { step: "beacon", done: true };

  const seed = fieldsHash(
    digest,
    FORMAT,
    valueHash(digest, spec as unknown as Value),
    bundle.beacon.value,
    ...bundle.secrets.map((entry) => entry.secret),
  );
  same("seed", "result.seed", seed, bundle.result.seed);
  yield { step: "seed", done: true };

  const [winners, alternates] = yield* drawTargets(bundle, digest, seed);
  const expected: Result = { seed, targets: assignOfficers(bundle, digest, seed, winners), alternates };
  compareOneByOne("targets", expected, bundle.result);
  yield { step: "targets", done: true };
  compareOneByOne("alternates", expected, bundle.result);
  yield { step: "alternates", done: true };
  compareCounts("targets", expected, bundle.result);
  compareCounts("alternates", expected, bundle.result);
  nothingMore(bundle.result as unknown as Value, expected as unknown as Value, "result");
  yield { step: "result", done: true };

  return {
    targets: expected.targets.length,
    alternates: expected.alternates.length,
    unstaffed: expected.targets.filter((target) => target.unstaffed).length,
    kind: spec.beacon.kind,
    values: {
      round: String(spec.beacon.round),
      not_before: spec.beacon.not_before,
      value: bundle.beacon.value,
      source: bundle.beacon.source ?? "",
      committed_at: spec.committed_at,
    },
  };
}

/** The whole verification at once. */
export function verify(bytes: Uint8Array): Verification {
  const steps = verifying(bytes);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

function read(bytes: Uint8Array): Value {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof Ambiguous) throw new Differs("format", error.path, { want: error.want }, error.found);
    throw error;
  }
}

function same(step: Step, path: string, expected: string, found: string): void {
  if (expected !== found) throw new Differs(step, path, { value: expected }, found);
}

function checkBeacon(bundle: Bundle): void {
  const plan = bundle.spec.beacon;
  if (plan.kind !== "drand-quicknet") return;
  const signature = bundle.beacon.signature ?? "";
  same("beacon", "beacon.value", bytesToHex(sha256(hexToBytes(signature))), bundle.beacon.value);
  const round = Number(plan.round);
  if (round > LAST_ROUND || !signedByQuicknet(round, signature)) {
    throw new Differs("beacon", "beacon.signature", { want: "valid-signature" }, signature);
  }
  same("beacon", "spec.beacon.not_before", timeOfRound(round), plan.not_before);
}

type Winner = { stratum: Stratum; id: string; rank: number };

function* drawTargets(bundle: Bundle, digest: Digest, seed: string): Generator<Progress, [Winner[], Alternate[]]> {
  const winners: Winner[] = [];
  const alternates: Alternate[] = [];
  const of = bundle.pool.reduce((sum, row) => sum + Number(bundle.spec.weights[row.class]), 0);
  let tickets = 0;
  for (const stratum of bundle.spec.strata) {
    const members = bundle.pool.filter((row) => row.stratum === stratum.id);
    const scored: { id: string; score: string }[] = [];
    for (const { id, class: group } of members) {
      const weight = bundle.spec.weights[group] ?? 0;
      let score = "g"; // above every hex digit
      for (let ticket = 0; ticket < weight; ticket += 1) {
        const text = fieldsHash(digest, seed, "T", stratum.id, id, ticket);
        if (text < score) score = text;
        tickets += 1;
        if (tickets % PAUSE_EVERY === 0) yield { step: "targets", done: false, tickets, of };
      }
      scored.push({ id, score });
    }
    // The members come in id order and sorting is stable: ties go to the smaller id.
    scored.sort((left, right) => (left.score < right.score ? -1 : left.score > right.score ? 1 : 0));
    const targets = Math.min(Number(stratum.targets), scored.length);
    const end = Math.min(targets + Number(stratum.alternates), scored.length);
    scored.slice(0, end).forEach(({ id }, place) => {
      if (place < targets) winners.push({ stratum, id, rank: place + 1 });
      else alternates.push({ id, stratum: stratum.id, rank: place + 1 });
    });
  }
  return [winners, alternates];
}

function assignOfficers(bundle: Bundle, digest: Digest, seed: string, winners: Winner[]): Target[] {
  const barred = new Set(bundle.conflicts.map(({ officer, target }) => officer + US + target));
  const load = new Map<string, number>();
  const wanted = bundle.spec.officers_per_target;
  return winners.map(({ stratum, id, rank }) => {
    const ranking = bundle.officers.map((officer) => ({ officer, score: fieldsHash(digest, seed, "O", id, officer.id) }));
    ranking.sort((left, right) => (left.score < right.score ? -1 : left.score > right.score ? 1 : 0));
    const taken: Officer[] = [];
    const skipped: { officer: string; reason: string }[] = [];
    let staffed = false;
    for (const { officer } of ranking) {
      const assigned = load.get(officer.id) ?? 0;
      const reason = barred.has(officer.id + US + id)
        ? "conflict"
        : stratum.speciality !== null && !officer.specialities.includes(stratum.speciality)
          ? "speciality"
          : assigned >= officer.capacity
            ? "capacity"
            : null;
      if (reason) {
        skipped.push({ officer: officer.id, reason });
        continue;
      }
      if (taken.length < wanted) taken.push(officer);
      else if (officer.leader) taken[taken.length - 1] = officer;
      if (taken.length >= wanted && taken.some((member) => member.leader)) {
        staffed = true;
        break;
      }
    }
    const officers = staffed ? taken.map((member) => member.id) : [];
    for (const officer of officers) load.set(officer, (load.get(officer) ?? 0) + 1);
    return { id, stratum: stratum.id, rank, officers, skipped, unstaffed: !staffed };
  });
}

function compareOneByOne(name: "targets" | "alternates", expected: Result, found: Result): void {
  const entries = found[name] as unknown as Fields[];
  (expected[name] as unknown as Fields[]).slice(0, entries.length).forEach((should, place) => {
    const entry = entries[place] as Fields;
    for (const [field, value] of Object.entries(should)) {
      const other = entry[field] as Value;
      if (canonical(other) !== canonical(value)) {
        throw new Differs(name, `result.${name}[${place}].${field}`, { value }, other);
      }
    }
  });
}

function compareCounts(name: "targets" | "alternates", expected: Result, found: Result): void {
  const should = expected[name] as unknown as Value[];
  const entries = found[name] as unknown as Value[];
  const place = Math.min(should.length, entries.length);
  const path = `result.${name}[${place}]`;
  if (entries.length < should.length) throw new Differs("result", path, { value: should[place] ?? null }, undefined);
  if (entries.length > should.length) throw new Differs("result", path, { want: "absent" }, entries[place]);
}

function nothingMore(found: Value | undefined, expected: Value | undefined, path: string): void {
  if (Array.isArray(expected)) {
    expected.forEach((should, place) => nothingMore((found as Value[])[place], should, `${path}[${place}]`));
  } else if (typeof expected === "object" && expected !== null) {
    for (const [key, value] of Object.entries(found as Fields)) {
      const extra: Expected = { want: "absent" };
      if (!(key in expected)) throw new Differs("result", `${path}.${key}`, extra, value);
      nothingMore(value, expected[key], `${path}.${key}`);
    }
  }
}
