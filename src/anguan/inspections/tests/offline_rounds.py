"""Random days without network in a real browser: cut, unanswered, killed; then what the server holds is compared.

A round is a small visit of three items with a script that chance wrote. While it is played, the network comes and
goes, answers are dropped after the server has done its work, and the browser is killed, also in the middle of an act.
What the server must hold in the end is worked out from the script alone.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from PIL import Image
from uuid_utils.compat import uuid7

from anguan.checklists.models import Checklist, ChecklistItem
from anguan.ground import clock, evidence
from anguan.inspections.models import OfflineOperation, Visit, VisitOfficer
from anguan.inspections.rules import VisitState
from anguan.inspections.tests.builders import Cast, a_cast, approved
from anguan.people.models import Competence, Officer
from anguan.people.tests.builders import logged_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright, Route

ITEMS = 3
WORDS = ["安全出口锁闭", "走道堆放纸箱", "灭火器过期，三层", '配电箱"无盖"\\裸线', "后厨软管老化\n第二行"]
PATIENCE_MS = 60_000
# How likely the browser dies before an act, and in the middle of one: about once in two rounds.
KILLS = 0.02


@dataclass
class Expected:
    """What the server must hold when all has arrived."""

    state: VisitState = VisitState.APPROVED
    answers: dict[int, tuple[str, str]] = field(default_factory=dict)
    photos: dict[int, list[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    signatures: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)


@dataclass
class Tally:
    """The figures of many rounds."""

    rounds: int = 0
    operations: int = 0
    lost: int = 0
    doubled: int = 0
    refused: int = 0
    kills: int = 0
    cuts: int = 0
    dropped: int = 0
    faults: list[str] = field(default_factory=list)


class Killed(Exception):
    """The browser is gone; the act that was under way may or may not have been written."""


@dataclass
class Field:
    """An officer with one phone, and visits as many as are asked for."""

    cast: Cast
    officers: list[Officer]
    template: Visit
    checklist: Checklist

    def new_visit(self) -> Visit:
        """An approved visit of three items."""
        visit = Visit.objects.create(
            uid=uuid7(),
            kind="drawn",
            batch=self.template.batch,
            enterprise=self.template.enterprise,
            organ=self.template.organ,
            item=self.template.item,
            checklist=self.checklist,
            due_on=clock.local_day(clock.now()) + timedelta(days=3),
            approved_at=clock.now() - timedelta(days=1),
            approved_by_name="示例负责人",
        )
        VisitOfficer.objects.bulk_create(
            VisitOfficer(visit=visit, officer=officer, position=place) for place, officer in enumerate(self.officers)
        )
        return visit


def a_field() -> Field:
    """The cast, a checklist of three items, no visit yet; a body whose power rests on a law of its own."""
    cast = a_cast(enterprises=4)
    Competence.objects.filter(matter="inspect").update(statute="中华人民共和国消防法", article="第五十三条")
    template = approved(cast)[0]
    known = template.checklist.items.all()[:ITEMS]
    checklist = Checklist.objects.create(code="offline", version="1", title="示例检查表", industry="示例")
    for number, item in enumerate(known, start=1):
        item.pk, item.checklist, item.number = None, checklist, number
        ChecklistItem.objects.bulk_create([item])
    VisitOfficer.objects.all().delete()
    return Field(cast, cast.officers[:2], template, checklist)


def a_picture(chance: random.Random) -> bytes:
    """A small photo that no other is like."""
    saved = BytesIO()
    Image.frombytes("RGB", (4, 4), chance.randbytes(48)).save(saved, "PNG")
    return saved.getvalue()


class Phone:
    """The officer's phone: one browser profile on disk, started and killed at will."""

    def __init__(self, playwright: "Playwright", program: str, folder: Path, address: str, session: str) -> None:
        self._playwright, self._program, self._folder = playwright, program, folder
        self._address, self._session = address, session
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self.is_offline = False
        self.drop = 0.0
        self.dropped = 0
        self.chance = random.Random(0)

    @property
    def page(self) -> "Page":
        """The open page."""
        assert self._page is not None
        return self._page

    def start(self) -> None:
        """Start the browser and open the page without network, as the phone finds it on its own disk."""
        context = self._playwright.chromium.launch_persistent_context(
            self._folder,
            executable_path=self._program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--no-first-run"],
            base_url=self._address,
            locale="zh-CN",
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
        )
        context.set_default_timeout(PATIENCE_MS)
        self._context, self._page = context, context.pages[0]
        context.route("**/m/offline/operations", self._unreliable)
        context.route("**/m/offline/photos/*", self._unreliable)
        self.log_in()
        context.set_offline(self.is_offline)
        self.page.goto("/m/offline/")
        self.page.wait_for_selector("offline-desk[data-drawn]")

    def log_in(self) -> None:
        """The session is there (again)."""
        assert self._context is not None
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self._session, "url": self._address}
        self._context.add_cookies([cookie])  # type: ignore[list-item]  # as the other context told it

    def expire(self) -> None:
        """The session is over."""
        assert self._context is not None
        self._context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    def _unreliable(self, route: "Route") -> None:
        if self.chance.random() >= self.drop:
            route.continue_()
            return
        self.dropped += 1
        if self.chance.random() < 0.7:
            # The server does its work, and nobody hears of it.
            with suppress(Exception):
                route.fetch()
        route.abort()

    def cut(self, offline: bool) -> None:
        """The network goes, or comes back."""
        assert self._context is not None
        self.is_offline = offline
        self._context.set_offline(offline)

    def kill(self, *, gently: bool = False) -> None:
        """End the browser: by SIGKILL, or as a swipe does."""
        assert self._context is not None
        if not gently:
            for pid in self._processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        with suppress(Exception):
            self._context.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self._folder / name).unlink(missing_ok=True)
        self._context = self._page = None

    def _processes(self) -> Iterator[int]:
        """The processes of this profile, and of no other."""
        mark = f"--user-data-dir={self._folder}".encode()
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and mark in (entry / "cmdline").read_bytes().split(b"\0"):
                    yield int(entry.name)

    def send(self, *, fetch: bool = False) -> None:
        """Try to send what waits; comes back when the attempt is over, however it ended."""
        self.page.evaluate(
            """async (fetch) => {
                const desk = document.querySelector("offline-desk");
                while (desk.busy) await new Promise((resolve) => setTimeout(resolve, 20));
                await desk.send(fetch);
            }""",
            fetch,
        )

    def queue(self) -> list[dict[str, Any]]:
        """Every operation in the phone's store."""
        rows = self.page.evaluate(
            "async () => (await document.querySelector('offline-desk').store.operations())"
            ".map(({ kind, visit, state, reason, position }) => ({ kind, visit, state, reason, position }))"
        )
        return list(rows)

    def go(self, address: str) -> None:
        """Show a part of the page."""
        self.page.evaluate("hash => { location.hash = hash; }", address)
        self.page.wait_for_selector(f'offline-desk[data-drawn="{address}"]')


