// The bundle's fields and every constraint that the format puts on them, in the order in which Python checks them.
import { FORMAT, named } from "./hash";
import { type Fields, type Value, byCodePoint } from "./json";
import { Differs, type Want } from "./words";

type Integer = number | bigint;
export type Stratum = { id: string; targets: Integer; alternates: Integer; speciality: string | null };
export type Kind = "drand-quicknet" | "public-value" | "parties-only";
export type Spec = {
  strata: Stratum[];
  weights: { [name: string]: Integer };
  officers_per_target: Integer;
  pool_root: string;
  officers_digest: string;
  conflicts_digest: string;
  beacon: { kind: Kind; round: Value; not_before: string };
  committed_at: string;
};
export type PoolRow = { id: string; stratum: string; class: string; salt: string };
export type Officer = { id: string; leader: boolean; capacity: Integer; specialities: string[] };
export type Skip = { officer: string; reason: string };
export type Target = { id: string; stratum: string; rank: number; officers: string[]; skipped: Skip[]; unstaffed: boolean };
export type Alternate = { id: string; stratum: string; rank: number };
export type Result = { seed: string; targets: Target[]; alternates: Alternate[] };
export type Bundle = {
  hash: string;
  spec: Spec;
  commitments: { party: string; commitment: string }[];
  beacon: { value: string; signature?: string; source?: string };
  secrets: { party: string; secret: string }[];
  pool: PoolRow[];
  officers: Officer[];
  conflicts: { officer: string; target: string; reason: string }[];
  result: Result;
};

const NAME = /^[^\p{Cc}\p{Cs}]{1,64}$/u;
const PARTY = /^[^\p{Cc}\p{Cs}]+$/u;
const SURROGATE = /\p{Cs}/u;
const HEX = /^(?:[0-9a-f]{2})+$/;
const HEX_64 = /^[0-9a-f]{64}$/;
const HEX_96 = /^[0-9a-f]{96}$/;
const SALT = /^[0-9a-f]{16,}$/;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const KINDS = ["drand-quicknet", "public-value", "parties-only"];
const REASONS = ["conflict", "speciality", "capacity"];

function wrong(path: string, want: Want, found: Value | undefined): never {
  throw new Differs("format", path, { want }, found);
}

const join = (path: string, name: string) => (path ? `${path}.${name}` : name);

function needed(value: Value | undefined, path: string, names: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) wrong(path, "object", value);
  for (const name of names) if (!(name in value)) wrong(join(path, name), "present", undefined);
  return value;
}

function fields(value: Value | undefined, path: string, names: readonly string[], optional: readonly string[] = []): Fields {
  const object = needed(value, path, names);
  for (const name of Object.keys(object)) {
    if (!names.includes(name) && !optional.includes(name)) wrong(join(path, name), "absent", object[name]);
  }
  return object;
}

function list(value: Value | undefined, path: string): Value[] {
  if (!Array.isArray(value)) wrong(path, "list", value);
  return value;
}

function isText(value: Value | undefined): value is string {
  return typeof value === "string" && value.normalize("NFC") === value && !SURROGATE.test(value);
}

function text(value: Value | undefined, path: string, want: "text" | "speaking-text" = "text"): void {
  if (!isText(value) || (want === "speaking-text" && !value)) wrong(path, want, value);
}

function name(value: Value | undefined, path: string): string {
  if (!isText(value) || !NAME.test(value)) wrong(path, "name", value);
  return value;
}

function pattern(value: Value | undefined, path: string, form: RegExp, want: Want): void {
  if (typeof value !== "string" || !form.test(value)) wrong(path, want, value);
}

function integer(value: Value | undefined, path: string, least: 0 | 1 | 2): void {
  const want = (["natural", "positive", "two-or-more"] as const)[least];
  if ((typeof value !== "number" && typeof value !== "bigint") || value < least) wrong(path, want, value);
}

function flag(value: Value | undefined, path: string): void {
  if (typeof value !== "boolean") wrong(path, "flag", value);
}

function time(value: Value | undefined, path: string): void {
  pattern(value, path, TIME, "time");
  const moment = new Date(value as string);
  const real = !Number.isNaN(moment.getTime()) && moment.toISOString() === (value as string).replace("Z", ".000Z");
  if (!real || (value as string).startsWith("0000")) wrong(path, "time", value);
}

