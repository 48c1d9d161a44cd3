/** Words come from the server in data attributes; scripts hold none of their own. */
export function word(element: HTMLElement, key: string): string {
  return element.dataset[key] ?? "";
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`anguan.${key}`);
    else localStorage.setItem(`anguan.${key}`, value);
  } catch {
    // Kiosk browsers may refuse storage; the choice then lasts as long as the page.
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`anguan.${key}`);
  } catch {
    return null;
  }
}

/** True while the reader types, so that single keys must not act. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    event.ctrlKey || event.metaKey || event.altKey ||
    (target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select")))
  );
}
