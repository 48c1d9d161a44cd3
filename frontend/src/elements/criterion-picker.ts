import { choose } from "../lib/fields";

/**
 * 判定依据: a tap on a clause writes standard and clause into `criterion`, so that nobody types a standard's number.
 *
 * A search field inside hides the clauses beside it that lack one of its words.
 */
export class CriterionPicker extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const pressed = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-criterion]") : null;
      if (pressed) this.choose(pressed.dataset["criterion"] ?? "");
    });
    this.addEventListener("input", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "search") this.search(event.target);
    });
    this.addEventListener("keydown", (event) => {
      // Enter looks for a clause here; it does not send the answer.
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
    });
    this.field?.addEventListener("input", () => this.show());
    this.show();
  }

  private get field(): HTMLInputElement | null {
    return this.closest("form")?.querySelector<HTMLInputElement>("input[name=criterion]") ?? null;
  }

  private choose(text: string): void {
    const { field } = this;
    const form = this.closest("form");
    if (!field || !form) return;
    field.value = text;
    choose(form, "level", "major");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private search(box: HTMLInputElement): void {
    const list = box.closest("details") ?? this;
    const asked = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const button of list.querySelectorAll<HTMLButtonElement>("button[data-criterion]")) {
      const text = (button.textContent ?? "").toLowerCase();
      button.hidden = !asked.every((word) => text.includes(word));
      if (!button.hidden) left += 1;
    }
    const none = list.querySelector<HTMLElement>("[role=status]");
    if (none) none.hidden = left > 0;
  }

  private show(): void {
    const chosen = this.field?.value.trim() ?? "";
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[data-criterion]"))
      button.setAttribute("aria-pressed", String(button.dataset["criterion"] === chosen));
  }
}

customElements.define("criterion-picker", CriterionPicker);

declare global {
  interface HTMLElementTagNameMap {
    "criterion-picker": CriterionPicker;
  }
}
