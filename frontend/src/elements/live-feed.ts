import { icon, make, word } from "../lib/dom";
import { platformNow, setClock } from "../lib/platform-clock";

export interface NoticeDetail {
  incident: number;
  what: string;
}

type State = "connecting" | "live" | "lost" | "cut" | "ended";

// The platform speaks every 15 seconds; a line that is silent for longer than this is dead, whatever the browser thinks.
const SILENCE_MS = 40_000;
const LONGEST_WAIT_MS = 15_000;

/**
 * `<live-feed data-url data-mark>`: the one line to the platform. Dispatches `live-notice` for what happened, `live-reload`
 * when everything has to be looked at anew, `live-state` when the line comes or goes; says in words how it stands.
 * Comes back by itself with the mark of the last notice, so that a break misses nothing.
 */
class LiveFeed extends HTMLElement {
  private source: EventSource | null = null;
  private mark = 0;
  private state: State = "connecting";
  private wait = 1000;
  private silence = 0;
  private retry = 0;
  private lostAt = 0;
  private readonly leaving = new AbortController();

  connectedCallback(): void {
    this.mark = Number(this.dataset["mark"] ?? 0);
    const options = { signal: this.leaving.signal };
    addEventListener("online", () => this.again(0), options);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.state !== "live") this.again(0);
    }, options);
    // A page that goes to sleep in the browser's cache must not keep the line.
    addEventListener("pagehide", () => this.close(), options);
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.again(0);
    }, options);
    this.say("connecting");
    this.open();
  }

  disconnectedCallback(): void {
    this.leaving.abort();
    this.close();
  }

  private open(): void {
    this.close();
    const source = new EventSource(`${word(this, "url")}?after=${this.mark}`);
    this.source = source;
    for (const name of ["hello", "beat", "caught-up", "notice", "reach", "reload", "ended"]) {
      source.addEventListener(name, (event) => {
        if (source === this.source) this.take(name, event as MessageEvent<string>);
      });
    }
    source.onerror = () => {
      if (source !== this.source) return;
      this.lose();
      // A browser gives up by itself after an answer that is no stream, such as a refusal.
      if (source.readyState === EventSource.CLOSED) void this.ask();
    };
    this.listen();
  }

  private close(): void {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => {
      this.lose();
      this.again(0);
    }, SILENCE_MS);
  }

  private take(name: string, event: MessageEvent<string>): void {
    const data = JSON.parse(event.data) as { now?: number; heard?: boolean } & NoticeDetail;
    if (event.lastEventId) this.mark = Math.max(this.mark, Number(event.lastEventId));
    this.listen();
    if (data.now) setClock(data.now);
    if (name === "ended") {
      this.close();
      this.say("ended");
      return;
    }
    if (name === "reach") {
      this.say(data.heard ? "live" : "cut");
      return;
    }
    if (name === "hello") this.wait = 1000;
    if (this.state !== "cut") this.say("live");
    if (name === "notice") this.tell("live-notice", { incident: data.incident, what: data.what });
    if (name === "reload") {
      // The platform's numbers may have begun anew; the mark is whatever it says now.
      this.mark = Number(event.lastEventId || this.mark);
      this.tell("live-reload");
    }
  }

  private lose(): void {
    if (this.state === "ended") return;
    if (this.state !== "lost") this.lostAt = platformNow();
    this.say("lost");
  }

  private again(wait: number): void {
    if (this.state === "ended") return;
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.open(), wait);
  }

  /** Why the platform refuses: the session is over, or it is only not there yet. */
  private async ask(): Promise<void> {
    this.close();
    try {
      const answer = await fetch(word(this, "url"), { method: "HEAD", credentials: "same-origin", signal: this.leaving.signal });
      if (answer.status === 403) {
        this.say("ended");
        return;
      }
    } catch {
      if (this.leaving.signal.aborted) return;
    }
    this.again(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  private say(state: State): void {
    if (state === this.state && this.dataset["state"] === state) return;
    this.state = state;
    this.dataset["state"] = state;
    const isBroken = state === "lost" || state === "cut" || state === "ended";
    const line = make("p", { className: "feed-state" }, icon(state === "live" ? "ok" : state === "connecting" ? "hourglass" : "offline"));
    line.setAttribute("role", isBroken ? "alert" : "status");
    line.append(make("span", { textContent: word(this, state) }));
    if (state === "lost") {
      const since = document.createElement("live-time");
      since.dataset["since"] = String(this.lostAt || platformNow());
      line.append(make("span", { className: "feed-since" }, `${word(this, "sinceWord")} `, since));
    }
    if (state === "ended") line.append(make("a", { className: "button primary", href: word(this, "login"), textContent: word(this, "loginWord") }));
    this.replaceChildren(line);
    this.tell("live-state", { state });
  }

  private tell(name: string, detail: unknown = null): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

customElements.define("live-feed", LiveFeed);
