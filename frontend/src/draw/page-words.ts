// The page's words: spans with data-word inside a <template data-words>, written and translated by the server.

/** The words of an element by key; a key without a word stands for itself, which shows at once what is missing. */
export function pageWords(element: HTMLElement): (key: string, values?: Record<string, string>) => string {
  const template = element.querySelector<HTMLTemplateElement>("template[data-words]");
  const words = new Map<string, string>();
  for (const span of template?.content.querySelectorAll<HTMLElement>("[data-word]") ?? []) {
    words.set(span.dataset["word"] ?? "", span.textContent ?? "");
  }
  return (key, values = {}) => (words.get(key) ?? key).replace(/%\((\w+)\)[sd]/g, (_, name: string) => values[name] ?? "");
}
