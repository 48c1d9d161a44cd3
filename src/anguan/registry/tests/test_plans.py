"""平面图: which pictures a building takes, and who opens them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground.access import SYSTEM
from anguan.ground.models import Evidence
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in
from anguan.registry.models import Building, FloorPlan
from anguan.registry.rules import Refused, check_storey
from anguan.registry.services import Picture, PlanRefused, add_plan, change_picture
from anguan.registry.services.plans import size_of

from .builders import a_building, a_member, an_enterprise, drawn

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("storey", "below", "says"),
    [
        pytest.param(18, 2, "", id="顶层"),
        pytest.param(-2, 2, "", id="最底层"),
        pytest.param(-3, None, "", id="地下层数不详"),
        pytest.param(0, 2, "没有 0 层", id="零层"),
        pytest.param(19, 2, "地上只有 18 层", id="高过顶层"),
        pytest.param(-1, 0, "地下只有 0 层", id="没有地下室"),
    ],
)
def test_a_plan_is_of_a_storey_that_the_building_has(storey: int, below: int | None, says: str) -> None:
    if says:
        with pytest.raises(Refused, match=says):
            check_storey(storey, 18, below)
    else:
        check_storey(storey, 18, below)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"%PDF-1.7", "PDF 请先另存为图片", id="PDF"),
        pytest.param(drawn(199, 400), "太小", id="太小"),
        pytest.param(drawn(8000, 5001), "超过 4000 万像素", id="太大"),
    ],
)
def test_a_plan_is_a_picture_one_can_read(data: bytes, says: str) -> None:
    with pytest.raises(PlanRefused, match=says):
        size_of(data)


def test_a_picture_held_sideways_counts_as_it_is_shown() -> None:
    assert size_of(drawn(400, 300, "JPEG", turned=True)) == (300, 400)


def added(building: Building, uid: UUID, storey: int = 3, part: str = "") -> FloorPlan:
    return add_plan(
        building=building, storey=storey, part=part, picture=Picture(uid, drawn(), "三层.png"), actor=SYSTEM, now=NOW
    )


@pytest.mark.django_db
def test_a_storey_has_one_plan_for_each_part_and_sending_twice_adds_none() -> None:
    building, uid = a_building(), uuid7()
    plan = added(building, uid)
    assert added(building, uid) == plan
    with pytest.raises(PlanRefused, match="3层已有平面图"):
        added(building, uuid7())
    assert str(added(building, uuid7(), part="东区")) == "3层 东区"
    changed = change_picture(plan=plan, picture=Picture(uuid7(), drawn(600, 200)), actor=SYSTEM, now=NOW)
    assert (changed.pk, changed.width, changed.height) == (plan.pk, 600, 200)


@pytest.mark.django_db
def test_the_picture_opens_for_the_duty_room_and_the_building_s_own_people_only() -> None:
    firm, other = an_enterprise(), an_enterprise("别家", 2)
    building = a_building(manager=firm)
    principal, stranger = a_user("principal"), a_user("stranger")
    a_member(principal, firm)
    a_member(stranger, other)
    clerk = logged_in(a_user("clerk", Role.CLERK))
    form = {"storey": "-9", "uid": str(uuid7()), "picture": SimpleUploadedFile("plan.png", drawn())}
    url = reverse("registry:plan_new", args=[building.pk])
    assert "地下一层写 -1" in clerk.get(url).content.decode()
    form["storey"], form["picture"] = "2", SimpleUploadedFile("plan.png", b"no picture")
    assert "这个文件不是" in clerk.post(url, form).content.decode()
    form["picture"] = SimpleUploadedFile("plan.png", drawn())
    page = clerk.post(url, form).headers["Location"]
    picture = reverse("evidence", args=[Evidence.objects.get().uid])
    duty = logged_in(a_user("watch", Role.DUTY_OFFICER))
    for client, status in ((duty, 200), (logged_in(principal), 200), (clerk, 200)):
        assert client.get(page).status_code == status
        assert client.get(picture).status_code == status
    for client in (logged_in(stranger), logged_in(a_user("expert", Role.DEPARTMENT))):
        assert client.get(picture).status_code == 404
        assert client.get(page).status_code in {403, 404}
    assert picture in clerk.get(building.get_absolute_url()).content.decode()
