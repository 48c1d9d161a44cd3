import { word } from "../lib/dom";
import { part } from "../lib/fetch";

/** Asks how far the work is: every second while somebody looks, rarely when nobody does, never once it is done. */
class BusyPoll extends HTMLElement {
  private timer = 0;
  private failures = 0;
  private readonly onLook = (): void => {
    if (!document.hidden) this.plan(0);
  };

  connectedCallback(): void {
    if (!this.dataset["url"]) return;
    document.addEventListener("visibilitychange", this.onLook);
    this.plan(1000);
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onLook);
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    const url = this.dataset["url"];
    if (!url || !this.isConnected) return;
    try {
      const html = await part(url);
      const answer = new DOMParser().parseFromString(html, "text/html").body;
      const next = answer.querySelector("busy-poll");
      this.failures = 0;
      if (next instanceof HTMLElement && next.dataset["url"]) {
        const focused = this.contains(document.activeElement);
        this.replaceChildren(...next.childNodes);
        if (focused) this.focus();
        this.plan(document.hidden ? 15000 : 1000);
        return;
      }
      // Finished: the answer stands in its place, whatever the room puts there.
      this.dispatchEvent(new CustomEvent("busy-done", { bubbles: true }));
      this.replaceWith(...answer.childNodes);
    } catch {
      this.failures += 1;
      const note = this.querySelector(".net");
      if (note) note.textContent = word(this, "failed");
      this.plan(Math.min(1000 * 2 ** this.failures, 30000));
    }
  }
}

customElements.define("busy-poll", BusyPoll);
