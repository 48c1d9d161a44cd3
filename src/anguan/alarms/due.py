"""What falls due in alarms without anybody doing anything."""

from datetime import datetime, timedelta

from anguan.alarms.models import Notice
from anguan.alarms.services.duty_checks import plan_day, run_out_due, send_due
from anguan.alarms.services.escalation import escalate_due
from anguan.alarms.services.handling import close_restored
from anguan.alarms.services.repairs import announce_long_shields
from anguan.alarms.services.storage import drop_old_partitions, forget_commands, forget_strangers, make_partitions
from anguan.alarms.services.windows import close_tests
from anguan.ground import clock
from anguan.ground.rules.selectors import rule
from anguan.ground.sweeps import sweep

_NOTICES_KEPT = timedelta(days=7)


@sweep(every_s=1)
def sweep_timers(now: datetime) -> int:
    """超时升级: timers that nobody met."""
    return escalate_due(now)


@sweep(every_s=5)
def sweep_restored(now: datetime) -> int:
    """自行恢复: what has been normal for long enough."""
    return close_restored(now, int(rule("alarm-grouping", clock.local_day(now)).values["settle_s"]))


@sweep(every_s=60)
def sweep_long_shields(now: datetime) -> int:
    """长期屏蔽: points that protect nobody for too long."""
    return announce_long_shields(now)


@sweep(every_s=60)
def sweep_tests(now: datetime) -> int:
    """办结测试: windows that are over."""
    return close_tests(now)


@sweep(every_s=5)
def sweep_duty_checks(now: datetime) -> int:
    """查岗: what is to be sent, and what nobody answered."""
    return send_due(now) + run_out_due(now)


@sweep(every_s=600)
def sweep_duty_check_plan(now: datetime) -> int:
    """排定查岗: today's and tomorrow's moments, for devices that have none yet."""
    today = clock.local_day(now)
    return plan_day(day=today, now=now) + plan_day(day=today + timedelta(days=1), now=now)


@sweep(every_s=3600)
def sweep_notices(now: datetime) -> int:
    """动态: what is too old to be asked for again."""
    return Notice.objects.filter(at__lt=now - _NOTICES_KEPT).delete()[0]


@sweep(every_s=600)
def sweep_partitions(now: datetime) -> int:
    """存储: partitions of the coming days, and an end of those that were kept long enough."""
    return make_partitions(now) + len(drop_old_partitions(now))


@sweep(every_s=600)
def sweep_strangers(now: datetime) -> int:
    """清理: what strangers said and nobody admitted in weeks."""
    return forget_strangers(now)


@sweep(every_s=3600)
def sweep_commands(now: datetime) -> int:
    """清理: what devices were polled about long ago."""
    return forget_commands(now)
