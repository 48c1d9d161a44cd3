"""离线操作: take in what a phone did without network, in any order and as often as it comes, and apply it once.

Each chain (one phone, one visit) is applied strictly in its own order: an operation waits until those before it and
the files it names are here. What can't be done as it was done on the phone is refused with its sentence, kept, and
shown; the chain goes on behind it. Acts count at the moment they were done, which is what deadlines and certificates
are about; when they arrived stands in the row and in its audit record.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from anguan.checklists.rules import HazardLevel
from anguan.core.enums import Labelled
from anguan.ground import audit, evidence
from anguan.ground.access import Actor
from anguan.ground.photos import Photo, keep_photos
from anguan.ground.rendering import CannotRender
from anguan.hazards import services as hazards
from anguan.hazards.models import Hazard
from anguan.inspections.models import OfflineFile, OfflineOperation, Visit
from anguan.inspections.rules import (
    NotAllowed,
    Outcome,
    ResultCategory,
    VisitAction,
    VisitState,
    advance_visit,
    check_on_site,
)
from anguan.inspections.rules.offline import (
    MOST_AT_ONCE,
    Altered,
    Operation,
    OperationKind,
    OperationState,
    degrees,
    moment_of,
    read_operation,
)
from anguan.inspections.rules.records import record_digest
from anguan.inspections.selectors import team_of, visits_of_officer
from anguan.inspections.services import visits
from anguan.inspections.services.visits.acting import locked
from anguan.inspections.services.visits.recording import record_of
from anguan.papers import services as papers
from anguan.people.models import User
from anguan.people.viewers import UserViewer, viewer_of

log = logging.getLogger(__name__)
E = TypeVar("E", bound=Labelled)
# What a room says when it refuses; anything else is our own fault and decides nothing.
_REFUSALS = (NotAllowed, papers.NotAllowed, hazards.NotAllowed, CannotRender, evidence.UnusableFile, PermissionDenied)


@dataclass(frozen=True)
class Receipt:
    """回执: what became of one operation; `state` is a state of the row, or `altered` where it has to come again."""

    digest: str
    state: str
    reason: str = ""
    files: Sequence[str] = ()
    after: int = 0


def receive_operations(*, viewer: UserViewer, sent: Sequence[tuple[str, str]], now: datetime) -> list[Receipt]:
    """接收离线操作: pairs of text and digest, in any order. Idempotent on their ids; one receipt for each, in order."""
    if len(sent) > MOST_AT_ONCE:
        raise NotAllowed(_("一次最多发送 %(count)d 条，请分批发送。") % {"count": MOST_AT_ONCE})
    user = _sender(viewer)
    kept = [_keep(user, viewer, text, digest, now) for text, digest in sent]
    for visit_id, device in dict.fromkeys(
        (row.visit_id, row.device) for row in kept if isinstance(row, OfflineOperation) and row.visit_id
    ):
        assert visit_id is not None
        apply_chain(visit_id=visit_id, user=user, device=device, now=now)
    return [_receipt(row) if isinstance(row, OfflineOperation) else row for row in kept]


def _sender(viewer: UserViewer) -> User:
    assert viewer.user_id is not None
    return User.objects.get(pk=viewer.user_id)


@transaction.atomic
def _keep(user: User, viewer: UserViewer, text: str, digest: str, now: datetime) -> OfflineOperation | Receipt:
    try:
        operation = read_operation(text, digest)
    except Altered as error:
        return Receipt(digest, "altered", _(str(error)))
    except NotAllowed as error:
        return Receipt(digest, OperationState.REFUSED, _(str(error)))
    if operation.user != str(user.pk):
        return Receipt(digest, "altered", _("这些记录属于另一位用户，留在手机上，请由本人登录后发送。"))
    visit = visits_of_officer(viewer).filter(uid=operation.visit).first()
    if visit is not None:
        locked(visit)  # two requests of one phone at the same moment: one after the other
    known = OfflineOperation.objects.select_for_update().filter(uid=operation.uid).first()
    if known is not None:
        if known.digest != digest or known.user_id != user.pk:
            return Receipt(digest, OperationState.REFUSED, _("这个编号已经用在另一条操作上，请重新填写。"))
        known.times_received += 1
        known.save(update_fields=["times_received"])
        return known
    chain = OfflineOperation.objects.filter(visit=visit, user=user, device=operation.device)
    if visit is not None and chain.filter(position=operation.position).exists():
        return Receipt(digest, OperationState.REFUSED, _("手机在这个位置已经发来过另一条操作，这一条没有照办。"))
    row = OfflineOperation(
        uid=operation.uid,
        visit=visit,
        user=user,
        device=operation.device,
        position=operation.position,
        previous=operation.previous,
        kind=operation.kind,
        digest=digest,
        body=text,
        acted_at=min(operation.at, now),
        clock_offset_ms=operation.offset_ms,
        received_at=now,
    )
    if visit is None:
        row.state, row.applied_at = OperationState.REFUSED, now
        row.reason = _("这次检查没有派给您，或已改派他人；内容留存在平台，请联系派单的科室。")
    row.save(force_insert=True)
    audit.record(
        actor=viewer.actor,
        action="inspections.receive_operation",
        subject=row,
        now=now,
        after=audit.snapshot(row, "visit_id", "kind", "position", "digest", "acted_at", "clock_offset_ms", "state"),
    )
    return row


def _receipt(row: OfflineOperation) -> Receipt:
    row.refresh_from_db()
    if row.state != OperationState.WAITING:
        return Receipt(row.digest, row.state, row.reason)
    head = _head(row.visit_id, row.user, row.device)
    missing = _missing_files(read_operation(row.body, row.digest), row.user)
    after = head[0] + 1 if head[0] + 1 < row.position else 0
    return Receipt(row.digest, row.state, row.reason, files=missing, after=after)


def keep_file(*, viewer: UserViewer, digest: str, data: bytes, now: datetime) -> OfflineFile:
    """接收离线照片: bytes by their SHA-256, before or after the operation that names them; safe to repeat.

    Raises `Altered` when they are not what was hashed on the phone. What waited for them is applied.
    """
    if sha256(data).hexdigest() != digest:
        raise Altered(_("照片与手机上算出的指纹不一致，传输中有变化，手机会重新发送。"))
    user = _sender(viewer)
    known = OfflineFile.objects.filter(user=user, sha256=digest).first()
    if known is None:
        known = _new_file(user, viewer.actor, digest, data, now)
    waiting = OfflineOperation.objects.filter(user=user, state=OperationState.WAITING, visit__isnull=False)
    for visit_id, device in waiting.values_list("visit", "device").distinct():
        assert visit_id is not None
        apply_chain(visit_id=visit_id, user=user, device=device, now=now)
    return known


@transaction.atomic
def _new_file(user: User, actor: Actor, digest: str, data: bytes, now: datetime) -> OfflineFile:
    problem = ""
    try:
        if len(data) > evidence.LARGEST_FILE:
            raise evidence.UnusableFile(_("文件超过 20 MB，请压缩或分开上传。"))
        if evidence.media_type_of(data) == "application/pdf":
            raise evidence.UnusableFile(_("这里只收照片，不收 PDF。"))
        evidence.write(data)
    except evidence.UnusableFile as error:
        problem = str(error)
    row, is_new = OfflineFile.objects.get_or_create(
        user=user, sha256=digest, defaults={"size": len(data), "problem": problem, "received_at": now}
    )
    if is_new:
        audit.record(
            actor=actor,
            action="inspections.receive_file",
            subject=row,
            now=now,
            after=audit.snapshot(row, "sha256", "size", "problem"),
        )
    return row


def apply_chain(*, visit_id: int, user: User, device: UUID, now: datetime) -> int:
    """Apply what can be applied of one phone's operations on one visit; returns how many were decided."""
    count, actor = 0, viewer_of(user).actor
    while _apply_next(visit_id, user, device, actor, now):
        count += 1
    return count


