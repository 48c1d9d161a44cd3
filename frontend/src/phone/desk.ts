// <offline-desk>: the page `/m/offline/`. It shows what lies in the phone's store, whether or not there is a network,
// and sends what waits whenever there is one. The part of the address behind # says what is shown.
import { make, word } from "../lib/dom";
import { keepPhoneUser, phoneUser } from "../lib/phone-user";
import { pageWords } from "../draw/page-words";
import { DeviceClock } from "./clock";
import { drawForm } from "./forms";
import { type Act, append } from "./operations";
import type { Words } from "./parts";
import { drawSigning } from "./signing";
import { Store } from "./store";
import { type Addresses, type Outcome, Sender, contact } from "./sync";
import { drawQueue, drawToday, drawVisit } from "./views";

const FIRST_WAIT_MS = 4000;
const LONGEST_WAIT_MS = 5 * 60 * 1000;

export interface View {
  title: string;
  back: string;
  body: Node[];
  bottom: Node[];
  progress?: [number, number];
}

export class OfflineDesk extends HTMLElement {
  readonly clock = new DeviceClock();
  words: Words = (key) => key;
  store: Store | null = null;
  outcome: Outcome | "starting" = "starting";
  busy = false;
  private wait = FIRST_WAIT_MS;
  private timer = 0;
  private drawn = 0;

