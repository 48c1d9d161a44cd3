import { make, recall, remember } from "../lib/dom";

const sheet = new CSSStyleSheet();

/** Hides columns of the list beside it, by their keys, remembered under the list's name. */
class ColumnChooser extends HTMLElement {
  private readonly outside = (event: Event): void => {
    if (event.target instanceof Node && !this.contains(event.target)) this.fold();
  };

  connectedCallback(): void {
    const heads = this.heads();
    if (heads.length < 3) return;
    this.hidden = false;
    if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
    this.apply();
    const button = this.querySelector("button");
    button?.addEventListener("click", () => (this.querySelector(".float") ? this.fold() : this.unfold()));
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.fold();
      button?.focus();
    });
    document.addEventListener("click", this.outside);
  }

  disconnectedCallback(): void {
    document.removeEventListener("click", this.outside);
  }

  private heads(): HTMLTableCellElement[] {
    return [...(this.closest(".list")?.querySelectorAll<HTMLTableCellElement>("thead th") ?? [])];
  }

  private hiddenKeys(): Set<string> {
    const kept = recall(`columns.${this.dataset["name"] ?? ""}`);
    if (kept !== null) return new Set(kept.split(",").filter(Boolean));
    return new Set(this.heads().filter((head) => "hidden" in head.dataset).map((head) => head.dataset["key"] ?? ""));
  }

  private apply(): void {
    const hidden = this.hiddenKeys();
    const rules = this.heads().flatMap((head, index) =>
      hidden.has(head.dataset["key"] ?? "") ? [`#list .table :is(th, td):nth-child(${index + 1}) { display: none; }`] : [],
    );
    sheet.replaceSync(rules.join("\n"));
  }

  private unfold(): void {
    const hidden = this.hiddenKeys();
    // The first column names the row and always stays.
    const choices = this.heads().slice(1).map((head) => {
      const key = head.dataset["key"] ?? "";
      const tick = make("input", { type: "checkbox", checked: !hidden.has(key) });
      tick.addEventListener("change", () => {
        if (tick.checked) hidden.delete(key);
        else hidden.add(key);
        remember(`columns.${this.dataset["name"] ?? ""}`, [...hidden].join(","));
        this.apply();
      });
      return make("label", {}, tick, head.textContent?.trim() ?? "");
    });
    const box = make("div", { className: "float" }, ...choices);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", this.dataset["label"] ?? "");
    this.append(box);
    this.querySelector("button")?.setAttribute("aria-expanded", "true");
    box.querySelector("input")?.focus();
  }

  private fold(): void {
    this.querySelector(".float")?.remove();
    this.querySelector("button")?.setAttribute("aria-expanded", "false");
  }
}

customElements.define("column-chooser", ColumnChooser);
