// Whose store `/m/offline/` opens without network. Kept in a database and not in localStorage, which a browser writes
// back when it likes: after a flat battery the officer would stand before a phone that knows nobody.
const NAME = "anguan-phone";
const STORE = "user";
const PATIENCE_MS = 1000;

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("storage"));
  });
}

/** The user's id; empty when nobody is logged in on this phone. */
export async function phoneUser(): Promise<string> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const request = database.transaction(STORE).objectStore(STORE).get(STORE);
      request.onsuccess = () => resolve(typeof request.result === "string" ? request.result : "");
      request.onerror = () => reject(request.error ?? new Error("storage"));
    });
  } finally {
    database.close();
  }
}

/** Resolves once it is on disk. */
export async function keepPhoneUser(user: string): Promise<void> {
  const database = await opened();
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      transaction.objectStore(STORE).put(user, STORE);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("storage"));
    });
  } finally {
    database.close();
  }
}

// Whoever logs out is forgotten before the request leaves: it may never be answered.
addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || new URL(form.action).pathname !== "/account/logout/") return;
  event.preventDefault();
  const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  void Promise.race([keepPhoneUser("").catch(() => undefined), late]).then(() => form.submit());
});
