import { isTyping } from "../lib/dom";

/** "/" leads to the search from anywhere, Escape leaves it. */
class SearchBox extends HTMLElement {
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "/" || isTyping(event)) return;
    event.preventDefault();
    this.querySelector("input")?.select();
    this.querySelector("input")?.focus();
  };

  connectedCallback(): void {
    document.addEventListener("keydown", this.onKey);
    this.querySelector("input")?.addEventListener("keydown", (event) => {
      if (event.key === "Escape") event.currentTarget instanceof HTMLElement && event.currentTarget.blur();
    });
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
  }
}

customElements.define("search-box", SearchBox);
