"""Every address × every role × own and foreign objects, against the table that says who may open what."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from anguan.people.models import Officer, User
from anguan.people.rules import Role
from anguan.people.tests.builders import logged_in
from anguan.registry.models import Enterprise
from anguan.web.public_pages import KEPT, Keep

from .access_table import ANYBODY, LEFT_OUT, PUBLIC, TABLE, Row
from .world import Args, World, a_world

pytestmark = pytest.mark.django_db
ROLES = [*(str(role) for role in Role), ""]
LOGIN = "/account/login/"


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the platform by its name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield f"{space}{pattern.name}", pattern


NAMES = sorted({name for name, _pattern in addresses()} - LEFT_OUT)


@pytest.fixture(scope="module")
def evidence_folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, evidence_folder: Any) -> Iterator[World]:
    """Made once, in a transaction that is never committed."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "EVIDENCE_ROOT", evidence_folder)
        with undone():
            yield a_world()


@pytest.fixture(scope="module")
def sessions(world: World) -> dict[str, str]:
    """The session of each role."""
    cookie = django_settings.SESSION_COOKIE_NAME
    return {role: logged_in(user).cookies[cookie].value for role, user in world.users.items()}


@pytest.fixture(autouse=True)
def _evidence(settings: Any, evidence_folder: Any, _evidence_in_a_temporary_folder: None) -> None:
    settings.EVIDENCE_ROOT = evidence_folder


@contextmanager
def undone() -> Iterator[None]:
    """What is written in here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert set(NAMES) - set(TABLE) == set(), "addresses that nobody said who may open"
    assert set(TABLE) - set(NAMES) == set(), "rows of addresses that are gone"


def may_pass(role: str, roles: frozenset[str]) -> bool:
    """Whether the table lets somebody in."""
    return roles == PUBLIC or (roles == ANYBODY and role != "") or role in roles


def passes(session: str, method: str, url: str) -> tuple[bool, str]:
    """Whether a request gets behind door and selector, and what came back."""
    client = Client()
    if session:
        client.cookies[django_settings.SESSION_COOKIE_NAME] = session
    with undone():
        answer = client.get(url) if method == "GET" else client.post(url)
    if answer.streaming:
        # Read to its end a file is closed.
        answer.getvalue()
    told = f"{answer.status_code} {answer.headers.get('Location', '')}".strip()
    assert answer.status_code != 405, f"{method} {url} is no method of this page"
    to_login = answer.status_code == 302 and answer.headers["Location"].startswith(LOGIN)
    return answer.status_code not in {401, 403, 404} and not to_login, told


@pytest.mark.parametrize("name", NAMES)
def test_who_may_open(name: str, world: World, sessions: dict[str, str]) -> None:
    row = TABLE[name]
    # Whom the door keeps from their own need not be tried on what is foreign.
    inside = [role for role in ROLES if may_pass(role, row.roles)]
    assert all(may_pass(str(role), row.roles) for role in row.others)
    own = world.own[row.takes] if row.takes else [()]
    wrong = [
        *judged(name, row, sessions, own[:1], ROLES, row.roles),
        *judged(name, row, sessions, own[1:], inside, row.roles),
        *judged(name, row, sessions, world.foreign.get(row.takes, []), inside, row.others),
    ]
    assert not wrong, "\n".join(wrong)


def judged(
    name: str, row: Row, sessions: dict[str, str], objects: list[Args], who: list[str], roles: frozenset[str]
) -> Iterator[str]:
    """Each answer that is not what the table says."""
    for args in objects:
        url = reverse(name, args=args)
        for method in row.methods.split():
            for role in who:
                passed, told = passes(sessions.get(role, ""), method, url)
                if passed != may_pass(role, roles):
                    wanted = "should pass" if not passed else "should be refused"
                    yield f"{method} {url} by {role or 'nobody'}: {wanted}, got {told}"


PUBLIC_NAMES = [name for name in NAMES if "public" in name and TABLE[name].roles == PUBLIC]


@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_a_public_page_tells_nothing_about_people_and_says_how_it_may_be_kept(name: str, world: World) -> None:
    row = TABLE[name]
    firms = Enterprise.objects.all()
    officers = set(Officer.objects.values_list("name", flat=True))
    people = [user.name for user in User.objects.all() if user.name not in officers]
    with undone():
        firms.update(principal="示例负责人丙丁", phone="13900000000", safety_managers="示例安全员戊己")
        User.objects.update(username=Concat(Value("account-of-"), Cast("pk", CharField())))
        for args in world.own[row.takes] if row.takes else [()]:
            answer = Client().get(reverse(name, args=args), headers={"accept-language": "zh-CN"})
            shown = answer.content.decode(errors="ignore")
            private = ["示例负责人丙丁", "13900000000", "示例安全员戊己", "account-of-", *people]
            told = [word for word in private if word in shown]
            assert not told, f"{name} shows {told}"
            # The officers' register and the code at the door name officers, as the law wants; nothing else does.
            named = {officer for officer in officers if officer in shown}
            assert not named or name in {"inspections_public:officers", "inspections_public:task"}, named
            keep = KEPT.get(name, Keep.NOTHING)
            assert answer.headers["Cache-Control"] == keep.value
            assert "sessionid" not in answer.cookies
            if keep is not Keep.NOTHING:
                assert not answer.cookies
                assert {"accept-language", "cookie"} <= set(answer.headers["Vary"].lower().split(", "))
                again = Client().get(
                    reverse(name, args=args),
                    headers={"accept-language": "zh-CN", "if-none-match": answer.headers["ETag"]},
                )
                assert (again.status_code, again.content) == (304, b"")


def test_every_public_address_says_how_it_may_be_kept_or_is_not_kept() -> None:
    assert set(KEPT) <= set(PUBLIC_NAMES)
    by_code = {"inspections_public:task", "papers_public:confirm", "papers_public:confirm_code", "public_language"}
    assert by_code <= set(PUBLIC_NAMES) - set(KEPT)
