/** Turns the question that stands open without script into a modal one. */
class ConfirmDialog extends HTMLElement {
  connectedCallback(): void {
    const details = this.querySelector("details");
    const body = this.querySelector<HTMLElement>(".confirm-body");
    const summary = this.querySelector("summary");
    if (!details || !body || !summary || this.dataset["live"] !== undefined) return;
    this.dataset["live"] = "";
    summary.setAttribute("role", "button");
    summary.setAttribute("aria-haspopup", "dialog");
    const dialog = document.createElement("dialog");
    dialog.className = "ask";
    const heading = body.querySelector("h2");
    if (heading) dialog.setAttribute("aria-labelledby", heading.id);
    dialog.append(...body.childNodes);
    this.append(dialog);
    details.open = false;
    summary.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
      // The first thing to fill in, else the way out: never the button that can't be undone.
      (dialog.querySelector<HTMLElement>(".control, input:not([type=hidden])") ?? dialog.querySelector<HTMLElement>("[data-cancel]"))?.focus();
    });
    const cancel = dialog.querySelector<HTMLButtonElement>("[data-cancel]");
    if (cancel) {
      cancel.hidden = false;
      cancel.addEventListener("click", () => dialog.close());
    }
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => summary.focus());
  }
}

customElements.define("confirm-dialog", ConfirmDialog);
