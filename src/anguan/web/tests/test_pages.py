"""The pages that stand for the whole platform."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from uuid_utils.compat import uuid7

from anguan.ground import audit, evidence, evidence_access
from anguan.ground.access import SYSTEM, Viewer
from anguan.ground.models import AuditRecord, Evidence, Heartbeat, HolidayNotice, OutboxMessage
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_organ, logged_in
from anguan.ui import desk
from anguan.ui.desk import DeskRow, Group

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def a_picture() -> bytes:
    saved = BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 30)).save(saved, "PNG")
    return saved.getvalue()


@pytest.fixture
def desk_sources(monkeypatch: pytest.MonkeyPatch) -> list[desk.DeskSource]:
    """A desk on which nothing stands but what the test puts there."""
    sources: list[desk.DeskSource] = []
    monkeypatch.setattr(desk, "_sources", sources)
    return sources


def test_the_desk_shows_the_overdue_first_and_each_with_its_button(desk_sources: list[desk.DeskSource]) -> None:
    def rows(viewer: Viewer, today: date) -> Iterator[DeskRow]:
        del viewer, today
        yield DeskRow(Group.DUE, "示例乙公司", "复查", "/b/", "去复查", due_on=date(2026, 12, 1))
        yield DeskRow(Group.DUE, "示例甲公司", "复查", "/a/", "去复查", due_on=date(2026, 11, 2))
        yield DeskRow(Group.WAITING, "示例丙公司", "等企业整改", "/c/", "查看")

    desk_sources.append(rows)
    page = logged_in(a_user("officer", Role.OFFICER)).get("/").content.decode()
    places = [page.index(name) for name in ("示例甲公司", "示例乙公司", "示例丙公司")]
    assert places == sorted(places)
    assert page.count("去复查") == 2
    assert "逾期" in page


def test_an_empty_desk_says_what_will_stand_there(desk_sources: list[desk.DeskSource]) -> None:
    assert desk_sources == []
    assert "现在没有要办的事" in logged_in(a_user("officer", Role.OFFICER)).get("/").content.decode()


def test_somebody_who_is_not_logged_in_is_asked_to(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_ready_names_the_process_that_is_not_heard(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["lacks"]) == (503, ["worker"])
    Heartbeat.objects.create(process="worker", at=datetime.now(UTC))
    assert client.get("/readyz").status_code == 200


def test_figures_for_machines_are_for_the_machine_itself(client: Client) -> None:
    assert "anguan_outbox_messages" in client.get("/metrics").content.decode()
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404


def test_every_page_forbids_inline_script_and_style(client: Client) -> None:
    for path in ("/account/login/", "/public/", "/enter/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "script-src 'self'" in policy


def test_evidence_opens_for_whom_its_owner_admits_and_for_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    officer, other = a_user("officer", Role.OFFICER), a_user("clerk", Role.CLERK)
    uid = uuid7()
    evidence.keep(data=a_picture(), uid=uid, kind="photo", owner=an_organ(), actor=SYSTEM, now=NOW)

    def may_see(viewer: Viewer, row: Evidence) -> bool:
        return viewer.user_id == officer.pk and row.owner_type == "people.organ"

    monkeypatch.setitem(evidence_access._rules, "people.organ", may_see)
    url = reverse("evidence", args=[uid])
    answer = logged_in(officer).get(url)
    assert (answer.status_code, answer.content) == (200, a_picture())
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert logged_in(other).get(url).status_code == 404
    monkeypatch.delitem(evidence_access._rules, "people.organ")
    assert logged_in(officer).get(url).status_code == 404


def test_evidence_altered_on_disk_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = a_user("officer", Role.OFFICER)
    row = evidence.keep(data=a_picture(), uid=uuid7(), kind="photo", owner=an_organ(), actor=SYSTEM, now=NOW)
    monkeypatch.setitem(evidence_access._rules, "people.organ", lambda viewer, found: True)
    path = evidence.path_of(row.sha256)
    path.chmod(0o640)
    path.write_bytes(a_picture() + b"x")
    answer = logged_in(officer).get(reverse("evidence", args=[row.uid]))
    assert answer.status_code == 500
    assert "与登记的哈希不符" in answer.content.decode()


def test_a_system_administrator_imports_a_holiday_notice_and_nobody_else() -> None:
    notice = {
        "year": "2027",
        "holidays": "2027-01-01 2027-05-01，2027-05-02\n2027-10-01 2027-10-02 2027-10-03 2027-02-08",
        "make_up_days": "2027-02-07",
        "source": "示例通知〔2026〕1号",
    }
    clerk, admin = logged_in(a_user("clerk", Role.CLERK)), logged_in(a_user("admin", Role.SYSTEM_ADMIN))
    assert clerk.get(reverse("calendar")).status_code == 200
    assert clerk.post(reverse("calendar"), notice).status_code == 403
    assert not HolidayNotice.objects.exists()
    assert admin.post(reverse("calendar"), notice).status_code == 302
    assert HolidayNotice.objects.get().year == 2027


def test_a_day_that_is_no_date_is_named(db: None) -> None:
    admin = logged_in(a_user("admin", Role.SYSTEM_ADMIN))
    page = admin.post(reverse("calendar"), {"year": "2027", "holidays": "元旦", "source": "示例"}).content.decode()
    assert "“元旦”不是日期" in page


def test_the_audit_administrator_reads_the_records() -> None:
    a_user("officer", Role.OFFICER)
    audit.record(actor=SYSTEM, action="people.create_user", subject=an_organ(), now=NOW)
    page = logged_in(a_user("auditor", Role.AUDIT_ADMIN)).get(reverse("audit")).content.decode()
    assert "people.create_user" in page
    assert AuditRecord.objects.count() == 1


def test_citizens_see_the_district_without_logging_in(client: Client) -> None:
    page = client.get(reverse("public")).content.decode()
    assert "全区底数" in page
    assert "消防安全重点单位" in page


def test_an_undelivered_message_stands_on_the_administrators_desk_until_it_is_dealt_with() -> None:
    letter = OutboxMessage.objects.create(
        channel="sms", address="19900001234", title="请整改", body="内容不给人看", key="dead", state="dead",
        last_error="ConnectionError: no route", next_attempt_at=NOW, created_at=NOW,
    )  # fmt: skip
    client = logged_in(a_user("sysadmin", Role.SYSTEM_ADMIN))
    assert reverse("dead_letters") in client.get("/").content.decode()
    page = client.get(reverse("dead_letters")).content.decode()
    assert "199****1234" in page
    assert "no route" in page
    assert "内容不给人看" not in page
    client.post(reverse("dead_letter_drop", args=[letter.pk]), {"reason": ""})
    letter.refresh_from_db()
    assert letter.state == "dead"
    client.post(reverse("dead_letter_retry", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.state == "waiting"
    assert "没有未送达的消息" in client.get(reverse("dead_letters")).content.decode()
