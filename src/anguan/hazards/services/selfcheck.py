"""自查自报: an enterprise records what it found, closes it itself with proof, and hands in its quarterly statistics."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from anguan.core.search import clean_text
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.photos import Photo, keep_photos
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules
from anguan.hazards.events import HazardClosed
from anguan.hazards.models import Hazard, Rectification, Statement, TenantReport
from anguan.hazards.rules import Action, Level, NotAllowed, Outcome, Quarter, Source, State
from anguan.hazards.selectors.selfcheck import counts_of, handling_organ_of
from anguan.hazards.services.finding import find_hazard
from anguan.hazards.services.orders import undertake_rectification
from anguan.hazards.services.photo_hashes import hash_photos, refuse_reused_photos
from anguan.hazards.services.rectification import check_place
from anguan.hazards.services.writing import TOLD, check_told, locked, note, save
from anguan.registry.models import Enterprise, Tenant

STATISTICS_RULE = "D28"


@transaction.atomic
def report_own_hazard(
    *,
    uid: UUID,
    enterprise: Enterprise,
    description: str,
    place: str,
    photos: Sequence[Photo],
    may_be_major: bool,
    actor: Actor,
    now: datetime,
    tenant: Tenant | None = None,
) -> Hazard:
    """自查自报: what the enterprise found itself, with a picture; idempotent on `uid`.

    A general one is being rectified at once. One that may be major goes to the bureau, which classifies it: major
    hazards are reported in time (安全生产法 art. 41).
    """
    known = Hazard.objects.filter(uid=uid).first()
    if known is not None:
        if known.enterprise_id != enterprise.pk:
            raise NotAllowed(N_("这个编号已经用于另一条隐患，请重新打开页面填写。"))
        return known
    if not photos:
        raise NotAllowed(N_("请至少拍一张现场照片。"))
    organ = handling_organ_of(enterprise)
    if organ is None:
        raise NotAllowed(N_("还没有登记负责监管的机构，暂时不能上报；请联系监管部门。"))
    if tenant is not None and tenant.complex.operator_id != enterprise.pk:
        raise NotAllowed(N_("这家商户不在本单位的综合体里，请重新选择。"))
    hazard = find_hazard(
        uid=uid,
        enterprise=enterprise,
        source=Source.SELF,
        description=description,
        place=place,
        level="" if may_be_major else Level.GENERAL,
        photos=photos,
        organ=organ,
        tenant=tenant,
        actor=actor,
        now=now,
    )
    return hazard if may_be_major else undertake_rectification(hazard=hazard, actor=actor, now=now)


@transaction.atomic
def close_own_hazard(
    *,
    hazard: Hazard,
    uid: UUID,
    description: str,
    photos: Sequence[Photo],
    actor: Actor,
    now: datetime,
    place_reason: str = "",
) -> Rectification:
    """企业自行销号: a general hazard that the enterprise found itself, with proof; idempotent on `uid`.

    No officer comes; a sample of these is drawn and visited. Raises `NotAllowed` as `report_rectification` does.
    """
    hazard = locked(hazard)
    known = Rectification.objects.filter(uid=uid).first()
    if known is not None:
        if known.hazard_id != hazard.pk:
            raise NotAllowed(N_("这份整改报告已经用于另一条隐患，请重新填写。"))
        return known
    rules.check_self_closing(source=hazard.source, level=hazard.level)
    state = rules.advance(State(hazard.state), Action.SELF_CLOSE)
    description = check_told(clean_text(description, multiline=True), "整改情况", N_("请写明怎么整改的。"), most=1000)
    if not photos:
        raise NotAllowed(N_("请至少上传一张整改后的现场照片。"), basis=rules.BASIS[Action.REPORT])
    for photo in photos:
        rules.check_proof(taken_at=photo.taken_at, effective_at=hazard.found_at, now=now)
    refuse_reused_photos(photos, hazard=hazard, now=now)
    far_m, far_reason = check_place(hazard, photos, place_reason, now)
    before = audit.snapshot(hazard, *TOLD)
    report = Rectification.objects.create(
        hazard=hazard,
        uid=uid,
        attempt=hazard.rectifications.count() + 1,
        description=description,
        reported_by_id=actor.id,
        reported_by_name=actor.name,
        reported_at=now,
        outcome=Outcome.SELF_CLOSED,
        decided_at=now,
        far_m=far_m,
        far_reason=far_reason,
    )
    kept = keep_photos(photos, owner=report, actor=actor, now=now)
    hash_photos(kept, hazard=hazard, now=now)
    hazard.state, hazard.self_closed = state, True
    hazard.reported_at, hazard.closed_at, hazard.closed_by_name = now, now, actor.name
    save(
        hazard,
        "hazards.close_own_hazard",
        before,
        actor,
        now,
        cause=description[:250],
        more={"report": str(uid), "photos": [item.sha256 for item in kept], "far_m": far_m},
    )
    publish(HazardClosed(hazard.pk, hazard.enterprise_id, hazard.visit_uid, now))
    return report


@transaction.atomic
def submit_statement(
    *, enterprise: Enterprise, year: int, quarter: int, funds_yuan: Decimal, note_text: str, actor: Actor, now: datetime
) -> Statement:
    """报送隐患排查治理统计表 of a quarter that is over (0: of the year): the figures are the platform's own rows.

    Raises `NotAllowed` before the period is over and a second time.
    """
    period = Quarter(year, quarter)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    today = clock.local_day(now)
    rules.check_statement(
        period,
        today=today,
        known=Statement.objects.filter(enterprise=enterprise, year=year, quarter=quarter).exists(),
    )
    found = rule(STATISTICS_RULE, today)
    row = Statement.objects.create(
        enterprise=enterprise,
        year=year,
        quarter=quarter,
        funds_yuan=funds_yuan,
        note=note_text.strip()[:500],
        due_on=rules.due_day(period, quarterly=found.values["quarterly"], yearly=found.values["yearly"]),
        rule_version=found.version,
        submitted_at=now,
        submitted_by_id=actor.id,
        submitted_by_name=actor.name,
        **counts_of(enterprise, period),
    )
    audit.record(
        actor=actor,
        action="hazards.submit_statement",
        subject=row,
        now=now,
        after=audit.snapshot(row),
    )
    return row


@transaction.atomic
def name_tenant(*, hazard: Hazard, tenant: Tenant | None, actor: Actor, now: datetime) -> Hazard:
    """指明商户: whose shop a hazard of a mall concerns, or nobody's. Raises `NotAllowed` for a shop of another mall."""
    hazard = locked(hazard)
    if tenant is not None and tenant.complex.operator_id != hazard.enterprise_id:
        raise NotAllowed(N_("这家商户不在本单位的综合体里，请重新选择。"))
    hazard.tenant = tenant
    hazard.save(update_fields=["tenant"])
    note(hazard, "hazards.name_tenant", actor, now, cause=tenant.name if tenant else "", tenant_id=hazard.tenant_id)
    return hazard


