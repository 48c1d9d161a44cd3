// Sends what waits, in whatever order the network allows, until every operation has its receipt. The server takes
// each one once, so that an answer that got lost costs nothing but another try.
import type { DeviceClock } from "./clock";
import { canonicalText, digestOf } from "./canonical";
import { type Store, settled } from "./store";
import type { Kept, KeptFile, KeptTask } from "./types";

export interface Addresses {
  contact: string;
  tasks: string;
  operations: string;
  photos: string;
}
export type Outcome = "sent" | "offline" | "login" | "other" | "failed";
interface Contact {
  now: string;
  user: string;
  csrf: string;
}
interface Receipt {
  digest: string;
  state: string;
  reason: string;
  files: string[];
  after: number;
}

const MOST_AT_ONCE = 20;
const MOST_TEXT = 300_000;
const ROUNDS = 6;

/** The session is over, or it is somebody else's. */
class NoSession extends Error {}
/** The server is there and can't take this now. */
class NotTaken extends Error {}

async function ask(address: string, seconds: number, options: RequestInit = {}): Promise<Response> {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(seconds * 1000), ...options });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new NoSession();
  if (answer.status >= 500) throw new NotTaken(String(answer.status));
  return answer;
}

export async function contact(addresses: Addresses, clock: DeviceClock, store: Store | null): Promise<Contact> {
  const before = clock.running();
  const told = (await (await ask(addresses.contact, 10)).json()) as Contact;
  await clock.measured(store, told.now, before, clock.running());
  return told;
}

export class Sender {
  private csrf = "";

  constructor(
    private readonly store: Store,
    private readonly clock: DeviceClock,
    private readonly addresses: Addresses,
  ) {}

  /** One attempt at everything; only one window of this user works at a time. */
  async run(fetchTasks = false): Promise<Outcome> {
    const work = (): Promise<Outcome> => this.attempt(fetchTasks);
    return navigator.locks ? navigator.locks.request(`anguan-send-${this.store.user}`, work) : work();
  }

  private async attempt(fetchTasks: boolean): Promise<Outcome> {
    try {
      const before = await this.pending();
      const stranger = await this.greet();
      if (stranger) return stranger;
      try {
        await this.deliver();
      } catch (error) {
        if (!(error instanceof NoSession)) throw error;
        // The session may be well and only the token old: another window, or a cookie that died with the browser,
        // brought a new one between the greeting and the message.
        const gone = await this.greet();
        if (gone) return gone;
        await this.deliver();
      }
      const left = await this.pending();
      if (fetchTasks || left.length < before.length) await this.fetchTasks();
      return left.length ? "failed" : "sent";
    } catch (error) {
      if (error instanceof NoSession) return "login";
      if (error instanceof NotTaken) return "failed";
      if (error instanceof TypeError || error instanceof DOMException) return "offline";
      throw error;
    }
  }

  /** Asks who is logged in and for the token of what follows; what it comes to where that is not this user. */
  private async greet(): Promise<Outcome | null> {
    const told = await contact(this.addresses, this.clock, this.store);
    this.csrf = told.csrf;
    return told.user === this.store.user ? null : told.user ? "other" : "login";
  }