/** The bundle as typed. Throws Differs at the first field that breaks the format. */
export function checkFormat(raw: Value): Bundle {
  const bundle = fields(raw, "", [
    "format", "hash", "spec", "commitments", "beacon", "secrets", "pool", "officers", "conflicts", "result",
  ]);
  if (bundle["format"] !== FORMAT) wrong("format", "format", bundle["format"]);
  if (!named(bundle["hash"])) wrong("hash", "hash", bundle["hash"]);
  const spec = checkSpec(bundle["spec"]);
  checkParties(bundle, spec.beacon.kind);
  checkPool(bundle["pool"], spec);
  checkOfficers(bundle["officers"]);
  checkConflicts(bundle["conflicts"]);
  checkResultShape(bundle["result"]);
  return raw as unknown as Bundle;
}

function checkSpec(value: Value | undefined): Spec {
  const spec = fields(value, "spec", [
    "batch", "title", "organ", "item_list", "strata", "weights", "officers_per_target", "pool_root", "officers_digest",
    "conflicts_digest", "beacon", "committed_at",
  ]);
  name(spec["batch"], "spec.batch");
  for (const key of ["title", "organ", "item_list"]) text(spec[key], `spec.${key}`);
  const seen = new Set<string>();
  list(spec["strata"], "spec.strata").forEach((item, place) => {
    const path = `spec.strata[${place}]`;
    const stratum = fields(item, path, ["id", "targets", "alternates", "speciality"]);
    const id = name(stratum["id"], `${path}.id`);
    if (seen.has(id)) wrong(`${path}.id`, "new", id);
    seen.add(id);
    integer(stratum["targets"], `${path}.targets`, 1);
    integer(stratum["alternates"], `${path}.alternates`, 0);
    if (stratum["speciality"] !== null) text(stratum["speciality"], `${path}.speciality`, "speaking-text");
  });
  const weights = needed(spec["weights"], "spec.weights", []);
  for (const [key, weight] of Object.entries(weights)) {
    name(key, `spec.weights.${key}`);
    integer(weight, `spec.weights.${key}`, 1);
  }
  integer(spec["officers_per_target"], "spec.officers_per_target", 2);
  for (const key of ["pool_root", "officers_digest", "conflicts_digest"]) pattern(spec[key], `spec.${key}`, HEX_64, "hex-64");
  checkBeaconPlan(spec["beacon"]);
  time(spec["committed_at"], "spec.committed_at");
  return spec as unknown as Spec;
}

function checkBeaconPlan(value: Value | undefined): void {
  const path = "spec.beacon";
  const plan = fields(value, path, ["kind", "round", "not_before"]);
  const { kind, round } = plan;
  if (typeof kind !== "string" || !KINDS.includes(kind)) wrong(`${path}.kind`, "beacon-kind", kind);
  if (kind === "drand-quicknet") integer(round, `${path}.round`, 1);
  else if (kind === "public-value") text(round, `${path}.round`, "speaking-text");
  else if (round !== null) wrong(`${path}.round`, "null", round);
  time(plan["not_before"], `${path}.not_before`);
}

function checkParties(bundle: Fields, kind: Kind): void {
  const parties: string[] = [];
  list(bundle["commitments"], "commitments").forEach((item, place) => {
    const path = `commitments[${place}]`;
    const entry = fields(item, path, ["party", "commitment"]);
    const party = entry["party"];
    if (!isText(party) || !PARTY.test(party)) wrong(`${path}.party`, "party", party);
    if (parties.includes(party)) wrong(`${path}.party`, "new", party);
    parties.push(party);
    pattern(entry["commitment"], `${path}.commitment`, HEX_64, "hex-64");
  });
  if (parties.length < 2) wrong("commitments", "two-parties", parties);
  checkBeaconShape(bundle["beacon"], kind);
  const secrets = list(bundle["secrets"], "secrets");
  secrets.forEach((item, place) => {
    const path = `secrets[${place}]`;
    const entry = fields(item, path, ["party", "secret"]);
    if (place >= parties.length || entry["party"] !== parties[place]) wrong(`${path}.party`, "same-parties", entry["party"]);
    pattern(entry["secret"], `${path}.secret`, HEX_64, "hex-64");
  });
  if (secrets.length < parties.length) wrong("secrets", "same-parties", parties.slice(0, secrets.length));
}

