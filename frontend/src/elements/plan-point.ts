import { word } from "../lib/dom";

/**
 * `<plan-point>` around a form with `x` and `y` and a picture of a plan: a click puts the point there, arrows move it by a
 * hundredth (with Shift by a thousandth) while the picture has the focus. Without script the two numbers are typed.
 */
class PlanPoint extends HTMLElement {
  connectedCallback(): void {
    const picture = this.picture;
    if (!picture) return;
    picture.tabIndex = 0;
    picture.setAttribute("role", "application");
    picture.setAttribute("aria-label", word(this, "label"));
    picture.addEventListener("click", (event) => {
      const box = picture.getBoundingClientRect();
      this.put((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
    picture.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 0.001 : 0.01;
      const by: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      const move = by[event.key];
      if (!move) return;
      event.preventDefault();
      this.put(this.value("x") + move[0], this.value("y") + move[1]);
    });
    this.addEventListener("input", () => this.draw());
    this.draw();
  }

  private get picture(): SVGSVGElement | null {
    return this.querySelector("svg.placing");
  }

  private field(name: string): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>(`input[name=${name}]`);
  }

  private value(name: string): number {
    const text = this.field(name)?.value ?? "";
    return text === "" ? 0.5 : Number(text);
  }

  private put(x: number, y: number): void {
    for (const [name, at] of [["x", x], ["y", y]] as const) {
      const field = this.field(name);
      if (field) field.value = Math.min(Math.max(at, 0), 1).toFixed(4);
    }
    this.draw();
    const told = this.querySelector("[data-told]");
    if (told) told.textContent = `${word(this, "placed")} ${(this.value("x") * 100).toFixed(1)}%, ${(this.value("y") * 100).toFixed(1)}%`;
  }

  private draw(): void {
    const mark = this.picture?.querySelector("g.mark.here");
    const box = this.picture?.viewBox.baseVal;
    if (!mark || !box) return;
    const isPlaced = this.field("x")?.value !== "" && this.field("y")?.value !== "";
    mark.toggleAttribute("hidden", !isPlaced);
    mark.setAttribute("transform", `translate(${this.value("x") * box.width} ${this.value("y") * box.height})`);
  }
}

customElements.define("plan-point", PlanPoint);
