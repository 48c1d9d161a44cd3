// What a verification says. The values are those of anguan.inspections.draws.words; the page brings their labels.
import type { Value } from "./json";

export const STEPS = [
  "format",
  "commitments",
  "pool_root",
  "digests",
  "committed_at",
  "beacon",
  "seed",
  "targets",
  "alternates",
  "result",
] as const;
export type Step = (typeof STEPS)[number];

/** What the format asks of a field, as `Want` in Python. */
export type Want =
  | "object" | "list" | "filled-list" | "text" | "speaking-text" | "name" | "party" | "value" | "nothing"
  | "hex-64" | "hex-96" | "hex" | "salt" | "flag" | "natural" | "positive" | "two-or-more" | "null" | "time"
  | "format" | "hash" | "beacon-kind" | "skip-reason" | "present" | "absent" | "once" | "no-float"
  | "ascending" | "new" | "two-parties" | "same-parties" | "known-class" | "known-stratum"
  | "before-beacon" | "valid-signature";

export type Expected = { readonly want: Want } | { readonly value: Value };

/** The first thing that is not so. `found` is undefined where the bundle has nothing. */
export class Differs extends Error {
  constructor(
    readonly step: Step,
    readonly path: string,
    readonly expected: Expected,
    readonly found: Value | undefined,
  ) {
    super(`${step}: ${path}`);
  }
}
