// The service worker of the phone pages: keeps the shell of `/m/offline/` and what it needs, nothing else.
//
// It holds no personal data and no work: those lie in the page's own store, one for each user, which an update of this
// program never touches. `web/phone.py` puts version and list in front of this text; another content is another version.
export {};

interface Shell {
  version: string;
  page: string;
  files: string[];
}
interface Life extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Life {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Life {
  tag?: string;
}
interface Page {
  postMessage(message: unknown): void;
}
interface Worker extends EventTarget {
  SHELL: Shell;
  registration: { scope: string };
  clients: { claim(): Promise<void>; matchAll(options: object): Promise<Page[]> };
  skipWaiting(): Promise<void>;
}

const me = self as unknown as Worker;
const { version, page, files } = me.SHELL;
const NAME = `anguan-phone-${version}`;
const PATIENCE_MS = 6000;

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  await Promise.all(
    [page, ...files].map(async (address) => {
      const answer = await fetch(new Request(address, { cache: "reload", credentials: "same-origin" }));
      // A page that was led elsewhere (a log-in, a gateway's own page) must never become the shell.
      if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
      await cache.put(address, answer);
    }),
  );
  await me.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("anguan-phone-") && name !== NAME).map((name) => caches.delete(name)));
  await me.clients.claim();
}

async function kept(address: string): Promise<Response | undefined> {
  return (await caches.open(NAME)).match(address);
}

/** The network where it answers in time, else the shell: it reads the address and shows the same visit. */
async function opened(request: Request): Promise<Response> {
  const shell = await kept(page);
  if (!shell) return fetch(request);
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(shell), PATIENCE_MS));
  const network = fetch(request).then((answer) => (answer.status >= 502 && answer.status <= 504 ? shell : answer));
  return Promise.race([network.catch(() => shell), late]);
}

me.addEventListener("install", (event) => (event as Life).waitUntil(install()));
me.addEventListener("activate", (event) => (event as Life).waitUntil(activate()));
me.addEventListener("fetch", (event) => {
  const { request, respondWith } = event as Asked;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const answer = (work: Promise<Response>): void => respondWith.call(event, work);
  if (request.mode === "navigate") {
    if (pathname === page) answer(kept(page).then((shell) => shell ?? fetch(request)));
    else if (pathname.startsWith(new URL(me.registration.scope).pathname)) answer(opened(request));
  } else if (files.includes(pathname)) answer(kept(pathname).then((file) => file ?? fetch(request)));
});
// Back in the network: an open page sends what waits. A closed one sends it when it is opened; a worker can't see
// who is logged in, and must not send one officer's work with another's session.
me.addEventListener("sync", (event) => {
  const tell = async (): Promise<void> => {
    for (const client of await me.clients.matchAll({ type: "window" })) client.postMessage("send");
  };
  if ((event as Told).tag === "anguan-send") (event as Told).waitUntil(tell());
});
