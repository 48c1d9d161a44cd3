// The phone's own store, one database for each user: tasks, the queue of operations, photos, drafts. What stands here
// was written to disk before the page says so, and an update of the program never empties it.
import type { Clock, Kept, KeptFile, KeptTask } from "./types";

const VERSION = 1;
const PREFIX = "anguan-phone-";

type Name = "facts" | "tasks" | "operations" | "files" | "drafts";

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("storage"));
  });
}

export class Store {
  private constructor(
    private readonly database: IDBDatabase,
    readonly user: string,
  ) {}

  static async open(user: string): Promise<Store> {
    const request = indexedDB.open(PREFIX + user, VERSION);
    request.onupgradeneeded = () => {
      const { result } = request;
      result.createObjectStore("facts");
      result.createObjectStore("tasks", { keyPath: "visit" });
      result.createObjectStore("operations", { keyPath: "id" }).createIndex("place", ["visit", "position"], { unique: true });
      result.createObjectStore("files", { keyPath: "sha256" });
      result.createObjectStore("drafts");
    };
    const store = new Store(await settled(request), user);
    // Another window with a newer program may want to change the layout.
    store.database.onversionchange = () => store.database.close();
    return store;
  }

  /** The users with a store on this phone. */
  static async users(): Promise<string[]> {
    const all = (await indexedDB.databases?.()) ?? [];
    return all.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
  }

  static async wipe(user: string): Promise<void> {
    await settled(indexedDB.deleteDatabase(PREFIX + user));
  }

  close(): void {
    this.database.close();
  }

  /** Runs `work` in one transaction; resolves once it is on disk. Work may only await requests of the transaction. */
  async write<T>(names: Name[], work: (of: (name: Name) => IDBObjectStore) => Promise<T> | T): Promise<T> {
    const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("storage"));
    });
    // Awaited below; without this a failure before that would count as unhandled.
    done.catch(() => undefined);
    let result: T;
    try {
      result = await work((name) => transaction.objectStore(name));
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It is over already; the error tells why.
      }
      throw error;
    }
    await done;
    return result;
  }

  private all<T>(name: Name): Promise<T[]> {
    return settled(this.database.transaction(name).objectStore(name).getAll()) as Promise<T[]>;
  }

  private one<T>(name: Name, key: string): Promise<T | undefined> {
    return settled(this.database.transaction(name).objectStore(name).get(key)) as Promise<T | undefined>;
  }

  tasks = (): Promise<KeptTask[]> => this.all<KeptTask>("tasks");
  task = (visit: string): Promise<KeptTask | undefined> => this.one<KeptTask>("tasks", visit);
  file = (sha256: string): Promise<KeptFile | undefined> => this.one<KeptFile>("files", sha256);
  draft = <T>(key: string): Promise<T | undefined> => this.one<T>("drafts", key);
  fact = <T>(key: string): Promise<T | undefined> => this.one<T>("facts", key);
  fileNames = async (): Promise<string[]> =>
    (await settled(this.database.transaction("files").objectStore("files").getAllKeys())).map(String);

  hasDrafts = async (): Promise<boolean> => (await settled(this.database.transaction("drafts").objectStore("drafts").count())) > 0;

  /** Every operation, those of one visit in their order. */
  async operations(visit?: string): Promise<Kept[]> {
    const rows = await this.all<Kept>("operations");
    const mine = visit === undefined ? rows : rows.filter((row) => row.visit === visit);
    return mine.sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0) || left.position - right.position);
  }

  async keepDraft(key: string, value: unknown, files: KeptFile[] = []): Promise<void> {
    await this.write(["drafts", "files"], (of) => {
      of("drafts").put(value, key);
      for (const file of files) of("files").put(file);
    });
  }

  async keepFact(key: string, value: unknown): Promise<void> {
    await this.write(["facts"], (of) => void of("facts").put(value, key));
  }

  async clock(): Promise<Clock> {
    return (await this.fact<Clock>("clock")) ?? { offset_ms: 0, measured_at: "" };
  }
}
