import { choose } from "../lib/fields";

/** 判定依据: a tap on a clause writes standard and clause into `criterion`, so that nobody types a standard's number. */
export class CriterionPicker extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const pressed = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-criterion]") : null;
      if (pressed) this.choose(pressed.dataset["criterion"] ?? "");
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
