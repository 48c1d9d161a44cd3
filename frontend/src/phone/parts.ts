// Small pieces of the page, shaped as the server's templates shape them.
import { icon, make } from "../lib/dom";

export type Words = (key: string, values?: Record<string, string>) => string;
type Child = Node | string;

const TONES: Record<string, string> = { open: "dot", waiting: "hourglass", done: "ok", overdue: "warning", void: "void" };

export function pill(tone: string, text: string): HTMLElement {
  return make("span", { className: `pill ${tone}` }, icon(TONES[tone] ?? "dot"), text);
}

export function notice(tone: "info" | "done" | "warning" | "danger", ...children: Child[]): HTMLElement {
  const sign = { info: "info", done: "ok", warning: "warning", danger: "hazard" }[tone];
  const box = make("div", { className: `notice ${tone}` }, icon(sign), make("div", {}, ...children));
  box.setAttribute("role", "note");
  return box;
}

export function panel(title: string, ...children: Child[]): HTMLElement {
  return make(
    "section",
    { className: "panel" },
    make("div", { className: "panel-head" }, make("h2", {}, title)),
    make("div", { className: "panel-body" }, ...children),
  );
}

export function quiet(text: string): HTMLElement {
  return make("p", { className: "quiet" }, text);
}

export function link(href: string, text: string, className = ""): HTMLAnchorElement {
  return make("a", { href, className }, text);
}

export function button(text: string, act: () => void, className = "button"): HTMLButtonElement {
  const made = make("button", { type: "button", className }, text);
  made.addEventListener("click", act);
  return made;
}

let fields = 0;

/** One field of a form: label, control, and a place for what is wrong with it. */
export function field(label: string, control: HTMLElement, optional = "", hint = ""): HTMLElement {
  const id = control.id || `offline-${(fields += 1)}`;
  control.id = id;
  const name = make("label", { htmlFor: id }, label);
  if (optional) name.append(" ", make("span", { className: "quiet" }, optional));
  const box = make("div", { className: "field" }, name);
  if (hint) {
    box.append(make("p", { className: "hint", id: `${id}-hint` }, hint));
    control.setAttribute("aria-describedby", `${id}-hint`);
  }
  box.append(control);
  return box;
}

export function text(name: string, value: string, longest: number): HTMLInputElement {
  return make("input", { className: "control", name, value, maxLength: longest });
}

export function area(name: string, value: string, longest: number, rows = 3): HTMLTextAreaElement {
  return make("textarea", { className: "control", name, value, maxLength: longest, rows });
}

/** Radios or ticks under one legend, shaped as Django shapes them: 48 px each. */
export function choices(legend: string, ...rows: [HTMLInputElement, string][]): HTMLElement {
  return make(
    "fieldset",
    { className: "field" },
    make("legend", {}, legend),
    make("div", {}, ...rows.map(([input, label]) => make("div", {}, make("label", {}, input, label)))),
  );
}

export function radios(name: string, legend: string, options: [string, string][], chosen: string): HTMLElement {
  return choices(
    legend,
    ...options.map(([value, label]): [HTMLInputElement, string] => [make("input", { type: "radio", name, value, checked: value === chosen }), label]),
  );
}

export function tick(input: HTMLInputElement, label: string): HTMLElement {
  input.id = `offline-${(fields += 1)}`;
  return make("div", { className: "field tick" }, input, make("label", { htmlFor: input.id }, label));
}

export function factstrip(pairs: [string, Child][]): HTMLElement {
  return make("dl", { className: "facts" }, ...pairs.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

export function bar(...children: HTMLElement[]): HTMLElement {
  return make("div", { className: "bottom-bar" }, ...children);
}

/** China's day and time of a moment, as the papers write it. */
export function clockText(moment: string): string {
  return new Date(Date.parse(moment) + 8 * 3600 * 1000).toISOString().slice(5, 16).replace("T", " ");
}
