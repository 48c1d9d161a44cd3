import htmx from "../lib/htmx";
import { isTyping, word } from "../lib/dom";
import { part } from "../lib/fetch";
import { setClock } from "../lib/platform-clock";
import { AlarmSound } from "./alarm-sound";
import type { NoticeDetail } from "./live-feed";

// A storm of more rows than that is fetched as one list.
const MOST_AT_ONCE = 60;
// What an operator has to see at once; that known points told again is shown now and then.
const URGENT = new Set(["opened", "presumed", "broke_through"]);
const NOW_AND_THEN_MS = 1000;
// After a request that failed.
const PAUSE_MS = 3000;
// Nothing is missed without it; a screen that stands for weeks looks anyway.
const LOOK_AGAIN_MS = 5 * 60_000;

/**
 * `<duty-room>`: keeps the list and the open incident as the platform has them, row by row, for as long as the page stands.
 * Keys: the letters on the buttons act on the open incident, arrows walk the list, Enter opens.
 */
class DutyRoom extends HTMLElement {
  private urgent = new Set<number>();
  private waiting = new Set<number>();
  private caughtUpAt = -NOW_AND_THEN_MS;
  private later = 0;
  private isAllDue = false;
  private isIncidentDue = false;
  private isFetching = false;
  private pause = 0;
  private look = 0;
  private telling = 0;
  private readonly leaving = new AbortController();

  connectedCallback(): void {
    setClock(Number(this.dataset["now"]));
    const options = { signal: this.leaving.signal };
    this.addEventListener("live-notice", (event) => this.take((event as CustomEvent<NoticeDetail>).detail), options);
    this.addEventListener("live-reload", () => this.fetchAll(), options);
    this.addEventListener("live-state", (event) => {
      // Whoever looks elsewhere hears that nothing will be seen for a while.
      if ((event as CustomEvent<{ state: string }>).detail.state in { lost: 0, cut: 0, ended: 0 }) this.sound?.blip();
    }, options);
    document.addEventListener("visibilitychange", () => void this.tellShown(), options);
    this.addEventListener("click", (event) => this.onClick(event), options);
    document.addEventListener("keydown", (event) => this.onKey(event), options);
    document.addEventListener("submit", () => this.fail(""), { ...options, capture: true });
    document.body.addEventListener("htmx:afterSwap", () => this.swapped(), options);
    for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
      document.body.addEventListener(name, () => this.fail(word(this, "failed")), options);
    document.body.addEventListener("toggle", (event) => this.onToggle(event), { ...options, capture: true });
    addEventListener("popstate", () => location.reload(), options);
    this.look = window.setInterval(() => this.fetchAll(), LOOK_AGAIN_MS);
    this.follow();
    void this.tellShown();
  }

  disconnectedCallback(): void {
    this.leaving.abort();
    clearTimeout(this.pause);
    clearTimeout(this.later);
    clearTimeout(this.telling);
    clearInterval(this.look);
  }

  // --- what the platform tells

  private take(notice: NoticeDetail): void {
    (URGENT.has(notice.what) ? this.urgent : this.waiting).add(notice.incident);
    if (notice.incident === this.open) this.isIncidentDue = true;
    void this.fetchDue();
  }

  private fetchAll(): void {
    this.isAllDue = true;
    if (this.open) this.isIncidentDue = true;
    void this.fetchDue();
  }

  /** One request at a time: what is announced meanwhile goes together with the next, what is urgent first. */
  private async fetchDue(): Promise<void> {
    if (this.isFetching || this.pause !== 0) return;
    this.isFetching = true;
    try {
      while (this.isAllDue || this.urgent.size > 0 || this.isTimeForMore) {
        if (this.isAllDue || this.urgent.size > 0) {
          await this.fetchRows(this.urgent);
          continue;
        }
        this.caughtUpAt = performance.now();
        if (this.waiting.size > 0) await this.fetchRows(this.waiting);
        if (this.isIncidentDue) {
          this.isIncidentDue = false;
          if (this.open) await this.fetchIncident(this.open, false);
        }
      }
    } catch {
      // The line says what is wrong; whatever was missed comes with the next look.
      this.isAllDue = true;
      this.pause = window.setTimeout(() => {
        this.pause = 0;
        void this.fetchDue();
      }, PAUSE_MS);
    } finally {
      this.isFetching = false;
    }
    this.comeBack();
  }

  private get isMoreDue(): boolean {
    return this.waiting.size > 0 || this.isIncidentDue;
  }

