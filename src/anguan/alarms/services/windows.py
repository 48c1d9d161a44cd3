"""测试时段: a planned test is recorded before it begins, for what it covers, with whoever answers for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from anguan.alarms.models import Device, Incident, TestWindow
from anguan.alarms.rules.incidents import IncidentAction, IncidentState, check_reason
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.services.writing import asked, is_operator, make, platform
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.rules.selectors import rule
from anguan.people.models import Organ
from anguan.registry.models import Building


@transaction.atomic
def open_test_window(
    *,
    organ: Organ,
    since: datetime,
    until: datetime,
    reason: str,
    responsible: str,
    actor: Actor,
    now: datetime,
    device: Device | None = None,
    building: Building | None = None,
    zones: Sequence[str] = (),
    phone: str = "",
) -> TestWindow:
    """登记测试时段. Raises `NotAllowed` for one that began already, lasts too long or covers nothing."""
    if not is_operator(actor, organ.pk):
        raise NotAllowed(N_("测试时段由接警机构的值班人员登记，您的角色不能办理；请联系值班室。"))
    found = rule("test-window", clock.local_day(now))
    longest = timedelta(hours=found.values["hours"])
    if until <= since:
        raise NotAllowed(N_("测试结束的时间早于开始，请改为开始以后。"))
    if since < now - timedelta(minutes=1):
        raise NotAllowed(N_("测试时段要事先登记，不能从已经过去的时间开始；已经报过的警请逐起作出结论。"))
    if until - since > longest:
        raise NotAllowed(
            N_("一次测试最长%(hours)s小时，过长会让真实火警混在测试里；请分几次登记。"),
            hours=str(found.values["hours"]),
        )
    if (device is None) == (building is None):
        raise NotAllowed(N_("请选定测试的是哪台装置，或者哪栋建筑，二者选一。"))
    row = TestWindow.objects.create(
        organ=organ,
        device=device,
        building=building,
        zones=[zone.strip() for zone in zones if zone.strip()],
        since=since,
        until=until,
        reason=check_reason(reason, N_("测试事由"))[:200],
        responsible=check_reason(responsible, N_("现场负责人"))[:60],
        phone=phone.strip()[:32],
        recorded_at=now,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name,
        rule_version=found.version,
    )
    audit.record(actor=actor, action="alarms.open_test_window", subject=row, now=now, after=audit.snapshot(row))
    return row


@transaction.atomic
def end_test_window(*, window: TestWindow, actor: Actor, now: datetime) -> TestWindow:
    """提前结束测试: from now on an alarm is an alarm; one that is over stays as it was. Raises `NotAllowed`."""
    window = TestWindow.objects.select_for_update().get(pk=window.pk)
    if not is_operator(actor, window.organ_id):
        raise NotAllowed(N_("测试时段由接警机构的值班人员登记，您的角色不能办理；请联系值班室。"))
    if window.until <= now:
        return window
    before = audit.snapshot(window, "since", "until")
    window.since, window.until = min(window.since, now), now
    window.save(update_fields=["since", "until"])
    audit.record(
        actor=actor,
        action="alarms.end_test_window",
        subject=window,
        now=now,
        before=before,
        after=audit.snapshot(window, "since", "until"),
    )
    return window


@transaction.atomic
def close_tests(now: datetime, limit: int = 500) -> int:
    """办结测试: the incidents of windows that are over, where nobody took them for more; returns how many."""
    rows = (
        Incident.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
        .select_related("handler")
        .filter(window__until__lte=now, state=IncidentState.TEST, handler__isnull=True)
        .order_by("pk")[:limit]
    )
    closed = 0
    for incident in rows:
        actor = platform(incident.organ_id)
        make(incident, asked(incident, IncidentAction.CLOSE, actor), actor, now)
        closed += 1
    return closed
