/** Opens the left column where the screen is too narrow to show it always, and remembers folded groups. */
import { recall, remember } from "../lib/dom";

class OfficeMenu extends HTMLElement {
  connectedCallback(): void {
    this.hidden = false;
    const button = this.querySelector("button");
    const menu = document.getElementById("office-menu");
    if (!button || !menu) return;
    const show = (shown: boolean): void => {
      menu.classList.toggle("shown", shown);
      button.setAttribute("aria-expanded", String(shown));
      if (shown) menu.querySelector<HTMLElement>("a[aria-current], a, summary")?.focus();
    };
    button.addEventListener("click", () => show(!menu.classList.contains("shown")));
    document.addEventListener("click", (event) => {
      if (event.target instanceof Node && !menu.contains(event.target) && !this.contains(event.target)) show(false);
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.classList.contains("shown")) {
        show(false);
        button.focus();
      }
    });

    const folded = new Set((recall("menu.folded") ?? "").split("|").filter(Boolean));
    for (const group of menu.querySelectorAll<HTMLDetailsElement>("details[data-group]")) {
      const name = group.dataset["group"] ?? "";
      if (folded.has(name) && !group.querySelector("[aria-current]")) group.open = false;
      group.addEventListener("toggle", () => {
        if (group.open) folded.delete(name);
        else folded.add(name);
        remember("menu.folded", [...folded].join("|") || null);
      });
    }
  }
}

customElements.define("office-menu", OfficeMenu);
