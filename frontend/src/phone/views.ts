// What is only read: today's visits, one visit, and what is not yet sent.
import { make } from "../lib/dom";
import type { OfflineDesk, View } from "./desk";
import { bar, button, clockText, factstrip, link, notice, panel, pill, quiet, type Words } from "./parts";
import { type Progress, progressOf } from "./progress";
import type { Kept, KeptTask } from "./types";

export function hashOf(visit: string, ...parts: string[]): string {
  return `#/${["visit", visit, ...parts].map(encodeURIComponent).join("/")}`;
}

function statePill(words: Words, progress: Progress): HTMLElement {
  const tone = { start: "open", items: "waiting", sign: "open", wait: "waiting", ended: "done", online: "done" }[progress.step];
  return pill(tone, words(`step_${progress.step}`));
}

export async function drawToday(desk: OfflineDesk): Promise<View> {
  const { words, store } = desk;
  const online = desk.dataset["online"] ?? "/m/";
  const view: View = { title: words("title"), back: online, body: [], bottom: [] };
  if (desk.outcome === "login" || !store) {
    const here = encodeURIComponent(location.pathname);
    const login = link(`${desk.dataset["login"]}?next=${here}`, words("log_in"), "button primary");
    view.body.push(notice("warning", make("p", {}, words(store ? "session_over" : "nobody"))));
    view.bottom.push(bar(login));
    if (!store) return view;
  }
  if (desk.outcome === "other") view.body.push(notice("warning", make("p", {}, words("other_user"))));
  const fetched = await store.fact<{ at: string }>("fetched");
  const tasks = (await store.tasks()).sort((left, right) => left.task.due_on.localeCompare(right.task.due_on));
  const rows = await Promise.all(
    tasks.map(async ({ visit, task }) => {
      const progress = progressOf(task, await store.operations(visit));
      const left = progress.keys.length - progress.missing.length;
      return make(
        "li",
        {},
        make(
          "div",
          {},
          link(hashOf(visit), task.enterprise.name),
          quiet(`${task.enterprise.address} · ${words("due", { day: task.due_on })}`),
          make("p", {}, statePill(words, progress), progress.step === "items" ? ` ${left} / ${progress.keys.length}` : ""),
        ),
        link(hashOf(visit), words("open"), "button primary"),
      );
    }),
  );
  view.body.push(quiet(fetched ? words("fetched", { time: clockText(fetched.at) }) : words("not_fetched")));
  if (rows.length) view.body.push(make("ul", { className: "due-list" }, ...rows));
  else
    view.body.push(
      make("div", { className: "empty" }, make("p", { className: "what" }, words("no_tasks")), make("p", {}, words("no_tasks_hint"))),
    );
  const unsent = await desk.unsent();
  const queue = link("#/queue", unsent ? words("unsent", { count: String(unsent) }) : words("queue"), "button");
  if (!view.bottom.length) view.bottom.push(bar(queue, button(words("fetch"), () => void desk.send(true), "button primary")));
  return view;
}

export async function drawVisit(desk: OfflineDesk, kept: KeptTask): Promise<View> {
  const { words, store } = desk;
  const { visit, task } = kept;
  const operations = (await store?.operations(visit)) ?? [];
  const progress = progressOf(task, operations);
  const done = progress.keys.length - progress.missing.length;
  const body: Node[] = [make("p", {}, statePill(words, progress))];
  body.push(...progress.refused.map((one) => refusal(desk, one)));
  body.push(
    factstrip([
      [words("address"), task.enterprise.address],
      [words("principal"), `${task.enterprise.principal || "—"} ${task.enterprise.phone}`],
      [words("matter"), task.matter],
      [words("basis"), task.basis],
      [words("items"), `${done} / ${progress.keys.length}`],
    ]),
    panel(
      words("officers"),
      ...task.officers.map((officer) =>
        make("p", {}, `${officer.name}（${officer.certificate_no}） `, officer.certified ? "" : pill("overdue", words("not_certified"))),
      ),
    ),
  );
  const notes = operations.filter((one) => one.kind === "note" || one.kind === "opinion");
  if (notes.length)
    body.push(panel(words("notes"), ...notes.map((one) => make("p", {}, `${clockText(one.at)} ${JSON.parse(one.text).payload.text}`))));
  if (progress.step !== "ended") body.push(make("p", {}, link(hashOf(visit, "note"), words("add_note"), "button")));
  if (progress.step === "start" && task.form === "site_record") body.push(make("p", {}, link(hashOf(visit, "without"), words("without"), "button quiet")));
  return { title: task.enterprise.name, back: "#/", body, bottom: [next(desk, kept, progress)] };
}