function checkBeaconShape(item: Value | undefined, kind: Kind): void {
  const drand = kind === "drand-quicknet";
  const beacon = fields(item, "beacon", drand ? ["value", "signature"] : ["value"], ["signature", "source"]);
  const value = beacon["value"];
  if (drand) {
    pattern(value, "beacon.value", HEX_64, "hex-64");
    pattern(beacon["signature"], "beacon.signature", HEX_96, "hex-96");
  } else if (kind === "public-value") {
    if (!isText(value) || !value || value.includes("\u001f")) wrong("beacon.value", "value", value);
  } else if (value !== "") {
    wrong("beacon.value", "nothing", value);
  }
  if ("signature" in beacon && !drand) pattern(beacon["signature"], "beacon.signature", HEX, "hex");
  if ("source" in beacon) text(beacon["source"], "beacon.source");
}

function checkPool(value: Value | undefined, spec: Spec): void {
  if (!Array.isArray(value) || !value.length) wrong("pool", "filled-list", value);
  const strata = new Set(spec.strata.map((stratum) => stratum.id));
  let before = "";
  value.forEach((item, place) => {
    const path = `pool[${place}]`;
    const row = fields(item, path, ["id", "stratum", "class", "salt"]);
    const id = name(row["id"], `${path}.id`);
    if (byCodePoint(id, before) <= 0) wrong(`${path}.id`, "ascending", id);
    before = id;
    const stratum = row["stratum"];
    if (typeof stratum !== "string" || !strata.has(stratum)) wrong(`${path}.stratum`, "known-stratum", stratum);
    const group = row["class"];
    if (typeof group !== "string" || !(group in spec.weights)) wrong(`${path}.class`, "known-class", group);
    pattern(row["salt"], `${path}.salt`, SALT, "salt");
  });
}

function checkOfficers(value: Value | undefined): void {
  let before = "";
  list(value, "officers").forEach((item, place) => {
    const path = `officers[${place}]`;
    const officer = fields(item, path, ["id", "leader", "capacity", "specialities"]);
    const id = name(officer["id"], `${path}.id`);
    if (byCodePoint(id, before) <= 0) wrong(`${path}.id`, "ascending", id);
    before = id;
    flag(officer["leader"], `${path}.leader`);
    integer(officer["capacity"], `${path}.capacity`, 1);
    list(officer["specialities"], `${path}.specialities`).forEach((speciality, number) => {
      text(speciality, `${path}.specialities[${number}]`, "speaking-text");
    });
  });
}

function checkConflicts(value: Value | undefined): void {
  let before: [string, string] = ["", ""];
  list(value, "conflicts").forEach((item, place) => {
    const path = `conflicts[${place}]`;
    const conflict = fields(item, path, ["officer", "target", "reason"]);
    const pair: [string, string] = [name(conflict["officer"], `${path}.officer`), name(conflict["target"], `${path}.target`)];
    if ((byCodePoint(pair[0], before[0]) || byCodePoint(pair[1], before[1])) <= 0) wrong(path, "ascending", pair);
    before = pair;
    text(conflict["reason"], `${path}.reason`);
  });
}

function checkResultShape(value: Value | undefined): void {
  const result = needed(value, "result", ["seed", "targets", "alternates"]);
  pattern(result["seed"], "result.seed", HEX_64, "hex-64");
  list(result["targets"], "result.targets").forEach((item, place) => {
    const path = `result.targets[${place}]`;
    const target = needed(item, path, ["id", "stratum", "rank", "officers", "skipped", "unstaffed"]);
    checkPlace(target, path);
    list(target["officers"], `${path}.officers`).forEach((officer, number) => name(officer, `${path}.officers[${number}]`));
    list(target["skipped"], `${path}.skipped`).forEach((entry, number) => {
      const skip = needed(entry, `${path}.skipped[${number}]`, ["officer", "reason"]);
      name(skip["officer"], `${path}.skipped[${number}].officer`);
      const reason = skip["reason"];
      if (typeof reason !== "string" || !REASONS.includes(reason)) {
        wrong(`${path}.skipped[${number}].reason`, "skip-reason", reason);
      }
    });
    flag(target["unstaffed"], `${path}.unstaffed`);
  });
  list(result["alternates"], "result.alternates").forEach((item, place) => {
    const path = `result.alternates[${place}]`;
    checkPlace(needed(item, path, ["id", "stratum", "rank"]), path);
  });
}

function checkPlace(entry: Fields, path: string): void {
  name(entry["id"], `${path}.id`);
  name(entry["stratum"], `${path}.stratum`);
  integer(entry["rank"], `${path}.rank`, 1);
}