class Round:
    """One visit, played by chance."""

    def __init__(self, field: Field, phone: Phone, seed: int, tally: Tally) -> None:
        self.seed, self.tally, self.phone, self.field = seed, tally, phone, field
        self.chance = phone.chance = random.Random(seed)
        self.visit = field.new_visit()
        self.expected = Expected()
        self.home = f"#/visit/{self.visit.uid}"
        # How often the store held an operation of this visit when last looked.
        self.acts = 0

    def play(self) -> None:
        """Fetch, go into the basement, work, come back, send, compare."""
        self.phone.drop = 0.0
        self.phone.cut(offline=False)
        self.phone.send(fetch=True)
        self.phone.drop = 0.4
        self.phone.cut(offline=True)
        if self.chance.random() < 0.15:
            self._do(self._without)
        else:
            self._do(self._start)
            for number in self._order():
                self._do(partial(self._answer, number))
            if self.chance.random() < 0.3:
                self._do(self._note)
            if set(self.expected.answers) == set(range(1, ITEMS + 1)) and self.chance.random() < 0.7:
                self._finish()
        self._come_back()
        self._compare()
        # Out of the way: the next fetch clears it from the phone.
        Visit.objects.filter(pk=self.visit.pk).update(state=VisitState.CLOSED)

    def _order(self) -> list[int]:
        numbers = list(range(1, ITEMS + 1))
        self.chance.shuffle(numbers)
        if self.chance.random() < 0.2:
            numbers.pop()
        if self.chance.random() < 0.4:
            numbers.append(self.chance.choice(numbers))  # thought better of it
        return numbers

    def _finish(self) -> None:
        self._do(self._ready)
        if self.chance.random() < 0.25:
            self._do(self._reopen)
            self._do(partial(self._answer, self.chance.randint(1, ITEMS)))
            self._do(self._ready)
        for _signer in range(self.chance.choice([1, 3, 3, 3])):
            self._do(self._sign)

    # What chance does to the phone, around and inside an act.

    def _do(self, act: Any) -> None:
        """One act by the officer; after a kill in the middle, what the store holds decides whether it was done."""
        self._weather()
        state = self.chance.getstate()
        in_the_middle = self.chance.random() < KILLS
        while True:
            self.chance.setstate(state)
            self.chance.random()
            before = self._count()
            note = act(in_the_middle)
            if in_the_middle:
                self._die(gently=False)
                in_the_middle = False
            if self._count() > before:
                note()
                return

    def _count(self) -> int:
        return sum(one["visit"] == str(self.visit.uid) for one in self.phone.queue())

    def _weather(self) -> None:
        if self.chance.random() < 0.25:
            self.tally.cuts += 1
            self.phone.cut(offline=not self.phone.is_offline)
        if self.chance.random() < KILLS:
            self._die(gently=self.chance.random() < 0.3)

    def _die(self, *, gently: bool) -> None:
        self.tally.kills += 1
        self.phone.kill(gently=gently)
        self.phone.start()

    # What the officer does. Each gives what is to be expected once it is done.

    def _submit(self, in_the_middle: bool, selector: str = ".phone-bottom .primary") -> None:
        """Press the button at the bottom; wait until the queue has it, unless the browser dies now."""
        before = self._count()
        self.phone.page.evaluate("selector => document.querySelector(selector).click()", selector)
        if in_the_middle:
            return
        end = time.monotonic() + PATIENCE_MS / 1000
        while self._count() == before:
            if time.monotonic() > end:
                raise AssertionError(f"not put down: {self.phone.page.inner_text('main')}")
            time.sleep(0.02)

    def _fill(self, **values: str) -> None:
        self.phone.page.evaluate(
            """values => {
                for (const [name, value] of Object.entries(values)) {
                    const all = [...document.querySelectorAll(`offline-desk form [name="${name}"]`)];
                    const radio = all.find((one) => one.type === "radio" && one.value === value);
                    if (radio) radio.checked = true; else all[0].value = value;
                    (radio ?? all[0]).dispatchEvent(new Event("input", { bubbles: true }));
                }
            }""",
            values,
        )

    def _shoot(self, count: int) -> list[str]:
        names = []
        for number in range(count):
            data = a_picture(self.chance)
            names.append(sha256(data).hexdigest())
            self.phone.page.set_input_files(
                "offline-desk input[type=file]", {"name": f"{number}.png", "mimeType": "image/png", "buffer": data}
            )
            self.phone.page.wait_for_function(
                "count => document.querySelectorAll('offline-desk .shots.kept li').length === count", arg=number + 1
            )
        return names

    def _start(self, in_the_middle: bool) -> Any:
        self.phone.go(f"{self.home}/start")
        self._fill(host="示例经理")
        self._submit(in_the_middle)

        def note() -> None:
            self.expected.state = VisitState.ON_SITE
            self.expected.kinds["start"] += 1

        return note

    def _answer(self, number: int, in_the_middle: bool) -> Any:
        self.phone.go(f"{self.home}/items/{number}")
        outcome = self.chance.choice(["conforms", "fails", "na"])
        text = self.chance.choice(WORDS) if outcome == "fails" else ""
        self._fill(outcome=outcome, note=text)
        self._forget_draft_photos()
        photos = self._shoot(self.chance.choice([0, 0, 1, 2])) if outcome == "fails" else []
        self._submit(in_the_middle)

        def note() -> None:
            self.expected.kinds["answer"] += 1
            self.expected.answers[number] = (outcome, text)
            self.expected.photos.setdefault(number, []).extend(photos)

        return note

    def _forget_draft_photos(self) -> None:
        """After a kill the draft still has what was taken: the officer takes it out and starts the card anew."""
        while self.phone.page.locator("offline-desk .shots.kept li button").count():
            self.phone.page.locator("offline-desk .shots.kept li button").first.click()

    def _note(self, in_the_middle: bool) -> Any:
        self.phone.go(f"{self.home}/note")
        what, text = self.chance.choice(["note", "opinion"]), self.chance.choice(WORDS)
        self._fill(what=what, text=text)
        self._submit(in_the_middle)

        def note() -> None:
            self.expected.kinds[what] += 1

        return note

    def _without(self, in_the_middle: bool) -> Any:
        self.phone.go(f"{self.home}/without")
        self._fill(category="unreachable", note="大门紧锁")
        self._forget_draft_photos()
        photos = self._shoot(1)
        self._submit(in_the_middle)

        def note() -> None:
            self.expected.kinds["without"] += 1
            self.expected.state = VisitState.CLOSED
            self.expected.photos[0] = photos

        return note

    def _ready(self, in_the_middle: bool) -> Any:
        self.phone.go(f"{self.home}/record")
        self._submit(in_the_middle)

        def note() -> None:
            self.expected.kinds["ready"] += 1
            self.expected.state = VisitState.RECORD_DRAFTED
            self.expected.signatures.clear()

        return note

    def _reopen(self, in_the_middle: bool) -> Any:
        self.phone.go(f"{self.home}/record")
        self.phone.page.evaluate("document.querySelector('offline-desk [name=reason]').value = '写错了'")
        self._submit(in_the_middle, "offline-desk [data-reopen]")

        def note() -> None:
            self.expected.kinds["reopen"] += 1
            self.expected.state = VisitState.ON_SITE
            self.expected.signatures.clear()

        return note

    def _sign(self, in_the_middle: bool) -> Any:
        self.phone.go(f"{self.home}/record")
        signed = sum(self.expected.signatures.values())
        page = self.phone.page
        refuses = signed == len(self.field.officers) and self.chance.random() < 0.3
        page.wait_for_selector("offline-desk signature-pad canvas")
        if refuses:
            page.evaluate("document.querySelector('offline-desk [name=refused]').checked = true")
            self._fill(note="不认可第 2 项，邻铺店员在场见证")
        else:
            page.locator("signature-pad canvas").scroll_into_view_if_needed()
            box = page.locator("signature-pad canvas").bounding_box()
            assert box is not None
            page.mouse.move(box["x"] + 20, box["y"] + 40)
            page.mouse.down()
            page.mouse.move(box["x"] + 60 + self.chance.randint(0, 80), box["y"] + 80)
            page.mouse.up()
        self._submit(in_the_middle)

        def note() -> None:
            self.expected.kinds["sign"] += 1
            self.expected.signatures["enterprise" if signed == len(self.field.officers) else "officer"] += 1

        return note

    # Back in the network.

    def _come_back(self) -> None:
        if self.chance.random() < 0.2:
            self.phone.expire()
        self.phone.cut(offline=False)
        for _attempt in range(3):
            self.phone.send()
            if self.chance.random() < 2 * KILLS:
                self._die(gently=False)
        self.phone.drop = 0.0
        self.phone.log_in()
        self.phone.send()

    def _compare(self) -> None:
        visit = Visit.objects.get(pk=self.visit.pk)
        rows = list(OfflineOperation.objects.filter(visit=visit).order_by("position"))
        kinds, wanted = Counter(row.kind for row in rows), self.expected.kinds
        self.tally.rounds += 1
        self.tally.operations += sum(wanted.values())
        self.tally.lost += sum((wanted - kinds).values())
        self.tally.doubled += sum((kinds - wanted).values())
        self.tally.refused += sum(row.state == "refused" for row in rows)
        answers = {answer.item.number: answer for answer in visit.answers.select_related("item") if answer.item}
        photos: dict[int, list[str]] = {
            number: sorted(photo.sha256 for photo in evidence.of(answer)) for number, answer in answers.items()
        }
        if self.expected.state == VisitState.CLOSED:
            photos[0] = sorted(photo.sha256 for photo in evidence.of(visit))
        signatures = Counter(one.party for one in visit.record.signatures.all()) if visit.record else Counter()
        for name, found, want in (
            ("kinds", kinds, wanted),
            ("positions", [row.position for row in rows], list(range(1, len(rows) + 1))),
            ("states", {row.state for row in rows}, {"done"}),
            ("state", visit.state, self.expected.state),
            ("answers", {n: (one.outcome, one.note) for n, one in answers.items()}, self.expected.answers),
            ("photos", {n: names for n, names in photos.items() if names}, self._photos()),
            ("signatures", signatures, self.expected.signatures),
            ("left on the phone", [one for one in self.phone.queue() if one["state"] != "done"], []),
            ("clock", [row for row in rows if row.clock_is_doubtful], []),
        ):
            if found != want:
                self.tally.faults.append(f"seed {self.seed}: {name}: {found!r}, expected {want!r}")

    def _photos(self) -> dict[int, list[str]]:
        return {number: sorted(names) for number, names in self.expected.photos.items() if names}


