// What every page runs: htmx and the small elements around server HTML. Each does nothing where its element is absent.
import "../lib/htmx";
import "../elements/theme-switch";
import "../elements/print-page";
import "../elements/office-menu";
import "../elements/search-box";
import "../elements/side-panel";
import "../elements/confirm-dialog";
import "../elements/column-chooser";
import "../elements/row-keys";
import "../elements/toast-note";
import "../elements/error-summary";
import "../elements/file-drop";
import "../elements/busy-poll";
import "../elements/signature-pad";
import "../elements/geo-position";
import "../elements/photo-capture";
import "../elements/quick-words";
import "../elements/row-list";
import "../elements/criterion-picker";
import "../elements/online-state";
import "../lib/phone-user";

// One open menu at a time in the masthead, closed by a click elsewhere or Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.who-menu[open]"))
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.who-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
