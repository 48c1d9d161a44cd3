import { make, word } from "../lib/dom";
import { position } from "../lib/position";

/** Writes the place into hidden fields `<prefix>_lat`, `_lon`, `_accuracy`, `_at`; none is recorded as none. */
class GeoPosition extends HTMLElement {
  connectedCallback(): void {
    const again = this.querySelector("button");
    again?.addEventListener("click", () => void this.ask());
    void this.ask();
  }

  private async ask(): Promise<void> {
    const note = this.querySelector("[role=status]");
    const again = this.querySelector("button");
    if (again) again.hidden = true;
    if (note) note.textContent = word(this, "wait");
    const found = await position();
    for (const old of this.querySelectorAll("input")) old.remove();
    if (found) {
      const prefix = word(this, "prefix");
      for (const [key, value] of Object.entries(found)) this.append(make("input", { type: "hidden", name: `${prefix}_${key}`, value }));
    }
    if (note) note.textContent = found ? `${word(this, "got")} ${found.accuracy} ${word(this, "metres")}` : word(this, "denied");
    if (again) again.hidden = false;
  }
}

customElements.define("geo-position", GeoPosition);
