// What is filled in: arrival, one item a card, one hazard a card, an end at the door, a note. A draft is kept while
// somebody writes, photos as soon as they are taken; what is put down goes into the queue in one step.
import { icon, make } from "../lib/dom";
import { position } from "../lib/position";
import type { PhotoCapture, Shot } from "../elements/photo-capture";
import type { Fields } from "../draw/json";
import type { OfflineDesk, View } from "./desk";
import { area, bar, button, choices, clockText, field, link, notice, pill, quiet, radios, text, type Words } from "./parts";
import { type Progress, progressOf } from "./progress";
import type { Store } from "./store";
import type { KeptFile, KeptTask, Kind, Task, TaskAnswer, TaskItem } from "./types";
import { uuid7 } from "./uuid7";
import { hashOf } from "./views";

interface PhotoNote extends Fields {
  id: string;
  sha256: string;
  taken_at: string;
  lat: string;
  lon: string;
  accuracy: number | null;
  name: string;
}
interface Draft {
  values: Record<string, string>;
  photos: PhotoNote[];
}
interface Sheet {
  kind: Kind;
  title: string;
  back: string;
  /** Where it leads once it is put down. */
  after: (progress: Progress) => string;
  card: (values: Record<string, string>) => Node[];
  first: Record<string, string>;
  payload: (values: Record<string, string>) => Fields;
  /** The key of what is wrong, null when nothing is. */
  wrong: (values: Record<string, string>, photos: PhotoNote[]) => string | null;
  photos: boolean;
  go: string;
  before?: HTMLElement;
  progress?: [number, number];
}

const LARGEST = 20 * 1024 * 1024;
const MOST_PHOTOS = 9;

/** As the server would store it: without odd blanks, in one form. */
export function clean(value: string): string {
  return value.normalize("NFC").replace(/\r\n?/g, "\n").replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufeff]/g, " ").trim();
}

/** The first character that no face of the papers has: it would be refused a day later, when everybody has signed. */
export async function undrawable(store: Store, values: string[]): Promise<string | null> {
  const runs = await store.fact<number[]>("letters");
  if (!runs?.length) return null;
  const isDrawn = (code: number): boolean => {
    for (let place = 0; place < runs.length; place += 2) {
      const first = runs[place] ?? 0;
      if (code >= first && code <= first + (runs[place + 1] ?? 0)) return true;
    }
    return code === 10 || code === 9;
  };
  for (const value of values) for (const letter of value) if (!isDrawn(letter.codePointAt(0) ?? 0)) return letter;
  return null;
}

export async function drawForm(desk: OfflineDesk, kept: KeptTask, part: string, key: string): Promise<View> {
  const { words, store } = desk;
  if (!store) throw new Error("no store");
  const progress = progressOf(kept.task, await store.operations(kept.visit));
  const home = hashOf(kept.visit);
  if (part === "items") return key ? sheet(desk, kept, progress, answerSheet(desk, kept, progress, key)) : drawItems(desk, kept, progress);
  if (part === "start" && progress.step === "start") return sheet(desk, kept, progress, startSheet(words, kept, home));
  if (part === "without" && progress.step === "start") return sheet(desk, kept, progress, withoutSheet(desk, home));
  if (part === "note") return sheet(desk, kept, progress, noteSheet(words, home));
  return { title: kept.task.enterprise.name, back: home, body: [notice("info", make("p", {}, words("not_now")))], bottom: [bar(link(home, words("back"), "button primary"))] };
}

function drawItems(desk: OfflineDesk, { visit, task }: KeptTask, progress: Progress): View {
  const { words } = desk;
  const isRecheck = task.form === "recheck_opinion";
  const isOpen = progress.step === "items";
  const label = (key: string): string =>
    isRecheck
      ? (task.hazards.find((hazard) => hazard.uid === key)?.description ?? "")
      : `${key}. ${task.items.find((item) => String(item.number) === key)?.question ?? ""}`;
  const shown = (answer: TaskAnswer | undefined): HTMLElement => {
    if (!answer) return pill("open", words("unanswered"));
    const tone = { conforms: "done", fails: "overdue", na: "void" }[answer.outcome];
    return pill(tone, words(isRecheck ? `recheck_${answer.outcome}` : `outcome_${answer.outcome}`));
  };
  const rows = progress.keys.map((key) =>
    make("li", {}, make("div", {}, isOpen ? link(hashOf(visit, "items", key), label(key)) : label(key)), make("div", {}, shown(progress.answers.get(key)))),
  );
  const [first] = progress.missing;
  const onward = !isOpen
    ? link(hashOf(visit), words("back"), "button primary")
    : first
      ? link(hashOf(visit, "items", first), words("next_item"), "button primary")
      : link(hashOf(visit, "record"), words("to_record"), "button primary");
  return {
    title: task.enterprise.name,
    back: hashOf(visit),
    body: [make("ol", { className: "due-list" }, ...rows)],
    bottom: [bar(onward)],
    progress: [progress.keys.length - progress.missing.length, progress.keys.length],
  };
}