  /** Rounds of sending, for as long as one brings something. */
  private async deliver(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const open = await this.pending();
      if (!open.length || !(await this.round(open))) return;
    }
  }

  private async pending(): Promise<Kept[]> {
    return (await this.store.operations()).filter((one) => one.state === "new" || one.state === "waiting");
  }

  /** Operations, then the files they still need; true while another round may bring something. */
  private async round(open: Kept[]): Promise<boolean> {
    let moved = false;
    const wanted = new Set<string>();
    for (const batch of batches(open)) {
      for (const receipt of await this.post(batch)) {
        for (const name of receipt.files) wanted.add(name);
        moved = (await this.settle(receipt)) || moved;
      }
    }
    for (const one of open) for (const name of one.files) if ((await this.store.file(name))?.state === "new") wanted.add(name);
    for (const name of wanted) moved = (await this.upload(name)) || moved;
    return moved;
  }

  private async post(batch: Kept[]): Promise<Receipt[]> {
    const body = JSON.stringify({ operations: batch.map(({ text, digest }) => ({ text, digest })) });
    const answer = await ask(this.addresses.operations, 60, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
    });
    if (!answer.ok) throw new NotTaken(String(answer.status));
    return ((await answer.json()) as { receipts: Receipt[] }).receipts;
  }

  /** Writes down what became of an operation; true when that is news. */
  private async settle(receipt: Receipt): Promise<boolean> {
    return this.store.write(["operations"], async (of) => {
      const rows = (await settled(of("operations").getAll())) as Kept[];
      const row = rows.find((one) => one.digest === receipt.digest);
      if (!row) return false;
      const before = row.state;
      if (receipt.state === "done" || receipt.state === "refused" || receipt.state === "waiting") row.state = receipt.state;
      row.reason = receipt.reason;
      row.tries += 1;
      of("operations").put(row);
      return row.state !== before;
    });
  }

  private async upload(name: string): Promise<boolean> {
    const file = await this.store.file(name);
    if (!file) return false;
    const answer = await ask(`${this.addresses.photos}${name}`, 180, {
      method: "PUT",
      body: file.bytes,
      headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": this.csrf },
    });
    if (!answer.ok) {
      await this.keep({ ...file, reason: ((await answer.json()) as { sentence?: string }).sentence ?? "" });
      return false;
    }
    const { problem } = (await answer.json()) as { problem: string };
    await this.keep({ ...file, state: problem ? "refused" : "sent", reason: problem });
    return true;
  }

  private async keep(file: KeptFile): Promise<void> {
    await this.store.write(["files"], (of) => void of("files").put(file));
  }

  /** Today's tasks, each checked against its digest; then what is over leaves the phone. */
  private async fetchTasks(): Promise<void> {
    const payload = (await (await ask(this.addresses.tasks, 60)).json()) as {
      version: string;
      made_at: string;
      name: string;
      visits: { digest: string; task: any }[];
      letters: number[];
    };
    const whole = payload.visits.every(({ digest, task }) => digestOf(canonicalText(task)) === digest);
    if (!whole || digestOf(canonicalText(payload.visits.map(({ digest }) => digest))) !== payload.version) throw new NotTaken("tasks");
    await this.store.write(["tasks", "operations", "files", "facts", "drafts"], async (of) => {
      const operations = (await settled(of("operations").getAll())) as Kept[];
      const here = new Set(payload.visits.map(({ task }) => String(task.visit)));
      const isOpen = (one: Kept): boolean => one.state !== "done";
      const busy = new Set(operations.filter(isOpen).map((one) => one.visit));
      const drafts: string[] = [];
      for (const key of (await settled(of("drafts").getAllKeys())).map(String)) {
        const visit = key.slice(0, key.indexOf("/"));
        if (here.has(visit) || busy.has(visit)) drafts.push(key);
        else of("drafts").delete(key);
      }
      for (const old of (await settled(of("tasks").getAll())) as KeptTask[])
        if (!here.has(old.visit) && !busy.has(old.visit)) of("tasks").delete(old.visit);
      for (const { digest, task } of payload.visits) of("tasks").put({ visit: task.visit, digest, task } satisfies KeptTask);
      const needed = new Set<string>();
      for (const one of operations) {
        if (one.state === "done" && here.has(one.visit)) of("operations").put({ ...one, included: true });
        if (one.state === "done" && !here.has(one.visit) && !busy.has(one.visit)) of("operations").delete(one.id);
        else for (const name of one.files) needed.add(name);
      }
      if (!drafts.length)
        for (const name of (await settled(of("files").getAllKeys())).map(String)) if (!needed.has(name)) of("files").delete(name);
      of("facts").put({ at: payload.made_at, version: payload.version, name: payload.name }, "fetched");
      of("facts").put(payload.letters, "letters");
    });
  }
}

function batches(open: Kept[]): Kept[][] {
  const found: Kept[][] = [];
  let size = 0;
  for (const one of open) {
    const last = found.at(-1);
    if (!last || last.length >= MOST_AT_ONCE || size + one.text.length > MOST_TEXT) {
      found.push([one]);
      size = one.text.length;
    } else {
      last.push(one);
      size += one.text.length;
    }
  }
  return found;
}
