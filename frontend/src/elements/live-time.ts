import { word } from "../lib/dom";
import { platformNow } from "../lib/platform-clock";

/**
 * `<live-time data-since>` counts up from a moment, `data-due` down to one and on beyond it, `data-clock` tells the time;
 * moments in ms. One timer for all of them; without script the moment itself stands there.
 */
class LiveTime extends HTMLElement {
  connectedCallback(): void {
    all.add(this);
    this.show(platformNow());
    timer ||= window.setInterval(tick, 1000);
  }

  disconnectedCallback(): void {
    all.delete(this);
    if (all.size > 0) return;
    clearInterval(timer);
    timer = 0;
  }

  show(now: number): void {
    const text = this.text(now);
    // Only what changed: a screen reader must not be told the same again.
    if (this.textContent !== text) this.textContent = text;
  }

  private text(now: number): string {
    if (this.dataset["clock"] !== undefined) return clock.format(now);
    const due = this.dataset["due"];
    if (due === undefined) return span(now - Number(this.dataset["since"]));
    const left = Number(due) - now;
    const isLate = left < 0;
    this.toggleAttribute("data-is-late", isLate);
    return `${word(this, isLate ? "late" : "left")} ${span(Math.abs(left))}`;
  }
}

const all = new Set<LiveTime>();
let timer = 0;
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

function tick(): void {
  const now = platformNow();
  for (const one of all) one.show(now);
}

/** 0:07, 12:05, 3:00:00; days are told as hours. */
function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

customElements.define("live-time", LiveTime);