  connectedCallback(): void {
    this.words = pageWords(this);
    addEventListener("hashchange", () => void this.draw());
    addEventListener("online", () => void this.send());
    addEventListener("offline", () => void this.tell());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void this.send());
    void this.begin();
  }

  get addresses(): Addresses {
    return {
      contact: word(this, "contact"),
      tasks: word(this, "tasks"),
      operations: word(this, "operations"),
      photos: word(this, "photos").replace(/-$/, ""),
    };
  }

  private async begin(): Promise<void> {
    // What lies on the phone is shown at once; a network that is there but does not answer must not hold it up.
    void this.install();
    const known = await phoneUser();
    if (known) await this.take(known);
    if (this.store) await this.draw();
    await this.recognise(known);
    // Asked once there is something to lose; a browser may then not clear it away when space is short.
    if (this.store) await navigator.storage?.persist?.().catch(() => false);
    if (!this.store || this.store.user !== known) await this.draw();
    await this.send(this.store !== null && !(await this.store.fact("fetched")));
  }

  private async install(): Promise<void> {
    if (!("serviceWorker" in navigator)) return;
    navigator.serviceWorker.addEventListener("message", ({ data }) => data === "send" && void this.send());
    try {
      await navigator.serviceWorker.register(word(this, "worker"), { scope: word(this, "scope"), updateViaCache: "none" });
    } catch {
      // Plain http, or a browser that forbids it: the page still works while it stays open.
    }
  }

  /** Opens a user's store, with the clock as it was measured for it. */
  private async take(user: string): Promise<void> {
    this.store?.close();
    this.store = await Store.open(user);
    const { offset_ms, measured_at } = this.clock.read();
    if (measured_at) await this.store.keepFact("clock", { offset_ms, measured_at });
    else await this.clock.load(this.store);
  }

  /** Takes the store of whoever is logged in; without network, it stays that of whoever was last and did not log out. */
  private async recognise(known: string): Promise<void> {
    try {
      const { user } = await contact(this.addresses, this.clock, this.store);
      if (user && user !== known) {
        await keepPhoneUser(user);
        await this.take(user);
      }
    } catch {
      // No network: the store says what there is.
    }
    await this.tidy(this.store?.user ?? "");
  }

  /** Other users' stores: gone where everything was sent; where not, what is not yet sent stays for its owner. */
  private async tidy(mine: string): Promise<void> {
    for (const user of await Store.users()) {
      if (user === mine) continue;
      const store = await Store.open(user);
      const left = (await store.operations()).some((one) => one.state !== "done") || (await store.hasDrafts());
      if (left) await store.write(["tasks"], (of) => void of("tasks").clear());
      store.close();
      if (!left) await Store.wipe(user);
    }
  }

  /** Writes an act into the queue, then tries to send it. */
  async act(act: Act): Promise<void> {
    if (!this.store) throw new Error("no store");
    await append(this.store, this.clock, act);
    void this.later();
    void this.send();
  }

  /** After an act: on to the next part of the page, unless its user went somewhere else meanwhile. */
  async moveOn(from: string, to = from): Promise<void> {
    if (location.hash !== from) return;
    location.hash = to;
    await this.draw();
  }

  /** Asks the browser to wake the page when the network is back, where it can. */
  private async later(): Promise<void> {
    try {
      const ready = await navigator.serviceWorker?.ready;
      await (ready as unknown as { sync?: { register(tag: string): Promise<void> } })?.sync?.register("anguan-send");
    } catch {
      // Not every browser has it; the page tries by itself.
    }
  }

  async send(fetchTasks = false): Promise<void> {
    if (this.busy) return;
    if (!this.store) return this.tell();
    this.busy = true;
    clearTimeout(this.timer);
    await this.tell();
    try {
      this.outcome = await new Sender(this.store, this.clock, this.addresses).run(fetchTasks);
    } catch (error) {
      this.outcome = "failed";
      console.warn(error);
    } finally {
      this.busy = false;
    }
    const left = await this.unsent();
    const isWell = this.outcome === "sent";
    this.wait = isWell ? FIRST_WAIT_MS : Math.min(this.wait * 2, LONGEST_WAIT_MS);
    // Another act may have come while this attempt was under way.
    if (left) this.timer = window.setTimeout(() => void this.send(), isWell ? 0 : this.wait);
    await this.draw(true);
  }

  async unsent(): Promise<number> {
    const rows = (await this.store?.operations()) ?? [];
    return rows.filter((one) => one.state === "new" || one.state === "waiting").length;
  }

  /** The word at the top: offline, how many wait, or all sent. */
  async tell(): Promise<void> {
    const place = document.querySelector<HTMLElement>("[data-offline-state]");
    if (!place) return;
    const left = await this.unsent();
    const isOffline = !navigator.onLine || this.outcome === "offline";
    const said = [
      ...(isOffline ? [this.words("offline")] : []),
      ...(this.outcome === "login" || this.outcome === "other" ? [this.words("log_in_again")] : []),
      this.busy ? this.words("sending") : left ? this.words("unsent", { count: String(left) }) : this.store ? this.words("all_sent") : "",
    ];
    place.dataset["state"] = isOffline ? "offline" : left ? "waiting" : "sent";
    const text = said.filter(Boolean).join(" · ");
    if (place.textContent !== text) place.textContent = text;
  }

  /** Draws what the address names; `gently` leaves a page alone in which somebody is writing. */
  async draw(gently = false): Promise<void> {
    await this.tell();
    if (gently && this.querySelector("form, signature-pad")) return;
    const turn = (this.drawn += 1);
    const shown = location.hash;
    const view = await this.view(shown.replace(/^#\/?/, "").split("/").map(decodeURIComponent));
    // Where the address changed meanwhile, its own drawing is on the way.
    if (turn !== this.drawn || shown !== location.hash) return;
    const before = document.activeElement;
    const template = this.querySelector("template");
    this.replaceChildren(...(template ? [template] : []), ...view.body);
    const title = document.querySelector(".phone-head h1");
    if (title) title.textContent = view.title;
    const back = document.querySelector<HTMLAnchorElement>(".phone-head .back");
    if (back) back.href = view.back;
    document.querySelector(".phone-bottom")?.replaceChildren(...view.bottom);
    this.showProgress(view.progress);
    this.dataset["drawn"] = shown;
    if (!gently && before !== document.body) document.getElementById("main")?.focus({ preventScroll: true });
    if (!gently) scrollTo(0, 0);
  }

  private showProgress(progress: View["progress"]): void {
    const steps = document.querySelector<HTMLElement>("[data-offline-progress]");
    if (!steps) return;
    steps.hidden = !progress;
    if (!progress) return;
    const meter = make("progress", { value: progress[0], max: progress[1] });
    meter.setAttribute("aria-label", this.words("progress"));
    steps.replaceChildren(meter, make("span", {}, `${progress[0]} / ${progress[1]}`));
  }

  private async view(path: string[]): Promise<View> {
    const [what, visit, part, key] = path;
    if (!this.store) return drawToday(this);
    // Led here from an address of the pages that need the network: the same visit.
    const led = what ? "" : (/^\/m\/visits\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1] ?? "");
    if (what === "queue") return drawQueue(this);
    const uid = what === "visit" ? (visit ?? "") : led;
    const kept = uid ? await this.store.task(uid) : undefined;
    if (!kept) return drawToday(this);
    if (part === "record") return drawSigning(this, kept);
    if (part) return drawForm(this, kept, part, key ?? "");
    return drawVisit(this, kept);
  }
}

customElements.define("offline-desk", OfflineDesk);
