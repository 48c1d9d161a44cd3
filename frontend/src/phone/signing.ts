// The record as it will be, and the signatures under exactly that text.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { make } from "../lib/dom";
import type { OfflineDesk, View } from "./desk";
import { clean, undrawable } from "./forms";
import { bar, button, field, link, notice, panel, pill, quiet, text, tick } from "./parts";
import { isSigned, type Progress, progressOf, recordOf } from "./progress";
import type { KeptTask, TaskOfficer } from "./types";
import { hashOf } from "./views";

export async function drawSigning(desk: OfflineDesk, kept: KeptTask): Promise<View> {
  const { words, store } = desk;
  if (!store) throw new Error("no store");
  const { visit, task } = kept;
  const progress = progressOf(task, await store.operations(visit));
  const back = hashOf(visit);
  const title = words(`form_${task.form}`);
  const plain = (key: string): View => ({ title, back, body: [notice("info", make("p", {}, words(key)))], bottom: [bar(link(back, words("back"), "button primary"))] });
  if (progress.step === "items" && progress.missing.length) return plain("items_missing");
  if (progress.step === "items") return preview(desk, kept, progress, title);
  if (!progress.ready || (progress.step !== "sign" && progress.step !== "wait")) return plain("not_now");
  const { body, digest } = recordOf(task, progress, progress.ready.at);
  const present = task.officers.filter((officer) => progress.present.includes(officer.id));
  const signed = new Set(progress.signatures.map((one) => (one.party === "officer" ? one.officer : 0)));
  const refused = progress.signatures.some((one) => one.refused);
  const parts: Node[] = [
    ...content(desk, body, progress.ready.digest),
    panel(
      words("signatures"),
      ...present.map((officer) => make("p", {}, `${officer.name}（${officer.certificate_no}） `, mark(desk, signed.has(officer.id)))),
      make("p", {}, `${words("enterprise")} `, refused ? pill("void", words("refused")) : mark(desk, signed.has(0))),
    ),
  ];
  // What lies here is no longer what was shown when it was signed: say so instead of collecting more signatures.
  if (digest !== progress.ready.digest) parts.unshift(notice("danger", make("p", {}, words("record_changed"))));
  if (isSigned(progress)) {
    parts.push(notice("done", make("p", {}, words("all_signed"))));
    return { title, back, body: parts, bottom: [bar(link(back, words("back"), "button primary"))] };
  }
  const next = present.find((officer) => !signed.has(officer.id)) ?? null;
  const form = signatureForm(desk, kept, progress, next);
  parts.push(form, reopenPart(desk, kept));
  const go = make("button", { type: "button", className: "button primary" }, words("sign"));
  go.addEventListener("click", () => form.requestSubmit());
  return { title, back, body: parts, bottom: [bar(go)] };
}

function mark(desk: OfflineDesk, done: boolean): HTMLElement {
  return done ? pill("done", desk.words("signed")) : pill("open", desk.words("unsigned"));
}

function preview(desk: OfflineDesk, kept: KeptTask, progress: Progress, title: string): View {
  const { words } = desk;
  const { body } = recordOf(kept.task, progress, desk.clock.read().at);
  let isMade = false;
  const make_ = button(
    words("make_record"),
    () => {
      if (isMade) return;
      isMade = true;
      const here = location.hash;
      void desk
        .act({
          visit: kept.visit,
          task: kept.digest,
          kind: "ready",
          payload: (at) => {
            const record = recordOf(kept.task, progress, at);
            return { digest: record.digest, form: kept.task.form, body: record.body };
          },
        })
        .then(() => desk.moveOn(here));
    },
    "button primary",
  );
  const back = link(hashOf(kept.visit, "items"), words("change"), "button");
  return { title, back: hashOf(kept.visit, "items"), body: [quiet(words("preview_hint")), ...content(desk, body, "")], bottom: [bar(back, make_)] };
}