function next(desk: OfflineDesk, { visit }: KeptTask, progress: Progress): HTMLElement {
  const { words } = desk;
  const primary = (href: string, key: string): HTMLElement => link(href, words(key), "button primary");
  switch (progress.step) {
    case "start":
      return bar(primary(hashOf(visit, "start"), "start"));
    case "items":
      return bar(primary(hashOf(visit, "items"), "check_items"));
    case "sign":
      return bar(primary(hashOf(visit, "record"), "sign"));
    case "wait":
      return bar(link(hashOf(visit, "record"), words("see_record"), "button"), primary(`/m/visits/${visit}/`, "go_on_online"));
    case "online":
      return bar(primary(`/m/visits/${visit}/`, "go_on_online"));
    case "ended":
      return bar(primary("#/", "back"));
  }
}

/** What the server could not do, why, and that it is kept. */
function refusal(desk: OfflineDesk, one: Kept): HTMLElement {
  const { words } = desk;
  const seen = button(words("seen"), () => {
    void desk.store?.write(["operations"], (of) => void of("operations").delete(one.id)).then(() => desk.draw());
  });
  return notice(
    "danger",
    make("p", {}, make("strong", {}, `${words(`kind_${one.kind}`)} · ${clockText(one.at)}`)),
    make("p", {}, one.reason),
    make("p", {}, seen),
  );
}

export async function drawQueue(desk: OfflineDesk): Promise<View> {
  const { words, store } = desk;
  const view: View = { title: words("queue"), back: "#/", body: [], bottom: [] };
  const [operations, tasks] = [(await store?.operations()) ?? [], (await store?.tasks()) ?? []];
  const firm = new Map(tasks.map(({ visit, task }) => [visit, task.enterprise.name]));
  const open = operations.filter((one) => one.state !== "done");
  if (!open.length) view.body.push(notice("done", make("p", {}, words("all_sent_long"))));
  view.body.push(...open.filter((one) => one.state === "refused").map((one) => refusal(desk, one)));
  const waiting = open.filter((one) => one.state !== "refused");
  if (waiting.length)
    view.body.push(
      make(
        "ul",
        { className: "due-list" },
        ...waiting.map((one) =>
          make(
            "li",
            {},
            make("div", {}, firm.get(one.visit) ?? "", quiet(`${words(`kind_${one.kind}`)} · ${clockText(one.at)}${one.reason ? ` · ${one.reason}` : ""}`)),
            make("div", {}, pill(one.state === "new" ? "open" : "waiting", words(one.state === "new" ? "not_sent" : "waits"))),
          ),
        ),
      ),
    );
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const isKept = (await navigator.storage?.persisted?.()) ?? false;
  const { offset_ms, measured_at } = (await store?.clock()) ?? { offset_ms: 0, measured_at: "" };
  view.body.push(
    factstrip([
      [words("storage"), quota ? words("storage_used", { used: megabytes(usage), all: megabytes(quota) }) : "—"],
      [words("kept"), words(isKept ? "kept_yes" : "kept_no")],
      [words("clock"), measured_at ? words("clock_offset", { seconds: (offset_ms / 1000).toFixed(1), time: clockText(measured_at) }) : words("clock_unknown")],
    ]),
  );
  view.bottom.push(bar(button(words("send_now"), () => void desk.send(), "button primary")));
  return view;
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(bytes < 1024 * 1024 * 10 ? 1 : 0);
