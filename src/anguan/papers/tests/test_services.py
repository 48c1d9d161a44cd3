"""Papers through their services: what is refused, what it takes to be issued, and what can be proven afterwards."""

import threading
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from PIL import Image
from uuid_utils.compat import uuid7

from anguan.ground import audit, events, evidence
from anguan.ground.models import NumberSeries, OutboxMessage
from anguan.papers import selectors, services
from anguan.papers.events import PaperServed, PaperVoided
from anguan.papers.models import Paper
from anguan.papers.rules import FormCode, NotAllowed, PaperState, Party
from anguan.papers.tests import builders
from anguan.papers.tests.builders import NOW, Cast, signature_image
from anguan.people.models import Competence, Entrustment, OneTimeCode, User
from anguan.people.viewers import UserViewer
from anguan.registry.models import DeclaredConflict, Membership


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the room announced, in order."""
    said: list[object] = []
    for kind in (PaperServed, PaperVoided):
        monkeypatch.setitem(events._handlers, kind, [*events._handlers[kind], said.append])
    return said


@pytest.fixture
def people(db: None) -> Cast:
    return builders.cast()


def officer_of(people: Cast) -> UserViewer:
    return UserViewer(
        user_id=1, name="李堃", roles=frozenset({"officer"}), organ_ids=frozenset({people.branch.pk}), officer_id=1
    )


def manager_of(people: Cast) -> UserViewer:
    return UserViewer(
        user_id=2, name="赵㛃", roles=frozenset({"safety_manager"}), enterprise_ids=frozenset({people.firm.pk})
    )


def test_an_issued_paper_has_number_hash_and_pdf(people: Cast) -> None:
    paper = builders.issued(people)
    assert paper.number == "（川遂）应急检记〔2026〕1号"
    assert (paper.issuing_organ, paper.handling_organ) == (people.bureau, people.branch)
    assert paper.entrustment == people.entrustment
    pdf = selectors.pdf_of(paper)
    assert pdf.startswith(b"%PDF-")
    assert selectors.hash_of(paper.content) == paper.body_hash


def test_the_next_paper_of_the_series_gets_the_next_number(people: Cast) -> None:
    numbers = [builders.issued(people).serial for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_a_new_year_begins_again_at_one(people: Cast) -> None:
    builders.issued(people)
    people.entrustment.valid_to = date(2027, 12, 31)
    people.entrustment.save()
    paper = builders.issued(people, now=NOW + timedelta(days=365))
    assert (paper.year, paper.serial) == (2027, 1)


def test_a_bureau_with_its_own_competence_needs_no_entrustment(people: Cast) -> None:
    paper = services.draft_paper(
        form=FormCode.SITE_RECORD,
        enterprise=people.firm,
        handling_organ=people.bureau,
        body=builders.record_body(),
        actor=people.actor,
        now=NOW,
    )
    assert (paper.issuing_organ, paper.entrustment) == (people.bureau, None)


def test_without_competence_or_entrustment_no_paper(people: Cast) -> None:
    Entrustment.objects.update(valid_to=date(2026, 3, 1))
    with pytest.raises(NotAllowed, match="移送"):
        builders.draft(people, FormCode.SITE_RECORD)


def test_an_entrustment_that_ended_after_the_draft_stops_the_issue(people: Cast) -> None:
    paper = builders.sign_by_all(people, builders.draft(people, FormCode.SITE_RECORD))
    Entrustment.objects.update(valid_to=date(2026, 3, 1))
    with pytest.raises(NotAllowed, match="也没有有效的委托"):
        services.issue_paper(paper=paper, actor=people.actor, now=NOW)


def test_an_order_under_the_fire_law_needs_competence_under_it(people: Cast) -> None:
    builders.issued(people)
    body = builders.order_body(legal_basis=[{"statute": "《中华人民共和国消防法》", "article": "第五十四条"}])
    with pytest.raises(NotAllowed, match="消防法"):
        builders.draft(people, FormCode.RECTIFY_ORDER, body=body)
    Competence.objects.create(
        organ=people.bureau, matter="order", statute="消防法", article="第五十四条", valid_from=date(2021, 4, 29)
    )
    assert builders.draft(people, FormCode.RECTIFY_ORDER, body=body).state == PaperState.DRAFT


def test_no_order_before_the_site_record_is_issued(people: Cast) -> None:
    builders.draft(people, FormCode.SITE_RECORD)
    with pytest.raises(NotAllowed, match="先出具现场检查记录"):
        builders.draft(people, FormCode.RECTIFY_ORDER)
    record = builders.issued(people)
    assert builders.draft(people, FormCode.RECTIFY_ORDER).answers == record


def test_no_recheck_opinion_before_the_order_is_served(people: Cast) -> None:
    record = builders.issued(people)
    order = builders.issued(people, FormCode.RECTIFY_ORDER, answers=record)
    with pytest.raises(NotAllowed, match="送达后才生效"):
        builders.draft(people, FormCode.RECHECK_OPINION, answers=order)
    builders.serve(people, order)
    opinion = builders.issued(people, FormCode.RECHECK_OPINION, answers=order, now=NOW + timedelta(days=18))
    assert opinion.content is not None
    assert opinion.content["answers"]["number"] == order.number


def test_a_paper_does_not_rest_on_another_firms_record(people: Cast) -> None:
    record = builders.issued(people)
    people.firm = builders.enterprise(name="另一家示例公司", credit_code="91510900MA6000002X")
    with pytest.raises(NotAllowed, match="另一家单位"):
        builders.draft(people, FormCode.RECTIFY_ORDER, answers=record)


def sign(people: Cast, paper: Paper, officer: int = 0, **said: Any) -> None:
    signer = people.officers[officer]
    arguments: dict[str, Any] = {
        "party": Party.OFFICER,
        "name": signer.name,
        "certificate_no": signer.certificate_no,
        "image": signature_image(),
        **said,
    }
    services.sign_paper(paper=paper, uid=uuid7(), actor=people.actor, now=NOW, **arguments)


def blank() -> bytes:
    saved = BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(saved, "PNG")
    return saved.getvalue()


def test_two_certified_officers_and_the_firm_sign(people: Cast) -> None:
    paper = builders.draft(people, FormCode.SITE_RECORD)
    sign(people, paper)
    with pytest.raises(NotAllowed, match="现有 1 名"):
        services.issue_paper(paper=paper, actor=people.actor, now=NOW)
    sign(people, paper, 1)
    with pytest.raises(NotAllowed, match="还没有被检查单位的签名"):
        services.issue_paper(paper=paper, actor=people.actor, now=NOW)
    sign(people, paper, party=Party.ENTERPRISE, name="赵㛃", certificate_no="")
    assert services.issue_paper(paper=paper, actor=people.actor, now=NOW).number


def test_one_officer_does_not_sign_for_two(people: Cast) -> None:
    paper = builders.draft(people, FormCode.SITE_RECORD)
    sign(people, paper)
    with pytest.raises(NotAllowed, match="已经在这份文书上签过名"):
        sign(people, paper)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"certificate_no": "00000000"}, "对不上", id="没有这个证号"),
        pytest.param({"name": "李坤"}, "对不上", id="姓名与证号不符"),
        pytest.param({"image": None}, "还没有手写签名", id="没有签名"),
        pytest.param({"image": blank()}, "空白", id="空白签名"),
        pytest.param({"refused": True, "note": "不签"}, "不能拒签", id="执法人员拒签"),
        pytest.param(
            {"party": Party.ENTERPRISE, "certificate_no": "", "refused": True, "note": ""},
            "拒签的情况",
            id="拒签没写情况",
        ),
    ],
)
def test_a_signature_that_proves_nothing_is_refused(people: Cast, said: dict[str, Any], why: str) -> None:
    paper = builders.draft(people, FormCode.SITE_RECORD)
    with pytest.raises(NotAllowed, match=why):
        sign(people, paper, **said)
    assert not paper.signatures.exists()


def test_an_officer_whose_certificate_ran_out_does_not_sign(people: Cast) -> None:
    people.first_officer.valid_to = date(2026, 3, 1)
    people.first_officer.save()
    with pytest.raises(NotAllowed, match="过期"):
        sign(people, builders.draft(people, FormCode.SITE_RECORD))


def test_an_officer_with_a_declared_conflict_does_not_sign(people: Cast) -> None:
    DeclaredConflict.objects.create(
        officer=people.first_officer,
        enterprise=people.firm,
        kind="relative",
        since=date(2026, 1, 1),
        declared_at=NOW,
        declared_by_name="内勤",
    )
    with pytest.raises(NotAllowed, match="回避") as refused:
        sign(people, builders.draft(people, FormCode.SITE_RECORD))
    assert "亲属" not in str(refused.value)


def test_the_firms_refusal_is_noted_and_the_paper_is_issued_all_the_same(people: Cast) -> None:
    paper = builders.issued(people, refused=True)
    assert paper.content is not None
    refusals = [one for one in paper.content["signatures"] if one["refused"]]
    assert refusals[0]["note"] == "现场负责人拒绝签名，物业值班员在场见证。"


def test_a_signed_draft_is_not_rewritten(people: Cast) -> None:
    paper = builders.draft(people, FormCode.SITE_RECORD)
    services.rewrite_draft(paper=paper, body=builders.record_body(place="地下一层"), actor=people.actor, now=NOW)
    sign(people, paper)
    with pytest.raises(NotAllowed, match="已经有人签名"):
        services.rewrite_draft(paper=paper, body=builders.record_body(), actor=people.actor, now=NOW)


def test_a_missing_field_is_named(people: Cast) -> None:
    paper = builders.sign_by_all(
        people, builders.draft(people, FormCode.SITE_RECORD, body=builders.record_body(place="", findings=[]))
    )
    with pytest.raises(NotAllowed, match="检查场所、检查情况"):
        services.issue_paper(paper=paper, actor=people.actor, now=NOW)


def test_an_order_needs_review_body_and_court(people: Cast) -> None:
    record = builders.issued(people)
    people.bureau.court = ""
    people.bureau.save()
    with pytest.raises(NotAllowed, match="复议机关和管辖法院"):
        builders.issued(people, FormCode.RECTIFY_ORDER, answers=record)
    assert not NumberSeries.objects.filter(prefix="应急责改").exists(), "a refused issue uses up no number"


def test_an_order_takes_effect_by_service(people: Cast, heard: list[object]) -> None:
    record = builders.issued(people)
    order = builders.issued(people, FormCode.RECTIFY_ORDER, answers=record)
    assert not order.was_served
    builders.serve(people, record, order)
    served = Paper.objects.get(pk=order.pk)
    assert (served.state, served.effective_at) == (PaperState.SERVED, NOW)
    assert PaperServed(order.pk, "rectify_order", people.firm.pk, NOW) in heard


def test_papers_served_together_share_one_receipt(people: Cast) -> None:
    order = builders.served_order(people)
    receipt = order.service.receipt
    assert receipt is not None
    assert receipt.number == "（川遂）应急回〔2026〕1号"
    assert [row["number"] for row in receipt.body["services"]] == [
        "（川遂）应急检记〔2026〕1号",
        "（川遂）应急责改〔2026〕1号",
    ]
    assert selectors.pdf_of(receipt).startswith(b"%PDF-")


def service(people: Cast, paper: Paper, **said: Any) -> None:
    arguments: dict[str, Any] = {
        "method": "direct",
        "receiver": "赵㛃",
        "place": "前台",
        "servers": people.officers,
        "image": signature_image(),
        "uid": uuid7(),
        **said,
    }
    services.serve_paper(paper=paper, actor=people.actor, now=NOW, **arguments)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"image": None}, "手写签名", id="直接送达没有签名"),
        pytest.param({"method": "left", "image": None}, "见证人", id="留置送达没有见证"),
        pytest.param({"method": "electronic", "image": None}, "确认书", id="电子送达没有确认书"),
        pytest.param({"receiver": " "}, "收件人", id="没有收件人"),
        pytest.param({"served_at": NOW - timedelta(days=1)}, "送达时间", id="早于出具"),
        pytest.param({"served_at": NOW + timedelta(days=1)}, "送达时间", id="晚于现在"),
    ],
)
def test_a_service_that_proves_nothing_is_refused(people: Cast, said: dict[str, Any], why: str) -> None:
    record = builders.issued(people)
    with pytest.raises(NotAllowed, match=why):
        service(people, record, **said)
    record.refresh_from_db()
    assert record.state == PaperState.ISSUED
    service(people, record)


def test_one_officer_alone_serves_nothing(people: Cast) -> None:
    record = builders.issued(people)
    with pytest.raises(NotAllowed, match="两名送达人"):
        service(people, record, servers=[people.first_officer, people.first_officer])


def test_a_draft_is_not_served(people: Cast) -> None:
    with pytest.raises(NotAllowed, match="先出具"):
        service(people, builders.draft(people, FormCode.SITE_RECORD))


def test_serving_twice_with_one_id_is_one_service(people: Cast) -> None:
    record = builders.issued(people)
    once = uuid7()
    service(people, record, uid=once)
    service(people, record, uid=once)
    assert Paper.objects.filter(form=FormCode.SERVICE_RECEIPT).count() == 1


def test_the_firms_people_are_told_of_a_served_paper(people: Cast) -> None:
    user = User.objects.create(username="firm", name="赵㛃", email="firm@example.com", phone="13800000000")
    Membership.objects.create(user=user, enterprise=people.firm, role="safety_manager", since=date(2026, 1, 1))
    record = builders.issued(people)
    service(people, record)
    sent = {(message.channel, message.address) for message in OutboxMessage.objects.all()}
    assert sent == {("mail", "firm@example.com"), ("sms", "13800000000")}
    assert all(record.number in message.title for message in OutboxMessage.objects.all())


def test_a_firm_without_account_is_told_by_telephone(people: Cast) -> None:
    service(people, builders.issued(people))
    assert list(OutboxMessage.objects.values_list("channel", "address")) == [("sms", people.firm.phone)]


def test_the_first_paper_carries_one_code_to_open_an_account(people: Cast) -> None:
    builders.served_order(people)
    (invitation,) = OneTimeCode.objects.all()
    assert (invitation.purpose, invitation.enterprise_id) == ("invitation", people.firm.pk)


def test_a_firm_with_an_account_gets_no_code(people: Cast) -> None:
    user = User.objects.create(username="firm", name="赵㛃")
    Membership.objects.create(user=user, enterprise=people.firm, role="principal", since=date(2026, 1, 1))
    builders.issued(people)
    assert not OneTimeCode.objects.exists()


def test_a_void_paper_keeps_its_number_and_reason(people: Cast, heard: list[object]) -> None:
    record = builders.issued(people)
    with pytest.raises(NotAllowed, match="作废的原因"):
        services.void_paper(paper=record, reason=" ", actor=people.actor, now=NOW)
    services.void_paper(paper=record, reason="当事人名称有误", actor=people.actor, now=NOW)
    record.refresh_from_db()
    assert (record.state, record.number, record.void_reason) == (
        PaperState.VOID,
        "（川遂）应急检记〔2026〕1号",
        "当事人名称有误",
    )
    assert builders.issued(people).serial == 2
    assert [type(event) for event in heard] == [PaperVoided]
    assert services.verify_papers().faults == []


def test_a_paper_on_which_another_rests_is_not_voided(people: Cast) -> None:
    record = builders.issued(people)
    order = builders.issued(people, FormCode.RECTIFY_ORDER, answers=record)
    with pytest.raises(NotAllowed, match="请先作废它"):
        services.void_paper(paper=record, reason="有误", actor=people.actor, now=NOW)
    services.void_paper(paper=order, reason="有误", actor=people.actor, now=NOW)
    services.void_paper(paper=record, reason="有误", actor=people.actor, now=NOW)


@pytest.mark.parametrize(
    "column", ["number = '（川遂）应急检记〔2026〕9号'", "body = '{}'", "body_hash = 'x'", "serial = 9"]
)
def test_the_database_refuses_to_change_what_was_issued(people: Cast, column: str) -> None:
    paper = builders.issued(people)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE papers_paper SET {column} WHERE id = %s", [paper.pk])
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM papers_paper WHERE id = %s", [paper.pk])


def test_an_edited_pdf_is_found_and_not_served(people: Cast) -> None:
    paper = builders.issued(people)
    assert services.verify_papers() == services.PaperCheck(1, [])
    file = evidence.path_of(paper.pdf_sha256)
    file.chmod(0o640)
    file.write_bytes(file.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    with pytest.raises(selectors.AlteredPaper, match="可能已被改动"):
        selectors.pdf_of(paper)
    assert any(paper.number in fault for fault in services.verify_papers().faults)


def test_a_lost_pdf_is_found(people: Cast) -> None:
    paper = builders.issued(people)
    evidence.path_of(paper.pdf_sha256).unlink()
    with pytest.raises(selectors.AlteredPaper, match="从备份恢复"):
        selectors.pdf_of(paper)
    assert len(services.verify_papers().faults) == 1


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param("content = jsonb_set(content, '{party,name}', '\"别的公司\"')", id="改了内容"),
        pytest.param("body = jsonb_set(body, '{place}', '\"别处\"')", id="改了正文"),
        pytest.param("number = '（川遂）应急检记〔2026〕7号'", id="改了文号"),
        pytest.param("pdf_sha256 = repeat('0', 64)", id="换了文件"),
    ],
)
def test_an_edited_row_is_found_even_when_the_guard_was_taken_away(people: Cast, edit: str) -> None:
    paper = builders.issued(people)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE papers_paper SET {edit} WHERE id = %s", [paper.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert services.verify_papers().faults


def test_a_paper_taken_away_leaves_a_gap_that_is_found(people: Cast) -> None:
    builders.issued(people)
    last = builders.issued(people)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM papers_signature WHERE paper_id = %s", [last.pk])
        cursor.execute("DELETE FROM papers_paper WHERE id = %s", [last.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    faults = services.verify_papers().faults
    assert any("缺 2 号" in fault for fault in faults)


def test_the_sealed_copy_is_kept_and_can_be_confirmed(people: Cast) -> None:
    paper = builders.issued(people)
    scan = b"%PDF-1.4 scanned with seal"
    once = uuid7()
    for _ in range(2):
        services.attach_sealed_copy(paper=paper, data=scan, uid=once, actor=people.actor, now=NOW)
    found = selectors.confirmation(paper.confirm_code)
    assert found is not None
    (kept,) = found.sealed_sha256
    assert evidence.read(kept) == scan


def test_the_public_learns_number_date_and_hash_and_nothing_of_the_content(people: Cast) -> None:
    draft = builders.draft(people, FormCode.SITE_RECORD)
    assert selectors.confirmation(draft.confirm_code) is None
    paper = builders.issued(people)
    found = selectors.confirmation(paper.confirm_code.upper())
    assert found is not None
    assert (found.number, found.issued_on, found.organ) == (paper.number, date(2026, 3, 2), people.bureau.name)
    told = repr(found)
    assert people.firm.name not in told
    assert people.firm.credit_code not in told
    assert selectors.confirmation("nosuchcode") is None


def test_a_firm_reads_its_papers_once_they_are_served(people: Cast) -> None:
    record = builders.issued(people)
    viewers = [officer_of(people), manager_of(people)]
    assert [selectors.papers_visible_to(viewer).count() for viewer in viewers] == [1, 0]
    builders.serve(people, record)
    assert list(selectors.papers_visible_to(manager_of(people))) == [record]
    stranger = UserViewer(user_id=3, roles=frozenset({"principal"}), enterprise_ids=frozenset({people.firm.pk + 1}))
    other_organ = UserViewer(user_id=4, roles=frozenset({"officer"}), organ_ids=frozenset({people.bureau.pk + 99}))
    administrator = UserViewer(
        user_id=5, roles=frozenset({"system_admin"}), organ_ids=frozenset({people.bureau.pk, people.branch.pk})
    )
    assert not any(selectors.papers_visible_to(viewer) for viewer in (stranger, other_organ, administrator))


def test_every_act_on_a_paper_is_in_the_audit_records(people: Cast) -> None:
    order = builders.served_order(people)
    actions = [record.action for record in reversed(audit.history(order))]
    assert actions == ["papers.draft", *["papers.sign"] * 3, "papers.issue", "papers.serve"]
    assert audit.verify(NOW).fault is None


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_twenty_numbers_without_gap_even_when_some_fail() -> None:
    people = builders.cast()
    good = [builders.sign_by_all(people, builders.draft(people, FormCode.SITE_RECORD)) for _ in range(20)]
    failing = [builders.sign_by_all(people, builders.draft(people, FormCode.SITE_RECORD)) for _ in range(5)]
    start = threading.Barrier(25)
    errors: list[BaseException] = []

    def issue(paper: Paper, fails: bool) -> None:
        try:
            start.wait()
            with transaction.atomic():
                services.issue_paper(paper=paper, actor=people.actor, now=NOW)
                if fails:
                    transaction.set_rollback(True)
        except BaseException as error:
            errors.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=issue, args=(paper, False)) for paper in good]
    threads += [threading.Thread(target=issue, args=(paper, True)) for paper in failing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    serials = Paper.objects.exclude(number="").order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, 21))
    assert services.verify_papers() == services.PaperCheck(20, [])


def test_a_signature_counts_for_the_paper_it_was_drawn_under(people: Cast) -> None:
    first, second = (builders.draft(people, FormCode.SITE_RECORD) for _ in range(2))
    uid, image = uuid7(), signature_image()
    said: dict[str, Any] = {"party": "enterprise", "name": "赵㛃", "image": image, "actor": people.actor, "now": NOW}
    signature = services.sign_paper(paper=first, uid=uid, **said)
    assert services.sign_paper(paper=first, uid=uid, **said) == signature
    with pytest.raises(NotAllowed, match="另一份"):
        services.sign_paper(paper=second, uid=uid, **said)


def test_a_picture_that_would_fill_the_memory_or_is_cut_off_is_no_signature(people: Cast) -> None:
    paper = builders.draft(people, FormCode.SITE_RECORD)
    huge, whole = BytesIO(), BytesIO()
    Image.new("1", (6000, 6000)).save(huge, "PNG")
    assert len(huge.getvalue()) < 10_000
    Image.effect_noise((64, 64), 90).save(whole, "JPEG")
    for image, word in ((huge.getvalue(), "2500 万"), (whole.getvalue()[:-900], "不完整")):
        with pytest.raises(evidence.UnusableFile, match=word):
            services.sign_paper(
                paper=paper, party="enterprise", name="赵㛃", uid=uuid7(), image=image, actor=people.actor, now=NOW
            )


def test_an_order_whose_term_was_over_before_it_came_is_not_served(people: Cast) -> None:
    order = builders.issued(people, FormCode.RECTIFY_ORDER, answers=builders.issued(people))
    last = max(date.fromisoformat(problem["due_on"]) for problem in order.body["problems"])
    late = NOW + timedelta(days=(last - NOW.date()).days + 1)
    with pytest.raises(NotAllowed, match="已经过去"):
        builders.serve(people, order, now=late)


def test_papers_are_not_served_by_somebody_with_a_conflict(people: Cast) -> None:
    order = builders.issued(people, FormCode.RECTIFY_ORDER, answers=builders.issued(people))
    DeclaredConflict.objects.create(
        officer=people.officers[1], enterprise=people.firm, kind="relative", since=date(2026, 1, 1), declared_at=NOW
    )
    with pytest.raises(NotAllowed, match="回避"):
        builders.serve(people, order)