  private get isTimeForMore(): boolean {
    return this.isMoreDue && performance.now() - this.caughtUpAt >= NOW_AND_THEN_MS;
  }

  private comeBack(): void {
    clearTimeout(this.later);
    if (!this.isMoreDue || this.pause !== 0) return;
    const rest = this.caughtUpAt + NOW_AND_THEN_MS - performance.now();
    this.later = window.setTimeout(() => void this.fetchDue(), Math.max(0, rest));
  }

  /** Fetches these rows, or the whole list where it is due or they are many; empties the set. */
  private async fetchRows(wanted: Set<number>): Promise<void> {
    const ids = [...wanted];
    const isAll = this.isAllDue || ids.length > MOST_AT_ONCE;
    wanted.clear();
    if (isAll) this.waiting.clear();
    this.isAllDue = false;
    const only = isAll ? "" : `&only=${ids.join(",")}`;
    const fresh = parsed(await part(`${word(this, "rows")}?incident=${this.open}${only}`)).querySelector("#alarms");
    if (!fresh) throw new Error("no list");
    const rows = [...fresh.children] as HTMLLIElement[];
    const there = new Set(rows.map((row) => row.id));
    const asked = isAll ? [...this.list.children].map((row) => row.id) : ids.map((id) => `alarm-${id}`);
    for (const id of asked) if (!there.has(id)) document.getElementById(id)?.remove();
    for (const row of rows) this.put(row);
    this.follow();
    void this.tellShown();
    // Whoever has nothing open, or only what is over, sees the first fire at once; whoever works is not torn away.
    const first = this.list.querySelector<HTMLElement>("li[data-untaken][data-fire]");
    if (first && (!this.open || this.incident?.dataset["state"] === "closed")) await this.fetchIncident(Number(first.dataset["incident"]), true);
  }

  /** Put a row where its order says; one that did not change is left alone. */
  private put(row: HTMLLIElement): void {
    const old = document.getElementById(row.id);
    if (old && old.dataset["order"] === row.dataset["order"] && signature(old) === signature(row)) return;
    const hadFocus = old?.contains(document.activeElement) ?? false;
    old?.remove();
    const order = row.dataset["order"] ?? "";
    const after = [...this.list.children].find((one) => ((one as HTMLElement).dataset["order"] ?? "") > order);
    this.list.insertBefore(row, after ?? null);
    if (hadFocus) row.querySelector("a")?.focus({ preventScroll: true });
    if (!old && row.dataset["untaken"] !== undefined) this.announce(row);
  }

  private announce(row: HTMLElement): void {
    const line = this.querySelector("[data-announce]");
    if (line) line.textContent = row.dataset["says"] ?? "";
    if (row.dataset["fire"] === undefined) this.sound?.blip();
  }

  private follow(): void {
    const rows = [...this.list.children] as HTMLElement[];
    const untaken = rows.filter((row) => row.dataset["untaken"] !== undefined);
    const count = this.querySelector("[data-count]");
    if (count && count.textContent !== String(rows.length)) count.textContent = String(rows.length);
    const title = word(this, "title");
    document.title = untaken.length > 0 ? `(${untaken.length}) ${title}` : title;
    this.sound?.follow(untaken.filter((row) => row.dataset["fire"] !== undefined).map((row) => row.id));
  }

