import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { icon, make, word } from "../lib/dom";
import { position, type Position } from "../lib/position";

export interface Shot {
  file: File;
  sha256: string;
  taken: string;
  place: Position | null;
  address: string;
}

/**
 * Takes pictures and keeps their original bytes. Beside the files go, in the same order, hidden fields
 * `<name>_sha256`, `<name>_taken_at`, `<name>_lat`, `<name>_lon`, `<name>_accuracy`. The hash is worked out in plain
 * script, because a browser offers none on plain http.
 */
export class PhotoCapture extends HTMLElement {
  private shots: Shot[] = [];
  private work: Promise<void> = Promise.resolve();

  connectedCallback(): void {
    this.closest("form")?.addEventListener("submit", this.hold);
    this.input?.addEventListener("change", () => {
      const files = [...(this.input?.files ?? [])].filter((file) => !this.shots.some((shot) => shot.file === file));
      const taken = new Date().toISOString();
      this.work = this.work.then(() => this.add(files, taken));
    });
  }

  /** A picture leaves only together with its hash: a form sent while it is still being worked out waits for it. */
  private readonly hold = (event: SubmitEvent): void => {
    if (!this.hasAttribute("aria-busy")) return;
    event.preventDefault();
    const { target, submitter } = event;
    void this.work.then(() => target instanceof HTMLFormElement && target.requestSubmit(submitter));
  };

  disconnectedCallback(): void {
    for (const shot of this.shots) URL.revokeObjectURL(shot.address);
  }

  /** What was taken, once every hash is worked out. */
  async pictures(): Promise<readonly Shot[]> {
    await this.work;
    return this.shots;
  }

  /** Forgets what was taken, where somebody else keeps it. */
  empty(): void {
    if (!this.shots.length) return;
    for (const shot of this.shots) URL.revokeObjectURL(shot.address);
    this.shots = [];
    this.show();
  }

  private get input(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("input[type=file]");
  }

  private async add(files: File[], taken: string): Promise<void> {
    this.setAttribute("aria-busy", "true");
    const place = files.length ? await position(8000) : null;
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      // A picture straight from the camera was written at the moment it was taken.
      const written = new Date(file.lastModified).toISOString();
      this.shots.push({
        file,
        sha256: bytesToHex(sha256(bytes)),
        taken: file.lastModified && written < taken ? written : taken,
        place,
        address: URL.createObjectURL(file),
      });
    }
    this.removeAttribute("aria-busy");
    this.show();
  }

  private show(): void {
    const input = this.input;
    const list = this.querySelector<HTMLElement>(".shots");
    if (!input || !list) return;
    const transfer = new DataTransfer();
    for (const shot of this.shots) transfer.items.add(shot.file);
    input.files = transfer.files;
    const name = word(this, "name");
    for (const old of this.querySelectorAll("input[type=hidden]")) old.remove();
    const hide = (key: string, value: string): void =>
      this.append(make("input", { type: "hidden", name: `${name}_${key}`, value }));
    list.replaceChildren(
      ...this.shots.map((shot, index) => {
        hide("sha256", shot.sha256);
        hide("taken_at", shot.taken);
        hide("lat", shot.place?.lat ?? "");
        hide("lon", shot.place?.lon ?? "");
        hide("accuracy", shot.place?.accuracy ?? "");
        const remove = make("button", { type: "button" }, icon("cross"));
        remove.setAttribute("aria-label", `${word(this, "remove")} ${index + 1}`);
        remove.addEventListener("click", () => {
          URL.revokeObjectURL(shot.address);
          this.shots = this.shots.filter((one) => one !== shot);
          this.show();
        });
        const time = new Date(shot.taken).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
        const where = shot.place ? `±${shot.place.accuracy} m` : word(this, "nopos");
        return make("li", {}, make("img", { src: shot.address, alt: `${index + 1}` }), `${time} · ${where}`, remove);
      }),
    );
    this.dispatchEvent(new CustomEvent("photos-changed", { bubbles: true, detail: { count: this.shots.length } }));
  }
}

customElements.define("photo-capture", PhotoCapture);
