"""Pages before and beside a visit, through the client."""

import subprocess
import sys
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.inspections.models import OrganArea, Rating, Visit
from anguan.inspections.public_code_views import SCRIPT
from anguan.inspections.rules import VisitState
from anguan.inspections.services import ratings, visits
from anguan.inspections.services.signing import published_keys
from anguan.inspections.tests.builders import MONDAY, actor_of, answered, signed
from anguan.inspections.tests.visit_builders import a_district, applied, approved_visit, arrived
from anguan.people.tests.builders import logged_in

pytestmark = pytest.mark.django_db


def text(client: Client, url: str) -> str:
    return unescape(client.get(url).content.decode())


def test_a_clerk_applies_and_the_head_approves_on_pages() -> None:
    cast = a_district()
    firm, today = cast.enterprises[0], clock.local_day(clock.now())
    clerk, leader = logged_in(cast.clerk), logged_in(cast.leader)
    assert firm.name in text(clerk, reverse("inspections:apply") + "?q=示例商场1")
    url = f"{reverse('inspections:apply')}?enterprise={firm.pk}"
    assert "0/2" in text(clerk, url)
    OrganArea.objects.update(words="别处")
    assert "异地检查" in text(clerk, url), "what 54号 has against it shows before anything is sent"
    OrganArea.objects.update(words="河东新区")
    sent = {
        "uid": str(uuid7()), "organ": cast.organ.pk, "kind": "key", "trigger": "plan", "item": cast.item.pk,
        "reason": "年度计划", "mode": "on_site", "why_on_site": "", "visit_on": today.isoformat(),
        "due_on": today.isoformat(), "officers": [one.pk for one in cast.officers[:2]], "assistants": 0, "experts": 0,
    }  # fmt: skip
    refused = clerk.post(url, sent)
    assert refused.status_code == 422
    assert "为什么必须到现场" in unescape(refused.content.decode())
    for _twice in range(2):
        assert clerk.post(url, {**sent, "why_on_site": "看现场"}).status_code == 302
    visit = Visit.objects.get()
    assert firm.name in text(leader, reverse("inspections:approvals"))
    assert firm.name in text(leader, reverse("desk"))
    page = reverse("inspections:application", args=[visit.uid])
    assert "年度计划" in text(leader, page)
    assert leader.post(reverse("inspections:application_refuse", args=[visit.uid]), {"note": ""}).status_code == 302
    visit.refresh_from_db()
    assert visit.state == VisitState.APPLIED, "no refusal without its reason"
    leader.post(reverse("inspections:application_approve", args=[visit.uid]))
    visit.refresh_from_db()
    assert (visit.state, visit.cap_used, visit.cap) == (VisitState.APPROVED, 1, 2)
    assert visit.code_no in text(clerk, reverse("inspections:visit", args=[visit.uid]))


def test_no_page_names_the_target_of_a_sealed_visit() -> None:
    cast = a_district()
    firm, now = cast.enterprises[0], clock.now()
    visit = applied(cast, now, sealed=True, departs_at=now + timedelta(hours=5))
    leader = logged_in(cast.leader)
    opened = leader.post(reverse("inspections:application_read", args=[visit.uid]))
    assert firm.name in unescape(opened.content.decode())
    leader.post(reverse("inspections:application_approve", args=[visit.uid]))
    pages = ["inspections:visits", "inspections:sealed", "inspections:approvals", "inspections:joint", "desk"]
    people = [cast.clerk, cast.leader, cast.user_of(cast.officers[0]), cast.supervisor]
    for user in people:
        client = logged_in(user)
        for page in pages:
            assert firm.name not in text(client, reverse(page)), (user, page)
    officer = logged_in(cast.user_of(cast.officers[0]))
    assert firm.name not in text(officer, reverse("inspections_phone:today"))
    assert officer.get(reverse("inspections_phone:visit", args=[visit.uid])).status_code == 404
    assert visit.target_hash in text(officer, reverse("inspections:sealed"))
    assert cast.leader.name in text(logged_in(cast.supervisor), reverse("inspections:sealed")), "who read it"
    officer.post(reverse("inspections:open_seal", args=[visit.uid]))
    visit.refresh_from_db()
    assert visit.opened_at is None, "too early without a reason"
    officer.post(reverse("inspections:open_seal", args=[visit.uid]), {"reason": "路远"})
    assert firm.name in text(officer, reverse("inspections_phone:visit", args=[visit.uid]))
    assert "提前启封" in text(logged_in(cast.supervisor), reverse("inspections:concerns"))


def test_the_script_on_the_page_checks_a_code_without_us(tmp_path: Path) -> None:
    cast = a_district()
    code = visits.task_code(visit=approved_visit(cast), now=clock.now())
    page = text(Client(), reverse("inspections_public:keys"))
    assert SCRIPT.strip() in page
    key = published_keys()[0]["public"]
    assert key in page
    assert Client().get(reverse("inspections_public:keys_json")).json()["keys"][0]["public"] == key
    script = tmp_path / "check.py"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = {"PATH": "", "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(  # our own script
        [sys.executable, str(script), key, code], capture_output=True, text=True, check=False, env=environment
    )
    assert ran.returncode == 0, ran.stderr
    assert cast.organ.name in ran.stdout
    forged = code[:40] + ("A" if code[40] != "A" else "B") + code[41:]
    ran = subprocess.run(
        [sys.executable, str(script), key, forged], capture_output=True, text=True, check=False, env=environment
    )
    assert ran.returncode != 0
    assert "签名有效" in text(Client(), reverse("inspections_public:keys") + f"?code={code}")
    assert "不是本平台" in text(Client(), reverse("inspections_public:keys") + "?code=A1.x.y")


