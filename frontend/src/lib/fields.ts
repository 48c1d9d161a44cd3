/** Sets a choice of a form, whether it is shown as radios or as a select; nothing happens where it is not offered. */
export function choose(form: HTMLFormElement, name: string, value: string): void {
  for (const control of form.querySelectorAll(`[name="${name}"]`)) {
    if (control instanceof HTMLSelectElement) control.value = value;
    else if (control instanceof HTMLInputElement && control.type === "radio" && control.value === value) control.checked = true;
  }
}