function content(desk: OfflineDesk, body: Record<string, any>, digest: string): Node[] {
  const { words } = desk;
  const lines = (body["findings"] as string[] | undefined) ?? [];
  const items = (body["items"] as { no: number; text: string; result: string; note: string }[] | undefined) ?? [];
  const shown = [
    ...(body["started_at"] ? [quiet(`${body["started_at"].replace("T", " ")} – ${body["ended_at"].replace("T", " ")} · ${body["place"]} · ${body["attendant"]}`)] : []),
    ...lines.map((line) => make("p", { className: "said" }, line)),
    ...items.map((item) => make("p", {}, `${item.no}. ${item.text} · ${words(item.result === "rectified" ? "recheck_conforms" : "recheck_fails")} ${item.note}`)),
    ...(body["opinion"] ? [make("p", {}, body["opinion"])] : []),
  ];
  const photos = (body["photos"] as { taken_at: string; sha256: string }[] | undefined) ?? [];
  const hashes = photos.map((photo) => make("p", { className: "figure hash" }, `${photo.taken_at.replace("T", " ")} ${photo.sha256}`));
  return [
    panel(words("content"), ...shown),
    ...(hashes.length ? [panel(words("photo_hashes"), ...hashes)] : []),
    ...(digest ? [panel(words("record_digest"), make("p", { className: "figure hash" }, digest))] : []),
  ];
}

function signatureForm(desk: OfflineDesk, kept: KeptTask, progress: Progress, officer: TaskOfficer | null): HTMLFormElement {
  const { words } = desk;
  const who = officer ? `${words("officer")} ${officer.name}（${officer.certificate_no}）` : words("host");
  const form = make("form", { className: "form", noValidate: true });
  const errors = make("div", {});
  errors.setAttribute("role", "alert");
  const pad = document.createElement("signature-pad");
  Object.assign(pad.dataset, { name: "signature", clear: words("sign_again"), label: words("sign_here"), done: words("signed") });
  const box = make("div", { className: "signature" }, make("p", { className: "label", id: "signature-label" }, who), pad);
  pad.setAttribute("aria-labelledby", "signature-label");
  form.append(errors);
  const name = text("name", progress.host, 60);
  const refuses = make("input", { type: "checkbox", name: "refused", value: "on" });
  const note = text("note", "", 200);
  if (!officer) {
    form.append(field(words("signer"), name));
    box.append(make("details", { className: "instead" }, make("summary", {}, words("refuses")), tick(refuses, words("refuses_tick")), field(words("refuses_note"), note)));
  }
  form.append(box);
  let isPut = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void put();
  });
  const put = async (): Promise<void> => {
    const drawn = form.querySelector<HTMLInputElement>("input[name=signature]")?.value ?? "";
    const refused = !officer && refuses.checked;
    const wrong = refused ? (clean(note.value) ? "" : "wrong_refusal") : drawn ? (officer || clean(name.value) ? "" : "wrong_signer") : "wrong_signature";
    const letter = wrong || !desk.store ? null : await undrawable(desk.store, [clean(name.value), clean(note.value)]);
    if (wrong || letter) return errors.replaceChildren(notice("danger", make("p", {}, letter ? words("wrong_letter", { letter }) : words(wrong))));
    if (isPut || !progress.ready) return;
    isPut = true;
    const here = location.hash;
    const { digest } = progress.ready;
    const bytes = refused ? null : bytesOf(drawn);
    const image = bytes ? bytesToHex(sha256(bytes)) : "";
    try {
      await desk.act({
        visit: kept.visit,
        task: kept.digest,
        kind: "sign",
        payload: () => ({
          digest,
          party: officer ? "officer" : "enterprise",
          officer: officer?.id ?? 0,
          name: officer ? "" : clean(name.value),
          image,
          refused,
          note: clean(note.value),
        }),
        files: bytes ? [{ sha256: image, bytes: bytes.buffer as ArrayBuffer, type: "image/png", state: "new", reason: "" }] : [],
      });
    } catch (error) {
      isPut = false;
      console.warn(error);
      return errors.replaceChildren(notice("danger", make("p", {}, words("wrong_storage"))));
    }
    await desk.moveOn(here);
  };
  return form;
}

function bytesOf(dataUrl: string): Uint8Array {
  return Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
}

function reopenPart(desk: OfflineDesk, kept: KeptTask): HTMLElement {
  const { words } = desk;
  const reason = text("reason", "", 200);
  const go = button(words("reopen"), () => {
    const why = clean(reason.value);
    if (!why) return reason.focus();
    const here = location.hash;
    void desk
      .act({ visit: kept.visit, task: kept.digest, kind: "reopen", payload: () => ({ reason: why }) })
      .then(() => desk.moveOn(here, hashOf(kept.visit, "items")));
  });
  go.dataset["reopen"] = "";
  return make("details", { className: "instead" }, make("summary", {}, words("reopen")), quiet(words("reopen_hint")), field(words("reason"), reason), go);
}
