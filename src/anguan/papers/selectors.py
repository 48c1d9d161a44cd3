"""Reads of papers, scoped to who asks; the public confirmation, which asks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from anguan.core.canonical import canonical_json
from anguan.ground import clock, evidence
from anguan.ground.access import Viewer
from anguan.papers.models import FormVersion, Paper, PaperTerm, ServiceConsent
from anguan.papers.rules import (
    FORMS,
    WORK_SAFETY_LAW,
    FormCode,
    PaperState,
    Review,
    TermKind,
    is_agreed,
    statute_key,
)
from anguan.people.models import Organ, RoleGrant
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.registry.models import Enterprise

# Where the confirm page answers; it is printed into the QR code of every paper and so never moves.
CONFIRM_PATH = "/public/papers/"


class AlteredPaper(ValueError):
    """The stored paper is not the one that was issued; the message is what the reader sees instead of it."""


def papers_visible_to(viewer: Viewer) -> QuerySet[Paper]:
    """Papers a viewer may read: a bureau's people what their organs issue or handle, an enterprise what it was served,
    a legal reviewer those of the organs whose drafts they review.

    Everybody else gets none, administrators included.
    """
    scope = Q(pk__in=[])
    if viewer.has(*BUREAU):
        scope |= Q(issuing_organ__in=viewer.organ_ids) | Q(handling_organ__in=viewer.organ_ids)
    if viewer.has(Role.LEGAL_REVIEWER):
        # 法制审核: what a draft rests on is read together with it.
        reviewed = viewer.organs_as(Role.LEGAL_REVIEWER)
        scope |= Q(issuing_organ__in=reviewed) | Q(handling_organ__in=reviewed)
    if viewer.has(*ENTERPRISE):
        served = Q(enterprise__in=viewer.enterprise_ids) | Q(enterprise__merged_into__in=viewer.enterprise_ids)
        # What goes to a supplier or another organ is about the firm, not for it.
        third = [form.code for form in FORMS.values() if form.to_third]
        scope |= served & Q(effective_at__isnull=False) & ~Q(form__in=third)
    return Paper.objects.filter(scope)


def paper_of(viewer: Viewer, uid: UUID) -> Paper:
    """One paper with all that its page shows; raises `Paper.DoesNotExist` for what the viewer may not read."""
    return (
        papers_visible_to(viewer)
        .select_related("issuing_organ", "handling_organ", "entrustment", "enterprise", "answers")
        .get(uid=uid)
    )


def papers_of(viewer: Viewer, enterprise: Enterprise) -> QuerySet[Paper]:
    """The papers of one enterprise, and of those merged into it, newest first."""
    return (
        papers_visible_to(viewer)
        .filter(Q(enterprise=enterprise) | Q(enterprise__merged_into=enterprise))
        .order_by("-id")
    )


def papers_found(viewer: Viewer, asked: Mapping[str, str]) -> QuerySet[Paper]:
    """Papers a list shows: by `state`, `form`, and `q` in number or the party's name or credit code."""
    papers = papers_visible_to(viewer)
    if state := asked.get("state"):
        papers = papers.filter(state=state)
    if form := asked.get("form"):
        papers = papers.filter(form=form)
    if word := asked.get("q", "").strip():
        papers = papers.filter(
            Q(number__icontains=word)
            | Q(confirm_code=word.lower())
            | Q(enterprise__name__icontains=word)
            | Q(enterprise__credit_code__iexact=word)
        )
    return papers


def papers_waiting_for_service(viewer: Viewer) -> QuerySet[Paper]:
    """Issued papers for a party that were not served yet, oldest first."""
    forms = [form.code for form in FORMS.values() if form.goes_to_party]
    return (
        papers_visible_to(viewer)
        .filter(state=PaperState.ISSUED, form__in=forms)
        .annotate(
            serve_by=Min("terms__due_on", filter=Q(terms__kind=TermKind.SERVE)),
            serve_by_is_provisional=BoolOr("terms__is_provisional", filter=Q(terms__kind=TermKind.SERVE)),
        )
        .order_by("id")
    )


def drafts_waiting_for(viewer: Viewer) -> QuerySet[Paper]:
    """Drafts that wait for the viewer's opinion as reviewer or approver, oldest first."""
    review, decide = viewer.organs_as(Role.LEGAL_REVIEWER), viewer.organs_as(Role.LEADER)
    asked = Q(review=Review.REVIEWER) & (Q(handling_organ__in=review) | Q(issuing_organ__in=review))
    asked |= Q(review=Review.APPROVER) & (Q(handling_organ__in=decide) | Q(issuing_organ__in=decide))
    # Where an organ has no legal reviewer its leaders review, and somebody else of them approves.
    reviewed = RoleGrant.objects.filter(organ__in=decide, role=Role.LEGAL_REVIEWER).values_list("organ", flat=True)
    asked |= Q(review=Review.REVIEWER, handling_organ__in=decide - set(reviewed))
    return Paper.objects.filter(asked, state=PaperState.DRAFT, origin_uid__isnull=False).order_by("id")


def drafts_in_hand(viewer: Viewer) -> QuerySet[Paper]:
    """Drafts made by hand that the viewer's organs have to go on with: to fill in, to sign, to issue; oldest first."""
    return Paper.objects.filter(
        handling_organ__in=viewer.organs_as(Role.OFFICER),
        state=PaperState.DRAFT,
        origin_uid__isnull=False,
        review__in=[Review.HANDLER, Review.DONE],
    ).order_by("id")


