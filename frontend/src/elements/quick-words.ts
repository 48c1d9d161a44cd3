import { choose } from "../lib/fields";

/**
 * 隐患目录: a tap on a phrase writes it into `note` and sets `outcome`, `level` and `due_on` of the form; another tap
 * takes it out again. Without script the ticks are sent as they are, and the server writes the same.
 */
export class QuickWords extends HTMLElement {
  connectedCallback(): void {
    for (const tick of this.ticks) {
      // What is written into the note must not be sent twice.
      tick.removeAttribute("name");
      tick.checked = this.note?.value.includes(tick.value) ?? false;
    }
    this.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "checkbox") this.write(event.target);
    });
  }

  private get ticks(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  }

  private get note(): HTMLTextAreaElement | null {
    return this.closest("form")?.querySelector<HTMLTextAreaElement>("textarea[name=note]") ?? null;
  }

  private write(tick: HTMLInputElement): void {
    const { note } = this;
    const form = this.closest("form");
    if (!note || !form) return;
    const parts = note.value.split("；").map((part) => part.trim()).filter((part) => part && part !== tick.value);
    note.value = [...parts, ...(tick.checked ? [tick.value] : [])].join("；");
    const chosen = this.ticks.filter((one) => one.checked);
    if (chosen.length) {
      const level = chosen.some((one) => one.dataset["level"] === "major") ? "major" : "general";
      const due = chosen.map((one) => one.dataset["due"] ?? "").filter(Boolean).sort()[0];
      choose(form, "outcome", "fails");
      choose(form, "level", level);
      const term = form.querySelector<HTMLInputElement>("input[name=due_on]");
      if (term && due) term.value = due;
      const details = term?.closest("details");
      // A major hazard needs its criterion: it is asked for where it stands.
      if (details && level === "major") details.open = true;
    }
    note.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("quick-words", QuickWords);

declare global {
  interface HTMLElementTagNameMap {
    "quick-words": QuickWords;
  }
}