function startSheet(words: Words, { visit, task }: KeptTask, back: string): Sheet {
  const present = (values: Record<string, string>): number[] => task.officers.map(({ id }) => id).filter((id) => values[`present_${id}`] === "on");
  return {
    kind: "start",
    title: words("start"),
    back,
    photos: false,
    go: words("begin"),
    first: { ...Object.fromEntries(task.officers.map(({ id }) => [`present_${id}`, "on"])), host: "" },
    after: () => hashOf(visit, "items"),
    card: (values) => [
      make("p", {}, words("start_hint")),
      choices(
        words("present"),
        ...task.officers.map((officer): [HTMLInputElement, string] => {
          const name = `present_${officer.id}`;
          const input = make("input", { type: "checkbox", name, value: "on", checked: values[name] === "on" });
          return [input, `${officer.name}（${officer.certificate_no}）`];
        }),
      ),
      field(words("host"), text("host", values["host"] ?? "", 60), "", words("host_hint")),
    ],
    wrong: (values) => {
      const here = present(values);
      if (here.length < 2) return "wrong_two";
      if (!here.includes(task.me)) return "wrong_me";
      if (task.officers.some((officer) => here.includes(officer.id) && !officer.certified)) return "wrong_certificate";
      return values["host"] ? null : "wrong_host";
    },
    payload: (values) => ({ present: present(values), host: values["host"] ?? "" }),
  };
}

function withoutSheet(desk: OfflineDesk, back: string): Sheet {
  const { words } = desk;
  const options = ["unreachable", "no_activity", "obstructed"].map((value): [string, string] => [value, words(`category_${value}`)]);
  return {
    kind: "without",
    title: words("without_title"),
    back,
    photos: true,
    go: words("end_here"),
    first: { category: "", note: "" },
    after: () => "#/",
    card: (values) => [radios("category", words("category"), options, values["category"] ?? ""), field(words("situation"), area("note", values["note"] ?? "", 500))],
    wrong: (values, photos) => (values["category"] ? (values["note"] && photos.length ? null : "wrong_proof") : "wrong_category"),
    payload: (values) => ({ category: values["category"] ?? "", note: values["note"] ?? "" }),
  };
}

function noteSheet(words: Words, back: string): Sheet {
  const kinds: [string, string][] = [
    ["note", words("kind_note")],
    ["opinion", words("kind_opinion")],
  ];
  return {
    kind: "note",
    title: words("add_note"),
    back,
    photos: true,
    go: words("put_down"),
    first: { what: "note", text: "" },
    after: () => back,
    card: (values) => [radios("what", words("note_what"), kinds, values["what"] ?? "note"), field(words("note_text"), area("text", values["text"] ?? "", 2000, 6))],
    wrong: (values) => (values["text"] ? null : "wrong_text"),
    payload: (values) => ({ text: values["text"] ?? "" }),
  };
}

function answerSheet(desk: OfflineDesk, kept: KeptTask, progress: Progress, key: string): Sheet {
  const { words } = desk;
  const { visit, task } = kept;
  const place = progress.keys.indexOf(key);
  const previous = progress.keys[place - 1];
  const shared = {
    back: hashOf(visit, "items"),
    photos: true,
    go: words("put_down_next"),
    after: (now: Progress): string => {
      const left = now.missing.filter((one) => one !== key);
      const later = left.find((one) => progress.keys.indexOf(one) > place) ?? left[0];
      return hashOf(visit, "items", ...(later ? [later] : []));
    },
    progress: [progress.keys.length - progress.missing.length, progress.keys.length] as [number, number],
    ...(previous ? { before: link(hashOf(visit, "items", previous), words("previous_item"), "button") } : {}),
  };
  const answer = progress.answers.get(key);
  return task.form === "recheck_opinion" ? hazardSheet(words, kept, key, answer, shared) : itemSheet(words, kept, key, answer, shared);
}