@transaction.atomic
def _apply_next(visit_id: int, user: User, device: UUID, actor: Actor, now: datetime) -> bool:
    visit = locked(Visit(pk=visit_id))
    position, digest, moment = _head(visit_id, user, device)
    row = OfflineOperation.objects.filter(
        visit=visit, user=user, device=device, position=position + 1, state=OperationState.WAITING
    ).first()
    if row is None:
        return False
    operation = read_operation(row.body, row.digest)
    if _missing_files(operation, user):
        return False
    when = moment_of(operation, received_at=row.received_at, not_before=moment or visit.approved_at)
    row.acted_at, row.clock_is_doubtful = when.at, when.is_doubtful
    try:
        with transaction.atomic():
            if operation.previous != digest:
                raise NotAllowed(_("这条操作接不上它前面的一条：前面的在手机上缺失或被改动过，没有照办。"))
            if operation.problem:
                raise NotAllowed(_(operation.problem))
            note = _apply(operation, visit, actor, when.at)
    except _REFUSALS as error:
        row.state, row.reason = OperationState.REFUSED, _sentence(error)[:300]
    except Exception:
        log.exception("offline operation %s could not be applied", row.uid)
        row.reason = _("平台处理时出错，内容已经收到，会再次处理。")
        row.save(update_fields=["reason", "acted_at", "clock_is_doubtful"])
        return False
    else:
        row.state, row.reason = OperationState.DONE, note
    row.applied_at = now
    row.save(update_fields=["state", "reason", "applied_at", "acted_at", "clock_is_doubtful"])
    audit.record(
        actor=actor,
        action="inspections.apply_operation",
        subject=row,
        now=now,
        after=audit.snapshot(row, "state", "reason", "acted_at", "clock_is_doubtful"),
        cause=row.digest,
    )
    return True


