import { word } from "../lib/dom";

/** Says in a word when the phone is offline; nothing while all is well. */
class OnlineState extends HTMLElement {
  connectedCallback(): void {
    this.setAttribute("role", "status");
    const tell = (): void => {
      if (navigator.onLine) {
        this.removeAttribute("data-state");
        this.textContent = "";
      } else {
        this.dataset["state"] = "offline";
        this.textContent = word(this, "offline");
      }
    };
    addEventListener("online", tell);
    addEventListener("offline", tell);
    if (!navigator.onLine) tell();
  }
}

customElements.define("online-state", OnlineState);
