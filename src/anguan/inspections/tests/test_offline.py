"""An offline day as services: any order, repeats, gaps and altered texts give what doing it in order once gives."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from anguan.ground import evidence
from anguan.ground.models import AuditRecord
from anguan.ground.photos import Photo
from anguan.hazards.models import Hazard
from anguan.hazards.services import report_rectification
from anguan.inspections.models import Answer, OfflineFile, OfflineOperation, Visit
from anguan.inspections.rules import Outcome, VisitState
from anguan.inspections.rules.offline import Altered, digest_of
from anguan.inspections.rules.records import Finding, Picture, Recheck, recheck_opinion, record_digest, site_record
from anguan.inspections.selectors.offline import offline_tasks
from anguan.inspections.services import offline, visits
from anguan.inspections.tests.builders import (
    BEACON,
    Cast,
    a_cast,
    a_photo,
    answered,
    approved,
    begun,
    signed,
    team,
    viewer,
)
from anguan.inspections.tests.offline_phone import Phone
from anguan.papers.tests.builders import signature_image
from anguan.people.models import Competence
from anguan.registry.models import Membership

pytestmark = pytest.mark.django_db

ON_SITE = BEACON + timedelta(days=1)
BACK = ON_SITE + timedelta(hours=9)
SEEN = {2: "二层东侧安全出口用铁链锁住", 5: "走道堆放纸箱"}


def expected_record(visit: Visit, phone: Phone, started: Any) -> str:
    """The digest that the phone works out from its own answers."""
    body = site_record(
        checklist=visit.checklist.title,
        version=visit.checklist.version,
        place=visit.enterprise.address,
        attendant="示例经理",
        started_at=started,
        ended_at=phone.now,
        findings=[
            Finding(
                item.number,
                Outcome.FAILS if item.number in SEEN else Outcome.CONFORMS,
                SEEN.get(item.number, ""),
                "",
                item.violation_basis,
                [Picture(started, a_photo(started, item.number).sha256)] if item.number in SEEN else [],
            )
            for item in visit.checklist.items.all()
        ],
    )
    task = next(one["task"] for one in offline_tasks(viewer(phone.user), ON_SITE)["visits"])
    if task["legal_basis"]:
        body["legal_basis"] = task["legal_basis"]
    return record_digest(visit_uid=str(visit.uid), form="site_record", body=body)


def a_day(cast: Cast, visit: Visit) -> Phone:
    """Arrived, every item answered, two failures with a photo each, the record ready and signed by all three."""
    officers, _actor = team(cast, visit)
    phone = Phone(cast.user_of(officers[0]), ON_SITE, offset_ms=-90_000)
    started = phone.now
    phone.start(visit, [officer.pk for officer in officers])
    for item in visit.checklist.items.all():
        phone.later(minutes=1)
        seen = SEEN.get(item.number, "")
        phone.answer(visit, item.number, seen, [a_photo(started, item.number)] if seen else [])
    phone.later(minutes=1)
    digest = expected_record(visit, phone, started)
    phone.do(visit, "ready", {"digest": digest})
    for slant, officer in enumerate(officers):
        phone.later(seconds=20)
        phone.sign(visit, digest, signature_image(slant * 10), officer.pk)
    phone.sign(visit, digest, signature_image(30))
    return phone


def sync(phone: Phone, operations: list[tuple[str, str]], now: Any = BACK) -> list[offline.Receipt]:
    return offline.receive_operations(viewer=viewer(phone.user), sent=operations, now=now)


def send_files(phone: Phone) -> None:
    for digest, data in phone.files.items():
        offline.keep_file(viewer=viewer(phone.user), digest=digest, data=data, now=BACK)


def state_of(visit: Visit) -> dict[str, Any]:
    """What the day amounts to, without the ids of rows."""
    visit = Visit.objects.get(pk=visit.pk)
    record = visit.record
    return {
        "visit": (visit.state, visit.started_at, visit.host, visit.latitude),
        "answers": sorted(
            (answer.uid, answer.outcome, answer.note, answer.answered_at, answer.due_on)
            for answer in visit.answers.all()
        ),
        "photos": sorted(
            (photo.uid, photo.sha256, photo.taken_at, photo.clock_offset_ms)
            for answer in visit.answers.all()
            for photo in evidence.of(answer)
        ),
        "record": record and (record.body, record.state, record.drafted_at),
        "signatures": sorted(
            (one.uid, one.party, one.name, one.signed_at) for one in (record.signatures.all() if record else [])
        ),
        "operations": sorted(
            OfflineOperation.objects.filter(visit=visit).values_list("uid", "state", "reason", "acted_at", "position")
        ),
    }


@pytest.fixture
def cast() -> Cast:
    return a_cast()


def test_an_offline_day_arrives_in_order(cast: Cast) -> None:
    visit = approved(cast)[0]
    phone = a_day(cast, visit)
    receipts = sync(phone, phone.sent)
    # Photos first come later: the first answer that needs one holds up what stands behind it.
    assert [receipt.state for receipt in receipts[:2]] == ["done", "done"]
    assert receipts[2].state == "waiting"
    assert receipts[2].files == [a_photo(ON_SITE, 2).sha256]
    assert receipts[3].after == 3
    send_files(phone)
    assert {receipt.state for receipt in sync(phone, phone.sent)} == {"done"}
    visit.refresh_from_db()
    assert visit.state == VisitState.RECORD_DRAFTED
    assert visit.started_at == ON_SITE
    assert visit.record is not None
    assert visit.record.signatures.count() == 3
    assert OfflineOperation.objects.filter(times_received=2).count() == len(phone.sent)
    assert {answer.answered_at <= phone.now for answer in visit.answers.all()} == {True}
    # Office and phone go on from here as always.
    _officers, actor = team(cast, visit)
    visit = visits.issue_record(visit=visit, actor=actor, now=BACK)
    assert visit.state == VisitState.RECORD_ISSUED
    assert visit.record is not None
    assert visit.record.number
    assert AuditRecord.objects.filter(action="inspections.apply_operation").count() == len(phone.sent)


def test_any_order_with_repeats_gives_the_same_day(cast: Cast) -> None:
    visit = approved(cast)[0]
    phone = a_day(cast, visit)
    with transaction.atomic():
        send_files(phone)
        sync(phone, phone.sent)
        wanted = state_of(visit)
        transaction.set_rollback(True)
    assert wanted["visit"][0] == VisitState.RECORD_DRAFTED
    for seed in range(3):
        with transaction.atomic():
            shuffled(phone, random.Random(seed))
            assert state_of(visit) == wanted, f"seed {seed}"
            transaction.set_rollback(True)


def shuffled(phone: Phone, chance: random.Random) -> None:
    """Everything in any order, in handfuls, half of it twice."""
    steps = [*phone.sent, *phone.files]
    steps += chance.choices(steps, k=len(steps) // 2)
    chance.shuffle(steps)
    while steps:
        size = chance.randint(1, 8)
        handful, steps = steps[:size], steps[size:]
        for one in handful:
            if isinstance(one, str):
                offline.keep_file(viewer=viewer(phone.user), digest=one, data=phone.files[one], now=BACK)
        sync(phone, [one for one in handful if isinstance(one, tuple)])


def test_an_altered_text_is_asked_for_again(cast: Cast) -> None:
    visit = approved(cast)[0]
    phone = a_day(cast, visit)
    text, digest = phone.sent[0]
    [receipt] = sync(phone, [(text.replace("示例经理", "示例店长"), digest)])
    assert receipt.state == "altered"
    assert not OfflineOperation.objects.exists()
    assert [receipt.state for receipt in sync(phone, [(text, digest)])] == ["done"]
    photo = a_photo(ON_SITE, 2)
    with pytest.raises(Altered):
        offline.keep_file(viewer=viewer(phone.user), digest=photo.sha256, data=photo.data + b"x", now=BACK)
    assert not OfflineFile.objects.exists()


def test_an_operation_that_was_replaced_on_the_phone_shows(cast: Cast) -> None:
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    phone = Phone(cast.user_of(officers[0]), ON_SITE)
    phone.start(visit, [officer.pk for officer in officers])
    phone.answer(visit, 1)
    # Somebody rewrites the first answer with a hash that fits, but the next one still names the old hash.
    rewritten = Phone(phone.user, ON_SITE, device=phone.device)
    rewritten.start(visit, [officer.pk for officer in officers])
    rewritten.sent[0] = phone.sent[0]
    other = phone.sent[1][0].replace('"conforms"', '"na"')
    phone.answer(visit, 2)
    receipts = sync(phone, [phone.sent[0], (other, digest_of(other)), phone.sent[2]])
    assert [receipt.state for receipt in receipts] == ["done", "done", "refused"]
    assert "接不上" in receipts[2].reason
    assert sync(phone, [phone.sent[1]])[0].reason.startswith("这个编号已经用在另一条操作上")


def test_what_is_refused_is_kept_and_holds_up_nothing(cast: Cast) -> None:
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    phone = Phone(cast.user_of(officers[0]), ON_SITE)
    phone.start(visit, [officer.pk for officer in officers])
    phone.answer(visit, 1, "只写了级别", level="major")
    phone.answer(visit, 2, due_on="昨天", outcome="fails", note="有问题")
    phone.answer(visit, 3)
    phone.do(visit, "answer", {"item": "三"})
    phone.do(visit, "ready", {"digest": "0" * 64})
    phone.sign(visit, "0" * 64, signature_image(), officers[0].pk)
    phone.do(visit, "note", {"text": "三层停电，明天再看"})
    send_files(phone)
    receipts = sync(phone, phone.sent)
    assert [receipt.state for receipt in receipts] == [
        "done", "refused", "refused", "done", "refused", "refused", "refused", "done",
    ]  # fmt: skip
    told = [receipt.reason for receipt in receipts if receipt.state == "refused"]
    assert "判定" in told[0]
    assert told[1] == "整改期限不是一个日期，请重新填写。"
    assert "读不懂或太长" in told[2]
    assert "还有" in told[3]
    assert "没有附上" in told[4]
    visit.refresh_from_db()
    assert visit.state == VisitState.ON_SITE
    assert list(visit.answers.values_list("item__number", flat=True)) == [3]


def test_what_is_signed_names_the_law_on_which_the_organ_acts(cast: Cast) -> None:
    visit = approved(cast)[0]
    Competence.objects.filter(matter="inspect").update(statute="中华人民共和国消防法", article="第五十三条")
    phone = a_day(cast, visit)
    send_files(phone)
    assert {receipt.state for receipt in sync(phone, phone.sent)} == {"done"}
    visit.refresh_from_db()
    assert visit.record is not None
    assert visit.record.body["legal_basis"] == [{"statute": "中华人民共和国消防法", "article": "第五十三条"}]
    assert visit.record.signatures.count() == 3


def test_a_record_that_changed_meanwhile_has_to_be_signed_again(cast: Cast) -> None:
    visit = approved(cast)[0]
    phone = a_day(cast, visit)
    send_files(phone)
    sync(phone, phone.sent[:-4])
    # A colleague corrects item 1 on a computer before the rest arrives.
    _, actor = team(cast, visit)
    item = visit.checklist.items.get(number=1)
    visits.answer_item(
        visit=visit, item=item, uid=UUID(int=1), outcome=Outcome.NOT_APPLICABLE, actor=actor, now=phone.now
    )
    receipts = sync(phone, phone.sent)
    assert [receipt.state for receipt in receipts[-4:]] == ["refused"] * 4
    assert "重新生成记录并签字" in receipts[-4].reason
    visit.refresh_from_db()
    assert (visit.state, visit.record) == (VisitState.ON_SITE, None)
    # Nothing is lost: the record can be drafted from the answers and signed at once.
    assert visits.draft_record(visit=visit, actor=actor, now=BACK).state == VisitState.RECORD_DRAFTED


def test_of_two_phones_the_later_answer_stands(cast: Cast) -> None:
    visit = begun(cast, approved(cast)[0], ON_SITE)
    officers, _ = team(cast, visit)
    early, late = Phone(cast.user_of(officers[0]), ON_SITE), Phone(cast.user_of(officers[1]), ON_SITE)
    early.later(minutes=10)
    late.later(minutes=20)
    early.answer(visit, 1, "早看到的", [a_photo(ON_SITE, 1)])
    late.answer(visit, 1, "晚看到的", [a_photo(ON_SITE, 2)])
    for phones in ([early, late], [late, early]):
        with transaction.atomic():
            for phone in phones:
                send_files(phone)
                sync(phone, phone.sent)
            answer = Answer.objects.get(visit=visit)
            assert answer.note == "晚看到的"
            assert len(evidence.of(answer)) == 2
            transaction.set_rollback(True)


def test_only_who_is_on_the_visit_is_heard_and_by_their_own_log_in(cast: Cast) -> None:
    first, second = approved(cast)
    mine = {row.officer_id for row in first.officers.all()}
    stranger = next(officer for officer in cast.officers if officer.pk not in mine)
    phone = Phone(cast.user_of(stranger), ON_SITE)
    phone.answer(first, 1)
    [receipt] = sync(phone, phone.sent)
    assert receipt.state == "refused"
    assert "没有派给您" in receipt.reason
    assert not first.answers.exists()
    borrowed = a_day(cast, first)
    receipts = offline.receive_operations(viewer=viewer(phone.user), sent=borrowed.sent[:1], now=BACK)
    assert receipts[0].state == "altered"
    assert "另一位用户" in receipts[0].reason
    assert second.state == VisitState.APPROVED


def test_a_picture_that_is_none_refuses_its_operation_only(cast: Cast) -> None:
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    phone = Phone(cast.user_of(officers[0]), ON_SITE)
    phone.start(visit, [officer.pk for officer in officers])
    phone.answer(visit, 1, "有问题", [Photo(uid=UUID(int=5), data=b"no picture", taken_at=ON_SITE)])
    phone.answer(visit, 2)
    send_files(phone)
    receipts = sync(phone, phone.sent)
    assert [receipt.state for receipt in receipts] == ["done", "refused", "done"]
    assert "只接受" in receipts[1].reason


def test_the_end_at_the_door_counts_from_the_day_it_was_found(cast: Cast) -> None:
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    phone = Phone(cast.user_of(officers[0]), ON_SITE)
    phone.do(
        visit, "without",
        {"category": "unreachable", "note": "大门紧锁", "photos": [phone.note(a_photo(ON_SITE))]},
    )  # fmt: skip
    send_files(phone)
    assert sync(phone, phone.sent, BACK + timedelta(days=3))[0].state == "done"
    visit.refresh_from_db()
    assert (visit.state, visit.finished_at) == (VisitState.CLOSED, ON_SITE)


def a_recheck(cast: Cast) -> Visit:
    """A visit that ordered one thing, and the recheck that the firm's report led to."""
    visit = begun(cast, approved(cast)[0], ON_SITE)
    _, actor = team(cast, visit)
    answered(cast, visit, ON_SITE, {2: SEEN[2]})
    visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_record(visit=visit, actor=actor, now=ON_SITE)
    visits.draft_order(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_order(visit=visit, actor=actor, now=ON_SITE)
    visits.serve(
        visit=visit, method="direct", receiver="示例经理", place="现场", uid=UUID(int=9), image=signature_image(50),
        actor=actor, now=ON_SITE,
    )  # fmt: skip
    Membership.objects.get_or_create(
        user=cast.principal, enterprise=visit.enterprise, role="principal", defaults={"since": date(2026, 1, 1)}
    )
    report_rectification(
        hazard=Hazard.objects.get(visit_uid=visit.uid), uid=UUID(int=10), description="已拆除",
        photos=[a_photo(ON_SITE + timedelta(hours=1), 200)], actor=viewer(cast.principal).actor,
        now=ON_SITE + timedelta(hours=1),
    )  # fmt: skip
    return Visit.objects.get(parent=visit)


def test_a_recheck_without_network_is_signed_for_its_own_text(cast: Cast) -> None:
    recheck = a_recheck(cast)
    officers, _ = team(cast, recheck)
    phone = Phone(cast.user_of(officers[0]), ON_SITE + timedelta(hours=4))
    [task] = [
        one["task"]
        for one in offline_tasks(viewer(phone.user), phone.now)["visits"]
        if one["task"]["visit"] == str(recheck.uid)
    ]
    [hazard] = task["hazards"]
    assert (task["form"], hazard["is_reported"], hazard["reports"][0]["description"]) == (
        "recheck_opinion",
        True,
        "已拆除",
    )
    phone.start(recheck, [officer.pk for officer in officers])
    phone.later(minutes=5)
    phone.do(recheck, "recheck", {"hazard": hazard["uid"], "rectified": True, "note": "", "photos": []})
    phone.later(minutes=5)
    body = recheck_opinion(checked_at=phone.now, rows=[Recheck(hazard["description"], True, "")])
    digest = record_digest(visit_uid=str(recheck.uid), form="recheck_opinion", body=body)
    phone.do(recheck, "ready", {"digest": digest})
    phone.sign(recheck, digest, signature_image(), officers[0].pk)
    phone.sign(recheck, digest, None, refused=True, note="不认可，邻铺店员见证")
    send_files(phone)
    assert [receipt.state for receipt in sync(phone, phone.sent, BACK + timedelta(days=1))] == ["done"] * 5
    recheck.refresh_from_db()
    assert recheck.record is not None
    assert [(one.party, one.refused) for one in recheck.record.signatures.all()] == [
        ("officer", False),
        ("enterprise", True),
    ]
