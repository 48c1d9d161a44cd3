"""Pages of papers through the client: who sees what, which acts are offered, and the public confirmation."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground import clock, evidence
from anguan.papers.models import Paper, SealedCopy, ServiceConsent
from anguan.papers.rules import FormCode, PaperState
from anguan.papers.tests import builders
from anguan.papers.tests.builders import Cast, signature_image
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user
from anguan.people.tests.builders import logged_in as browser_of
from anguan.registry.models import Membership


@pytest.fixture
def people(db: None) -> Cast:
    return builders.cast()


def logged_in(people: Cast, role: Role) -> Client:
    """The browser of somebody with a role in the branch, or of the firm's manager."""
    if role is Role.SAFETY_MANAGER:
        user = a_user(role)
        Membership.objects.create(user=user, enterprise=people.firm, role=role, since=date(2026, 1, 1))
    else:
        user = a_user(role, role, organ=people.branch)
    return browser_of(user)


def test_the_list_shows_the_papers_of_ones_organ_and_finds_by_number(people: Cast) -> None:
    order = builders.served_order(people)
    officer = logged_in(people, Role.OFFICER)
    page = officer.get(reverse("papers:list"))
    assert order.number in page.text
    found = officer.get(reverse("papers:list"), {"q": "应急责改", "state": "served"})
    assert order.number in found.text
    assert "应急检记〔2026〕1号" not in found.text
    assert officer.get(reverse("papers:count"), {"q": "应急责改"}).text == "1"


def test_the_list_asks_no_more_queries_for_more_papers(people: Cast) -> None:
    officer = logged_in(people, Role.OFFICER)
    builders.issued(people)
    officer.get(reverse("papers:list"))
    with CaptureQueriesContext(connection) as few:
        officer.get(reverse("papers:list"))
    for _ in range(4):
        builders.issued(people)
    with CaptureQueriesContext(connection) as many:
        officer.get(reverse("papers:list"))
    assert len(many) == len(few)


def test_a_firm_opens_its_served_order_and_not_a_paper_that_was_not_served(people: Cast) -> None:
    order = builders.served_order(people)
    unserved = builders.issued(people)
    manager = logged_in(people, Role.SAFETY_MANAGER)
    page = manager.get(reverse("papers:detail", args=[order.uid]))
    assert page.status_code == 200
    assert order.number in page.text
    assert manager.get(reverse("papers:pdf", args=[order.uid]))["Content-Type"] == "application/pdf"
    for name in ("detail", "pdf"):
        assert manager.get(reverse(f"papers:{name}", args=[unserved.uid])).status_code == 404


@pytest.mark.parametrize(
    ("role", "answer"), [(Role.LEADER, 302), (Role.OFFICER, 403), (Role.CLERK, 403), (Role.SAFETY_MANAGER, 403)]
)
def test_only_a_leader_voids(people: Cast, role: Role, answer: int) -> None:
    order = builders.served_order(people)
    response = logged_in(people, role).post(reverse("papers:void", args=[order.uid]), {"reason": "有误"})
    assert response.status_code == answer
    order.refresh_from_db()
    assert order.state == (PaperState.VOID if role is Role.LEADER else PaperState.SERVED)


def test_an_officer_serves_by_mail_from_the_office(people: Cast) -> None:
    record = builders.issued(people, now=clock.now() - timedelta(days=2))
    officer = logged_in(people, Role.OFFICER)
    url = reverse("papers:serve", args=[record.uid])
    assert people.firm.address in officer.get(url).text
    said = {
        "uid": str(uuid7()),
        "method": "mail",
        "receiver": "陈示例",
        "place": "遂宁市河东新区示例大道1号",
        "served_at": (clock.now() - timedelta(days=1)).astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M"),
        "servers": [people.first_officer.pk, people.second_officer.pk],
        "note": "",
    }
    refused = officer.post(url, said)
    assert refused.status_code == 422
    assert "邮件号" in refused.text
    assert officer.post(url, {**said, "mail_number": "EMS 1234567890", "note": "本人签收"}).status_code == 302
    record.refresh_from_db()
    assert record.state == PaperState.SERVED


def test_what_can_not_be_handed_over_is_announced_from_the_office(people: Cast) -> None:
    record = builders.issued(people, now=clock.now() - timedelta(days=2))
    officer = logged_in(people, Role.OFFICER)
    announce = reverse("papers:announce", args=[record.uid])
    assert "还没有送达不成的记录" in officer.get(announce).text
    servers = [people.first_officer.pk, people.second_officer.pk]
    said = {
        "uid": str(uuid7()),
        "announced_on": clock.local_day(clock.now()).isoformat(),
        "place": "示例区公告栏",
        "reason": "下落不明",
        "servers": servers,
    }
    assert officer.post(announce, said).status_code == 422
    tried = {
        "uid": str(uuid7()),
        "method": "direct",
        "outcome": "missing",
        "tried_at": (clock.now() - timedelta(hours=1)).astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M"),
        "place": "示例大道1号",
        "servers": servers,
        "note": "登记地址已无此单位",
    }
    assert officer.post(reverse("papers:attempt", args=[record.uid]), tried).status_code == 302
    assert officer.post(announce, said).status_code == 302
    assert "视为送达" in officer.get(reverse("papers:detail", args=[record.uid])).text


