"""送达: handing over, the receipt of it, and telling the enterprise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from uuid_utils.compat import uuid7

from anguan.ground import audit, clock, evidence, outbox
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.models import Evidence
from anguan.ground.rendering import check_drawable
from anguan.papers import rules
from anguan.papers.events import PaperServed
from anguan.papers.models import Paper, Service, ServiceConsent
from anguan.papers.rules import FORMS, Action, FormCode, NotAllowed, PaperState, ServiceMethod, TermKind
from anguan.papers.selectors import confirm_url, consent_for, edition_for
from anguan.papers.services.drafts import new_draft
from anguan.papers.services.gates import check_servers, clean_body, keep_signature, locked
from anguan.papers.services.issue import issue_paper
from anguan.papers.services.limits import check_prior_notice
from anguan.people.models import Officer
from anguan.people.services.telling import tell
from anguan.registry.models import Membership

# The receipt speaks Chinese whatever language the officer's page is in.
_WORD_LABELS = {"witness": "见证人", "mail_number": "邮件号", "agent": "受托或者转交单位", "letter": "函件"}
# Proofs that are words and stand in `details`; the others are looked up.
_WORDS = frozenset({"witness", "mail_number", "agent", "letter"})


@transaction.atomic
def serve_paper(
    *,
    paper: Paper,
    method: ServiceMethod | str,
    receiver: str,
    place: str,
    servers: Sequence[Officer],
    uid: UUID,
    actor: Actor,
    now: datetime,
    image: bytes | None = None,
    note: str = "",
    served_at: datetime | None = None,
    details: Mapping[str, str] | None = None,
    video: bytes | None = None,
) -> Service:
    """送达 of one paper: see `serve_papers`."""
    (service,) = serve_papers(
        papers=[paper],
        method=method,
        receiver=receiver,
        place=place,
        servers=servers,
        uid=uid,
        actor=actor,
        now=now,
        image=image,
        note=note,
        served_at=served_at,
        details=details,
        video=video,
    )
    return service


@transaction.atomic
def serve_papers(
    *,
    papers: Sequence[Paper],
    method: ServiceMethod | str,
    receiver: str,
    place: str,
    servers: Sequence[Officer],
    uid: UUID,
    actor: Actor,
    now: datetime,
    image: bytes | None = None,
    note: str = "",
    served_at: datetime | None = None,
    details: Mapping[str, str] | None = None,
    video: bytes | None = None,
) -> list[Service]:
    """送达: hand papers of one enterprise over together; one 文书送达回执 is issued for all of them.

    Each paper takes effect at `served_at` (now, unless it came by mail earlier). Idempotent on `uid`. What each way
    needs says `rules.NEEDS`: `details` are its words (witness, mail_number, agent, letter), `video` a picture of the
    paper left behind. Where no `details` are given, as from the phone, the note names witness or mail number.
    """
    if known := list(Service.objects.filter(uid=uid).order_by("id")):
        if {service.paper_id for service in known} != {paper.pk for paper in papers}:
            raise NotAllowed(_("这次送达已经用于另一份文书，请重新打开页面再办理。"))
        return known
    rows = [locked(paper) for paper in sorted(papers, key=lambda paper: paper.pk)]
    method = ServiceMethod(method)
    moment = served_at or now
    receiver, place, note = receiver.strip(), place.strip(), note.strip()
    addressed = {
        (row.enterprise_id, row.handling_organ_id, row.issuing_organ_id, row.spec.to_third and row.body["recipient"])
        for row in rows
    }
    if len(addressed) != 1:
        raise NotAllowed(_("一次送达只能送同一承办机构给同一当事人的文书。"))
    for row in rows:
        rules.check_service(row.spec)
        rules.advance(PaperState(row.state), Action.SERVE)
        if row.issued_at is None or not row.issued_at <= moment <= now:
            raise NotAllowed(_("送达时间须在文书出具之后，且不能晚于现在。"))
        check_terms(row, clock.local_day(moment))
        check_prior_notice(row, moment)
    if not receiver or not place:
        raise NotAllowed(_("请写明收件人和送达地点。"))
    said = {key: text.strip() for key, text in (details or {}).items() if key in _WORDS and text.strip()}
    consent = consent_for(rows[0].enterprise, clock.local_day(moment)) if method is ServiceMethod.ELECTRONIC else None
    proofs = {
        *said,
        *(["signature"] if image else []),
        *(["note"] if note else []),
        *(["witness", "mail_number"] if note and details is None else []),
        *(["video"] if video else []),
        *(["consent"] if consent else []),
    }
    if fault := rules.service_fault(method, proofs):
        raise NotAllowed(_(fault))
    check_drawable([receiver, place, note, *said.values()])
    check_servers(rows[0], servers, clock.local_day(moment))
    signed = None
    if method is ServiceMethod.DIRECT or image is not None:
        signed = keep_signature(image, uid=uid, owner=rows[0], actor=actor, now=now)
    if video:
        shot = evidence.keep(data=video, uid=uuid7(), kind=Evidence.Kind.SCAN, owner=rows[0], actor=actor, now=now)
        said["video"] = shot.sha256
    return take_effect(
        rows,
        Handing(
            uid=uid,
            method=method,
            receiver=receiver,
            place=place,
            servers=[{"name": officer.name, "certificate_no": officer.certificate_no} for officer in servers],
            signed=signed,
            note=note,
            details=said,
            consent=consent,
            moment=moment,
        ),
        actor=actor,
        now=now,
    )


@dataclass(frozen=True)
class Handing:
    """How papers reached their party, whatever the way."""

    uid: UUID
    method: ServiceMethod
    receiver: str
    place: str
    servers: list[dict[str, str]]
    moment: datetime
    note: str = ""
    signed: Evidence | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    consent: ServiceConsent | None = None


def take_effect(rows: Sequence[Paper], how: Handing, *, actor: Actor, now: datetime) -> list[Service]:
    """One receipt for all, and each paper in effect from the moment of service; its party is told."""
    receipt = _issue_receipt(rows, how, actor=actor, now=now)
    services = []
    for row in rows:
        service = Service.objects.create(
            paper=row,
            uid=how.uid,
            method=how.method,
            receiver=how.receiver,
            place=how.place,
            servers=how.servers,
            image=how.signed,
            note=how.note,
            details=dict(how.details),
            consent=how.consent,
            served_at=how.moment,
            receipt=receipt,
        )
        before = audit.snapshot(row, "state", "effective_at")
        row.state = rules.advance(PaperState(row.state), Action.SERVE)
        row.effective_at = how.moment
        row.save(update_fields=["state", "effective_at"])
        audit.record(
            actor=actor,
            action="papers.serve",
            subject=row,
            now=now,
            before=before,
            after={
                **audit.snapshot(row, "state", "effective_at"),
                **audit.snapshot(service, "method", "receiver", "place", "servers", "note", "details"),
            },
        )
        row.terms.filter(kind=TermKind.SERVE, met_at=None).update(met_at=how.moment)
        if not row.spec.to_third:
            _tell_of_service(row, now)
        publish(PaperServed(row.pk, row.form, row.enterprise_id, how.moment))
        services.append(service)
    return services


def _tell_of_service(paper: Paper, now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):  # the firm's language is not that of the officer's screen
        tell_enterprise(
            paper,
            now=now,
            occasion="served",
            title=_("收到一份执法文书：%(paper)s") % {"paper": paper},
            body=_("%(organ)s送达了%(paper)s，请登录查看内容和期限。文书真伪可以扫描文书上的二维码核验。")
            % {"organ": paper.issuing_organ.name, "paper": paper},
        )


def check_terms(paper: Paper, served_on: date) -> None:
    """期限已过: an order takes effect by service: a term that is over by then asks for what nobody can do."""
    days = [date.fromisoformat(str(problem["due_on"])) for problem in paper.body.get("problems", [])]
    if any(day < served_on for day in days):
        raise NotAllowed(_("文书上的整改期限在送达时已经过去，请作废后重新责令，另定期限。"))


def _issue_receipt(papers: Sequence[Paper], how: Handing, *, actor: Actor, now: datetime) -> Paper:
    """文书送达回执: drafted and issued in the same act, so that nobody types what service already knows."""
    first = papers[0]
    words = [how.note, *(f"{_WORD_LABELS[key]}：{text}" for key, text in how.details.items() if key in _WORD_LABELS)]
    body = {
        "services": [
            {
                "title": paper.title,
                "number": paper.number,
                "receiver": how.receiver,
                "image": how.signed.sha256 if how.signed else "",
                "place": how.place,
                "served_at": how.moment.astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M"),
                "method": how.method.label,
                "servers": how.servers,
            }
            for paper in papers
        ],
        "note": "；".join(word for word in words if word),
    }
    edition = edition_for(FormCode.SERVICE_RECEIPT, first.issuing_organ, clock.local_day(now))
    receipt = new_draft(
        edition.spec if edition else FORMS[FormCode.SERVICE_RECEIPT],
        Paper(
            edition=edition,
            uid=uuid7(),
            issuing_organ=first.issuing_organ,
            handling_organ=first.handling_organ,
            entrustment=first.entrustment,
            enterprise=first.enterprise,
            body=clean_body(body),
        ),
        actor,
        now,
    )
    return issue_paper(paper=receipt, actor=actor, now=now)


def tell_enterprise(paper: Paper, *, now: datetime, occasion: str, title: str, body: str) -> None:
    """Mail and text message to whoever speaks for the enterprise; to its telephone where nobody has an account."""
    try:
        link = settings.ANGUAN_ORIGIN + reverse("papers:detail", args=[paper.uid])
    except NoReverseMatch:
        link = confirm_url(paper)
    members = Membership.objects.filter(enterprise=paper.enterprise, until__isnull=True).select_related("user")
    told = False
    for user in {member.user_id: member.user for member in members}.values():
        key = f"paper-{occasion}:{paper.uid}"
        told = tell(user=user, title=title, body=body, link=link, key=key, now=now) or told
    if not told and paper.enterprise.phone:
        outbox.post(
            channel="sms",
            address=paper.enterprise.phone,
            title=title,
            body=body,
            link=confirm_url(paper),
            now=now,
            key=f"paper-{occasion}:{paper.uid}:enterprise:sms",
            recipient_name=paper.enterprise.name,
        )
