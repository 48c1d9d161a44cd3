"""Pages of hazards through the client: who sees what, and what a page does."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from uuid_utils.compat import uuid7

from anguan.ground import clock, evidence_access
from anguan.ground.models import Evidence
from anguan.hazards import selectors
from anguan.hazards.models import Hazard
from anguan.hazards.panels import due_for_viewer, hazards_of_enterprise
from anguan.hazards.rules import State
from anguan.hazards.selectors import Asked, Search
from anguan.hazards.tests import builders as b
from anguan.papers.tests.builders import enterprise
from anguan.people.models import RoleGrant, User
from anguan.people.rules import Role
from anguan.people.tests.builders import logged_in
from anguan.people.viewers import viewer_of
from anguan.registry.services import merge_enterprises

pytestmark = pytest.mark.django_db
ROWS = {"HX-Request": "true", "HX-Target": "list"}


def _list(client: Client, **query: Any) -> str:
    answer = client.get(reverse("hazards:list"), query, headers=ROWS)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_finds_by_part_of_a_word_initials_and_state() -> None:
    people = b.cast()
    b.ordered(people)
    b.a_hazard(people, description="三层消火栓压力不足", place="餐饮区")
    client = logged_in(people.officer)
    assert "疏散通道" in _list(client)
    by_word = _list(client, q="消火栓")
    assert "压力不足" in by_word
    assert "疏散通道" not in by_word
    assert "压力不足" in _list(client, q="hdslsy")
    assert "疏散通道" in _list(client, state="rectifying")
    assert "压力不足" not in _list(client, state="rectifying")
    assert "疏散通道" not in _list(client, state="rectifying", q="消火栓")
    assert client.get(reverse("hazards:count"), {"q": "消火栓"}).content == b"1"
    assert client.get(reverse("hazards:count")).content == b"2"


def test_a_search_gives_the_same_rows_by_walk_and_by_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    people = b.cast()
    for number in range(12):
        b.a_hazard(people, description=f"{'疏散通道堆放纸箱，净宽不足' if number % 3 else '消火栓压力不足A'}{number}号")
    today = date(2026, 3, 2)
    viewer = viewer_of(people.officer)
    for word in ("纸箱", "消火栓压力", "河东示例", "不存在", "纸箱 净宽", "a", "hdsl", "栓"):
        for order in (["-id"], ["id"], ["sort_due_on", "id"], ["-sort_due_on", "-id"]):
            rows = selectors.hazards_asked(viewer, Asked(words=word), today).order_by(*order)
            exact = list(rows.values_list("pk", flat=True)[:5])
            for walk in (20_000, 1):
                monkeypatch.setattr(Search, "INDEX_WALK", walk)
                monkeypatch.setattr(Search, "TABLE_WALK", walk)
                found = selectors.found_rows(viewer, Asked(words=word), today, ["id"])
                assert [row["id"] for row in found.order_by(*order)[:5]] == exact, (word, order, walk)
    nobody = viewer_of(User.objects.create_user(username="nobody", name="无"))
    assert selectors.found_rows(nobody, Asked(words="纸箱"), today, ["id"]).order_by("-id")[:5] == []


def test_pages_follow_each_other_by_cursor_without_gap_or_repetition() -> None:
    people = b.cast()
    for number in range(230):
        b.a_hazard(people, description=f"第{number}处应急照明损坏")
    client = logged_in(people.officer)
    seen: list[str] = []
    url = f"{reverse('hazards:list')}?q=应急照明"
    while url:
        answer = client.get(url, headers=ROWS)
        listing = answer.context["listing"]
        seen += [row["description"] for row in listing.rows]
        url = listing.next_url
    assert seen == [f"第{number}处应急照明损坏" for number in reversed(range(230))]


def test_queries_do_not_grow_with_the_rows() -> None:
    people = b.cast()
    client = logged_in(people.officer)
    b.a_hazard(people)
    _list(client)
    with CaptureQueriesContext(
        connection,
    ) as few:
        _list(client)
    for _ in range(30):
        b.a_hazard(people)
    with CaptureQueriesContext(connection) as many:
        _list(client)
    assert len(many) == len(few)


def test_the_export_holds_exactly_what_the_list_shows() -> None:
    people = b.cast()
    b.ordered(people)
    b.a_hazard(people, description="=1+1 消火栓压力不足")
    client = logged_in(people.officer)
    answer = client.get(reverse("hazards:export"), {"q": "消火栓"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content)), read_only=True).active  # type: ignore[attr-defined]  # a file
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("隐患情况", "部位", "企业")
    assert [row[0] for row in rows[1:]] == ["=1+1 消火栓压力不足"]


def test_who_sees_a_hazard_and_its_photos() -> None:
    people = b.cast()
    hazard = b.a_hazard(people, photos=[b.a_photo(b.FOUND_AT)])
    photo = Evidence.objects.get(owner_type="hazards.hazard")

    def sees(user: User) -> bool:
        viewer = viewer_of(user)
        visible = selectors.hazards_visible_to(viewer).filter(pk=hazard.pk).exists()
        assert evidence_access.may_see(viewer, photo) is visible
        return visible

    assert [sees(user) for user in (people.officer, people.leader, people.outsider)] == [True, True, True]
    # Before the order is served the enterprise is not told.
    assert [sees(user) for user in (people.manager, people.stranger)] == [False, False]
    b.ordered(people, hazard)
    assert [sees(user) for user in (people.manager, people.stranger)] == [True, False]


def test_officers_recheck_and_close_on_the_page() -> None:
    people = b.cast()
    hazard = b.reported(people)
    page, recheck = reverse("hazards:detail", args=[hazard.uid]), reverse("hazards:recheck", args=[hazard.uid])
    officers = [people.first.pk, people.second.pk]
    client = logged_in(people.officer)
    assert "记录复查结果" in client.get(page).content.decode()
    refused = client.post(recheck, {"accepted": "no", "officers": officers, "reason": ""})
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    alone = client.post(recheck, {"accepted": "yes", "officers": officers[:1]})
    assert "两名执法人员" in alone.content.decode()
    assert client.post(recheck, {"accepted": "yes", "officers": officers}).status_code == 302
    assert client.post(reverse("hazards:close", args=[hazard.uid])).status_code == 302
    hazard.refresh_from_db()
    assert hazard.state == State.CLOSED
    shown = client.get(page).content.decode()
    assert "已销号" in shown
    assert "纸箱已全部清走" in shown


def test_another_organ_reads_but_does_not_act() -> None:
    people = b.cast()
    hazard = b.reported(people)
    client = logged_in(people.outsider)
    assert client.get(reverse("hazards:detail", args=[hazard.uid])).status_code == 200
    assert client.post(reverse("hazards:close", args=[hazard.uid])).status_code == 403
    assert client.post(reverse("hazards:recheck", args=[hazard.uid]), {"accepted": "yes"}).status_code == 403


def test_the_enterprise_reports_on_the_phone_once(monkeypatch: pytest.MonkeyPatch) -> None:
    people = b.cast()
    hazard = b.ordered(people)
    monkeypatch.setattr(clock, "now", lambda: b.REPORTED_AT)
    client = logged_in(people.manager)
    assert "疏散通道" in client.get(reverse("hazards_phone:list")).content.decode()
    detail, report = (reverse(f"hazards_phone:{name}", args=[hazard.uid]) for name in ("detail", "report"))
    assert "报告整改完成" in client.get(detail).content.decode()
    assert "整改后的现场照片" in client.get(report).content.decode()
    uid = uuid7()

    def send(taken_at: str) -> Any:
        photo = SimpleUploadedFile("a.png", b.a_photo(b.REPORTED_AT, shade=77).data, "image/png")
        return client.post(
            report,
            {"uid": str(uid), "description": "已清走", "photo": photo, "photo_taken_at": taken_at, "photo_sha256": ""},
        )

    early = send((b.SERVED_AT - timedelta(hours=1)).isoformat())
    assert early.status_code == 422
    assert "送达之前" in early.content.decode()
    assert send(b.REPORTED_AT.isoformat()).status_code == 302
    assert send(b.REPORTED_AT.isoformat()).status_code == 302
    assert Evidence.objects.filter(owner_type="hazards.rectification").count() == 1
    assert "等两名执法人员来复查" in client.get(detail).content.decode()


def test_a_stranger_to_the_enterprise_finds_nothing() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    client = logged_in(people.stranger)
    assert client.get(reverse("hazards_phone:detail", args=[hazard.uid])).status_code == 404
    assert client.post(reverse("hazards_phone:report", args=[hazard.uid])).status_code == 404
    assert client.get(reverse("hazards:list")).status_code == 403
    assert Client().get(reverse("hazards:list")).status_code == 302


def test_the_desk_tells_each_what_is_due() -> None:
    people = b.cast()
    b.reported(people)

    def asked(user: User) -> list[str]:
        return [row.asked for row in due_for_viewer(viewer_of(user), date(2026, 3, 6))]

    assert asked(people.officer) == ["企业已报整改，应复查"]
    assert asked(people.manager) == ["等执法人员复查"]
    assert asked(people.leader) == []
    assert asked(people.stranger) == []


def test_the_enterprise_page_shows_its_hazards_to_the_bureau_only() -> None:
    people = b.cast()
    b.ordered(people)

    def panel(user: User) -> str:
        request = HttpRequest()
        request.viewer = viewer_of(user)  # type: ignore[attr-defined]  # our ViewerRequest
        return str(hazards_of_enterprise(request, people.firm))

    assert "疏散通道" in panel(people.officer)
    assert panel(people.stranger) == "None"
    assert Hazard.objects.count() == 1


def test_the_page_of_the_enterprise_that_stays_shows_what_pointed_to_the_merged_one() -> None:
    people = b.cast()
    b.ordered(people)
    winner = enterprise(name="示例合并后有限公司", credit_code="91510900MA6000009X")
    request = HttpRequest()
    request.viewer = viewer_of(people.officer)  # type: ignore[attr-defined]  # our ViewerRequest
    assert hazards_of_enterprise(request, winner) is None
    merge_enterprises(loser=people.firm, winner=winner, reason="同一单位", actor=b.actor(people.leader), now=b.FOUND_AT)
    assert "疏散通道" in str(hazards_of_enterprise(request, winner))


def test_an_officer_who_also_speaks_for_a_firm_reports_for_no_other() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    RoleGrant.objects.create(user=people.stranger, role=Role.OFFICER, organ=people.papers.branch)
    client = logged_in(people.stranger)
    assert client.get(reverse("hazards:detail", args=[hazard.uid])).status_code == 200
    assert client.get(reverse("hazards_phone:report", args=[hazard.uid])).status_code == 404
    assert client.get(reverse("hazards_phone:detail", args=[hazard.uid])).status_code == 404
