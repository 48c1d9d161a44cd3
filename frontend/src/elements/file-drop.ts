import { icon, make, word } from "../lib/dom";

/** Lets a file be dropped on the field as well as chosen. */
class FileDrop extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!input || this.querySelector(".drop-word")) return;
    input.before(make("p", { className: "drop-word" }, icon("upload"), word(this, "drop")));
    const chosen = make("p", { className: "chosen" });
    chosen.setAttribute("aria-live", "polite");
    this.append(chosen);
    const tell = (): void => {
      const files = [...(input.files ?? [])];
      chosen.textContent = files.map((file) => `${file.name}（${size(file.size)}）`).join("、");
    };
    input.addEventListener("change", tell);
    for (const kind of ["dragenter", "dragover"] as const)
      this.addEventListener(kind, (event) => {
        event.preventDefault();
        this.dataset["over"] = "";
      });
    for (const kind of ["dragleave", "drop"] as const) this.addEventListener(kind, () => delete this.dataset["over"]);
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = event.dataTransfer?.files;
      if (!files?.length) return;
      input.files = files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

customElements.define("file-drop", FileDrop);