def forget() -> None:
    """Close the connection of this thread: inside Playwright's loop Django keeps one that nobody else would close.

    A killed browser's last request may still be at work in the server; it is waited for.
    """
    end = time.monotonic() + 10
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        while cursor.fetchone() != (1,) and time.monotonic() < end:
            time.sleep(0.05)
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
    connection.close()


def an_officers_phone(playwright: "Playwright", program: str, folder: Path, address: str, field: Field) -> Phone:
    """The phone of the first officer, with a session of theirs."""
    session = logged_in(field.cast.user_of(field.officers[0])).cookies[settings.SESSION_COOKIE_NAME].value
    return Phone(playwright, program, folder, address, session)


def play_rounds(
    playwright: "Playwright", program: str, folder: Path, address: str, *, rounds: int, first_seed: int
) -> Tally:
    """Play so many rounds on one phone; every round's fault names its seed."""
    field, tally = a_field(), Tally()
    phone = an_officers_phone(playwright, program, folder, address, field)
    phone.start()
    try:
        for seed in range(first_seed, first_seed + rounds):
            try:
                Round(field, phone, seed, tally).play()
            except Exception as error:
                tally.faults.append(f"seed {seed}: {type(error).__name__}: {error}")
                phone.drop = 0.0
                with suppress(Exception):
                    phone.kill()
                phone.is_offline = False
                phone.start()
    finally:
        phone.kill(gently=True)
        connection.close()
    tally.dropped = phone.dropped
    return tally
