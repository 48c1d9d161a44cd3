import { type Progress, type Verification, Differs, STEPS, type Step, Unreadable, verifying } from "../draw/verify";
import { pageWords } from "../draw/page-words";
import { type Value, canonical } from "../draw/json";
import { type Beside, BesideDiffers, verifyBeside } from "../draw/beside";
import { make } from "../lib/dom";

const SHOWN = 160;

/**
 * Verifies a draw bundle in this browser and says each step in words.
 *
 * Takes the bundle from the page's own address (`data-src`, on a click on `[data-verify]`), from a file field inside it,
 * or dropped on it. What stands beside the bundle is checked after it: `data-beside` holds addresses, a file field of that
 * name takes a companion or an envelopes file. Words: `draws.page_words()` as spans in a `<template data-words>`. The steps come as
 * `<ol class="draw-steps">` with `data-state` waiting, working, passed or failed; the verdict as a status line.
 */
class DrawVerifier extends HTMLElement {
  private run = 0;
  private words: ReturnType<typeof pageWords> = (key) => key;
  private bundle: Uint8Array | null = null; // one that was verified
  private readonly beside = make("div", { className: "draw-verdict" });
  private readonly list = make("ol", { className: "draw-steps", hidden: true });
  private readonly verdict = make("div", { className: "draw-verdict" });