@transaction.atomic
def report_tenant_part(
    *, hazard: Hazard, uid: UUID, description: str, photos: Sequence[Photo], actor: Actor, now: datetime
) -> TenantReport:
    """商户反馈整改: the shop tells the mall's safety manager that its part is done; idempotent on `uid`.

    It is no report to the bureau: that the mall makes, which answers for the whole.
    """
    hazard = locked(hazard)
    known = TenantReport.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    if hazard.tenant_id is None:
        raise NotAllowed(N_("这条隐患没有指明商户，请由商场安全管理人员先指明。"))
    if State(hazard.state) in rules.ENDED:
        raise NotAllowed(N_("这条隐患已经办结，不用再反馈。"))
    row = TenantReport.objects.create(
        hazard=hazard,
        tenant_id=hazard.tenant_id,
        uid=uid,
        description=check_told(
            clean_text(description, multiline=True), "整改情况", N_("请写明怎么整改的。"), most=1000
        ),
        reported_at=now,
        reported_by_id=actor.id,
        reported_by_name=actor.name,
    )
    kept = keep_photos(photos, owner=row, actor=actor, now=now)
    hash_photos(kept, hazard=hazard, now=now)
    note(
        hazard,
        "hazards.report_tenant_part",
        actor,
        now,
        cause=row.description,
        tenant_report=str(uid),
        photos=[item.sha256 for item in kept],
    )
    return row
