"""The demo after a start: everything that a visitor may want to try is there, waiting for the right role."""

from datetime import datetime

import pytest
from django.db.models import QuerySet

from anguan.alarms.models import Device, ForwardTarget, Point
from anguan.cli.shipped import load as load_shipped
from anguan.demo.services import seed
from anguan.ground import audit, clock
from anguan.hazards.models import Hazard, Listing
from anguan.inspections.models import AnnualPlan, Batch, Guidance, JointTask, OrganArea, SubjectList, Visit, VisitExpert
from anguan.papers.models import Paper
from anguan.papers.services import verify_papers
from anguan.people.models import User
from anguan.people.selectors import on_duty
from anguan.people.viewers import viewer_of
from anguan.registry.models import DistrictBoundary
from anguan.simulator.day import CINEMA, STRANGER
from anguan.simulator.devices import FIRST_ADDRESS
from anguan.ui.desk import Group, desk_rows
from anguan.wire.gbt26875 import address

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NOW = datetime(2026, 11, 27, 8, 30, tzinfo=clock.CHINA)


def asked(username: str) -> list[str]:
    """What the desk asks of somebody."""
    viewer = viewer_of(User.objects.get(username=username))
    return [row.asked for row in desk_rows(viewer, NOW.date()) if row.group is Group.DUE]


def test_after_a_start_every_role_has_something_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load_shipped()
    assert seed(NOW)
    assert not seed(NOW)

    # The year: where organs work, who may inspect, what is planned, who was guided.
    assert DistrictBoundary.objects.get().name.startswith("示例区（虚构")
    assert OrganArea.objects.count() == 3
    assert SubjectList.objects.get().state == "published"
    plan = AnnualPlan.objects.get()
    assert (plan.state, plan.rows.count()) == ("published", 3)
    assert Guidance.objects.filter(organ__name__contains="消防").exists()

    # The draws: one broken, one with its visits, one that waits for its parties.
    assert list(Batch.objects.order_by("planned_at").values_list("state", flat=True)) == [
        "broken",
        "approved",
        "pool_frozen",
    ]
    assert "作为司法监督作出承诺" in asked("supervisor")

    # Today: sealed and ready to be opened, a task for a phone, one under way with its expert, one door for two organs.
    sealed = Visit.objects.get(is_sealed=True)
    assert (sealed.state, sealed.opened_at, sealed.departs_at) == ("approved", None, NOW)
    assert {"出发时启封密封检查", "重点检查：商业综合体和人员密集场所安全生产状况检查"} <= set(asked("officer1"))
    assert VisitExpert.objects.get(expert__user__username="expert").visit.state == "on_site"
    assert asked("expert") == ["现场检查中，写专家检查意见"]
    task = JointTask.objects.get()
    assert sorted(task.participants.values_list("answer", flat=True)) == ["accepted", "invited"]
    assert any(text.startswith("答复联合检查") for text in asked("fire"))
    assert any(text.startswith("批准检查") for text in asked("leader"))

    # A major hazard that hangs in public and is not overdue; a shop's part in another; one that the mall closed itself.
    hung = Listing.objects.get()
    assert (hung.state, hung.hazard.level, hung.hazard.state) == ("hung", "major", "rectifying")
    assert hung.published_at is not None
    assert hung.hazard.plans.get().state == "approved"
    assert asked("tenant") == ["本店整改后告诉商场"]
    assert Hazard.objects.filter(source="self", state="closed").exists()
    assert "整改并报告" in asked("manager")

    # What shields detectors is another organ's case: the reviewer says first whether it may go there.
    assert asked("reviewer") == ["等审核意见"]
    waiting = Paper.objects.get(form="transfer_approval")
    assert (waiting.review, waiting.body["receiver"]) == ("reviewer", "示例区消防救援大队")
    assert waiting.answers is not None
    assert waiting.answers.form == "site_record"

    # Papers of every kind that the story needs, and the chain over all of it.
    assert {"inspection_approval", "inspection_notice", "site_record", "site_measures", "rectify_order"} <= set(
        Paper.objects.exclude(number="").values_list("form", flat=True)
    )
    assert verify_papers().faults == []
    audit.seal_all(NOW)
    assert audit.verify(NOW).fault is None

    # The duty room: four devices that are expected, none of them heard yet, and somebody who sits there.
    devices = Device.objects.select_related("building", "enterprise").order_by("pk")
    assert [device.source for device in devices] == [address(FIRST_ADDRESS + unit).hex() for unit in range(STRANGER)]
    assert all(device.state == "admitted" and device.building and device.enterprise for device in devices)
    placed = {(point.component_address & 0xFFFF, point.component_address >> 16, point.text) for point in plan_points()}
    assert placed == {(part.loop, part.point, part.text) for part in CINEMA}
    assert {shift.user.username for shift in on_duty([devices[0].organ_id or 0], NOW)} == {"duty", "leader"}

    # Somebody hears of a fire: one already of a presumed one, one when it is confirmed.
    targets = ForwardTarget.objects.filter(organ=devices[0].organ_id, is_active=True)
    assert sorted(targets.values_list("channel", "takes_unverified")) == [("sms", False), ("sms", True)]
    assert all("示例" in target.name for target in targets)


def plan_points() -> QuerySet[Point]:
    """The points that stand on a floor plan."""
    return Point.objects.filter(plan__isnull=False)