def test_a_clerk_records_and_withdraws_a_consent(people: Cast) -> None:
    clerk = logged_in(people, Role.CLERK)
    url = reverse("papers:consents", args=[people.firm.credit_code])
    said = {
        "uid": str(uuid7()),
        "signed_by": "陈示例",
        "kinds": ["account"],
        "since": clock.local_day(clock.now()).isoformat(),
        "sheet": SimpleUploadedFile("确认书.png", builders.signature_image(), "image/png"),
    }
    assert clerk.post(url, said).status_code == 302
    consent = ServiceConsent.objects.get()
    assert "有效" in clerk.get(url).text
    assert clerk.post(reverse("papers:withdraw_consent", args=[consent.uid])).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_on == clock.local_day(clock.now())


def test_an_officer_issues_a_signed_draft(people: Cast) -> None:
    paper = builders.sign_by_all(people, builders.draft(people, FormCode.SITE_RECORD))
    officer = logged_in(people, Role.OFFICER)
    assert officer.post(reverse("papers:issue", args=[paper.uid])).status_code == 302
    assert Paper.objects.get(pk=paper.pk).number


def test_a_refused_issue_says_why_on_the_page(people: Cast) -> None:
    paper = builders.draft(people, FormCode.SITE_RECORD)
    page = logged_in(people, Role.OFFICER).post(reverse("papers:issue", args=[paper.uid]), follow=True)
    assert "须由不少于 2 名执法人员签名" in page.text


def test_the_sealed_copy_is_uploaded_once_and_opened_by_who_may_read_the_paper(people: Cast) -> None:
    order = builders.served_order(people)
    clerk = logged_in(people, Role.CLERK)
    once = str(uuid7())
    for _ in range(2):
        scan = SimpleUploadedFile("盖章件.png", signature_image(), "image/png")
        clerk.post(reverse("papers:sealed_copy", args=[order.uid]), {"uid": once, "file": scan})
    copy = SealedCopy.objects.get()
    url = reverse("evidence", args=[copy.image.uid])
    assert clerk.get(url).status_code == 200
    assert logged_in(people, Role.SAFETY_MANAGER).get(url).status_code == 200
    assert logged_in(people, Role.AUDIT_ADMIN).get(url).status_code == 404


def test_an_altered_pdf_is_refused_with_a_sentence(people: Cast) -> None:
    order = builders.served_order(people)
    file = evidence.path_of(order.pdf_sha256)
    file.chmod(0o640)
    file.write_bytes(file.read_bytes() + b"\n% changed")
    officer = logged_in(people, Role.OFFICER)
    answer = officer.get(reverse("papers:pdf", args=[order.uid]))
    assert answer.status_code == 409
    assert "可能已被改动" in answer.text
    assert "可能已被改动" in officer.get(reverse("papers:detail", args=[order.uid])).text


def test_anybody_confirms_a_paper_and_learns_nothing_of_its_content(people: Cast, client: Client) -> None:
    order = builders.served_order(people)
    page = client.get(reverse("papers_public:confirm", args=[order.confirm_code]))
    assert page.status_code == 200
    for shown in (order.number, order.pdf_sha256, order.body_hash, people.bureau.name):
        assert shown in page.text
    for hidden in (people.firm.name, people.firm.credit_code, "疏散通道", "赵㛃", "李堃"):
        assert hidden not in page.text


def test_a_void_paper_is_confirmed_as_void(people: Cast, client: Client) -> None:
    order = builders.served_order(people)
    logged_in(people, Role.LEADER).post(reverse("papers:void", args=[order.uid]), {"reason": "当事人有误"})
    page = client.get(reverse("papers_public:confirm", args=[order.confirm_code]))
    assert "已经作废" in page.text
    assert "当事人有误" not in page.text


@pytest.mark.django_db
def test_an_unknown_code_is_answered_with_a_sentence_and_a_field(client: Client) -> None:
    page = client.get(reverse("papers_public:confirm", args=["nosuchcode"]))
    assert page.status_code == 404
    assert "没有核验码为 nosuchcode 的文书" in page.text


@pytest.mark.django_db
def test_a_typed_code_or_a_copied_address_leads_to_the_paper(client: Client) -> None:
    for typed in (" 2BCD456789 ", "https://example.gov.cn/public/papers/2bcd456789/"):
        answer = client.get(reverse("papers_public:confirm_code"), {"code": typed})
        assert answer["Location"] == reverse("papers_public:confirm", args=["2bcd456789"])
