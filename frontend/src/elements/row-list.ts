import { icon, make, word } from "../lib/dom";

/** A table of small fields that grows by a row at a time. Without script two empty rows are there each time it is saved. */
export class RowList extends HTMLElement {
  private readonly button = make("button", { type: "button", className: "button quiet" });

  connectedCallback(): void {
    if (this.contains(this.button)) return;
    this.button.append(icon("plus"), word(this, "add"));
    this.button.addEventListener("click", () => this.add());
    this.append(this.button);
    this.settle();
  }

  private get rows(): HTMLTableRowElement[] {
    return [...this.querySelectorAll("tbody tr")] as HTMLTableRowElement[];
  }

  private add(): void {
    const last = this.rows.at(-1);
    if (!last) return;
    const place = this.rows.length;
    const row = last.cloneNode(true) as HTMLTableRowElement;
    for (const cell of row.querySelectorAll("textarea")) {
      cell.value = "";
      cell.textContent = "";
      cell.name = cell.name.replace(/-\d+-/, `-${place}-`);
      cell.id = cell.id.replace(/-\d+-/, `-${place}-`);
      cell.setAttribute("aria-label", (cell.getAttribute("aria-label") ?? "").replace(/\d+/, String(place + 1)));
    }
    last.after(row);
    row.querySelector("textarea")?.focus();
    this.settle();
  }

  private settle(): void {
    this.button.hidden = this.rows.length >= Number(word(this, "most"));
  }
}

customElements.define("row-list", RowList);
