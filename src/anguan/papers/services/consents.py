"""送达地址确认书: a party says where it takes papers, and may take its word back."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock, evidence
from anguan.ground.access import Actor
from anguan.ground.models import Evidence
from anguan.papers.models import ServiceConsent
from anguan.papers.rules import ConsentKind, NotAllowed
from anguan.registry.models import Enterprise


@transaction.atomic
def record_consent(
    *,
    enterprise: Enterprise,
    signed_by: str,
    kinds: Sequence[ConsentKind | str],
    sheet: bytes,
    since: date,
    uid: UUID,
    actor: Actor,
    now: datetime,
    until: date | None = None,
    address: str = "",
    mobile: str = "",
    email: str = "",
    name: str = "",
) -> ServiceConsent:
    """登记确认书: keep the signed sheet (PDF or picture) and what it says; idempotent on `uid`."""
    if known := ServiceConsent.objects.filter(uid=uid).first():
        return known
    chosen = sorted({ConsentKind(kind).value for kind in kinds})
    if not chosen:
        raise NotAllowed(_("请选择当事人确认的送达方式。"))
    wanted = {
        ConsentKind.POSTAL: (address, _("请写明确认的邮寄地址。")),
        ConsentKind.MOBILE: (mobile, _("请写明确认的手机号。")),
        ConsentKind.EMAIL: (email, _("请写明确认的电子邮箱。")),
    }
    for kind, (value, refusal) in wanted.items():
        if kind in chosen and not value.strip():
            raise NotAllowed(refusal)
    if not signed_by.strip():
        raise NotAllowed(_("请写明确认书由谁签署。"))
    if since > clock.local_day(now):
        raise NotAllowed(_("确认书的签署日期不能晚于今天。"))
    if until is not None and until < since:
        raise NotAllowed(_("确认书的截止日期不能早于签署日期。"))
    enterprise = enterprise.merged_into or enterprise
    consent = ServiceConsent.objects.create(
        uid=uid,
        enterprise=enterprise,
        signed_by=signed_by.strip()[:60],
        kinds=chosen,
        address=address.strip(),
        mobile=mobile.strip(),
        email=email.strip(),
        since=since,
        until=until,
        recorded_at=now,
        recorded_by_name=actor.name,
    )
    consent.sheet = evidence.keep(
        data=sheet, uid=uid, kind=Evidence.Kind.SCAN, owner=consent, actor=actor, now=now, name=name
    )
    consent.save(update_fields=["sheet"])
    audit.record(
        actor=actor,
        action="papers.record_consent",
        subject=consent,
        now=now,
        after=audit.snapshot(consent, "enterprise_id", "signed_by", "kinds", "since", "until"),
    )
    return consent


@transaction.atomic
def withdraw_consent(*, consent: ServiceConsent, actor: Actor, now: datetime) -> ServiceConsent:
    """撤回: from tomorrow on nothing more is served by wire; what was served stays served."""
    consent = ServiceConsent.objects.select_for_update().get(pk=consent.pk)
    if consent.withdrawn_on is not None:
        raise NotAllowed(_("这份确认书已经撤回。"))
    consent.withdrawn_on = clock.local_day(now)
    consent.save(update_fields=["withdrawn_on"])
    audit.record(
        actor=actor,
        action="papers.withdraw_consent",
        subject=consent,
        now=now,
        before={"withdrawn_on": None},
        after=audit.snapshot(consent, "withdrawn_on"),
    )
    return consent
