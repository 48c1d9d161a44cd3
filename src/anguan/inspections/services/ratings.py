"""企业评价: what a firm says of a visit, kept so that nobody, we included, finds out which firm said it.

A code is worked out from the visit and not stored; using it leaves only a digest in a table of its own, and the rating
keeps organ and month. The audit record says that one came in, not which.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.rules.selectors import rule
from anguan.inspections.models import Rating, SpentRatingCode, Visit
from anguan.inspections.rules import NEVER_MADE, NOT_BEGUN, Ban, ConcernKind, NotAllowed
from anguan.inspections.rules.ratings import rating_code, read_rating_code
from anguan.inspections.services.concerns import raise_concern
from anguan.people.models import Organ

RULE = "rating"
_FIRM = Actor(kind="public", id="", name="匿名企业")


def _key() -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"anguan.inspections.rating-key/1").derive(settings.SECRET_KEY.encode())


def code_for(visit: Visit) -> str:
    """评价码 of a visit that has begun; empty before, and for what never took place."""
    if visit.started_at is None or visit.state in NOT_BEGUN | NEVER_MADE:
        return ""
    month = clock.local_day(visit.started_at).replace(day=1)
    return rating_code(_key(), organ_id=visit.organ_id, month=month, about=visit.uid.hex)


@transaction.atomic
def rate(*, code: str, score: int, bans: Collection[Ban], text: str, now: datetime) -> None:
    """评价: once for each code. A ban that was broken is told to the supervisor, with organ and month alone."""
    today = clock.local_day(now)
    read = read_rating_code(_key(), code, today=today, valid_months=int(rule(RULE, today).values["valid_months"]))
    organ = Organ.objects.filter(pk=read.organ_id).first()
    if organ is None or not 1 <= score <= 5:
        raise NotAllowed(_("请选择一至五分。"))
    try:
        with transaction.atomic():
            SpentRatingCode.objects.create(digest=read.digest)
    except IntegrityError:
        raise NotAllowed(_("这个评价码已经用过，一次检查评价一次。")) from None
    # A version-4 id: a time-ordered one would say when.
    Rating.objects.create(
        uid=uuid4(), organ=organ, month=read.month, score=score, bans=sorted(bans), text=text.strip()[:500]
    )
    audit.record(
        actor=_FIRM,
        action="inspections.rate",
        subject=("inspections.rating", ""),
        now=_midnight(today),
        after={"organ": organ.pk},
    )
    if bans:
        words = "、".join(Ban(ban).label for ban in sorted(bans))
        raise_concern(
            kind=ConcernKind.RATING,
            organ=organ,
            text=f"{read.month:%Y年%m月}有企业反映：{words}",
            actor=_FIRM,
            now=_midnight(today),
        )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.CHINA)
