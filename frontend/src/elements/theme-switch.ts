import { recall, remember, word } from "../lib/dom";

const ORDER = ["system", "light", "dark"] as const;
type Theme = (typeof ORDER)[number];

/** One button that goes round: as the system wishes, light, dark. */
class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    if (document.documentElement.dataset["fixedTheme"] !== undefined) return;
    this.hidden = false;
    this.show(this.current());
    this.querySelector("button")?.addEventListener("click", () => {
      const next = ORDER[(ORDER.indexOf(this.current()) + 1) % ORDER.length] ?? "system";
      remember("theme", next === "system" ? null : next);
      if (next === "system") delete document.documentElement.dataset["theme"];
      else document.documentElement.dataset["theme"] = next;
      this.show(next);
    });
  }

  private current(): Theme {
    const kept = recall("theme") ?? document.documentElement.dataset["theme"];
    return kept === "light" || kept === "dark" ? kept : "system";
  }

  private show(theme: Theme): void {
    this.dataset["theme"] = theme;
    const button = this.querySelector("button");
    const words = `${word(this, "label")}：${word(this, theme)}`;
    button?.setAttribute("aria-label", words);
    button?.setAttribute("title", words);
  }
}

customElements.define("theme-switch", ThemeSwitch);