type Shared = Pick<Sheet, "back" | "photos" | "go" | "after"> & Partial<Sheet>;

function itemSheet(words: Words, { task }: KeptTask, key: string, answer: TaskAnswer | undefined, shared: Shared): Sheet {
  const item = task.items.find((one) => String(one.number) === key);
  if (!item) throw new Error(`no item ${key}`);
  const today = new Date(Date.now() + 8 * 3600 * 1000);
  const after = (days: number): string => new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const suggested = after(item.suggested_days);
  const outcomes: [string, string][] = [["conforms", "ok"], ["fails", "cross"], ["na", "void"]];
  return {
    ...shared,
    kind: "answer",
    title: words("item_number", { number: key }),
    first: {
      outcome: answer?.outcome ?? "",
      note: answer?.note ?? "",
      place: answer?.place ?? "",
      level: answer?.level || item.hazard_level,
      criterion: answer?.criterion ?? "",
      due_on: answer?.due_on || suggested,
    },
    card: (values) => [
      make("h2", {}, item.question),
      make("p", {}, item.look_for),
      quiet(`${item.violation_basis}${item.verified ? "" : ` ${words("unverified")}`}`),
      make(
        "fieldset",
        { className: "verdict" },
        make("legend", { className: "sr" }, words("outcome")),
        ...outcomes.map(([value, sign]) =>
          make("label", {}, make("input", { type: "radio", name: "outcome", value, checked: values["outcome"] === value }), make("span", {}, icon(sign), words(`outcome_${value}`))),
        ),
      ),
      ...phrasePicks(words, item, after),
      field(words("situation"), area("note", values["note"] ?? "", 500), words("optional"), words("note_hint")),
      field(words("place"), text("place", values["place"] ?? "", 100), words("optional")),
      make(
        "details",
        {},
        make("summary", {}, words("level_and_term")),
        field(words("due_on"), make("input", { className: "control", type: "date", name: "due_on", value: values["due_on"] ?? "" })),
        radios("level", words("level"), [["general", words("level_general")], ["major", words("level_major")]], values["level"] ?? ""),
        field(words("criterion"), text("criterion", values["criterion"] ?? "", 200), words("optional"), words("criterion_hint")),
        ...criterionPicks(words, task, item),
      ),
    ],
    wrong: (values) => {
      if (!values["outcome"]) return "wrong_outcome";
      if (values["outcome"] !== "fails") return null;
      if (!values["note"]) return "wrong_note";
      if (values["level"] === "major" && !values["criterion"]) return "wrong_criterion";
      return (values["due_on"] ?? "") > today.toISOString().slice(0, 10) ? null : "wrong_due";
    },
    payload: (values) => {
      const failed = values["outcome"] === "fails";
      return {
        item: item.number,
        outcome: values["outcome"] ?? "",
        note: values["note"] ?? "",
        place: values["place"] ?? "",
        level: failed ? (values["level"] ?? "") : "",
        criterion: failed ? (values["criterion"] ?? "") : "",
        due_on: failed ? (values["due_on"] ?? "") : "",
      };
    },
  };
}

/** 隐患目录, as the server's page shows it. */
function phrasePicks(words: Words, item: TaskItem, after: (days: number) => string): HTMLElement[] {
  if (!item.phrases?.length) return [];
  const rows = item.phrases.map(({ text: value, level, days }) => {
    const tick = make("input", { type: "checkbox", value });
    Object.assign(tick.dataset, { level, due: after(days) });
    const said = make("span", {}, value);
    if (level === "major") said.append(" ", make("b", { className: "quiet" }, words("major")));
    return make("label", {}, tick, said);
  });
  return [make("quick-words", {}, make("fieldset", { className: "picks" }, make("legend", {}, words("phrases")), ...rows))];
}

const SEARCHED_FROM = 8; // clauses

