// Where a visit stands on this phone: the task as it was fetched, and what was done since.
import type { Fields } from "../draw/json";
import { payloadOf } from "./operations";
import { type Finding, type Outcome, recheckOpinion, recordDigest, siteRecord } from "./record";
import type { Kept, Task, TaskAnswer, TaskPhoto } from "./types";

export interface Signed {
  party: string;
  officer: number;
  refused: boolean;
}
export interface Progress {
  /** The act that comes next. */
  step: "start" | "items" | "sign" | "wait" | "ended" | "online";
  startedAt: string;
  host: string;
  present: number[];
  answers: Map<string, TaskAnswer>;
  keys: string[];
  missing: string[];
  ready: { at: string; digest: string } | null;
  signatures: Signed[];
  refused: Kept[];
}

/** The key of an answer: the number of its item, or the id of its hazard. */
const keyOf = (answer: { item: number; hazard: string }): string => answer.hazard || String(answer.item);

export function progressOf(task: Task, operations: Kept[]): Progress {
  const answers = new Map(task.answers.map((answer) => [keyOf(answer), answer]));
  const progress: Progress = {
    step: "start",
    startedAt: task.started_at,
    host: task.host,
    present: task.officers.filter((officer) => officer.present).map((officer) => officer.id),
    answers,
    keys: task.form === "recheck_opinion" ? task.hazards.map((hazard) => hazard.uid) : task.items.map((item) => String(item.number)),
    missing: [],
    ready: null,
    signatures: [],
    refused: operations.filter((one) => one.state === "refused"),
  };
  let ended = false;
  for (const operation of operations) {
    if (operation.state === "refused") continue;
    // What the fetched answers hold is not applied again; signatures go on under a record that has arrived already.
    const isOver = operation.included && (task.state !== "record_drafted" || !["ready", "reopen", "sign"].includes(operation.kind));
    if (isOver) continue;
    const value = payloadOf(operation);
    switch (operation.kind) {
      case "start":
        if (!progress.startedAt) {
          progress.startedAt = operation.at;
          progress.host = value["host"];
          progress.present = value["present"];
        }
        break;
      case "answer":
      case "recheck":
        answer(answers, operation, value);
        break;
      case "without":
        ended = true;
        break;
      case "ready":
        progress.ready = { at: operation.at, digest: value["digest"] };
        progress.signatures = [];
        break;
      case "reopen":
        progress.ready = null;
        progress.signatures = [];
        break;
      case "sign":
        if (progress.ready?.digest === value["digest"])
          progress.signatures.push({ party: value["party"], officer: value["officer"], refused: value["refused"] });
        break;
    }
  }
  progress.missing = progress.keys.filter((key) => !answers.has(key));
  if (ended) progress.step = "ended";
  else if (task.state === "record_drafted" && !progress.ready) progress.step = "online";
  else if (!progress.startedAt) progress.step = "start";
  else if (!progress.ready) progress.step = "items";
  else progress.step = isSigned(progress) ? "wait" : "sign";
  return progress;
}

export function isSigned(progress: Progress): boolean {
  const officers = progress.signatures.filter((one) => one.party === "officer").map((one) => one.officer);
  return progress.present.every((id) => officers.includes(id)) && progress.signatures.some((one) => one.party === "enterprise");
}

function answer(answers: Map<string, TaskAnswer>, operation: Kept, value: Record<string, any>): void {
  const key = operation.kind === "recheck" ? String(value["hazard"]) : String(value["item"]);
  const before = answers.get(key);
  const photos: TaskPhoto[] = [...(before?.photos ?? [])];
  for (const photo of value["photos"] ?? []) if (!photos.some((one) => one.id === photo.id)) photos.push(photo);
  // The later answer stands, as on the server; its photos and those of the one before are all kept.
  if (before && before.at > operation.at) return void answers.set(key, { ...before, photos });
  const isRecheck = operation.kind === "recheck";
  answers.set(key, {
    item: isRecheck ? 0 : value["item"],
    hazard: isRecheck ? value["hazard"] : "",
    outcome: (isRecheck ? (value["rectified"] ? "conforms" : "fails") : value["outcome"]) as Outcome,
    note: value["note"],
    place: value["outcome"] === undefined ? "" : value["place"],
    level: value["level"] ?? "",
    criterion: value["criterion"] ?? "",
    due_on: value["due_on"] ?? "",
    at: operation.at,
    photos,
  });
}

/** What the record says if it is made at `at`, and its digest. */
export function recordOf(task: Task, progress: Progress, at: string): { body: Fields; digest: string } {
  const body =
    task.form === "recheck_opinion"
      ? recheckOpinion(
          at,
          task.hazards.map((hazard) => {
            const answer = progress.answers.get(hazard.uid);
            return { description: hazard.description, is_rectified: answer?.outcome === "conforms", note: answer?.note ?? "" };
          }),
        )
      : siteRecord({
          checklist: task.checklist.title,
          version: task.checklist.version,
          place: task.enterprise.address,
          attendant: progress.host,
          started_at: progress.startedAt,
          ended_at: at,
          findings: task.items.flatMap((item): Finding[] => {
            const answer = progress.answers.get(String(item.number));
            if (!answer) return [];
            const { number, violation_basis } = item;
            return [{ number, violation_basis, outcome: answer.outcome, note: answer.note, place: answer.place, pictures: answer.photos }];
          }),
        });
  const based = task.legal_basis?.length ? { ...body, legal_basis: task.legal_basis } : body;
  return { body: based, digest: recordDigest(task.visit, task.form, based) };
}
