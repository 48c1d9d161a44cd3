"""出具: the number, the frozen text, its hash and its PDF."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock, evidence
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.numbering import allocate
from anguan.ground.rendering import picture, qr_code, render_pdf
from anguan.ground.rules import shipped_rule
from anguan.papers import rules
from anguan.papers.events import PaperIssued
from anguan.papers.models import Paper, Signature
from anguan.papers.rules import Action, Form, FormCode, NotAllowed, PaperState, Review
from anguan.papers.selectors import confirm_url, hash_of, origin
from anguan.papers.services.gates import check_follows, check_signatures, legal_bases, locked, organ_in_charge
from anguan.papers.services.limits import check_limits
from anguan.papers.services.review import opinions_of
from anguan.papers.services.terms import meet_terms, printed, start_terms, terms_of_issue
from anguan.people.models import OneTimeCode, Organ
from anguan.people.rules import Role
from anguan.registry.models import Membership
from anguan.registry.services import invite_member

TEMPLATES = Path(__file__).parents[1] / "forms"


@transaction.atomic
def issue_paper(*, paper: Paper, actor: Actor, now: datetime) -> Paper:
    """出具: give the paper its number, freeze and hash what it says, draw the PDF; nothing of it changes afterwards.

    Refuses with the first thing that is missing: a field, the paper that comes before, the competence on this day, two
    certified officers, the enterprise's signature or refusal.
    """
    paper = locked(paper)
    state = rules.advance(PaperState(paper.state), Action.ISSUE)
    spec = paper.spec
    today = clock.local_day(now)
    if paper.review in {Review.REVIEWER, Review.APPROVER}:
        raise NotAllowed(_("这份拟稿还在等审核审批的意见，意见齐全后再出具。"))
    if given := opinions_of(paper):
        paper.body = {**paper.body, "opinions": given}
    if missing := rules.missing_fields(spec, paper.body):
        raise NotAllowed(
            _("《%(title)s》还缺：%(fields)s。")
            % {"title": _(spec.title), "fields": "、".join(_(label) for label in missing)}
        )
    _check_body(spec, paper.body, today)
    if paper.answers_id is not None:
        # Locked, so that the earlier paper is not voided while this one comes to rest on it.
        paper.answers = Paper.objects.select_for_update().get(pk=paper.answers_id)
    check_follows(spec, paper.answers, paper.body)
    if spec.code is not FormCode.SERVICE_RECEIPT:
        # Entrustments and competences end: what counts is the day of issue, not that of the draft.
        paper.issuing_organ, paper.entrustment = organ_in_charge(spec, paper.handling_organ, paper.body, today)
    signatures = list(paper.signatures.select_related("image"))
    check_signatures(spec, paper, signatures, today)
    check_limits(paper, now)
    terms = terms_of_issue(paper, now)

    paper.year = today.year
    paper.serial = allocate(organ_id=paper.issuing_organ_id, prefix=paper.prefix, year=paper.year)
    paper.number = rules.number_text(
        short_name=paper.issuing_organ.short_name, prefix=paper.prefix, year=paper.year, serial=paper.serial
    )
    paper.issued_at = now
    paper.content = {
        **_content(spec, paper, signatures, today),
        "terms": printed(terms),
        "layout": _layout(spec, paper),
    }
    paper.body_hash = hash_of(paper.content)
    paper.pdf_sha256 = evidence.write(_draw(paper, _invitation(spec, paper, actor, now), now))
    paper.state = state
    paper.save()
    audit.record(
        actor=actor,
        action="papers.issue",
        subject=paper,
        now=now,
        before={"state": PaperState.DRAFT},
        after=audit.snapshot(paper, "state", "number", "body_hash", "pdf_sha256", "issuing_organ_id", "entrustment_id"),
    )
    start_terms(paper, terms)
    meet_terms(paper, now)
    publish(PaperIssued(paper.pk, paper.form, paper.enterprise_id, paper.number, now))
    return paper


def _check_body(spec: Form, body: Mapping[str, Any], today: date) -> None:
    for field in spec.fields:
        if fault := rules.field_fault(field, body.get(field.key)):
            raise NotAllowed(
                _("《%(title)s》的“%(field)s”%(fault)s。")
                % {"title": _(spec.title), "field": _(field.label), "fault": _(fault)}
            )
    faults = (
        rules.problem_faults(body["problems"], today) if "problems" in body else None,
        rules.opinion_faults(spec, body, today),
        rules.inspection_faults(spec, body, shipped_rule("officers-minimum", today).values["officers"]),
    )
    for fault in faults:
        if fault:
            raise NotAllowed(fault)


def _content(spec: Form, paper: Paper, signatures: Sequence[Signature], today: date) -> dict[str, Any]:
    """Everything the paper says, as it is hashed; the same values fill the template."""
    organ, enterprise, earlier = paper.issuing_organ, paper.enterprise, paper.answers
    return {
        "form": spec.code.value,
        "form_version": spec.version,
        "title": spec.title,
        "number": paper.number,
        "issued_on": today.isoformat(),
        "confirm": confirm_url(paper),
        "organ": {
            "name": organ.name,
            "handling": paper.handling_organ.name,
            "entrustment": paper.entrustment.document if paper.entrustment else "",
            "address": organ.address,
            "phone": organ.phone,
        },
        "party": {
            "name": enterprise.name,
            "credit_code": enterprise.credit_code,
            "address": enterprise.address,
            "principal": enterprise.principal,
            "phone": enterprise.phone,
        },
        "answers": {
            "title": earlier.title,
            "number": earlier.number,
            "issued_on": clock.local_day(earlier.issued_at).isoformat(),
        }
        if earlier and earlier.issued_at
        else None,
        "basis": [statute + article for statute, article in legal_bases(spec, paper.body)],
        "body": paper.body,
        "remedies": _remedies(organ, today) if spec.tells_remedies else None,
        "rights": _rights(today) if spec.tells_rights else None,
        "signatures": [
            {
                "party": signature.party,
                "name": signature.name,
                "certificate_no": signature.certificate_no,
                "image": signature.image.sha256 if signature.image else "",
                "refused": signature.refused,
                "note": signature.note,
                "signed_on": clock.local_day(signature.signed_at).isoformat(),
            }
            for signature in signatures
        ],
    }


def _remedies(organ: Organ, today: date) -> dict[str, Any]:
    """救济途径: the review body and the court with their terms (行政复议法 art. 20, 行政诉讼法 art. 46)."""
    if not organ.review_body or not organ.court:
        raise NotAllowed(_("%(organ)s还没有登记复议机关和管辖法院，请先在机构资料里补上。") % {"organ": organ.name})
    rule = shipped_rule("remedy-text", today)
    return {
        "rule": rule.id,
        "version": rule.version,
        "text": rule.values["text"].format(review_organ=organ.review_body, court=organ.court),
    }


def _layout(spec: Form, paper: Paper) -> dict[str, Any]:
    """What the paper is drawn with; from this and the content it can be drawn again."""
    layout: dict[str, Any] = {"template": spec.template}
    if paper.edition:
        layout |= {
            "heading": paper.edition.form_set.heading,
            "opening": paper.edition.opening,
            "closing": paper.edition.closing,
            "fields": [{"key": one["key"], "label": one["label"]} for one in paper.edition.fields],
        }
    return layout


def _rights(today: date) -> dict[str, Any]:
    """权利告知: what the party of a check may say, ask and refuse, and what the officers may not do."""
    rule = shipped_rule("inspection-rights", today)
    return {"rule": rule.id, "version": rule.version, "rights": rule.values["rights"], "bans": rule.values["bans"]}


def _invitation(spec: Form, paper: Paper, actor: Actor, now: datetime) -> dict[str, str] | None:
    """开户码 for the first paper of a firm that nobody speaks for yet: printed on it, never stored in clear."""
    enterprise = paper.enterprise
    if (
        not spec.goes_to_party
        or spec.to_third
        or Membership.objects.filter(enterprise=enterprise, until__isnull=True).exists()
    ):
        return None
    open_codes = OneTimeCode.objects.filter(
        purpose=OneTimeCode.Purpose.INVITATION, enterprise_id=enterprise.pk, used_at__isnull=True, expires_at__gt=now
    )
    if open_codes.exists():
        return None
    code = invite_member(enterprise=enterprise, role=Role.PRINCIPAL, actor=actor, now=now)
    return {"code": code, "address": f"{origin()}/join/"}


def redrawn(paper: Paper) -> bytes:
    """The PDF drawn again from what was frozen at issue; the same bytes, but for a code to open an account."""
    assert paper.issued_at is not None, "only issued papers have a PDF"
    return _draw(paper, None, paper.issued_at)


def _draw(paper: Paper, invitation: dict[str, str] | None, now: datetime) -> bytes:
    content: dict[str, Any] = paper.content or {}
    stem = content.get("layout", {}).get("template") or f"{paper.form}_v{paper.form_version}"
    digests = {signature["image"] for signature in content["signatures"]}
    digests |= {row.get("image", "") for row in paper.body.get("services", [])}
    return render_pdf(
        template=TEMPLATES / f"{stem}.typ",
        values={
            **content,
            "body_hash": paper.body_hash,
            "pictures": {digest: picture(evidence.read(digest)) for digest in sorted(digests - {""})},
            "qr": qr_code(content["confirm"]),
            "invitation": invitation,
        },
        moment=now,
    )
