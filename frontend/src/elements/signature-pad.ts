import { make, word } from "../lib/dom";

/** A sheet to sign on with finger, pen or mouse. The picture goes into a hidden field as PNG (data URL). */
class SignaturePad extends HTMLElement {
  private readonly canvas = document.createElement("canvas");
  private readonly field = make("input", { type: "hidden" });
  private strokes: [number, number][][] = [];
  private readonly resized = new ResizeObserver(() => this.fit());

  connectedCallback(): void {
    if (this.contains(this.canvas)) return;
    this.field.name = word(this, "name");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", word(this, "label"));
    const clear = make("button", { type: "button", hidden: true }, word(this, "clear"));
    clear.addEventListener("click", () => this.clear());
    this.append(this.canvas, make("span", { className: "hint" }, word(this, "label")), this.field, clear);
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"] as const) this.canvas.addEventListener(kind, () => this.up());
    this.resized.observe(this);
  }

  disconnectedCallback(): void {
    this.resized.disconnect();
  }

  clear(): void {
    this.strokes = [];
    this.draw();
    this.up();
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.strokes.push([[event.offsetX, event.offsetY]]);
    this.draw();
  }

  private move(event: PointerEvent): void {
    if (!this.canvas.hasPointerCapture(event.pointerId)) return;
    const stroke = this.strokes.at(-1);
    const box = this.canvas.getBoundingClientRect();
    for (const point of event.getCoalescedEvents?.() ?? [event]) stroke?.push([point.clientX - box.x, point.clientY - box.y]);
    this.draw();
  }

  private up(): void {
    const signed = this.strokes.length > 0;
    this.toggleAttribute("data-signed", signed);
    const button = this.querySelector("button");
    if (button) button.hidden = !signed;
    this.field.value = signed ? this.canvas.toDataURL("image/png") : "";
    this.canvas.setAttribute("aria-label", signed ? word(this, "done") : word(this, "label"));
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Turning the phone keeps what was written. */
  private fit(): void {
    const scale = Math.max(window.devicePixelRatio, 2);
    this.canvas.width = Math.round(this.clientWidth * scale);
    this.canvas.height = Math.round(this.clientHeight * scale);
    this.canvas.getContext("2d")?.scale(scale, scale);
    this.draw();
    if (this.strokes.length) this.field.value = this.canvas.toDataURL("image/png");
  }

  private draw(): void {
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    pen.clearRect(0, 0, this.clientWidth, this.clientHeight);
    pen.strokeStyle = pen.fillStyle = "#101820";
    pen.lineWidth = 2.4;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of this.strokes) {
      const [first, ...rest] = stroke;
      if (!first) continue;
      pen.beginPath();
      if (!rest.length) {
        pen.arc(first[0], first[1], 1.4, 0, 2 * Math.PI);
        pen.fill();
        continue;
      }
      pen.moveTo(first[0], first[1]);
      rest.forEach(([x, y], index) => {
        const after = rest[index + 1];
        if (after) pen.quadraticCurveTo(x, y, (x + after[0]) / 2, (y + after[1]) / 2);
        else pen.lineTo(x, y);
      });
      pen.stroke();
    }
  }
}

customElements.define("signature-pad", SignaturePad);
