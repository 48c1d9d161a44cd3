"""No address that somebody types, however odd, makes the platform stumble: it answers, with a refusal where it must."""

import json
import logging
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from anguan.inspections.tests.builders import a_cast, approved
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_officer, logged_in

pytestmark = pytest.mark.django_db

NIL = "00000000-0000-0000-0000-000000000000"


def _cursor(*values: Any, backward: int = 0) -> str:
    return urlsafe_b64encode(json.dumps([backward, values]).encode()).decode().rstrip("=")


NASTY = [
    "\0",
    "'\"><script>alert(1)</script>%\\",
    "-1",
    "9" * 30,
    "9" * 5000,
    "²",
    "//example.org/../x",
    "\r\nSet-Cookie: a=b",
    "\u202e😀\ufeff中",
    "9999-12-31",
]
CURSORS = [
    "x",
    "=",
    "é",
    "\0",
    _cursor(),
    _cursor(1, 2, 3),
    _cursor("a"),
    _cursor("a", "b"),
    _cursor(1, 1),
    _cursor(10**30),
    _cursor(2**63 - 1),
    _cursor("\ud800"),
    _cursor(None),
    _cursor({"t": "2026-01-01T00:00:00"}, 1),
    _cursor({"t": "0001-01-01T00:00:00+14:00"}, 1),
    _cursor({"t": "9999-12-31T23:59:59-14:00"}, 1),
    _cursor({"d": "2026-01-01"}, 1),
    _cursor({"d": "2026-01-01"}, "a"),
    _cursor({"n": "NaN"}),
    _cursor({"n": "1e999999"}),
    _cursor({"u": NIL}, 1, backward=1),
    _cursor({"x": 1}),
    urlsafe_b64encode(b"[0," + b"[" * 5000 + b"]" * 5000 + b"]").decode(),
    urlsafe_b64encode(b"7").decode(),
]
# What the pages read from their addresses; a page that reads more adds its word here.
KEYS = [
    "q",
    "based_on",
    "standard",
    "premises",
    "elements",
    "state",
    "form",
    "kind",
    "level",
    "due",
    "source",
    "enterprise",
    "complex",
    "building",
    "sort",
    "panel",
    "page",
    "next",
    "code",
    "lang_code",
    "risk",
    "is_key",
    "present",
    "status",
    "category",
    "is_high_rise",
    "unfinished",
    "use",
    "industry",
    "supervisor",
    "month",
    "day",
    "on",
    "as_of",
    "serving",
    "uses_gas",
    "powered_all_night",
    "run",
    "sheet",
    "row",
]