/** 判定依据: the question's own, then those of standards that fit the firm, all others folded away. */
function criterionPicks(words: Words, task: Task, item: TaskItem): HTMLElement[] {
  const offers = [...(task.criteria ?? [])].sort((one, other) => Number(other.text === item.criterion) - Number(one.text === item.criterion));
  if (!offers.length) return [];
  const row = (offer: (typeof offers)[number]): HTMLElement => {
    const said = make("span", {}, offer.summary);
    if (offer.text === item.criterion) said.append(" ", make("b", { className: "quiet" }, words("own_criterion")));
    const button = make("button", { type: "button" }, said, make("small", {}, `${offer.text} · ${offer.standard}`));
    button.dataset["criterion"] = offer.text;
    return button;
  };
  const own = offers.filter((offer) => offer.text === item.criterion);
  // A task that was fetched before standards were told apart has no `fits`: all of it is offered.
  const fitting = offers.filter((offer) => offer.fits !== false && !own.includes(offer));
  const others = offers.filter((offer) => offer.fits === false && !own.includes(offer));
  const folded = (key: string, found: typeof offers): HTMLElement[] => {
    if (!found.length) return [];
    const list = make("div", { className: "picks" }, ...found.map(row));
    if (found.length > SEARCHED_FROM) {
      const search = { className: "control", type: "search", autocomplete: "off", placeholder: words("search_criteria") } as const;
      const box = make("input", { ...search, ariaLabel: words("search_criteria") });
      const none = make("p", { hidden: true }, words("no_criteria"));
      none.setAttribute("role", "status");
      list.prepend(box);
      list.append(none);
    }
    return [make("details", {}, make("summary", {}, words(key)), list)];
  };
  const lists = [...own.map(row), ...folded("fitting_criteria", fitting), ...folded("other_criteria", others)];
  const picker = make("criterion-picker", { className: "picks", ariaLabel: words("criteria") }, ...lists);
  picker.setAttribute("role", "group");
  return [picker];
}

function hazardSheet(words: Words, { task }: KeptTask, key: string, answer: TaskAnswer | undefined, shared: Shared): Sheet {
  const hazard = task.hazards.find((one) => one.uid === key);
  if (!hazard) throw new Error(`no hazard ${key}`);
  const options: [string, string][] = [["no", words("recheck_fails")]];
  if (hazard.is_reported) options.unshift(["yes", words("recheck_conforms")]);
  return {
    ...shared,
    kind: "recheck",
    title: words("recheck"),
    first: { rectified: answer ? (answer.outcome === "conforms" ? "yes" : "no") : "", note: answer?.note ?? "" },
    card: (values) => [
      make("h2", {}, hazard.description),
      quiet([hazard.place, hazard.violation_basis].filter(Boolean).join(" · ")),
      ...(hazard.reports.length
        ? hazard.reports.map((report) => make("p", {}, `${words("reported")}：${report.description}`))
        : [make("p", {}, words("not_reported"))]),
      radios("rectified", words("outcome"), options, values["rectified"] ?? ""),
      field(words("situation"), area("note", values["note"] ?? "", 500), words("optional")),
    ],
    wrong: (values) => (values["rectified"] ? (values["rectified"] === "no" && !values["note"] ? "wrong_left" : null) : "wrong_outcome"),
    payload: (values) => ({ hazard: hazard.uid, rectified: values["rectified"] === "yes", note: values["note"] ?? "" }),
  };
}

