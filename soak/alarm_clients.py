"""Who works at the platform's alarm path over HTTP while its processes are killed: a screen, and systems that post."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

# The stream beats every fifteen seconds; a line that says nothing for longer is dead.
SECONDS_OF_SILENCE = 20.0
SECONDS_FOR_AN_ANSWER = 15.0
SECONDS_TO_FINISH = 90.0
POINTS = 40


class Screen(threading.Thread):
    """Follows `/live/alarms` as a browser does: comes back by itself, with the last number that it has seen whole."""

    def __init__(self, port: int, session: str) -> None:
        super().__init__(name="screen", daemon=True)
        self.port = port
        self.session = session
        self.first: int | None = None
        self.mark: int | None = None
        self.seen: list[int] = []
        # After how much was the screen told to look at everything anew, and up to where.
        self.reloads: list[tuple[int, int]] = []
        self.lines = 0
        self.refused: list[int] = []
        self.ends = threading.Event()

    def run(self) -> None:
        while not self.ends.is_set():
            with suppress(OSError, http.client.HTTPException):
                self._follow()
            self.ends.wait(0.2)

    def _follow(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_OF_SILENCE)
        try:
            headers = {"Cookie": f"sessionid={self.session}"}
            if self.mark is not None:
                headers["Last-Event-ID"] = str(self.mark)
            line.request("GET", "/live/alarms", headers=headers)
            answer = line.getresponse()
            if answer.status != 200:
                # 503 is an honest "not now"; anything else would end a browser's stream for good.
                if answer.status != 503:
                    self.refused.append(answer.status)
                return
            self.lines += 1
            for event, id_ in _events(answer):
                self._take(event, id_)
                if self.ends.is_set():
                    return
        finally:
            line.close()

    def _take(self, event: str, id_: int | None) -> None:
        if id_ is None:
            return
        if event == "notice":
            self.seen.append(id_)
        elif event == "reload":
            self.reloads.append((self.mark or 0, id_))
        if self.first is None:
            self.first = id_
        self.mark = id_

    def faults(self, announced: list[int]) -> Iterator[str]:
        """What is wrong with what was seen, given the numbers that were announced to this screen's organ.

        What came after the last number that the screen saw came after it was switched off.
        """
        if self.first is None or self.mark is None:
            yield "the screen never saw anything"
            return
        if self.refused:
            yield f"the stream was refused: {self.refused[:5]}"
        if any(later <= earlier for earlier, later in zip(self.seen, self.seen[1:], strict=False)):
            yield "notices came twice or out of their order"
        told = set(self.seen)
        missed = [
            number
            for number in announced
            if self.first < number <= self.mark
            and number not in told
            and not any(after < number <= until for after, until in self.reloads)
        ]
        if missed:
            yield f"{len(missed)} notices never reached the screen, the first of them {missed[0]}"
        if strange := told - set(announced):
            yield f"{len(strange)} notices on the screen are not in the database"


def _events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, int | None]]:
    """Name and number of each whole event; what a broken line cut off is none, as in a browser."""
    event, id_ = "message", None
    for raw in answer:
        line = raw.decode().rstrip("\n")
        if not line:
            yield event, id_
            event, id_ = "message", None
        elif line.startswith("event: "):
            event = line[7:]
        elif line.startswith("id: "):
            id_ = int(line[4:])


class Poster(threading.Thread):
    """A system that posts one fire after the other, each until it is confirmed, and writes that into a journal."""

    def __init__(self, port: int, source: str, token: str, journal: IO[str]) -> None:
        super().__init__(name=f"poster {source}", daemon=True)
        self.port = port
        self.source = source
        self.token = token
        self.journal = journal
        self.confirmed = 0
        self.repeated = 0
        self.unanswered = 0
        self.refused: list[str] = []
        self.ends = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.ends.is_set():
            number += 1
            self._say_until_confirmed(_a_fire(number))
            self.ends.wait(0.05)

    def _say_until_confirmed(self, body: bytes) -> None:
        sent_at, end = time.time(), None
        while True:
            if self.ends.is_set():
                end = end or time.monotonic() + SECONDS_TO_FINISH
                if time.monotonic() > end:
                    self.refused.append("not confirmed at the end")
                    return
            try:
                status, said = self._post(body)
            except (OSError, http.client.HTTPException, ValueError):
                self.unanswered += 1
                time.sleep(0.1)
                continue
            if status == 200:
                self.confirmed += 1
                self.repeated += bool(said["repeated"])
                line = {"source": self.source, "sent_at": sent_at, "acknowledged_at": time.time(), "hex": body.hex()}
                self.journal.write(json.dumps(line) + "\n")
                self.journal.flush()
                return
            if status != 503:
                self.refused.append(f"{status} {said}")
                return
            time.sleep(0.1)

    def _post(self, body: bytes) -> tuple[int, dict[str, Any]]:
        # A new line each time: any process of the pages may get it.
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_FOR_AN_ANSWER)
        try:
            line.request("POST", "/live/signals", body, {"Authorization": f"Bearer {self.token}"})
            answer = line.getresponse()
            return answer.status, dict(json.loads(answer.read()))
        finally:
            line.close()


def _a_fire(number: int) -> bytes:
    place = {"system_type": 1, "system_address": 1, "component_type": 42, "component_address": number % POINTS + 1}
    said = {"id": str(uuid.uuid4()), "kinds": ["fire"], "point": place, "text": f"{number % POINTS + 1}号点位"}
    return json.dumps(said).encode()