  /** The platform measures how long it took until somebody could see it. */
  private async tellShown(): Promise<void> {
    if (document.hidden) return;
    const rows = [...this.list.querySelectorAll<HTMLElement>("li[data-unshown]")].slice(0, 200);
    if (rows.length === 0) return;
    const body = new FormData();
    for (const row of rows) {
      delete row.dataset["unshown"];
      body.append("incident", row.dataset["incident"] ?? "");
    }
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
    try {
      const answer = await fetch(word(this, "shown"), { method: "POST", body, headers: token, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      for (const row of rows) row.dataset["unshown"] = "";
      // The row stays as it is, so nothing else would tell it again.
      clearTimeout(this.telling);
      this.telling = window.setTimeout(() => void this.tellShown(), PAUSE_MS);
    }
  }

  // --- the open incident

  private get open(): number {
    return Number(this.incident?.dataset["incident"] ?? 0);
  }

  private get incident(): HTMLElement | null {
    return document.getElementById("incident");
  }

  private async fetchIncident(id: number, moves: boolean): Promise<void> {
    const address = word(this, "incident").replace("/0/", `/${id}/`);
    try {
      const fresh = parsed(await part(address, "incident")).querySelector<HTMLElement>("#incident");
      if (!fresh || (!moves && id !== this.open)) return;
      if (moves) this.replace(fresh, id);
      else this.renew(fresh);
    } catch {
      if (moves) this.fail(word(this, "failed"));
    }
  }

  private replace(fresh: HTMLElement, id: number): void {
    this.incident?.replaceWith(fresh);
    htmx.process(fresh);
    this.classList.add("has-incident");
    history.replaceState(null, "", `${word(this, "room")}?incident=${id}`);
    this.mark();
  }

  /** New facts beside the form in which somebody writes: the form stays until it is sent or empty. */
  private renew(fresh: HTMLElement): void {
    const now = this.incident;
    if (!now) return;
    const writing = [...now.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input[name=reason]")].some((one) => one.value.trim() !== "");
    const isOpen = now.querySelector("details.act[open]") !== null;
    if (!writing && !(isOpen && now.dataset["state"] === fresh.dataset["state"])) {
      const focus = now.contains(document.activeElement) ? document.activeElement?.id : "";
      now.replaceWith(fresh);
      htmx.process(fresh);
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
      return;
    }
    for (const part of ["#incident-head", "#incident-place", "#incident-acts .story"]) {
      const piece = fresh.querySelector(part);
      if (piece) now.querySelector(part)?.replaceWith(piece);
    }
    if (now.dataset["state"] !== fresh.dataset["state"]) {
      const next = now.querySelector("#incident-acts .next");
      if (next) next.textContent = word(this, "changed");
    }
  }

  private swapped(): void {
    this.fail("");
    this.mark();
    this.querySelector<HTMLElement>(".refusal")?.focus();
    if (this.open) this.urgent.add(this.open);
    void this.fetchDue();
  }

  private mark(): void {
    for (const link of this.list.querySelectorAll("a")) {
      const isOpen = Number(link.closest("li")?.dataset["incident"]) === this.open;
      if (isOpen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  private fail(text: string): void {
    const line = this.querySelector<HTMLElement>(".duty-failure");
    if (!line) return;
    line.hidden = text === "";
    line.textContent = text;
  }

  // --- hands

  private onClick(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("#alarms a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void this.fetchIncident(Number(link.closest("li")?.dataset["incident"]), true).then(() => {
      if (getComputedStyle(link).display === "none" || link.offsetParent === null) this.incident?.focus();
    });
  }

  private onToggle(event: Event): void {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement) || !details.open || !this.contains(details)) return;
    details.querySelector<HTMLElement>("input[type=radio]:checked, input[type=radio], textarea, input:not([type=hidden])")?.focus();
  }

  private onKey(event: KeyboardEvent): void {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("#incident form") : null;
      form?.requestSubmit();
      return;
    }
    if (event.key === "Escape") {
      const open = this.querySelector<HTMLDetailsElement>("details.act[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary")?.focus();
      }
      return;
    }
    if (isTyping(event) && !(event.target instanceof HTMLInputElement && event.target.type === "radio" && event.code.startsWith("Key"))) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.code === "ArrowDown" || event.code === "ArrowUp") {
      if (event.target instanceof HTMLInputElement) return;
      this.walk(event.code === "ArrowDown" ? 1 : -1, event);
      return;
    }
    // By the place of the key: an input method that is switched on changes the letter, never the place.
    if (!event.code.startsWith("Key")) return;
    const button = this.querySelector<HTMLElement>(`[data-key="${event.code.slice(3)}"]`);
    if (!button || (button instanceof HTMLButtonElement && button.disabled)) return;
    event.preventDefault();
    button.click();
  }

  private walk(step: number, event: KeyboardEvent): void {
    const links = [...this.list.querySelectorAll("a")];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = links[at === -1 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  private get list(): HTMLElement {
    return this.querySelector<HTMLElement>("#alarms")!;
  }

  private get sound(): AlarmSound | null {
    return this.querySelector<AlarmSound>("alarm-sound");
  }
}

function parsed(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, "text/html").body;
}

/** What a row says, without the seconds that count by themselves. */
function signature(row: HTMLElement): string {
  const copy = row.cloneNode(true) as HTMLElement;
  for (const time of copy.querySelectorAll("live-time")) time.replaceWith(time.getAttribute("data-due") ?? "");
  return `${copy.className}|${copy.dataset["state"] ?? ""}|${copy.textContent.replace(/\s+/g, " ")}`;
}

customElements.define("duty-room", DutyRoom);
