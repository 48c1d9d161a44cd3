import { type Key, keep, kept, makeKey, readKey } from "../draw/commit";
import { named } from "../draw/hash";
import { pageWords } from "../draw/page-words";
import { make } from "../lib/dom";

/**
 * A party's half of a draw, inside the form that sends it: `data-batch`, `data-party`, `data-hash`.
 *
 * To commit, `[data-make]` makes the secret here, keeps it in this browser, offers it as a key file (`[data-download]`)
 * and writes nothing but its commitment into `input[name=commitment]`. To reveal, with `data-commitment`, it looks for
 * the secret that was kept, or takes the key file from `input[data-key-file]`, and writes `input[name=secret]` only when
 * it opens that commitment. Buttons with `data-needs-key` stay disabled until then; `[data-told]` says where things are.
 * Words: `draws.commitment_words()` as spans in a `<template data-words>`.
 */
class DrawCommitment extends HTMLElement {
  private words: ReturnType<typeof pageWords> = (key) => key;

  connectedCallback(): void {
    this.words = pageWords(this);
    this.disable(true);
    const found = this.digest && kept(this.batch, this.party, this.digest);
    if (found) this.take(found, "kept");
    else this.tell(this.reveals ? "not-kept" : "none-yet");
    this.querySelector("[data-make]")?.addEventListener("click", () => this.make());
    const file = this.querySelector<HTMLInputElement>("input[data-key-file]");
    file?.addEventListener("change", () => void this.load(file));
  }

  private get batch(): string {
    return this.dataset["batch"] ?? "";
  }

  private get party(): string {
    return this.dataset["party"] ?? "";
  }

  private get reveals(): boolean {
    return this.dataset["commitment"] !== undefined;
  }

  private get digest() {
    return named(this.dataset["hash"] ?? "sha256");
  }

  private make(): void {
    const { digest } = this;
    if (!digest || this.reveals) return;
    // A second secret for the same batch would leave the first one's commitment without its key.
    const key = kept(this.batch, this.party, digest) ?? makeKey(this.batch, this.party, this.dataset["hash"] ?? "sha256", digest);
    this.take(key, keep(key) ? "made" : "made-not-kept");
  }

  private async load(file: HTMLInputElement): Promise<void> {
    const chosen = file.files?.[0];
    const key = chosen && this.digest ? readKey(await chosen.text(), this.digest) : null;
    // The key file must never travel with the form.
    file.value = "";
    if (!key) this.tell("no-key-file");
    else if (key.batch !== this.batch || key.party !== this.party) this.tell("other-key", { batch: key.batch, party: key.party });
    else if (this.take(key, "loaded")) keep(key);
  }

  /** Fill the form from a key; false when it doesn't open the commitment that was published. */
  private take(key: Key, told: string): boolean {
    if (this.reveals) {
      if (key.commitment !== this.dataset["commitment"]) {
        this.tell("does-not-open");
        return false;
      }
      this.fill("secret", key.secret);
    } else {
      this.fill("commitment", key.commitment);
      this.offer(key);
    }
    this.tell(told, { commitment: key.commitment });
    this.dataset["ready"] = "";
    this.disable(false);
    return true;
  }

  private fill(name: string, value: string): void {
    const field = this.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (!field) return;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private offer(key: Key): void {
    const link = this.querySelector<HTMLAnchorElement>("a[data-download]");
    if (!link) return;
    const text = `${JSON.stringify(key, null, 1)}\n`;
    if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `${key.batch}-${key.party}.key.json`;
    link.hidden = false;
  }

  private disable(disabled: boolean): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-needs-key]")) button.disabled = disabled;
  }

  private tell(key: string, values: Record<string, string> = {}): void {
    let place = this.querySelector<HTMLElement>("[data-told]");
    if (!place) {
      place = make("p");
      place.dataset["told"] = "";
      this.append(place);
    }
    place.setAttribute("role", "status");
    place.textContent = this.words(key, values);
  }
}

customElements.define("draw-commitment", DrawCommitment);
