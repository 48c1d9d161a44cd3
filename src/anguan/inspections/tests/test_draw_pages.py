"""Pages of what comes after a draw: replacements, experts, the yearly self-check, re-visits, and what beacons prove."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.hazards.models import Hazard
from anguan.inspections import draws, selectors
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import Batch, Opinion, Replacement, RevisitHazard, Visit, VisitExpert
from anguan.inspections.rules import BatchState, NotAllowed, RevisitOutcome
from anguan.inspections.services import batches, experts, revisits, visits
from anguan.inspections.tests.builders import (
    BEACON,
    MONDAY,
    SECRETS,
    STRATA,
    WEIGHTS,
    Cast,
    a_cast,
    a_photo,
    actor_of,
    answered,
    begun,
    committed,
    opened,
    parties_of,
    signed,
    team,
    viewer,
)
from anguan.inspections.tests.draw_tampers import drand_example
from anguan.inspections.tests.test_replacements import finish, with_experts
from anguan.people.tests.builders import a_user, logged_in

pytestmark = pytest.mark.django_db

NOW = BEACON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def picture() -> SimpleUploadedFile:
    saved = BytesIO()
    Image.new("RGB", (8, 8), (10, 90, 90)).save(saved, "PNG")
    return SimpleUploadedFile("门.png", saved.getvalue(), "image/png")


def test_a_target_is_replaced_through_the_pages_and_the_public_reads_it_when_all_is_over() -> None:
    cast = a_cast()
    batch = with_experts(cast)
    clerk, leader = logged_in(cast.clerk), logged_in(cast.leader)
    first = batch.assignments.filter(is_alternate=False).first()
    assert first is not None
    url = reverse("inspections:replace", args=[batch.code, first.pk])
    assert logged_in(cast.supervisor).get(url).status_code == 403
    form = {"uid": str(uuid7()), "what": "target", "reason": "officer:ill", "note": "门面已转让，招牌拆除"}
    refused = clerk.post(url, form)
    assert refused.status_code == 422
    assert "不适用于所选的替换" in refused.content.decode()
    assert "请附现场照片" in clerk.post(url, {**form, "reason": "target:closed"}).content.decode()
    done = clerk.post(url, {**form, "reason": "target:closed", "photo": picture()})
    assert done.status_code == 302
    replacement = Replacement.objects.get()
    page = reverse("inspections:replacement", args=[replacement.uid])
    approve = reverse("inspections:replacement_approve", args=[replacement.uid])
    assert "不能自己批准" in clerk.get(page).content.decode()
    assert approve in leader.get(page).content.decode()
    assert clerk.post(approve).status_code == 403
    assert page in leader.get(reverse("desk")).content.decode()
    leader.post(approve)
    replacement.refresh_from_db()
    assert replacement.alternate is not None
    text = leader.get(reverse("inspections:batch", args=[batch.code])).content.decode()
    assert f"由 {replacement.alternate.target.pseudonym} 接替。" in text

    # Nothing of it is public while somebody could still be warned.
    public = reverse("inspections_public:draw", args=[batch.code])
    companion = reverse("inspections_public:companion", args=[batch.code])
    anybody = Client()
    assert replacement.alternate.target.pseudonym not in anybody.get(public).content.decode()
    assert anybody.get(companion).status_code == 404
    for visit in Visit.objects.filter(batch=batch, state="approved"):
        finish(cast, visit)
    batch.refresh_from_db()
    batches.publish_bundle(batch=batch, actor=actor_of(cast.clerk), now=NOW)
    text = anybody.get(public).content.decode()
    assert first.target.pseudonym in text
    assert "已关闭、注销或迁出" in text
    assert "门面已转让" not in text
    assert first.target.enterprise_name not in text
    bundle = anybody.get(reverse("inspections_public:bundle", args=[batch.code])).json()
    assert draws.verify_companion(anybody.get(companion).json(), bundle).targets_replaced == 1

    # The year: two drawn, one replaced; names for the bureau, none for everybody.
    text = leader.get(reverse("inspections:draw_statistics")).content.decode()
    assert "50.0%" in text
    assert "执法员" in text
    text = anybody.get(reverse("inspections_public:draw_statistics"), {"year": "2026"}).content.decode()
    assert "50.0%" in text
    assert "执法员" not in text
    for odd in ("0", "abcd", "９９９９", "99999999999999999999", "2031"):
        assert anybody.get(reverse("inspections_public:draw_statistics"), {"year": odd}).status_code == 200


def test_an_expert_sees_a_visit_from_the_officers_arrival_on_and_nothing_is_issued_over_an_open_opinion() -> None:
    cast = a_cast()
    batch = with_experts(cast)
    seat = VisitExpert.objects.filter(visit__batch=batch).select_related("visit", "expert").order_by("pk").first()
    assert seat is not None
    visit = seat.visit
    user = a_user("advisor")
    seat.expert.user = user
    seat.expert.save(update_fields=["user"])
    phone = logged_in(user)
    page = reverse("inspections_phone:expert_visit", args=[visit.uid])
    assert phone.get(page).status_code == 404
    mine = phone.get(reverse("inspections_phone:expert_mine")).content.decode()
    assert "到场之后才显示" in mine
    assert visit.enterprise.name not in mine

    begun(cast, visit, NOW)
    officers, officer = team(cast, visit)
    assert visit.enterprise.name in phone.get(reverse("inspections_phone:expert_mine")).content.decode()
    write = reverse("inspections_phone:expert_opinion", args=[visit.uid, 2])
    assert phone.post(write, {"uid": str(uuid7()), "text": " "}).status_code == 422
    assert phone.post(write, {"uid": str(uuid7()), "text": "疏散门开启方向不对", "photo": picture()}).status_code == 302
    opinion = Opinion.objects.get()
    # A draft is the expert's own.
    office = logged_in(cast.user_of(officers[0]))
    assert "疏散门开启方向不对" not in office.get(reverse("inspections:visit", args=[visit.uid])).content.decode()
    phone.post(page)
    opinion.refresh_from_db()
    assert opinion.state == "submitted"
    assert "不能再改" in phone.post(write, {"uid": str(uuid7()), "text": "改一改"}).content.decode()

    # An expert is no officer: no start, no signature, no answer.
    assert phone.get(reverse("inspections_phone:visit", args=[visit.uid])).status_code == 403
    answered(cast, visit, NOW)
    visits.draft_record(visit=visit, actor=officer, now=NOW)
    signed(cast, visit, NOW)
    with pytest.raises(NotAllowed, match="还有专家意见没有决定"):
        visits.issue_record(visit=visit, actor=officer, now=NOW)
    on_the_phone = office.get(reverse("inspections_phone:visit", args=[visit.uid])).content.decode()
    assert "有 1 条专家意见等您采纳或不采纳" in on_the_phone
    decide = reverse("inspections:opinion_decide", args=[visit.uid, opinion.uid])
    office.post(decide, {"verdict": "adopt", "reason": ""})
    opinion.refresh_from_db()
    assert opinion.state == "submitted"
    office.post(decide, {"verdict": "adopt", "reason": "已现场核实，记入检查记录"})
    opinion.refresh_from_db()
    assert opinion.state == "adopted"
    visits.issue_record(visit=visit, actor=officer, now=NOW)
    with pytest.raises(NotAllowed, match="记录已经出具"):
        experts.write_opinion(seat=seat, item=None, text="补充", uid=uuid7(), actor=actor_of(user), now=NOW)
    visit.refresh_from_db()
    assert visit.officers.count() == 2

    clerk = logged_in(cast.clerk)
    fee = reverse("inspections:expert_fee", args=[visit.uid, seat.pk])
    clerk.post(fee, {"days": "0.7"})
    seat.refresh_from_db()
    assert seat.fee_yuan is None
    clerk.post(fee, {"days": "1.5"})
    seat.refresh_from_db()
    assert seat.fee_yuan == 1200


def with_secrets(cast: Cast, batch: Batch) -> Batch:
    for party, secret in zip(parties_of(cast, batch), SECRETS, strict=True):
        batches.submit_commitment(
            party=party, commitment=draws.commitment_of(party.name, secret), actor=actor_of(party.user), now=MONDAY
        )
    batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)
    return batches.commit_batch(batch=batch, actor=actor_of(cast.clerk), now=MONDAY + timedelta(hours=1))


def test_a_sample_of_self_closed_hazards_is_drawn_and_seen_again() -> None:
    cast = a_cast()
    closed: dict[str, Any] = {
        "source": "self", "level": "general", "state": "closed", "self_closed": True, "organ": cast.organ,
        "found_at": MONDAY - timedelta(days=20), "reported_at": MONDAY - timedelta(days=9),
        "closed_at": MONDAY - timedelta(days=8), "due_on": date(2026, 2, 28),
    }  # fmt: skip
    for firm in cast.enterprises[:3]:
        Hazard.objects.create(uid=uuid7(), enterprise=firm, description=f"{firm.name}插座老化", **closed)
    clerk = logged_in(cast.clerk)
    page = reverse("inspections:revisit_plan")
    form = {
        "title": "二月自查自改回访", "organ": cast.organ.pk, "item": cast.item.pk, "since": "2026-01-01",
        "until": "2026-01-31", "window_from": "2026-03-04", "window_to": "2026-03-31",
        "beacon_kind": "parties-only", "not_before": "2026-03-04T12:00",
    }  # fmt: skip
    assert "不需要回访" in clerk.post(page, form).content.decode()
    batch = revisits.plan_revisit_batch(
        title="二月自查自改回访", organ=cast.organ, item=cast.item, since=date(2026, 2, 1), until=date(2026, 2, 28),
        window_from=date(2026, 3, 2), window_to=date(2026, 3, 31), beacon_kind=BeaconKind.PARTIES_ONLY,
        not_before=BEACON, actor=actor_of(cast.clerk), now=MONDAY,
    )  # fmt: skip
    batch = opened(with_secrets(cast, batch))
    # One of three is five per cent, rounded up; the nine others closed nothing themselves.
    assert selectors.exclusion_counts(batch) == {"not_self_closed": 9}
    (visit,) = batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)
    (row,) = selectors.revisit_hazards_of(visit)
    officers, actor = team(cast, visit)
    given: dict[str, Any] = {"visit": visit, "hazard": row.hazard, "actor": actor, "now": NOW}
    with pytest.raises(NotAllowed, match="到场签到之后"):
        revisits.record_revisit(**given, outcome=RevisitOutcome.CONFIRMED, note="", uid=uuid7())
    begun(cast, visit, NOW)
    phone = logged_in(cast.user_of(officers[0]))
    url = reverse("inspections:revisit_hazard", args=[visit.uid, row.hazard.uid])
    assert "写明看到了什么，并拍照" in phone.post(url, {"uid": str(uuid7()), "outcome": "reopened"}).content.decode()
    once = uuid7()
    with pytest.raises(NotAllowed, match="没有回访"):
        visits.draft_record(visit=visit, actor=actor, now=NOW)
    given |= {"outcome": RevisitOutcome.REOPENED, "note": "插座未更换", "uid": once, "photos": [a_photo(NOW)]}
    revisits.record_revisit(**given)
    assert revisits.record_revisit(**given).outcome == RevisitOutcome.REOPENED
    with pytest.raises(NotAllowed, match="已经回访过"):
        revisits.record_revisit(**{**given, "uid": uuid7()})
    assert Hazard.objects.get(pk=row.hazard_id).state == "reopened"
    assert RevisitHazard.objects.filter(outcome="").count() == 2


@pytest.mark.parametrize("kind", list(BeaconKind))
def test_each_kind_of_beacon_through_its_life_and_what_its_page_says(kind: BeaconKind) -> None:
    """A drand round as somebody pasted it in, a lottery result, and the parties alone."""
    cast = a_cast()
    plan: dict[str, Any] = {"beacon_kind": kind}
    known = drand_example()
    if kind is BeaconKind.DRAND_QUICKNET:
        plan["not_before"] = draws.time_of_round(known["spec"]["beacon"]["round"])
    elif kind is BeaconKind.PUBLIC_VALUE:
        plan["beacon_round"] = "双色球第 2026030 期开奖号码"
    if kind is BeaconKind.DRAND_QUICKNET:
        # That round was published long ago: planned and committed before it, as it had to be.
        before = plan["not_before"] - timedelta(hours=2)
        batch = batches.plan_batch(
            title="抽查", organ=cast.organ, item=cast.item, window_from=clock.local_day(before),
            window_to=clock.local_day(before) + timedelta(days=20), strata=[*STRATA], weights=WEIGHTS,
            beacon_kind=kind, not_before=plan["not_before"], actor=actor_of(cast.clerk), now=before,
        )  # fmt: skip
        for party, secret in zip(parties_of(cast, batch), SECRETS, strict=True):
            batches.submit_commitment(
                party=party, commitment=draws.commitment_of(party.name, secret), actor=actor_of(party.user), now=before
            )
        batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=before)
        batch = batches.commit_batch(batch=batch, actor=actor_of(cast.clerk), now=before)
        assert batch.beacon_round == "1000"
    else:
        batch = committed(cast, **plan)
    at = batch.not_before
    for party, secret in zip(batch.parties.select_related("user"), SECRETS, strict=True):
        batch = batches.submit_secret(party=party, secret=secret, actor=actor_of(party.user), now=at)
    given: dict[str, Any] = {"batch": batch, "actor": actor_of(cast.clerk)}
    if kind is BeaconKind.PARTIES_ONLY:
        assert batch.state == BatchState.DRAWN
        with pytest.raises(NotAllowed, match="尚未抽取"):
            batches.enter_beacon(**given, value="1", now=at)
    else:
        assert batch.state == BatchState.COMMITTED
        with pytest.raises(NotAllowed, match="还没有到"):
            batches.enter_beacon(**given, value="1", now=at - timedelta(seconds=1))
    if kind is BeaconKind.DRAND_QUICKNET:
        value, signature = known["beacon"]["value"], known["beacon"]["signature"]
        with pytest.raises(NotAllowed, match="没有通过核验"):
            batches.enter_beacon(**given, value="00" * 32, signature=signature, now=at)
        with pytest.raises(NotAllowed, match="没有通过核验"):
            other = "ab" * 48
            fitting = draws.named("sha256").digest(bytes.fromhex(other)).hex()
            batches.enter_beacon(**given, value=fitting, signature=other, now=at)
        batch = batches.enter_beacon(**given, value=value.upper(), signature=f" {signature}\n", now=at)
    elif kind is BeaconKind.PUBLIC_VALUE:
        with pytest.raises(NotAllowed, match="填写公布的数值"):
            batches.enter_beacon(**given, value=" ", now=at)
        batch = batches.enter_beacon(**given, value="03 08 11 17 25 30 + 09", source="开奖公告", now=at)
    assert batch.state == BatchState.DRAWN
    assert draws.verify(selectors.bundle_of(batch)).beacon_kind == kind
    text = Client().get(reverse("inspections_public:draw", args=[batch.code])).content.decode()
    for words in (*draws.BEACON_PROVES[kind], *draws.BEACON_CANNOT[kind]):
        assert words in text
    others = {*BeaconKind} - {kind}
    assert not any(draws.BEACON_PROVES[one][0] in text for one in others)


def test_a_broken_batch_stays_listed_with_its_refusal_and_the_next_one_has_another_number() -> None:
    cast = a_cast()
    batch = committed(cast)
    party = batch.parties.select_related("user").get(user=cast.supervisor)
    batches.refuse_secret(party=party, reason="名录里漏了两家", actor=actor_of(cast.supervisor), now=BEACON)
    anybody = Client()
    text = anybody.get(reverse("inspections_public:draws")).content.decode()
    assert batch.code in text
    assert "有参与方拒绝开启秘密" in text
    text = anybody.get(reverse("inspections_public:draw", args=[batch.code])).content.decode()
    assert "名录里漏了两家" in text
    assert "不会重抽" in text
    assert anybody.get(reverse("inspections_public:bundle", args=[batch.code])).status_code == 404
    assert anybody.get(reverse("inspections_public:promise", args=[batch.code])).json()["spec"]["batch"] == batch.code
    again = committed(cast)
    assert again.code != batch.code
    assert set(selectors.public_batches()) == {again, batch}
    assert selectors.year_for_viewer(viewer(cast.leader), 2026).broken == 1
