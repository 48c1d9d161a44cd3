// What the server hands out (`inspections/selectors/offline.py`) and what the phone keeps.
import type { Outcome } from "./record";

export interface TaskOfficer {
  id: number;
  name: string;
  certificate_no: string;
  certified: boolean;
  present: boolean;
}
export interface TaskItem {
  number: number;
  question: string;
  look_for: string;
  violation_basis: string;
  hazard_level: string;
  suggested_days: number;
  verified: boolean;
  /** What may be picked; absent in tasks that were fetched before the server told it. */
  criterion?: string;
  phrases?: { text: string; level: string; days: number }[];
}
export interface TaskHazard {
  uid: string;
  description: string;
  place: string;
  violation_basis: string;
  due_on: string;
  is_reported: boolean;
  reports: { at: string; description: string }[];
}
export interface TaskPhoto {
  id: string;
  sha256: string;
  taken_at: string;
}
export interface TaskAnswer {
  item: number;
  hazard: string;
  outcome: Outcome;
  note: string;
  place: string;
  level: string;
  criterion: string;
  due_on: string;
  at: string;
  photos: TaskPhoto[];
}
export interface Task {
  visit: string;
  kind: string;
  form: "site_record" | "recheck_opinion";
  state: string;
  due_on: string;
  organ: string;
  matter: string;
  basis: string;
  /** What the record names where the form's own law is not the organ's; none in tasks fetched by an older page. */
  legal_basis?: { statute: string; article: string }[];
  enterprise: { name: string; credit_code: string; address: string; principal: string; phone: string };
  officers: TaskOfficer[];
  me: number;
  checklist: { title: string; version: string };
  items: TaskItem[];
  criteria?: { text: string; summary: string; standard: string; fits?: boolean }[];
  hazards: TaskHazard[];
  started_at: string;
  host: string;
  answers: TaskAnswer[];
}
export interface KeptTask {
  visit: string;
  digest: string;
  task: Task;
}

export type Kind = "start" | "answer" | "recheck" | "without" | "note" | "opinion" | "ready" | "reopen" | "sign";

/** One operation as it lies in the queue; `text` is what was hashed, and what is sent. */
export interface Kept {
  id: string;
  visit: string;
  position: number;
  kind: Kind;
  text: string;
  digest: string;
  at: string;
  files: string[];
  /** new: not known to have arrived; waiting: arrived, something before it did not; then how it ended. */
  state: "new" | "waiting" | "done" | "refused";
  reason: string;
  tries: number;
  /** Told in the tasks that were fetched since: the task's answers hold it already. */
  included: boolean;
}
export interface KeptFile {
  sha256: string;
  bytes: ArrayBuffer;
  type: string;
  state: "new" | "sent" | "refused";
  reason: string;
}
export interface Clock {
  offset_ms: number;
  measured_at: string;
}
