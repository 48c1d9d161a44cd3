"""值班: planning who sits in the duty room."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.clock import CHINA
from anguan.people.models import DutyShift, Organ, User
from anguan.people.rules import POST_ROLES, DutyPost, ShiftRefused, check_shift
from anguan.people.selectors import people_for, shifts_between


def shift_times(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """When a shift of a day begins and ends in China; an end that isn't later than the start lies on the next day."""
    until = day if ends > starts else day + timedelta(days=1)
    return datetime.combine(day, starts, CHINA), datetime.combine(until, ends, CHINA)


@transaction.atomic
def plan_shifts(
    *,
    organ: Organ,
    user: User,
    post: DutyPost,
    days: Collection[date],
    starts: time,
    ends: time,
    actor: Actor,
    now: datetime,
) -> list[DutyShift]:
    """排班: one person, one post, the same hours on several days; what stands there already is left as it is.

    All or none. Raises `ShiftRefused`.
    """
    if not people_for(organ, post).filter(pk=user.pk).exists():
        raise ShiftRefused(
            _("%(name)s 没有本机构的“%(role)s”角色，请先由安全管理员授予。")
            % {"name": user.name, "role": _(POST_ROLES[post].label)}
        )
    wanted = [shift_times(day, starts, ends) for day in sorted(days)]
    if not wanted:
        raise ShiftRefused(_("请至少选一天。"))
    return [one for since, until in wanted if (one := _plan(organ, user, post, since, until, actor, now)) is not None]


def _plan(
    organ: Organ, user: User, post: DutyPost, since: datetime, until: datetime, actor: Actor, now: datetime
) -> DutyShift | None:
    if until <= now:
        raise ShiftRefused(
            _("%(day)s 的这一班已经过去，值班表只能排以后的班。") % {"day": f"{since.astimezone(CHINA):%m-%d}"}
        )
    # The lock on the person keeps two planners from giving them two shifts at once.
    User.objects.select_for_update().get(pk=user.pk)
    near = DutyShift.objects.filter(user=user, since__lt=until, until__gt=since)
    if near.filter(organ=organ, post=post, since=since, until=until).exists():
        return None
    check_shift(since, until, near.values_list("since", "until"))
    shift = DutyShift.objects.create(organ=organ, user=user, post=post, since=since, until=until)
    audit.record(actor=actor, action="people.plan_shift", subject=organ, now=now, after=_told(shift))
    return shift


@transaction.atomic
def repeat_week(*, organ: Organ, monday: date, actor: Actor, now: datetime) -> tuple[int, int]:
    """照上周排班: how many shifts of the week before were planned again, and how many could not be.

    Who may no longer hold the post, has another shift then, or whose time has passed is left out and counted.
    """
    start = datetime.combine(monday, time.min, CHINA)
    week = timedelta(days=7)
    planned = left_out = 0
    for old in shifts_between(organ, start - week, start):
        post = DutyPost(old.post)
        try:
            if not people_for(organ, post).filter(pk=old.user_id).exists():
                raise ShiftRefused
            with transaction.atomic():
                planned += _plan(organ, old.user, post, old.since + week, old.until + week, actor, now) is not None
        except ShiftRefused:
            left_out += 1
    return planned, left_out


@transaction.atomic
def remove_shift(*, shift: DutyShift, actor: Actor, now: datetime) -> None:
    """取消排班; a shift that has begun ends now instead, and one that is over stays as it was."""
    row = DutyShift.objects.select_for_update().select_related("organ").get(pk=shift.pk)
    if row.until <= now:
        raise ShiftRefused(_("这一班已经结束，值班记录不再改动。"))
    before = _told(row)
    if row.since >= now:
        audit.record(actor=actor, action="people.remove_shift", subject=row.organ, now=now, before=before)
        row.delete()
        return
    row.until = now
    row.save(update_fields=["until"])
    audit.record(actor=actor, action="people.end_shift", subject=row.organ, now=now, before=before, after=_told(row))


def _told(shift: DutyShift) -> dict[str, object]:
    return {"user": shift.user.name, "post": shift.post, "since": shift.since, "until": shift.until}
