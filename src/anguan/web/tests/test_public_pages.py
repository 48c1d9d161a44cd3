"""Public pages: kept while nothing changed, made again when something did, the same for everybody."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from anguan.ground import audit, clock
from anguan.ground.access import SYSTEM
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_organ, logged_in

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-CN"}


def something_written() -> None:
    audit.record(actor=SYSTEM, action="test.write", subject=an_organ(), now=clock.now(), after={})


def test_a_page_is_made_once_and_again_when_something_was_written(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    something_written()
    client = Client()
    made = client.get("/public/", headers=CHINESE)
    assert made.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    with django_assert_num_queries(1):
        kept = client.get("/public/", headers=CHINESE)
    assert kept.content == made.content
    with django_assert_num_queries(1):
        unchanged = Client().get("/public/", headers={**CHINESE, "if-none-match": made.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    something_written()
    again = Client().get("/public/", headers={**CHINESE, "if-none-match": made.headers["ETag"]})
    assert again.status_code == 200


def test_nobodys_session_reaches_a_public_page_and_none_begins_there() -> None:
    something_written()
    stranger = Client().get("/public/results/", headers=CHINESE)
    officer = logged_in(a_user("officer", Role.OFFICER)).get("/public/results/", headers=CHINESE)
    assert officer.content == stranger.content
    assert not stranger.cookies
    assert not officer.cookies
    assert {"Accept-Language", "Cookie"} <= set(stranger.headers["Vary"].split(", "))


def test_the_language_is_a_link_that_leads_back_and_nowhere_else() -> None:
    client = Client()
    assert client.get("/public/in/en/", {"next": "/public/results/?q=a"}).headers["Location"] == "/public/results/?q=a"
    assert '<html lang="en">' in client.get("/public/results/", headers=CHINESE).content.decode()
    for elsewhere in ("https://example.org/", "//example.org/", "/account/login/"):
        answer = client.get("/public/in/en/", {"next": elsewhere})
        assert answer.headers["Location"] == "/public/"
    assert client.get("/public/in/xx/").status_code == 404


def test_robots_may_read_what_is_published_and_no_codes() -> None:
    told = Client().get("/robots.txt").content.decode().splitlines()
    assert told[1] == "Disallow: /"
    assert {"Allow: /public/", "Disallow: /public/tasks/", "Disallow: /public/papers/"} <= set(told)


def test_a_page_of_tomorrow_is_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    something_written()
    today = Client().get("/public/officers/").headers["ETag"]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1))
    assert Client().get("/public/officers/").headers["ETag"] != today