@dataclass(frozen=True)
class Address:
    """A route of the URLconf with the names of its parameters."""

    route: str
    names: tuple[str, ...]

    def with_values(self, values: dict[str, str]) -> str:
        """The path with a value for each parameter."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(values[found.group(1)], safe=""), self.route)


def _addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[Address]:
    for one in patterns:
        route = prefix + str(one.pattern).removeprefix("^").removesuffix("$").removesuffix("/?")
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, route)
        else:
            yield Address(route, tuple(re.findall(r"<(?:\w+:)?(\w+)>", route)))


ADDRESSES = sorted({address.route: address for address in _addresses(get_resolver().url_patterns)}.items())


@dataclass
class Asker:
    """Who types the address."""

    name: str
    client: Client


class _Undone(Exception):
    """Ends the savepoint around a request, so that none leaves anything to the next."""


def _status(client: Client, path: str) -> int | str:
    status: int | str = 0
    try:
        with transaction.atomic():
            try:
                # A path as the server hands it over: decoded once, whatever is in it.
                response = client.get(path)
                # Not `response.close()`: that would end the database connection of the test as well.
                for close_file in response._resource_closers:  # type: ignore[attr-defined]  # the test client types no files
                    close_file()
                status = response.status_code
            except Exception as error:  # whatever it is, it is the fault that is looked for
                status = f"{type(error).__name__}: {str(error)[:120]}"
            raise _Undone
    except _Undone:
        return status


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are expected, and nobody reads them."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    caplog.set_level(logging.CRITICAL, logger="django.security")


@pytest.fixture
def district() -> dict[str, str]:
    """One of everything, by the names that routes give their parameters."""
    cast = a_cast(enterprises=3)
    visit = approved(cast)[0]
    assert visit.batch is not None
    enterprise = cast.enterprises[0]
    return {
        "uid": str(visit.uid),
        "hazard_uid": NIL,
        "number": "1",
        "code": visit.batch.code,
        "kind": "enterprise",
        "pk": str(enterprise.pk),
        "credit_code": enterprise.credit_code,
        "checklist_id": str(visit.checklist_id),
    }


@pytest.fixture
def askers(district: dict[str, str]) -> list[Asker]:
    """Those who between them pass every door, and nobody."""
    everything = a_user("everything", Role.CLERK, Role.OFFICER, Role.LEADER, Role.SUPERVISOR)
    an_officer("执法员万能", user=everything)
    admins = [a_user(role.value, role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)]
    firm = a_user("firm")
    firm.memberships.create(enterprise_id=district["pk"], role=Role.PRINCIPAL, since="2025-01-01")
    known = [Asker(user.username, logged_in(user)) for user in (everything, *admins, firm)]
    return [*known, Asker("nobody", Client())]


def _default(district: dict[str, str], name: str) -> str:
    return district.get(name, "1")


def _faults(askers: list[Asker], paths: list[str]) -> list[str]:
    faults = []
    for path in paths:
        for asker in askers:
            status = _status(asker.client, path)
            # 503 is what /readyz says without a worker.
            if not isinstance(status, int) or (status >= 500 and not path.startswith("/readyz")):
                faults.append(f"{asker.name} {path[:160]} -> {status}")
    return faults


def test_the_route_table_is_read() -> None:
    """The walk finds the pages at all."""
    assert len(ADDRESSES) > 80


def test_odd_values_in_a_path_are_refused_or_answered(district: dict[str, str], askers: list[Asker]) -> None:
    """Numbers without end, no numbers, characters no database holds: never a stumble."""
    paths = []
    for _route, address in ADDRESSES:
        for name in dict.fromkeys(address.names):
            for value in NASTY:
                values = {other: _default(district, other) for other in address.names}
                paths.append(address.with_values({**values, name: value}))
    chosen = [asker for asker in askers if asker.name == "everything"]
    faults = _faults(chosen, paths)
    assert not faults, "\n".join(faults)


def test_odd_values_in_a_query_are_refused_or_answered(district: dict[str, str], askers: list[Asker]) -> None:
    """Every word that pages read from their addresses, with every odd value."""
    paths = []
    for _route, address in ADDRESSES:
        path = address.with_values({name: _default(district, name) for name in address.names})
        paths += [f"{path}?{urlencode(dict.fromkeys(KEYS, value))}" for value in NASTY[::2]]
    faults = []
    for asker in askers:
        # One passes nearly every door and tries everything; the others try what they alone may open.
        mine = paths if asker.name == "everything" else paths[:: len(NASTY[::2])]
        faults += _faults([asker], mine)
    assert not faults, "\n".join(faults)


def test_a_cursor_of_somebody_elses_making_is_refused(district: dict[str, str], askers: list[Asker]) -> None:
    """A token that is none, or holds values of another kind, is a bad request and no more."""
    everything, firm = askers[0], askers[-2]
    faults = []
    for _route, address in ADDRESSES:
        path = address.with_values({name: _default(district, name) for name in address.names})
        for asker in (everything, firm):
            # Only lists read a cursor, and those refuse this one.
            if _status(asker.client, f"{path}?cursor=x") == HTTPStatus.BAD_REQUEST:
                asked = [f"{path}?{urlencode({'cursor': cursor})}" for cursor in CURSORS]
                faults += _faults([asker], [*asked, f"{asked[6]}&q=示例", f"{asked[15]}&sort=-due"])
    assert not faults, "\n".join(faults)
