// What a record says, built from the answers alone: the twin of `inspections/rules/records.py`. Both are held to
// test/record-vectors.json, because what is signed on this screen must be what the server drafts a day later.
import type { Fields, Value } from "../draw/json";
import { byCodePoint } from "../draw/json";
import { canonicalText, digestOf } from "./canonical";

const RECORD_FORMAT = "anguan-record/1";
// China has kept one time without summer time since 1991; an old phone's zone tables are not asked.
const CHINA_MS = 8 * 3600 * 1000;

export type Outcome = "conforms" | "fails" | "na";
export interface Picture {
  taken_at: string;
  sha256: string;
}
export interface Finding {
  number: number;
  outcome: Outcome;
  note: string;
  place: string;
  violation_basis: string;
  pictures: Picture[];
}
export interface Recheck {
  description: string;
  is_rectified: boolean;
  note: string;
}

/** A moment as a paper writes it: China's time to the minute. */
export function localText(moment: string): string {
  return new Date(Date.parse(moment) + CHINA_MS).toISOString().slice(0, 16);
}

export function siteRecord(given: {
  checklist: string;
  version: string;
  place: string;
  attendant: string;
  started_at: string;
  ended_at: string;
  findings: Finding[];
}): Fields {
  const rows = [...given.findings].sort((left, right) => left.number - right.number);
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  const failures = rows.filter((row) => row.outcome === "fails");
  return {
    place: given.place,
    attendant: given.attendant,
    started_at: localText(given.started_at),
    ended_at: localText(given.ended_at),
    findings: [
      `按《${given.checklist}》（${given.version}）检查 ${rows.length} 项：符合 ${count("conforms")} 项，不符合 ${failures.length} 项，不适用 ${count("na")} 项。`,
      ...failures.map((row) => `${row.number}. ${row.place ? `${row.place}：${row.note}` : row.note}（${row.violation_basis}）`),
      ...(failures.length ? [] : ["未发现问题。"]),
    ],
    photos: rows.flatMap((row) =>
      [...row.pictures]
        .sort((left, right) => Date.parse(left.taken_at) - Date.parse(right.taken_at) || byCodePoint(left.sha256, right.sha256))
        .map((picture) => ({ taken_at: localText(picture.taken_at), sha256: picture.sha256 })),
    ),
  };
}

export function recheckOpinion(checkedAt: string, rows: Recheck[]): Fields {
  const remaining = rows.filter((row) => !row.is_rectified).length;
  return {
    checked_at: localText(checkedAt),
    items: rows.map((row, place) => ({
      no: place + 1,
      text: row.description,
      result: row.is_rectified ? "rectified" : "not_rectified",
      note: row.note,
    })),
    opinion: remaining ? `${remaining} 项问题尚未整改到位，应继续整改。` : `所列 ${rows.length} 项问题均已整改。`,
  };
}

/** 记录摘要: the SHA-256 of what everybody on the spot signs. */
export function recordDigest(visit: string, form: string, body: Value): string {
  return digestOf(canonicalText({ format: RECORD_FORMAT, visit, form, body }));
}
