// Adds an operation to the queue: its text, its place in the visit's chain, its photos and the end of its draft are
// written in one transaction. Either all of it is on disk or none, whenever the browser is killed.
import type { Fields, Value } from "../draw/json";
import { canonicalText, digestOf } from "./canonical";
import type { DeviceClock } from "./clock";
import { type Store, settled } from "./store";
import type { Kept, KeptFile, Kind } from "./types";
import { uuid7 } from "./uuid7";

const FORMAT = "anguan-offline/1";

interface Head {
  position: number;
  digest: string;
}
export interface Act {
  visit: string;
  task: string;
  kind: Kind;
  /** Made from the moment of the act, which a record's text and digest depend on. */
  payload: (at: string) => Fields;
  files?: KeptFile[];
  /** Hashes of pictures that the draft has stored already. */
  stored?: string[];
  draft?: string;
}

export async function deviceOf(store: Store): Promise<string> {
  const known = await store.fact<string>("device");
  if (known) return known;
  const made = uuid7(Date.now());
  await store.keepFact("device", made);
  return made;
}

export async function append(store: Store, clock: DeviceClock, act: Act): Promise<Kept> {
  const device = await deviceOf(store);
  return store.write(["facts", "operations", "files", "drafts"], async (of) => {
    const key = `head:${act.visit}`;
    const head = ((await settled(of("facts").get(key))) as Head | undefined) ?? { position: 0, digest: "" };
    const last = ((await settled(of("facts").get("last"))) as string | undefined) ?? "";
    const reading = clock.read(last);
    const id = uuid7(Date.parse(reading.at));
    const text = canonicalText({
      format: FORMAT,
      id,
      user: store.user,
      device,
      visit: act.visit,
      position: head.position + 1,
      previous: head.digest,
      kind: act.kind,
      ...reading,
      task: act.task,
      payload: act.payload(reading.at),
    } satisfies Record<string, Value>);
    const digest = digestOf(text);
    const kept: Kept = {
      id,
      visit: act.visit,
      position: head.position + 1,
      kind: act.kind,
      text,
      digest,
      at: reading.at,
      files: [...(act.stored ?? []), ...(act.files ?? []).map((file) => file.sha256)],
      state: "new",
      reason: "",
      tries: 0,
      included: false,
    };
    of("operations").add(kept);
    of("facts").put({ position: kept.position, digest } satisfies Head, key);
    of("facts").put(reading.at, "last");
    for (const file of act.files ?? []) of("files").put(file);
    if (act.draft) of("drafts").delete(act.draft);
    return kept;
  });
}

export function payloadOf(kept: Kept): Record<string, any> {
  return JSON.parse(kept.text).payload;
}
