"""Pages by role, and the visit as an officer's phone sends it."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.hazards.models import Hazard
from anguan.inspections import draws
from anguan.inspections.models import Batch, Visit
from anguan.inspections.rules import BatchState, VisitState
from anguan.inspections.services import batches, visits
from anguan.inspections.tests.builders import (
    BEACON,
    MONDAY,
    Cast,
    a_cast,
    actor_of,
    answered,
    approved,
    begun,
    committed,
    drawn,
    opened,
    parties_of,
    planned,
    signed,
    team,
)
from anguan.papers.tests.builders import signature_image
from anguan.people.models import User
from anguan.people.tests.builders import logged_in

pytestmark = pytest.mark.django_db

NOW = BEACON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def status(client: Client, name: str, *args: object) -> int:
    return client.get(reverse(name, args=args)).status_code


def browsers(cast: Cast) -> dict[str, Client]:
    people: dict[str, User] = {
        "clerk": cast.clerk,
        "leader": cast.leader,
        "supervisor": cast.supervisor,
        "principal": cast.principal,
    }
    return {name: logged_in(user) for name, user in people.items()} | {"public": Client()}


def test_who_opens_which_page_of_a_batch() -> None:
    cast = a_cast()
    batch = drawn(cast)
    seen = {
        who: (status(client, "inspections:batches"), status(client, "inspections:batch", batch.code))
        for who, client in browsers(cast).items()
    }
    assert seen == {
        "clerk": (200, 200),
        "leader": (200, 200),
        "supervisor": (200, 200),
        "principal": (200, 200),
        "public": (302, 302),
    }
    pages = {
        who: client.get(reverse("inspections:batch", args=[batch.code])).content.decode()
        for who, client in browsers(cast).items()
    }
    drawn_names = [row.target.enterprise.name for row in batch.assignments.all()]
    for name in drawn_names:
        assert name in pages["clerk"]
        assert name not in pages["supervisor"]
        # The head of a principal's own page names its own enterprise, drawn or not.
        assert name == cast.enterprises[0].name or name not in pages["principal"]


def test_a_clerk_plans_and_only_the_leader_approves() -> None:
    cast = a_cast()
    clerk = logged_in(cast.clerk)
    form = {
        "title": "四月抽查",
        "organ": cast.organ.pk,
        "item": cast.item.pk,
        "window_from": "2026-04-01",
        "window_to": "2026-04-30",
        "officers_per_target": 2,
        "beacon_kind": "parties-only",
        "not_before": "2026-03-20T09:00",
        "name_1": "人员密集场所",
        "industries_1": "F52，H61",
        "targets_1": 2,
        "alternates_1": 1,
        **{f"weight_{name}": 1 for name in ("A", "B", "C", "D", "none")},
    }
    assert clerk.post(reverse("inspections:plan"), {**form, "targets_1": 0}).status_code == 422
    response = clerk.post(reverse("inspections:plan"), form)
    batch = Batch.objects.get()
    assert response.status_code == 302
    assert batch.strata[0]["industries"] == ["F52", "H61"]
    batch = drawn(cast)
    approve = reverse("inspections:approve", args=[batch.code])
    assert clerk.post(approve).status_code == 403
    assert logged_in(cast.supervisor).post(approve).status_code == 403
    assert logged_in(cast.leader).post(approve).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.APPROVED


def test_a_party_commits_and_opens_on_its_own_page() -> None:
    cast = a_cast()
    batch = planned(cast, not_before=NOW + timedelta(hours=1))
    parties = parties_of(cast, batch)
    page = reverse("inspections:party", args=[batch.code])
    assert logged_in(cast.clerk).get(page).status_code == 403
    supervisor = logged_in(cast.supervisor)
    body = supervisor.get(page).content.decode()
    assert "<draw-commitment" in body
    secret = "ab" * 32
    supervisor.post(page, {"act": "commit", "commitment": draws.commitment_of("司法监督", secret)})
    parties[1].refresh_from_db()
    assert parties[1].commitment == draws.commitment_of("司法监督", secret)


def test_a_refusal_on_the_page_breaks_the_batch_and_is_public() -> None:
    cast = a_cast()
    batch = committed(cast)
    page = reverse("inspections:party", args=[batch.code])
    client = logged_in(cast.principal)
    assert "data-commitment=" in client.get(page).content.decode()
    client.post(page, {"act": "refuse", "reason": "不同意"})
    body = Client().get(reverse("inspections_public:draw", args=[batch.code])).content.decode()
    assert "不同意" in body
    assert "作废" in body


def test_what_the_public_sees_before_and_after_the_last_visit() -> None:
    cast = a_cast()
    batch = opened(committed(cast))
    client = Client()
    assert status(client, "inspections_public:bundle", batch.code) == 404
    promise = client.get(reverse("inspections_public:promise", args=[batch.code]))
    assert set(promise.json()) == {"format", "hash", "spec", "commitments"}
    for visit in batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=NOW):
        _, actor = team(cast, visit)
        begun(cast, visit, NOW)
        answered(cast, visit, NOW)
        visits.draft_record(visit=visit, actor=actor, now=NOW)
        signed(cast, visit, NOW)
        visits.issue_record(visit=visit, actor=actor, now=NOW)
    logged_in(cast.clerk).post(reverse("inspections:publish", args=[batch.code]))
    bundle = client.get(reverse("inspections_public:bundle", args=[batch.code]))
    assert draws.verify(draws.parse(bundle.content)).targets == 2
    for name in ("draws", "verify", "results"):
        assert status(client, f"inspections_public:{name}") == 200
    assert "<draw-verifier" in client.get(reverse("inspections_public:draw", args=[batch.code])).content.decode()


def picture() -> SimpleUploadedFile:
    saved = BytesIO()
    Image.new("RGB", (8, 8), (10, 20, 30)).save(saved, "PNG")
    return SimpleUploadedFile("photo.png", saved.getvalue(), "image/png")


def pen() -> str:
    return "data:image/png;base64," + base64.b64encode(signature_image()).decode()


def test_a_visit_from_check_in_to_served_order_on_the_phone() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    phone = logged_in(cast.user_of(officers[0]))

    def at(name: str, *args: object) -> str:
        return reverse(f"inspections_phone:{name}", args=[visit.uid, *args])

    assert visit.enterprise.name in phone.get(reverse("inspections_phone:today")).content.decode()
    assert phone.get(at("visit")).status_code == 200
    assert "<svg" in phone.get(at("code")).content.decode()
    assert phone.post(at("start"), {"present": [officers[0].pk], "host": "经理"}).status_code == 422
    arrived = {
        "present": [officer.pk for officer in officers],
        "host": "经理",
        "position_lat": "30.512345",
        "position_lon": "105.612345",
        "position_accuracy": "12",
    }
    assert phone.post(at("start"), arrived).status_code == 302
    for number in range(1, 21):
        assert phone.get(at("item", number)).status_code == 200
        fails = number == 2
        sent = {"uid": uuid7(), "outcome": "fails" if fails else "conforms", "note": "出口锁闭" if fails else ""}
        response = phone.post(at("item", number), {**sent, **({"photo": picture()} if fails else {})})
        assert response.status_code == 302
    assert phone.get(at("items")).status_code == 200
    phone.post(at("draft"))

    def sign_and_issue() -> None:
        for officer in officers:
            assert phone.get(at("paper")).status_code == 200
            phone.post(at("sign"), {"uid": uuid7(), "officer": officer.pk, "signature": pen()})
        phone.post(at("sign"), {"uid": uuid7(), "name": "经理", "signature": pen()})
        phone.post(at("issue"))

    sign_and_issue()
    assert Hazard.objects.get().description == "出口锁闭"
    phone.post(at("order"))
    sign_and_issue()
    assert phone.get(at("paper")).status_code == 200
    phone.post(
        at("serve"),
        {"uid": uuid7(), "method": "direct", "receiver": "经理", "place": "现场", "signature": pen()},
    )
    visit.refresh_from_db()
    assert visit.state == VisitState.ORDERED
    assert str(visit.latitude) == "30.512345"
    assert phone.get(at("visit")).status_code == 200

    clerk = logged_in(cast.clerk)
    detail = reverse("inspections:visit", args=[visit.uid])
    assert "公示结果" in clerk.get(detail).content.decode()
    clerk.post(reverse("inspections:publish_result", args=[visit.uid]))
    assert visit.enterprise.name in Client().get(reverse("inspections_public:results")).content.decode()


def test_nobody_but_the_drawn_officers_finds_a_visit_on_the_phone() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    page = reverse("inspections_phone:visit", args=[visit.uid])
    stranger = next(officer for officer in cast.officers if officer not in officers)
    assert logged_in(cast.user_of(officers[1])).get(page).status_code == 200
    assert logged_in(cast.user_of(stranger)).get(page).status_code == 404
    for user in (cast.clerk, cast.leader, cast.principal):
        assert logged_in(user).get(page).status_code == 403


def test_a_task_code_tells_the_firm_who_comes_and_says_when_it_lapsed() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)

    def page(code: str) -> tuple[int, str]:
        response = Client().get(reverse("inspections_public:task", args=[code]))
        return response.status_code, response.content.decode()

    valid, body = page(visits.task_code(visit=visit, now=NOW))
    assert valid == 200
    for officer in officers:
        assert officer.name in body
        assert officer.certificate_no in body
    lapsed, body = page(visits.task_code(visit=visit, now=NOW - timedelta(hours=13)))
    assert lapsed == 410
    assert officers[0].name not in body
    assert page("made-up")[0] == 404


def test_the_desk_tells_everybody_their_part() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    committed(cast, window_to=clock.local_day(MONDAY) + timedelta(days=20))
    assert visit.enterprise.name in logged_in(cast.user_of(officers[0])).get("/").content.decode()
    assert "开启您的秘密" in logged_in(cast.supervisor).get("/").content.decode()


def test_the_list_of_visits_asks_no_more_queries_for_more_visits(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    cast = a_cast()
    approved(cast)
    clerk = logged_in(cast.clerk)
    clerk.get(reverse("inspections:visits"))
    with django_assert_max_num_queries(12):
        clerk.get(reverse("inspections:visits"))
    phone = logged_in(cast.user_of(team(cast, Visit.objects.all()[0])[0][0]))
    phone.get(reverse("inspections_phone:today"))
    with django_assert_max_num_queries(14):
        phone.get(reverse("inspections_phone:today"))
