"""The pages of what is decided about a hazard, through the client: office, phone, receiver, shop and public."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.hazards.models import Hazard, ReusedPhoto, Statement, Transfer
from anguan.hazards.panels import due_for_viewer
from anguan.hazards.rules import State
from anguan.hazards.tests import builders as b
from anguan.hazards.tests.test_photo_hashes import a_view, shot
from anguan.people.models import Organ, RoleGrant, User
from anguan.people.rules import Role
from anguan.people.tests.builders import logged_in
from anguan.people.viewers import viewer_of
from anguan.registry.models import Membership
from anguan.registry.tests.builders import a_complex, a_shop, a_shopkeeper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: b.REPORTED_AT)


def _act(client: Client, hazard: Hazard, name: str, **data: Any) -> Any:
    return client.post(reverse("hazards:act", args=[hazard.uid, name]), {"uid": str(uuid7()), **data})


def _ask(client: Client, hazard: Hazard, name: str, **data: Any) -> Any:
    return client.post(reverse("hazards_phone:act", args=[hazard.uid, name]), {"uid": str(uuid7()), **data})


def test_a_major_hazard_goes_its_way_over_the_pages_of_both_sides() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    firm, officer, leader = (logged_in(user) for user in (people.manager, people.officer, people.leader))
    page, ours = reverse("hazards:detail", args=[hazard.uid]), reverse("hazards_phone:detail", args=[hazard.uid])
    shown = firm.get(ours).content.decode()
    assert "五落实" in shown
    assert "报送治理方案" in shown
    assert firm.get(reverse("hazards_phone:report", args=[hazard.uid])).status_code == 302
    plan = {**b.FIXES, "finish_on": "2026-03-25"}
    gap = _ask(firm, hazard, "plan", **{**plan, "funds": ""})
    assert gap.status_code == 422
    late = _ask(firm, hazard, "plan", **{**plan, "finish_on": "2027-01-01"})
    assert "晚于整改期限" in late.content.decode()
    assert _ask(firm, hazard, "plan", **plan).status_code == 302
    assert "治理方案应审定" in [row.asked for row in due_for_viewer(viewer_of(people.officer), b.REPORTED_AT.date())]
    assert "12 万元" in officer.get(page).content.decode()
    assert "写明理由" in _act(officer, hazard, "decide_plan", accepted="no", reason="").content.decode()
    assert _act(officer, hazard, "decide_plan", accepted="yes", reason="").status_code == 302
    refused = _act(officer, hazard, "decide_measure", kind="stop_use", scope="二层")
    assert "现场处理措施决定书" in refused.content.decode()
    decision = b.a_site_decision(people)
    assert _act(officer, hazard, "decide_measure", kind="stop_use", scope="二层", paper=decision.pk).status_code == 302
    # What only a leader does is not offered to an officer.
    assert "挂牌层级" not in officer.get(page).content.decode()
    hung = {"level": "county", "notice_no": "示安委督〔2026〕9号", "responsible": "周领导", "office": "副区长"}
    assert _act(officer, hazard, "hang", **hung, due_on="2026-04-20").status_code == 302
    assert not hazard.listings.exists()
    assert _act(leader, hazard, "hang", **hung, due_on="2026-04-20").status_code == 302
    public = reverse("hazards_public:listings")
    assert "现在没有挂牌督办" in Client().get(public).content.decode()
    assert _act(officer, hazard, "publish_listing").status_code == 302
    seen = Client().get(public).content.decode()
    assert people.firm.name in seen
    assert "副区长" in seen
    assert "周领导" not in seen
    assert _act(officer, hazard, "nonsense").status_code == 404
    shown = officer.get(page).content.decode()
    assert "提请升级处置" in shown
    # Several forms stand on the page: each label finds its own field.
    ids = re.findall(r'<(?:input|textarea|select)[^>]* id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    assert {"decide_measure_reason", "escalate_ground"} <= set(ids)


def test_an_extension_and_an_objection_are_asked_on_the_phone_and_decided_in_the_office() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    firm, leader = logged_in(people.manager), logged_in(people.leader)
    assert "申请延期" in firm.get(reverse("hazards_phone:detail", args=[hazard.uid])).content.decode()
    assert firm.get(reverse("hazards_phone:act", args=[hazard.uid, "extension"])).status_code == 200
    asked = {"reason": "配件缺货", "measures": "封闭该区域", "proposed_on": "2026-04-15"}
    too_far = _ask(firm, hazard, "extension", **{**asked, "proposed_on": "2028-01-01"})
    assert "最晚到" in too_far.content.decode()
    assert _ask(firm, hazard, "extension", **asked).status_code == 302
    assert "延期应决定" in [row.asked for row in due_for_viewer(viewer_of(people.leader), b.REPORTED_AT.date())]
    officer = _act(logged_in(people.officer), hazard, "decide_extension", accepted="yes", reason="同意")
    assert "须由机关负责人决定" in officer.content.decode()
    assert _act(leader, hazard, "decide_extension", accepted="yes", reason="情况属实").status_code == 302
    hazard.refresh_from_db()
    assert hazard.due_on is not None
    assert hazard.due_on.isoformat() == "2026-04-15"
    assert _ask(firm, hazard, "objection", reason="净宽足够").status_code == 302
    finder = _act(logged_in(people.officer), hazard, "decide_objection", accepted="no", reason="无误")
    assert "不能由发现人自己答复" in finder.content.decode()
    assert _act(leader, hazard, "decide_objection", accepted="yes", reason="复测合格").status_code == 302
    assert "复测合格" in firm.get(reverse("hazards_phone:detail", args=[hazard.uid])).content.decode()
    hazard.refresh_from_db()
    assert hazard.state == State.WITHDRAWN
    assert logged_in(people.stranger).get(
        reverse("hazards_phone:act", args=[hazard.uid, "extension"])
    ).status_code == 404  # fmt: skip


def test_a_transfer_is_received_by_the_other_departments_people_only() -> None:
    people = b.cast()
    hazard = b.a_hazard(people)
    receiver = Organ.objects.create(name="示例区商务局", short_name="示商", kind="other")
    clerk = User.objects.create_user(username="commerce", name="商务经办")
    RoleGrant.objects.create(user=clerk, role=Role.DEPARTMENT, organ=receiver)
    officer, leader, theirs = (logged_in(user) for user in (people.officer, people.leader, clerk))
    assert _act(officer, hazard, "transfer", to_organ=receiver.pk, reason="由商务部门处理").status_code == 302
    transfer = Transfer.objects.get()
    page = reverse("hazards:transfer", args=[transfer.uid])
    assert theirs.get(page).status_code == 404
    assert _act(leader, hazard, "decide_transfer", accepted="yes", reason="").status_code == 302
    assert "签收" in theirs.get(page).content.decode()
    assert "商务局" in theirs.get(reverse("hazards:transfers")).content.decode()
    assert "办理移送" in [row.button for row in due_for_viewer(viewer_of(clerk), b.REPORTED_AT.date())]

    def act(client: Client, name: str, **data: Any) -> Any:
        return client.post(reverse("hazards:transfer_act", args=[transfer.uid, name]), data)

    assert act(officer, "receive").status_code == 403
    assert act(theirs, "answer", accepted="yes", reason="").status_code == 422
    assert act(theirs, "receive").status_code == 302
    assert act(theirs, "answer", accepted="yes", reason="").status_code == 302
    assert act(theirs, "result", result="已督促整改").status_code == 302
    assert "已督促整改" in officer.get(page).content.decode()
    assert theirs.get(reverse("hazards:detail", args=[hazard.uid])).status_code == 403


def test_an_own_hazard_is_reported_with_a_picture_and_closed_and_a_used_picture_is_told() -> None:
    people = b.cast()
    b.a_hazard(people, photos=[shot(a_view(5))])
    firm = logged_in(people.manager)
    own = reverse("hazards_phone:own")
    assert "哪里不对" in firm.get(own).content.decode()
    uid = str(uuid7())

    def picture(seed: int, quality: int = 90) -> SimpleUploadedFile:
        return SimpleUploadedFile("a.jpg", a_view(seed, quality), "image/jpeg")

    values = {"uid": uid, "enterprise": people.firm.pk, "description": "应急灯不亮", "place": ""}
    assert firm.post(own, values).status_code == 422
    for _ in range(2):
        assert firm.post(own, {**values, "photo": picture(1)}).status_code == 302
    hazard = Hazard.objects.get(uid=uid)
    report = reverse("hazards_phone:report", args=[hazard.uid])
    assert "自行销号" in firm.get(report).content.decode()
    sent = {"uid": str(uuid7()), "description": "已更换"}
    reused = firm.post(report, {**sent, "photo": picture(5, 40)})
    assert reused.status_code == 422
    assert "相同或几乎相同" in reused.content.decode()
    assert ReusedPhoto.objects.get().hazard == hazard
    assert firm.post(report, {**sent, "photo": picture(2)}).status_code == 302
    hazard.refresh_from_db()
    assert hazard.self_closed
    credibility = logged_in(people.officer).get(reverse("hazards:credibility")).content.decode()
    assert "用过重复的照片" in credibility
    assert "重复照片" in logged_in(people.officer).get(reverse("hazards:detail", args=[hazard.uid])).content.decode()


def test_the_principal_signs_the_statement_and_the_manager_does_not() -> None:
    people = b.cast()
    principal = User.objects.create_user(username="boss", name="示例负责人")
    Membership.objects.create(user=principal, enterprise=people.firm, role=Role.PRINCIPAL, since=b.FOUND_AT.date())
    page, submit = reverse("hazards_phone:statements"), reverse("hazards_phone:submit_statement")
    data = {"period": f"{people.firm.pk}-2025-4", "funds_yuan": "0", "note": ""}
    assert "签字报送</button>" not in logged_in(people.manager).get(page).content.decode()
    assert logged_in(people.manager).post(submit, data).status_code == 403
    client = logged_in(principal)
    assert "签字报送</button>" in client.get(page).content.decode()
    assert client.post(submit, {**data, "period": "1-1-1"}).status_code == 422
    assert client.post(submit, {**data, "funds_yuan": "-1"}).status_code == 422
    assert client.post(submit, data).status_code == 302
    assert (Statement.objects.get().year, Statement.objects.get().quarter) == (2025, 4)


def test_a_shop_tells_the_mall_on_its_own_page() -> None:
    people = b.cast()
    shop = a_shop(a_complex(people.firm))
    keeper = User.objects.create_user(username="keeper", name="店长")
    a_shopkeeper(keeper, shop)
    hazard = b.ordered(people)
    assert _act(logged_in(people.officer), hazard, "name_tenant", tenant=shop.pk).status_code == 302
    client = logged_in(keeper)
    assert "疏散通道" in client.get(reverse("hazards_phone:shop_hazards")).content.decode()
    page = reverse("hazards_phone:shop_hazard", args=[hazard.uid])
    assert client.post(page, {"uid": str(uuid7()), "description": ""}).status_code == 422
    assert client.post(page, {"uid": str(uuid7()), "description": "本店纸箱已清走"}).status_code == 302
    ours = logged_in(people.manager).get(reverse("hazards_phone:detail", args=[hazard.uid])).content.decode()
    assert "本店纸箱已清走" in ours
    assert client.get(reverse("hazards_phone:detail", args=[hazard.uid])).status_code == 403
