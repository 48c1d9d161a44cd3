/** Goes by itself after a while when all is well; a warning or error stays until it is read and closed. */
class ToastNote extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => this.remove());
    }
    if (this.matches(".error, .warning")) return;
    let timer = setTimeout(() => this.remove(), 6000);
    this.addEventListener("pointerenter", () => clearTimeout(timer));
    this.addEventListener("pointerleave", () => {
      timer = setTimeout(() => this.remove(), 3000);
    });
  }
}

customElements.define("toast-note", ToastNote);
