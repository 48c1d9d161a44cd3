"""拟稿与签名: a paper from its first word to its last signature."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.rendering import check_drawable
from anguan.papers import rules
from anguan.papers.models import Paper, Signature
from anguan.papers.rules import FORMS, Form, FormCode, NotAllowed, PaperState, Party, Review
from anguan.papers.selectors import edition_for
from anguan.papers.services.gates import (
    check_follows,
    check_officer,
    clean_body,
    keep_signature,
    locked,
    organ_in_charge,
)
from anguan.people.models import Organ
from anguan.registry.models import Enterprise


@transaction.atomic
def draft_paper(
    *,
    form: FormCode | str,
    enterprise: Enterprise,
    handling_organ: Organ,
    body: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    answers: Paper | None = None,
    uid: UUID | None = None,
    origin: tuple[str, UUID] | None = None,
) -> Paper:
    """拟稿: begin a paper; idempotent on `uid`. `origin` is the kind and id of the check or hazard it is drafted from.

    The issuing organ is the handling organ where that is competent itself, else the organ that entrusted it
    (行政处罚法 art. 20). Raises `NotAllowed` without competence or before the paper that must come first.
    """
    spec = FORMS[FormCode(form)]
    if spec.code is FormCode.SERVICE_RECEIPT:
        raise NotAllowed(_("送达回执随送达自动出具，不必另拟。"))
    if uid is not None and (known := Paper.objects.filter(uid=uid).first()):
        return known
    enterprise = enterprise.merged_into or enterprise
    text = clean_body(body)
    today = clock.local_day(now)
    issuing_organ, entrustment = organ_in_charge(spec, handling_organ, text, today)
    edition = edition_for(spec.code, issuing_organ, today)
    return new_draft(
        edition.spec if edition else spec,
        Paper(
            edition=edition,
            uid=uid or uuid7(),
            issuing_organ=issuing_organ,
            handling_organ=handling_organ,
            entrustment=entrustment,
            enterprise=enterprise,
            answers=_earlier_paper(spec, enterprise, handling_organ, answers, text),
            body=text,
            origin_kind=origin[0] if origin else "",
            origin_uid=origin[1] if origin else None,
        ),
        actor,
        now,
    )


@transaction.atomic
def rewrite_draft(*, paper: Paper, body: Mapping[str, Any], actor: Actor, now: datetime) -> Paper:
    """改稿: replace what a draft says, as long as nobody has signed it."""
    paper = locked(paper)
    if paper.state != PaperState.DRAFT:
        raise NotAllowed(_("这份文书已经出具，内容不能再变；有错请作废后另出。"))
    if paper.signatures.exists():
        raise NotAllowed(_("已经有人签名，内容不能再改；请作废这份拟稿，另拟一份。"))
    if paper.review != Review.HANDLER:
        raise NotAllowed(_("这份拟稿已经送审，内容不能再改；要修改的请先撤回。"))
    before = audit.snapshot(paper, "body")
    paper.body = clean_body(body)
    paper.save(update_fields=["body"])
    audit.record(
        actor=actor,
        action="papers.rewrite",
        subject=paper,
        now=now,
        before=before,
        after=audit.snapshot(paper, "body"),
    )
    return paper


@transaction.atomic
def sign_paper(
    *,
    paper: Paper,
    party: Party | str,
    name: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    certificate_no: str = "",
    image: bytes | None = None,
    refused: bool = False,
    note: str = "",
) -> Signature:
    """签名: put a drawn signature under a draft, or the enterprise's refusal with a note (安全生产法 art. 68).

    Idempotent on `uid`. An officer needs a certificate that counts today, belongs to the handling or issuing organ, and
    has no declared conflict with the enterprise (行政处罚法 art. 42, 43).
    """
    paper = locked(paper)
    if known := Signature.objects.filter(uid=uid).first():
        if known.paper_id != paper.pk:
            raise NotAllowed(_("这个签名已经用在另一份文书上，请重新签名。"))
        return known
    if paper.state != PaperState.DRAFT:
        raise NotAllowed(_("这份文书已经出具，不能再签名。"))
    party = Party(party)
    name, note = name.strip(), note.strip()
    if not refused and not name:
        raise NotAllowed(_("请写明签名人的姓名。"))
    check_drawable([name, note])
    if party is Party.OFFICER:
        if refused:
            raise NotAllowed(_("执法人员不能拒签；不能签名时请换一名执法人员。"))
        check_officer(paper, name, certificate_no, clock.local_day(now))
    elif refused and not note:
        raise NotAllowed(_("被检查单位拒绝签名的，请写明拒签的情况和见证人。"))
    if paper.signatures.filter(party=party, certificate_no=certificate_no if party is Party.OFFICER else "").exists():
        raise NotAllowed(_("%(name)s已经在这份文书上签过名。") % {"name": name or _("被检查单位")})
    drawn = None
    if not refused:
        drawn = keep_signature(image, uid=uid, owner=paper, actor=actor, now=now)
    signature = Signature.objects.create(
        paper=paper,
        uid=uid,
        party=party,
        name=name,
        certificate_no=certificate_no if party is Party.OFFICER else "",
        image=drawn,
        refused=refused,
        note=note,
        signed_at=now,
    )
    audit.record(
        actor=actor,
        action="papers.sign",
        subject=paper,
        now=now,
        after={
            "party": party,
            "name": name,
            "certificate_no": signature.certificate_no,
            "refused": refused,
            "note": note,
            "image": drawn.sha256 if drawn else "",
        },
    )
    return signature


def new_draft(spec: Form, paper: Paper, actor: Actor, now: datetime) -> Paper:
    """Fill in what the form decides and store the draft with its audit record."""
    paper.form = spec.code
    paper.form_version = spec.version
    paper.title = spec.title
    paper.prefix = spec.prefix
    paper.confirm_code = rules.new_confirm_code()
    paper.drafted_at = now
    paper.drafted_by_name = actor.name
    paper.save(force_insert=True)
    audit.record(
        actor=actor,
        action="papers.draft",
        subject=paper,
        now=now,
        after=audit.snapshot(paper, "form", "enterprise_id", "issuing_organ_id", "handling_organ_id", "body"),
    )
    return paper


def _earlier_paper(
    spec: Form, enterprise: Enterprise, handling_organ: Organ, answers: Paper | None, body: Mapping[str, Any]
) -> Paper | None:
    if answers is None and (not spec.follows or body.get("on_the_spot") is True):
        check_follows(spec, None, body)
        return None
    # A record is the newest one; which order is rechecked or which decision is extended somebody has to say.
    if answers is None and not spec.answers_served:
        answers = (
            Paper.objects.filter(enterprise=enterprise, handling_organ=handling_organ, form__in=spec.follows)
            .filter(state__in=[PaperState.ISSUED, PaperState.SERVED])
            .order_by("-issued_at")
            .first()
        )
    if answers is not None:
        answers = Paper.objects.get(pk=answers.pk)
        if answers.enterprise_id != enterprise.pk:
            raise NotAllowed(_("所依据的文书是另一家单位的，请核对。"))
    check_follows(spec, answers, body)
    return answers
