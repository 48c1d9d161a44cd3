import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { icon, make, word } from "../lib/dom";

/** Compares a file's SHA-256 with the known ones in data-hashes, here in the browser; the file is not sent anywhere. */
class FileHash extends HTMLElement {
  connectedCallback(): void {
    const known = new Set(word(this, "hashes").split(" "));
    const input = make("input", { type: "file", className: "control", accept: ".pdf,image/*" });
    const answer = make("div", {});
    answer.setAttribute("role", "status");
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      if (!file) return;
      answer.replaceChildren(word(this, "busy"));
      try {
        const digest = await digestOf(file);
        const same = known.has(digest);
        answer.replaceChildren(
          make(
            "div",
            { className: `notice ${same ? "done" : "danger"}` },
            icon(same ? "ok" : "hazard"),
            make("div", {}, make("p", {}, word(this, same ? "same" : "different")), make("p", { className: "figure hash" }, digest)),
          ),
        );
      } catch {
        answer.replaceChildren(word(this, "failed"));
      }
    });
    this.replaceChildren(make("label", {}, word(this, "choose"), " ", input), answer);
  }
}

/** Piece by piece, so that a large scan does not fill the memory of an old phone. WebCrypto is missing on plain http. */
async function digestOf(file: File): Promise<string> {
  const state = sha256.create();
  const piece = 4 * 1024 * 1024;
  for (let start = 0; start < file.size; start += piece)
    state.update(new Uint8Array(await file.slice(start, start + piece).arrayBuffer()));
  return bytesToHex(state.digest());
}

customElements.define("file-hash", FileHash);
