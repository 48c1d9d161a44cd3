"""The addresses of a phone without network: what they hand out, take, and refuse."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anguan.ground import clock
from anguan.inspections.models import OfflineFile, OfflineOperation, Visit
from anguan.inspections.selectors.offline import digest_of
from anguan.inspections.tests.builders import BEACON, Cast, a_cast, a_photo, approved, team
from anguan.inspections.tests.offline_phone import Phone
from anguan.people.tests.builders import logged_in

pytestmark = pytest.mark.django_db
NOW = BEACON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def a_phone(cast: Cast, visit: Visit) -> tuple[Phone, Client]:
    officers, _ = team(cast, visit)
    phone = Phone(cast.user_of(officers[0]), NOW)
    return phone, logged_in(phone.user)


def test_the_shell_is_the_same_for_everybody_and_names_nobody() -> None:
    cast = a_cast()
    url = reverse("inspections_phone:offline")
    pages = {Client().get(url).content, logged_in(cast.users[cast.officers[0].pk]).get(url).content}
    assert len(pages) == 1
    assert "csrf" not in pages.pop().decode().lower()


def test_the_worker_tells_its_version_from_what_it_keeps() -> None:
    answer = Client().get(reverse("phone_worker"))
    assert answer["Service-Worker-Allowed"] == "/m/"
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    head = answer.content.decode().partition(";\n")[0]
    shell = json.loads(head.removeprefix("self.SHELL = "))
    assert shell["page"] == "/m/offline/"
    for address in shell["files"]:
        assert address.startswith(("/static/", "/m/icon-"))
    english = Client().get(reverse("phone_worker"), headers={"Accept-Language": "en"}).content.decode()
    assert shell["version"] not in english, "another language is another page"


def test_manifest_and_icons_let_a_phone_install_the_pages() -> None:
    manifest = Client().get(reverse("phone_manifest")).json()
    assert (manifest["scope"], manifest["start_url"], manifest["display"]) == ("/m/", "/m/offline/", "standalone")
    for icon in manifest["icons"]:
        assert Client().get(icon["src"]).content.startswith(b"\x89PNG")
    assert Client().get("/m/icon-7.png").status_code == 404


def test_tasks_hold_ones_own_visits_and_their_digests() -> None:
    cast = a_cast()
    first, second = approved(cast)
    _, client = a_phone(cast, first)
    Visit.objects.filter(pk=second.pk).update(is_sealed=True, target_hash="0" * 64, target_salt="1" * 64)
    payload = client.get(reverse("inspections_phone:offline_tasks")).json()
    assert [one["task"]["visit"] for one in payload["visits"]] == [str(first.uid)], "a sealed one is not carried"
    [only] = payload["visits"]
    assert only["digest"] == digest_of(only["task"])
    assert payload["version"] == digest_of([only["digest"]])
    assert len(only["task"]["items"]) == first.checklist.items.count()
    told = client.get(reverse("inspections_phone:offline_contact")).json()
    assert told["user"] == payload["user"]
    assert Client().get(reverse("inspections_phone:offline_contact")).json()["user"] == ""


def test_operations_and_photos_come_in_through_the_pages() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    phone, client = a_phone(cast, visit)
    officers, _ = team(cast, visit)
    phone.start(visit, [officer.pk for officer in officers])
    phone.answer(visit, 1, "走道堆放纸箱", [a_photo(NOW)])
    body = {"operations": [{"text": text, "digest": digest} for text, digest in reversed(phone.sent)]}
    url = reverse("inspections_phone:offline_operations")
    receipts = client.post(url, body, content_type="application/json").json()["receipts"]
    [(name, data)] = phone.files.items()
    assert [(one["state"], one["files"]) for one in receipts] == [("waiting", [name]), ("done", [])]
    put = reverse("inspections_phone:offline_file", args=[name])
    assert client.put(put, data[:-1], content_type="application/octet-stream").status_code == 409
    assert client.put(put, data, content_type="application/octet-stream").json()["problem"] == ""
    again = client.post(url, body, content_type="application/json").json()["receipts"]
    assert [one["state"] for one in again] == ["done", "done"]
    assert (OfflineOperation.objects.count(), OfflineFile.objects.count(), visit.answers.count()) == (2, 1, 1)
    page = logged_in(cast.leader).get(reverse("inspections:visit", args=[visit.uid])).content.decode()
    assert "离线记录" in page
    assert phone.sent[0][1][:12] in page


@pytest.mark.parametrize("body", [" ", "[]", "{}", '{"operations": 7}', '{"operations": [{}]}', "[" * 4000, "\xff"])
def test_what_cannot_be_read_is_told_so(body: str) -> None:
    cast = a_cast()
    client = logged_in(cast.users[cast.officers[0].pk])
    answer = client.post(reverse("inspections_phone:offline_operations"), body, content_type="application/json")
    assert (answer.status_code, "读不懂" in answer.json()["sentence"]) == (400, True)
