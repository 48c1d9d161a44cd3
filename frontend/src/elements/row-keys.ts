import { isTyping } from "../lib/dom";

/** j and k walk the rows of a list, Enter on the row's link opens it. */
class RowKeys extends HTMLElement {
  private readonly onKey = (event: KeyboardEvent): void => {
    if ((event.key !== "j" && event.key !== "k") || isTyping(event) || document.querySelector("dialog[open]")) return;
    const links = [...this.querySelectorAll<HTMLAnchorElement>("tbody tr")]
      .map((row) => row.querySelector<HTMLElement>("a[data-panel], a"))
      .filter((link) => link !== null);
    const at = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
    const next = links[event.key === "j" ? at + 1 : Math.max(at - 1, 0)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  connectedCallback(): void {
    document.addEventListener("keydown", this.onKey);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
  }
}

customElements.define("row-keys", RowKeys);