def terms_running_out(viewer: Viewer, until: date) -> QuerySet[PaperTerm]:
    """Open terms of papers in force that end by `until`, earliest first; service has a list of its own."""
    return (
        PaperTerm.objects.filter(met_at=None, due_on__lte=until, paper__in=papers_visible_to(viewer))
        .exclude(kind=TermKind.SERVE)
        .exclude(paper__state=PaperState.VOID)
        .select_related("paper__enterprise")
        .order_by("due_on", "pk")
    )


def hash_of(content: Any) -> str:
    """内容哈希: SHA-256, hex, of the canonical JSON of what a paper says."""
    return sha256(canonical_json(content).encode()).hexdigest()


def pdf_of(paper: Paper) -> bytes:
    """The PDF as it was issued; raises `AlteredPaper` when the file or the stored text is no longer what was issued."""
    if fault := fault_of(paper):
        raise AlteredPaper(fault)
    return evidence.read(paper.pdf_sha256)


def fault_of(paper: Paper) -> str | None:
    """What is wrong with the stored text or PDF of an issued paper, in a sentence; None when both still hold."""
    if not paper.is_issued:
        return _("这份文书还没有出具，没有 PDF。")
    name = {"paper": str(paper)}
    content = paper.content or {}
    if hash_of(content) != paper.body_hash or content["body"] != paper.body:
        return _("%(paper)s 的内容与出具时登记的哈希不符，可能已被改动，不再提供。请联系出具机关核对。") % name
    if content["number"] != paper.number or content["title"] != paper.title:
        return _("%(paper)s 的文号与出具时的内容不符，可能已被改动，不再提供。请联系出具机关核对。") % name
    if not evidence.path_of(paper.pdf_sha256).exists():
        return _("%(paper)s 的 PDF 不在证据库里，请从备份恢复。") % name
    try:
        evidence.read(paper.pdf_sha256)
    except evidence.UnusableFile:
        return _("%(paper)s 的 PDF 与出具时登记的哈希不符，可能已被改动，不再提供。请联系出具机关核对。") % name
    return None


def origin() -> str:
    """Where the platform is reached; without a configured origin the address of a trial on this machine."""
    return settings.ANGUAN_ORIGIN or "http://localhost:8000"


def confirm_url(paper: Paper) -> str:
    """The address printed on the paper and in its QR code."""
    return f"{origin()}{CONFIRM_PATH}{paper.confirm_code}/"


@dataclass(frozen=True)
class Confirmation:
    """核验结果: all that anybody with the code of a paper is told; nothing of what it says and not to whom."""

    title: str
    number: str
    issued_on: date
    organ: str
    is_void: bool
    voided_on: date | None
    body_hash: str
    pdf_sha256: str
    sealed_sha256: tuple[str, ...]


def confirmation(code: str) -> Confirmation | None:
    """What the public page says to a code; None for an unknown one and for papers that were never issued."""
    paper = (
        Paper.objects.filter(confirm_code=code.strip().lower(), issued_at__isnull=False)
        .select_related("issuing_organ")
        .first()
    )
    if paper is None or paper.issued_at is None:
        return None
    return Confirmation(
        title=paper.title,
        number=paper.number,
        issued_on=clock.local_day(paper.issued_at),
        organ=paper.issuing_organ.name,
        is_void=paper.state == PaperState.VOID,
        voided_on=clock.local_day(paper.voided_at) if paper.voided_at else None,
        body_hash=paper.body_hash,
        pdf_sha256=paper.pdf_sha256,
        sealed_sha256=tuple(paper.sealed_copies.values_list("image__sha256", flat=True)),
    )


def consent_for(enterprise: Enterprise, day: date) -> ServiceConsent | None:
    """The newest consent to electronic service that holds on a day, None where there is none."""
    rows = ServiceConsent.objects.filter(enterprise=enterprise, since__lte=day)
    return next((row for row in rows if row.is_electronic and row.holds_on(day)), None)


def consents_of(viewer: Viewer, enterprise: Enterprise) -> QuerySet[ServiceConsent]:
    """确认书 of one enterprise for the bureau's people, newest first; nobody else reads them here."""
    consents = ServiceConsent.objects.filter(enterprise=enterprise).select_related("sheet")
    return consents if viewer.has(*BUREAU) else consents.none()


def edition_for(code: FormCode, organ: Organ, day: date) -> FormVersion | None:
    """The organ's own version of a form in use on a day; None where it uses the national one."""
    return (
        FormVersion.objects.filter(form_set__organ=organ, code=code, valid_from__lte=day)
        .select_related("form_set")
        .order_by("-version")
        .first()
    )


def form_versions(viewer: Viewer) -> QuerySet[FormVersion]:
    """The national versions, and those of the viewer's organs, each form's newest first."""
    scope = Q(form_set__organ=None) | Q(form_set__organ__in=viewer.organ_ids)
    return FormVersion.objects.filter(scope).select_related("form_set").order_by("code", "form_set", "-version")


def approval_agrees(paper: Paper) -> bool:
    """Whether the last word of an approval form is yes."""
    return is_agreed(paper.body)


def options_of(code: FormCode, key: str) -> list[tuple[str, str]]:
    """What may be chosen in a field of a form: value and words."""
    return list(next(field.options for field in FORMS[code].fields if field.key == key))


def is_work_safety_law(statute: str) -> bool:
    """Whether a statute is 安全生产法, with or without title marks and state name."""
    return statute_key(statute) == statute_key(WORK_SAFETY_LAW)
