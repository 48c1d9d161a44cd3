"""作废与盖章件: what may still be added to an issued paper."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from anguan.ground import audit, evidence
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.models import Evidence
from anguan.papers import rules
from anguan.papers.events import PaperVoided
from anguan.papers.models import Paper, SealedCopy
from anguan.papers.rules import Action, NotAllowed, PaperState
from anguan.papers.services.gates import locked
from anguan.papers.services.serving import tell_enterprise


@transaction.atomic
def void_paper(*, paper: Paper, reason: str, actor: Actor, now: datetime) -> Paper:
    """作废: a paper no longer counts; its number stays with the reason and is never given out again."""
    paper = locked(paper)
    state = rules.advance(PaperState(paper.state), Action.VOID)
    reason = reason.strip()
    if not reason:
        raise NotAllowed(_("请写明作废的原因，原因会和文号一起留存。"))
    resting = paper.answered_by.exclude(state__in=[PaperState.DRAFT, PaperState.VOID]).order_by("id").first()
    if resting is not None:
        raise NotAllowed(_("%(paper)s以这份文书为依据，请先作废它。") % {"paper": resting})
    before = audit.snapshot(paper, "state", "void_reason")
    paper.state = state
    paper.void_reason = reason[:300]
    paper.voided_at = now
    paper.save(update_fields=["state", "void_reason", "voided_at"])
    audit.record(
        actor=actor,
        action="papers.void",
        subject=paper,
        now=now,
        before=before,
        after=audit.snapshot(paper, "state", "void_reason"),
    )
    # What this paper had settled is open again.
    paper.terms_met.update(met_at=None, met_by=None)
    if paper.was_served and not paper.spec.to_third:
        with override(settings.LANGUAGE_CODE):
            tell_enterprise(
                paper,
                now=now,
                occasion="voided",
                title=_("一份执法文书已作废：%(paper)s") % {"paper": paper},
                body=_("%(organ)s作废了%(paper)s，原因：%(reason)s")
                % {"organ": paper.issuing_organ.name, "paper": paper, "reason": paper.void_reason},
            )
    publish(PaperVoided(paper.pk, paper.form, paper.enterprise_id, paper.was_served, paper.void_reason))
    return paper


@transaction.atomic
def attach_sealed_copy(
    *, paper: Paper, data: bytes, uid: UUID, actor: Actor, now: datetime, name: str = "", note: str = ""
) -> SealedCopy:
    """盖章件: keep the scan (PDF or picture) of the sealed paper beside the issued one; idempotent on `uid`."""
    paper = locked(paper)
    if known := SealedCopy.objects.filter(image__uid=uid).first():
        return known
    if not paper.is_issued:
        raise NotAllowed(_("文书出具后才有盖章件，请先出具。"))
    scan = evidence.keep(data=data, uid=uid, kind=Evidence.Kind.SCAN, owner=paper, actor=actor, now=now, name=name)
    copy = SealedCopy.objects.create(
        paper=paper, image=scan, note=note.strip()[:200], attached_at=now, attached_by_name=actor.name
    )
    audit.record(actor=actor, action="papers.attach_sealed_copy", subject=paper, now=now, after={"sha256": scan.sha256})
    return copy