def _head(visit_id: int | None, user: User, device: UUID) -> tuple[int, str, datetime | None]:
    """Position, digest and moment of the last operation of a chain that was decided."""
    decided = OfflineOperation.objects.filter(visit=visit_id, user=user, device=device)
    row = decided.exclude(state=OperationState.WAITING).order_by("-position").first()
    return (row.position, row.digest, row.acted_at) if row else (0, "", None)


def _missing_files(operation: Operation, user: User) -> list[str]:
    needed = [] if operation.problem else operation.needs
    here = set(OfflineFile.objects.filter(user=user, sha256__in=needed).values_list("sha256", flat=True))
    return [digest for digest in needed if digest not in here]


def _sentence(error: Exception) -> str:
    template, params = getattr(error, "template", None), getattr(error, "params", {})
    if template is None:
        return _(str(error))
    return str(_(template) % {name: _(value) for name, value in params.items()})


def _apply(operation: Operation, visit: Visit, actor: Actor, at: datetime) -> str:
    """Do what the operation says; returns what is worth telling although it was done, usually nothing."""
    value = operation.payload
    match operation.kind:
        case OperationKind.START:
            visits.start_visit(
                visit=visit,
                present=value["present"],
                host=value["host"],
                latitude=degrees(value["lat"], 90),
                longitude=degrees(value["lon"], 180),
                accuracy_m=value["accuracy"],
                actor=actor,
                now=at,
            )
        case OperationKind.ANSWER:
            return _answer(operation, visit, actor, at)
        case OperationKind.RECHECK:
            return _recheck(operation, visit, actor, at)
        case OperationKind.WITHOUT:
            visits.end_without_check(
                visit=visit,
                category=_one_of(ResultCategory, value["category"]),
                note=value["note"],
                photos=_photos(operation),
                actor=actor,
                now=at,
            )
        case OperationKind.NOTE | OperationKind.OPINION:
            if not value["text"].strip():
                raise NotAllowed(_("没有写内容。"))
            keep_photos(_photos(operation), owner=visit, actor=actor, now=at)
        case OperationKind.READY:
            _ready(operation, visit, actor, at)
        case OperationKind.REOPEN:
            if visit.state != VisitState.ON_SITE:
                visits.correct_record(visit=visit, reason=value["reason"], actor=actor, now=at)
        case OperationKind.SIGN:
            _sign(operation, visit, actor, at)
    return ""


def _answer(operation: Operation, visit: Visit, actor: Actor, at: datetime) -> str:
    value, photos = operation.payload, _photos(operation)
    item = visit.checklist.items.filter(number=value["item"]).first()
    if item is None:
        raise NotAllowed(_("这一项不在本次检查的检查表里。"))
    check_on_site(VisitState(visit.state))
    newer = visit.answers.filter(item=item, answered_at__gt=at).first()
    if newer is not None:
        # A colleague's phone or the online page was later; whatever arrives first, the later answer stands.
        keep_photos(photos, owner=newer, actor=actor, now=at)
        return _("同一项已有更晚的结果，以更晚的为准；这一条和照片作为经过留存。")
    visits.answer_item(
        visit=visit,
        item=item,
        uid=operation.uid,
        outcome=_one_of(Outcome, value["outcome"]),
        note=value["note"],
        place=value["place"],
        level=_one_of(HazardLevel, value["level"]) if value["level"] else "",
        criterion=value["criterion"],
        due_on=_day(value["due_on"]),
        photos=photos,
        actor=actor,
        now=at,
    )
    return ""