async function sheet(desk: OfflineDesk, kept: KeptTask, progress: Progress, given: Sheet): Promise<View> {
  const { words, store } = desk;
  if (!store) throw new Error("no store");
  if ((given.kind === "answer" || given.kind === "recheck") && progress.step !== "items")
    return { title: given.title, back: given.back, body: [notice("info", make("p", {}, words("not_now")))], bottom: [bar(link(hashOf(kept.visit), words("back"), "button primary"))] };
  const here = location.hash;
  const key = `${kept.visit}/${here}`;
  const draft = (await store.draft<Draft>(key)) ?? { values: given.first, photos: [] };
  const form = make("form", { className: "form", noValidate: true });
  const errors = make("div", {});
  errors.setAttribute("role", "alert");
  const card = make("div", { className: "card" }, ...given.card({ ...given.first, ...draft.values }));
  form.append(errors, card);
  const notes = draft.photos;
  const seen = new Set<Shot>();
  let place: PhotoCapture | null = null;

  const values = (): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && !name.startsWith("photo")) found[name] = value;
    return found;
  };
  const keep = async (files: KeptFile[] = []): Promise<void> => store.keepDraft(key, { values: values(), photos: notes } satisfies Draft, files);
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void keep(), 300);
  });
  const fail = (why: string, about: Record<string, string> = {}): void => {
    errors.replaceChildren(notice("danger", make("p", {}, words(why, about))));
    errors.scrollIntoView({ block: "center" });
  };

  if (given.photos) {
    place = photoPlace(words);
    const already = make("ul", { className: "shots kept" });
    const show = (): void =>
      already.replaceChildren(
        ...notes.map((note, index) => {
          const image = make("img", { alt: words("photo_kept", { number: String(index + 1) }) });
          void store.file(note.sha256).then((file) => {
            if (!file) return;
            image.src = URL.createObjectURL(new Blob([file.bytes], { type: file.type }));
            image.onload = () => URL.revokeObjectURL(image.src);
          });
          const remove = button("", () => {
            notes.splice(notes.indexOf(note), 1);
            void keep();
            show();
          }, "");
          remove.append(icon("cross"));
          remove.setAttribute("aria-label", `${words("remove")} ${index + 1}`);
          return make("li", {}, image, `${clockText(note.taken_at)} · ${note.lat ? `±${note.accuracy ?? "?"} m` : words("no_position")}`, remove);
        }),
      );
    place.addEventListener("photos-changed", () => void take());
    const take = async (): Promise<void> => {
      const files: KeptFile[] = [];
      for (const shot of (await place?.pictures()) ?? []) {
        if (seen.has(shot)) continue;
        seen.add(shot);
        if (shot.file.size > LARGEST) {
          fail("wrong_large");
          continue;
        }
        if (notes.length >= MOST_PHOTOS) {
          fail("wrong_many");
          continue;
        }
        const reading = desk.clock.read();
        const taken = new Date(Date.parse(shot.taken) + reading.offset_ms - reading.jump_ms).toISOString();
        files.push({ sha256: shot.sha256, bytes: await shot.file.arrayBuffer(), type: shot.file.type, state: "new", reason: "" });
        notes.push({
          id: uuid7(Date.now()),
          sha256: shot.sha256,
          taken_at: taken,
          lat: shot.place?.lat ?? "",
          lon: shot.place?.lon ?? "",
          accuracy: shot.place ? Number(shot.place.accuracy) : null,
          name: shot.file.name.slice(0, 200),
        });
      }
      if (files.length) await keep(files);
      // From here on they lie in the store; the element is free for the next ones.
      place?.empty();
      show();
    };
    show();
    // The camera comes first: right behind the choice that says what there is to see.
    (card.querySelector("fieldset") ?? card.lastElementChild)?.after(place, already);
  }

  const geo = given.kind === "start" ? position() : null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void put();
  });
  let isPut = false;
  const put = async (): Promise<void> => {
    if (isPut) return;
    await place?.pictures();
    const raw = values();
    const said = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, clean(value)]));
    const letter = await undrawable(store, Object.values(said));
    if (letter) return fail("wrong_letter", { letter });
    const wrong = given.wrong(said, notes);
    if (wrong) return fail(wrong);
    isPut = true;
    clearTimeout(timer);
    const found = geo ? await geo : null;
    const where = given.kind === "start" ? { lat: found?.lat ?? "", lon: found?.lon ?? "", accuracy: found ? Number(found.accuracy) : null } : {};
    try {
      await desk.act({
        visit: kept.visit,
        task: kept.digest,
        kind: said["what"] === "opinion" ? "opinion" : given.kind,
        payload: () => ({ ...given.payload(said), ...where, ...(given.photos ? { photos: notes } : {}) }),
        stored: notes.map((note) => note.sha256),
        draft: key,
      });
    } catch (error) {
      isPut = false;
      console.warn(error);
      return fail("wrong_storage");
    }
    form.remove();
    void desk.moveOn(here, given.after(progressOf(kept.task, await store.operations(kept.visit))));
  };
  const go = make("button", { type: "submit", className: "button primary" }, given.go);
  go.addEventListener("click", (event) => {
    event.preventDefault();
    form.requestSubmit();
  });
  return { title: given.title, back: given.back, body: [form], bottom: [bar(...(given.before ? [given.before] : []), go)], ...(given.progress ? { progress: given.progress } : {}) };
}

function photoPlace(words: Words): PhotoCapture {
  const place = document.createElement("photo-capture") as PhotoCapture;
  place.className = "photo";
  Object.assign(place.dataset, { name: "photo", remove: words("remove"), hashing: words("hashing"), nopos: words("no_position") });
  const input = make("input", { type: "file", name: "photo", accept: "image/*", multiple: true });
  input.setAttribute("capture", "environment");
  const shots = make("ul", { className: "shots" });
  shots.setAttribute("aria-live", "polite");
  place.append(make("label", { className: "shoot button" }, icon("camera"), make("span", {}, words("take_photo")), input), shots);
  return place;
}