def test_a_firm_scans_the_task_code_and_rates_the_visit() -> None:
    cast = a_district()
    now = clock.now()
    visit = arrived(cast, approved_visit(cast, now, visit_on=None), now)
    code = ratings.code_for(visit)
    page = text(Client(), reverse("inspections_public:task", args=[visits.task_code(visit=visit, now=now)]))
    assert code in page
    assert "1/2" in page
    url = reverse("inspections_public:rate")
    assert Client().post(url, {"code": code}).status_code == 422
    answer = Client().post(url, {"code": code, "score": "4", "bans": ["disturbance"], "text": "很快"})
    assert answer.status_code == 302
    assert Rating.objects.get().bans == ["disturbance"]
    assert Client().post(url, {"code": code, "score": "4"}).status_code == 422
    officer = logged_in(cast.user_of(cast.officers[0]))
    firm = reverse("inspections_public:firm", args=[visits.enterprise_code(enterprise=visit.enterprise)])
    assert "扫码入企" in text(officer, firm)
    assert officer.post(firm).status_code == 302
    visit.refresh_from_db()
    assert visit.scanned_at is not None
    assert Client().get(reverse("inspections_public:firm", args=["A1.x.y"])).status_code == 404


def test_an_emergency_begins_on_the_phone_and_shows_its_hours_to_the_head() -> None:
    cast = a_district()
    officer = logged_in(cast.user_of(cast.officers[0]))
    url = reverse("inspections_phone:emergency", args=[cast.enterprises[0].pk])
    assert "二十四小时" in text(officer, url)
    sent = {
        "uid": str(uuid7()), "trigger": "accident", "clue": "险情-1", "item": cast.item.pk, "reason": "燃气泄漏",
        "officers": [cast.officers[0].pk], "host": "示例经理",
    }  # fmt: skip
    assert officer.post(url, sent).status_code == 422, "alone"
    answer = officer.post(url, {**sent, "officers": [one.pk for one in cast.officers[:2]]})
    visit = Visit.objects.get()
    assert answer.headers["Location"] == reverse("inspections_phone:notice", args=[visit.uid])
    assert "严禁" in text(officer, answer.headers["Location"])
    assert "补办批准" in text(logged_in(cast.leader), reverse("inspections:approvals"))


def test_measures_are_decided_on_the_phone_after_the_record() -> None:
    cast = a_district()
    now = clock.now()
    visit = arrived(cast, approved_visit(cast, now, visit_on=None), now)
    actor = actor_of(cast.user_of(cast.officers[0]))
    answered(cast, visit, now, {1: "配电箱带电裸露"})
    visits.draft_record(visit=visit, actor=actor, now=now)
    signed(cast, visit, now)
    visits.issue_record(visit=visit, actor=actor, now=now)
    officer = logged_in(cast.user_of(cast.officers[0]))
    url = reverse("inspections_phone:measures", args=[visit.uid])
    assert url in text(officer, reverse("inspections_phone:paper", args=[visit.uid]))
    assert officer.post(url, {"measure": "stop_use", "requirements": " "}).status_code == 422
    assert officer.post(url, {"measure": "stop_use", "requirements": "停用配电箱"}).status_code == 302
    assert "停用配电箱" in text(officer, reverse("inspections_phone:paper", args=[visit.uid]))
    signed(cast, visit, now)
    officer.post(reverse("inspections_phone:issue", args=[visit.uid]))
    visit.refresh_from_db()
    assert visit.measures is not None
    assert visit.measures.is_issued
    assert "责令限期整改" not in text(officer, reverse("inspections_phone:paper", args=[visit.uid])), "served first"


def test_everybody_reads_the_caps_of_each_organ() -> None:
    cast = a_district(code="350800")
    page = text(Client(), reverse("inspections_public:caps"))
    assert cast.organ.name in page
    assert "龙岩市" in page, "the local rule, by the area's code"
    OrganArea.objects.update(code="140000")
    assert "安全生产标准化等级 1" in text(Client(), reverse("inspections_public:caps"))


def test_assistants_are_registered_on_the_phone_up_to_the_number_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    cast = a_district()
    visit = approved_visit(cast, assistants=1)
    officer = logged_in(cast.user_of(cast.officers[0]))
    url = reverse("inspections_phone:assistants", args=[visit.uid])
    assert url in text(officer, reverse("inspections_phone:visit", args=[visit.uid]))
    sent = {"kind": "testing_body", "name": "示例检测员", "employer": "示例检测机构"}
    assert officer.post(url, {**sent, "name": " "}).status_code == 422
    assert officer.post(url, sent).status_code == 302
    page = text(officer, url)
    assert "示例检测员" in page
    assert "不计入两名执法人员（行政处罚法第四十二条）" in page
    assert 'id="assistant"' not in page, "the number that was approved is reached"
    assert officer.post(url, {**sent, "name": "示例网格员"}).status_code == 422
    for who in (officer, logged_in(cast.leader)):
        assert "示例检测员" in text(who, reverse("inspections:visit", args=[visit.uid]))
    stranger = logged_in(cast.user_of(cast.officers[3]))
    assert stranger.get(url).status_code == 404