def _recheck(operation: Operation, visit: Visit, actor: Actor, at: datetime) -> str:
    value, photos = operation.payload, _photos(operation)
    hazard = Hazard.objects.filter(uid=value["hazard"]).first()
    if hazard is None:
        raise NotAllowed(_("这条隐患不是本次复查的对象。"))
    check_on_site(VisitState(visit.state))
    newer = visit.answers.filter(hazard=hazard, answered_at__gt=at).first()
    if newer is not None:
        keep_photos(photos, owner=newer, actor=actor, now=at)
        return _("同一条隐患已有更晚的结果，以更晚的为准；这一条和照片作为经过留存。")
    visits.answer_hazard(
        visit=visit,
        hazard=hazard,
        uid=operation.uid,
        is_rectified=value["rectified"],
        note=value["note"],
        photos=photos,
        actor=actor,
        now=at,
    )
    return ""


def _ready(operation: Operation, visit: Visit, actor: Actor, at: datetime) -> None:
    advance_visit(VisitState(visit.state), VisitAction.DRAFT_RECORD)
    form, body = record_of(visit, at)
    if record_digest(visit_uid=str(visit.uid), form=form, body=body) != operation.payload["digest"]:
        raise NotAllowed(
            _(
                "平台上的检查结果和手机上显示、签字的记录不一致（可能有另一部手机或电脑改过），请核对后重新生成记录并签字。"
            )
        )
    visits.draft_record(visit=visit, actor=actor, now=at)


def _sign(operation: Operation, visit: Visit, actor: Actor, at: datetime) -> None:
    value, record = operation.payload, visit.record
    if visit.state != VisitState.RECORD_DRAFTED or record is None:
        raise NotAllowed(_("记录没有照手机上的内容生成，这个签名没有附上；请在记录生成后重新签字。"))
    if record_digest(visit_uid=str(visit.uid), form=record.form, body=record.body) != value["digest"]:
        raise NotAllowed(_("签名时看到的内容和现在的记录不同，这个签名没有附上；请按现在的记录重新签字。"))
    image = evidence.read(_usable(operation, [value["image"]])[0]) if value["image"] else None
    if value["party"] == "officer":
        officer = next((row.officer for row in team_of(visit) if row.officer_id == value["officer"]), None)
        if officer is None or image is None:
            raise NotAllowed(_("只有到场的执法人员可以签名。"))
        visits.sign_as_officer(visit=visit, officer=officer, uid=operation.uid, image=image, actor=actor, now=at)
        return
    visits.sign_as_enterprise(
        visit=visit,
        uid=operation.uid,
        name=value["name"],
        image=image,
        refused=value["refused"],
        note=value["note"],
        actor=actor,
        now=at,
    )


def _photos(operation: Operation) -> list[Photo]:
    """The pictures of an operation with their bytes; raises `UnusableFile` for one that is no picture."""
    _usable(operation, [photo.sha256 for photo in operation.photos])
    return [
        Photo(
            uid=photo.uid,
            data=evidence.read(photo.sha256),
            taken_at=photo.taken_at,
            clock_offset_ms=operation.offset_ms,
            latitude=photo.latitude,
            longitude=photo.longitude,
            accuracy_m=photo.accuracy_m,
            name=photo.name,
            claimed_sha256=photo.sha256,
        )
        for photo in operation.photos
    ]


def _usable(operation: Operation, digests: Sequence[str]) -> Sequence[str]:
    bad = OfflineFile.objects.filter(user_id=int(operation.user), sha256__in=digests).exclude(problem="").first()
    if bad is not None:
        raise evidence.UnusableFile(bad.problem)
    return digests


def _one_of(kind: type[E], text: str) -> E:
    try:
        return kind(text)
    except ValueError:
        raise NotAllowed(_("这条操作里有读不懂的选项，请更新手机上的页面后重新填写。")) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotAllowed(_("整改期限不是一个日期，请重新填写。")) from None
