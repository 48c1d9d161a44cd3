import htmx from "../lib/htmx";
import { icon, make, word } from "../lib/dom";
import { part } from "../lib/fetch";

const BODY = "side-panel-body";

/**
 * Opens what a row leads to beside the list. Any link with `data-panel` opens here; its address stays the page's own,
 * and the list's address keeps `?panel=` so that it can be sent to a colleague or reloaded.
 */
class SidePanel extends HTMLElement {
  private opener: HTMLElement | null = null;
  private asked = 0;

  connectedCallback(): void {
    this.setAttribute("role", "complementary");
    this.setAttribute("aria-label", word(this, "label"));
    document.addEventListener("click", (event) => this.onClick(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.hidden && !document.querySelector("dialog[open]")) this.close();
    });
    const kept = new URL(location.href).searchParams.get("panel");
    // Only an address of our own, never one that a sent link brings along.
    if (kept?.startsWith("/") && !kept.startsWith("//") && !kept.includes("\\")) void this.open(kept);
  }

  private onClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target;
    if (!(target instanceof Element)) return;
    let link = target.closest<HTMLAnchorElement>("a[data-panel]");
    if (!link && !target.closest("a, button, input, label, summary, select")) {
      if (document.getSelection()?.toString()) return;
      link = target.closest("tr")?.querySelector<HTMLAnchorElement>("a[data-panel]") ?? null;
    }
    const path = link?.getAttribute("href");
    if (!link || !path || path.startsWith("#")) return;
    event.preventDefault();
    this.opener = link;
    void this.open(path);
  }

  async open(path: string): Promise<void> {
    const ask = ++this.asked;
    const close = make("button", { type: "button", className: "button quiet" }, icon("cross"), word(this, "close"));
    close.addEventListener("click", () => this.close());
    const whole = make("a", { href: path, className: "button quiet" }, word(this, "open"), icon("open"));
    const body = make("div", { id: BODY, tabIndex: -1 }, make("p", { className: "quiet" }, word(this, "loading")));
    this.replaceChildren(make("div", { className: "side-panel-bar" }, whole, close), body);
    this.hidden = false;
    this.mark(path);
    try {
      const html = await part(path, BODY);
      if (ask !== this.asked) return;
      // The server's own page, escaped by its templates; the policy runs nothing inline in it.
      body.innerHTML = html;
      htmx.process(body);
    } catch {
      if (ask !== this.asked) return;
      body.replaceChildren(make("p", { className: "notice warning" }, word(this, "failed")));
    }
    body.focus({ preventScroll: true });
  }

  close(): void {
    this.asked += 1;
    this.hidden = true;
    this.replaceChildren();
    this.mark(null);
    this.opener?.focus({ preventScroll: true });
  }

  private mark(path: string | null): void {
    const url = new URL(location.href);
    if (path) url.searchParams.set("panel", path);
    else url.searchParams.delete("panel");
    history.replaceState(history.state, "", url);
    for (const row of document.querySelectorAll("tr[data-open]")) row.removeAttribute("data-open");
    if (path) this.opener?.closest("tr")?.setAttribute("data-open", "");
  }
}

customElements.define("side-panel", SidePanel);