  connectedCallback(): void {
    if (this.contains(this.list)) return;
    this.words = pageWords(this);
    this.verdict.setAttribute("role", "status");
    this.beside.setAttribute("role", "status");
    this.append(this.list, this.verdict, this.beside);
    const input = this.querySelector<HTMLInputElement>("input[type=file]:not([data-beside])");
    const companion = this.querySelector<HTMLInputElement>("input[type=file][data-beside]");
    companion?.addEventListener("change", () => {
      const file = companion.files?.[0];
      if (file) void this.verifyBeside(() => file.arrayBuffer());
    });
    input?.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) void this.verify(() => file.arrayBuffer());
    });
    for (const kind of ["dragenter", "dragover"] as const) {
      this.addEventListener(kind, (event) => {
        event.preventDefault();
        this.dataset["over"] = "";
      });
    }
    for (const kind of ["dragleave", "drop"] as const) this.addEventListener(kind, () => delete this.dataset["over"]);
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) void this.verify(() => file.arrayBuffer());
    });
    const source = this.dataset["src"];
    const button = this.querySelector<HTMLButtonElement>("[data-verify]");
    if (source) button?.addEventListener("click", () => void this.verify(() => fetched(source)));
  }

  disconnectedCallback(): void {
    this.run += 1;
  }

  /** Verify and show; a later call, or leaving the page, ends an earlier one. */
  private async verify(bytes: () => Promise<ArrayBuffer>): Promise<void> {
    this.run += 1;
    const run = this.run;
    this.start();
    try {
      const bundle = new Uint8Array(await bytes());
      const steps = verifying(bundle);
      for (;;) {
        // The page is painted, and stays alive, between two steps.
        await new Promise((resolve) => setTimeout(resolve));
        if (run !== this.run) return;
        const next = steps.next();
        if (next.done) {
          this.succeed(next.value);
          this.bundle = bundle;
          for (const source of this.dataset["beside"]?.split(" ") ?? []) await this.verifyBeside(() => fetched(source));
          return;
        }
        this.proceed(next.value);
      }
    } catch (error) {
      if (run === this.run) this.fail(error);
    }
  }

  /** Verify what stands beside the bundle, and say it below the verdict. */
  private async verifyBeside(bytes: () => Promise<ArrayBuffer>): Promise<void> {
    const run = this.run;
    const { bundle } = this;
    if (!bundle) {
      this.beside.replaceChildren(make("p", { className: "failed" }, this.words("beside.first")));
      return;
    }
    let said: HTMLElement[];
    try {
      said = this.besideHolds(verifyBeside(new Uint8Array(await bytes()), bundle));
    } catch (error) {
      said = [make("p", { className: "failed" }, this.besideFails(error))];
    }
    if (run === this.run) this.beside.append(...said);
  }

  private besideHolds(found: Beside): HTMLElement[] {
    const { kind, digest, ...counts } = found;
    const values = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
    const verdict = make("p", { className: "passed" }, make("strong", { textContent: this.words(`beside.${kind}`, values) }));
    return digest ? [verdict, make("p", {}, this.words("beside.digest", { digest }))] : [verdict];
  }

  private besideFails(error: unknown): string {
    if (error instanceof BesideDiffers) {
      const found = error.found === undefined ? this.words("missing") : shown(error.found);
      const path = error.path || this.words("whole-file");
      if (error.expected === undefined) return this.words("beside.malformed", { path, found });
      return this.words("beside.differs", { path, expected: shown(error.expected), found });
    }
    if (error instanceof Unreadable) return this.words("beside.unreadable");
    console.error(error);
    return this.words("verdict.not-fetched");
  }

  private start(): void {
    this.bundle = null;
    this.beside.replaceChildren();
    delete this.dataset["state"];
    this.setAttribute("aria-busy", "true");
    this.list.hidden = false;
    this.list.replaceChildren(
      ...STEPS.map((step) => {
        const item = make("li", {}, make("span", { className: "name", textContent: this.words(`step.${step}`) }), " ");
        item.append(make("span", { className: "state" }));
        item.dataset["step"] = step;
        return item;
      }),
    );
    for (const step of STEPS) this.mark(step, "waiting");
    this.mark(STEPS[0], "working");
    this.verdict.replaceChildren(this.words("state.working"));
  }

  private mark(step: Step, state: "waiting" | "working" | "passed" | "failed", detail = ""): void {
    const item = this.list.querySelector<HTMLElement>(`[data-step="${step}"]`);
    const note = item?.querySelector(".state");
    if (!item || !note) return;
    item.dataset["state"] = state;
    const sign = { waiting: "", working: "", passed: "✓ ", failed: "✗ " }[state];
    note.textContent = `${sign}${this.words(`state.${state}`)}${detail}`;
  }

  private proceed(progress: Progress): void {
    if (!progress.done) {
      this.mark(progress.step, "working", ` ${progress.tickets} / ${progress.of}`);
      return;
    }
    this.mark(progress.step, "passed");
    const next = STEPS[STEPS.indexOf(progress.step) + 1];
    if (next) this.mark(next, "working");
  }

  private succeed(found: Verification): void {
    const values = { ...found.values, source: found.values["source"] || this.words("no-source") };
    const counts = { targets: String(found.targets), alternates: String(found.alternates), unstaffed: String(found.unstaffed) };
    const proves = [this.words("proves.rerun")];
    const cannot = [this.words("cannot.published", values)];
    if (found.kind === "drand-quicknet") proves.push(this.words("proves.drand-quicknet", values));
    else cannot.unshift(this.words(`cannot.${found.kind}`, values));
    const list = (sentences: string[]) => make("ul", {}, ...sentences.map((text) => make("li", { textContent: text })));
    this.verdict.replaceChildren(
      make("p", { className: "passed" }, make("strong", { textContent: this.words("verdict.passed", counts) })),
      ...(found.unstaffed ? [make("p", { textContent: this.words("verdict.unstaffed", counts) })] : []),
      make("p", { textContent: this.words("proves") }),
      list(proves),
      make("p", { textContent: this.words("cannot") }),
      list(cannot),
    );
    this.finish("passed");
  }

  private fail(error: unknown): void {
    if (error instanceof Differs) {
      this.mark(error.step, "failed");
      const expected =
        "want" in error.expected ? this.words(`want.${error.expected.want}`) : ` ${shown(error.expected.value)}`;
      const found = error.found === undefined ? this.words("missing") : ` ${shown(error.found)}`;
      const path = error.path || this.words("whole-file");
      const values = { step: this.words(`step.${error.step}`), path, expected, found };
      this.verdict.replaceChildren(make("p", { className: "failed" }, this.words("verdict.differs", values)));
    } else {
      this.list.hidden = true;
      const key = error instanceof Unreadable ? "verdict.unreadable" : "verdict.not-fetched";
      this.verdict.replaceChildren(make("p", { className: "failed" }, this.words(key)));
      if (key === "verdict.not-fetched") console.error(error);
    }
    this.finish("failed");
  }

  private finish(state: "passed" | "failed"): void {
    for (const item of this.list.querySelectorAll<HTMLElement>('[data-state="working"]')) item.dataset["state"] = "waiting";
    for (const item of this.list.querySelectorAll('[data-state="waiting"] .state')) item.textContent = this.words("state.waiting");
    this.removeAttribute("aria-busy");
    this.dataset["state"] = state;
  }
}

async function fetched(source: string): Promise<ArrayBuffer> {
  const response = await fetch(source, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.arrayBuffer();
}

function shown(value: Value): string {
  const text = canonical(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

customElements.define("draw-verifier", DrawVerifier);
