/** Takes the reader to what is wrong as soon as the page answers. */
class ErrorSummary extends HTMLElement {
  connectedCallback(): void {
    if (!this.closest("[data-sample]")) this.focus();
  }
}

customElements.define("error-summary", ErrorSummary);
