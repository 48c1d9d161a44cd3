"""送达: every lawful way, what each needs, tries that failed, announcement, consent."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from uuid_utils.compat import uuid7

from anguan.papers import selectors, services
from anguan.papers.models import Paper, ServiceAttempt, ServiceConsent
from anguan.papers.rules import (
    NEEDS,
    AttemptOutcome,
    FormCode,
    NotAllowed,
    PaperState,
    ServiceMethod,
    announcement_fault,
    service_fault,
)
from anguan.papers.tests import builders
from anguan.papers.tests.bodies import order_body
from anguan.papers.tests.builders import NOW, TODAY, Cast, signature_image

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("method", "proofs", "said"),
    [
        pytest.param("direct", "note", "手写签名", id="直接送达没有签名"),
        pytest.param("direct", "signature", None, id="直接送达有签名"),
        pytest.param("left", "witness", "拒收的情况", id="留置没有情况"),
        pytest.param("left", "note", "见证人", id="留置没有见证"),
        pytest.param("left", "note witness", None, id="留置有见证人"),
        pytest.param("left", "note video", None, id="留置有录像"),
        pytest.param("mail", "note", "邮件号", id="邮寄没有邮件号"),
        pytest.param("mail", "mail_number", None, id="邮寄有邮件号"),
        pytest.param("entrusted", "agent", "委托函", id="委托没有函"),
        pytest.param("entrusted", "agent letter", None, id="委托有函"),
        pytest.param("forwarded", "letter", "转交的单位", id="转交没有单位"),
        pytest.param("forwarded", "agent letter", None, id="转交有函"),
        pytest.param("electronic", "note signature", "确认书", id="电子没有确认书"),
        pytest.param("electronic", "consent", None, id="电子有确认书"),
        pytest.param("announced", "note", "登记公告", id="公告另有登记"),
    ],
)
def test_each_way_of_service_needs_its_proof(method: str, proofs: str, said: str | None) -> None:
    fault = service_fault(ServiceMethod(method), proofs.split())
    assert (fault is None) if said is None else (fault is not None and said in fault)


def test_the_table_knows_every_way() -> None:
    assert set(NEEDS) == set(ServiceMethod)
    assert all(need.refusal.endswith("。") for needs in NEEDS.values() for need in needs)


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        pytest.param([], "请先登记", id="没有试过"),
        pytest.param([("direct", "nobody")], "都不成", id="只试过一种"),
        pytest.param([("direct", "nobody"), ("mail", "returned")], None, id="都不成"),
        pytest.param([("direct", "missing")], None, id="下落不明"),
    ],
)
def test_announcement_comes_last(failed: list[tuple[str, str]], said: str | None) -> None:
    tried = [(ServiceMethod(method), AttemptOutcome(outcome)) for method, outcome in failed]
    fault = announcement_fault(tried, ["direct", "mail"])
    assert (fault is None) if said is None else (fault is not None and said in fault)


@pytest.fixture
def people(db: None) -> Cast:
    return builders.cast()


def order(people: Cast) -> Paper:
    body = order_body(problems=[{**order_body()["problems"][0], "due_on": "2026-05-20"}])
    return builders.issued(people, FormCode.RECTIFY_ORDER, body=body, answers=builders.issued(people))


def tried(people: Cast, paper: Paper, method: str, outcome: str, **said: Any) -> ServiceAttempt:
    return services.record_attempt(
        paper=paper,
        **{
            "method": method,
            "outcome": outcome,
            "place": people.firm.address,
            "servers": people.officers,
            "note": "大门上锁，邻居称已停业。",
            "uid": uuid7(),
            "actor": people.actor,
            "now": NOW + DAY,
            **said,
        },
    )


def announce(people: Cast, paper: Paper, now: datetime = NOW + DAY) -> None:
    services.announce_paper(
        paper=paper,
        announced_on=now.date(),
        announced_in="示例区人民政府网站公告栏",
        reason="直接送达、邮寄送达均不成",
        servers=people.officers,
        uid=uuid7(),
        actor=people.actor,
        now=now,
    )


def test_an_announced_paper_is_served_when_thirty_days_have_passed(people: Cast) -> None:
    paper = order(people)
    with pytest.raises(NotAllowed, match="请先登记"):
        announce(people, paper)
    tried(people, paper, "direct", "nobody")
    with pytest.raises(NotAllowed, match="都不成"):
        announce(people, paper)
    tried(people, paper, "mail", "returned")
    announce(people, paper)
    assert paper.announcement.deemed_on == date(2026, 4, 2)
    with pytest.raises(NotAllowed, match="已经公告"):
        announce(people, paper)
    last_day = datetime(2026, 4, 2, 12, tzinfo=NOW.tzinfo)
    assert services.serve_all_announced(actor=people.actor, now=last_day) == 0
    assert services.serve_all_announced(actor=people.actor, now=last_day + DAY) == 1
    assert services.serve_all_announced(actor=people.actor, now=last_day + DAY) == 0
    paper.refresh_from_db()
    assert (paper.state, paper.service.method) == (PaperState.SERVED, ServiceMethod.ANNOUNCED)
    assert paper.effective_at is not None
    assert paper.effective_at.astimezone(NOW.tzinfo).date() == date(2026, 4, 2)
    assert paper.service.receipt is not None
    assert "公告" in paper.service.receipt.body["note"]


def test_a_term_that_ends_before_the_announcement_does_is_no_term(people: Cast) -> None:
    paper = builders.issued(people, FormCode.RECTIFY_ORDER, answers=builders.issued(people))
    tried(people, paper, "direct", "missing")
    with pytest.raises(NotAllowed, match="整改期限"):
        announce(people, paper)


def test_a_try_that_failed_is_kept_and_the_paper_still_waits(people: Cast) -> None:
    paper, once = order(people), uuid7()
    for _ in range(2):
        tried(people, paper, "direct", "nobody", uid=once, photo=signature_image())
    attempt = ServiceAttempt.objects.get()
    assert attempt.photo is not None
    paper.refresh_from_db()
    assert paper.state == PaperState.ISSUED
    with pytest.raises(NotAllowed, match="怎样没有送达成"):
        tried(people, paper, "direct", "nobody", note=" ")
    with pytest.raises(NotAllowed, match="两名"):
        tried(people, paper, "direct", "nobody", servers=people.officers[:1])
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceAttempt.objects.update(note="改写")


def consent(people: Cast, **said: Any) -> ServiceConsent:
    return services.record_consent(
        enterprise=people.firm,
        **{
            "signed_by": "陈示例",
            "kinds": ["email", "account"],
            "email": "firm@example.com",
            "since": TODAY,
            "sheet": signature_image(),
            "uid": uuid7(),
            "actor": people.actor,
            "now": NOW,
            **said,
        },
    )


def by_wire(people: Cast, paper: Paper, now: datetime = NOW) -> None:
    services.serve_paper(
        paper=paper,
        method="electronic",
        receiver="陈示例",
        place="firm@example.com",
        servers=people.officers,
        note="确认书在案",
        uid=uuid7(),
        actor=people.actor,
        now=now,
    )


def test_electronic_service_rests_on_a_recorded_consent(people: Cast) -> None:
    paper = order(people)
    with pytest.raises(NotAllowed, match="没有有效的确认书"):
        by_wire(people, paper)
    consent(people, kinds=["postal"], address="示例大道1号")
    with pytest.raises(NotAllowed, match="没有有效的确认书"):
        by_wire(people, paper)
    given = consent(people)
    by_wire(people, paper)
    paper.refresh_from_db()
    assert paper.service.consent == given
    services.withdraw_consent(consent=given, actor=people.actor, now=NOW)
    assert selectors.consent_for(people.firm, TODAY) == given
    assert selectors.consent_for(people.firm, TODAY + DAY) is None
    with pytest.raises(NotAllowed, match="已经撤回"):
        services.withdraw_consent(consent=given, actor=people.actor, now=NOW)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"kinds": []}, "选择", id="没有方式"),
        pytest.param({"email": ""}, "电子邮箱", id="没有邮箱"),
        pytest.param({"signed_by": " "}, "由谁签署", id="没有签署人"),
        pytest.param({"since": date(2026, 3, 3)}, "不能晚于今天", id="明天签的"),
        pytest.param({"until": date(2026, 3, 1)}, "不能早于签署", id="先到期"),
    ],
)
def test_a_consent_says_who_how_and_since_when(people: Cast, said: dict[str, Any], why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        consent(people, **said)


def test_the_receipt_names_the_mail_and_the_witness(people: Cast) -> None:
    paper = order(people)
    (service,) = services.serve_papers(
        papers=[paper],
        method="left",
        receiver="赵㛃",
        place=people.firm.address,
        servers=people.officers,
        note="当事人拒收",
        details={"witness": "示例社区工作人员", "agent": ""},
        uid=uuid7(),
        actor=people.actor,
        now=NOW,
    )
    assert service.details == {"witness": "示例社区工作人员"}
    assert service.receipt is not None
    assert service.receipt.body["note"] == "当事人拒收；见证人：示例社区工作人员"
