"""送达: handing over, the receipt of it, and telling the enterprise."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from uuid_utils.compat import uuid7

from anguan.core.words import N_
from anguan.ground import audit, clock, outbox
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.models import Evidence
from anguan.ground.rendering import check_drawable
from anguan.papers import rules
from anguan.papers.events import PaperServed
from anguan.papers.models import Paper, Service
from anguan.papers.rules import FORMS, Action, FormCode, NotAllowed, PaperState, ServiceMethod, TermKind
from anguan.papers.selectors import confirm_url
from anguan.papers.services.drafts import new_draft
from anguan.papers.services.gates import check_servers, clean_body, keep_signature, locked
from anguan.papers.services.issue import issue_paper
from anguan.papers.services.limits import check_prior_notice
from anguan.people.models import Officer
from anguan.registry.models import Membership

_NOTE_NEEDED = {
    ServiceMethod.LEFT: N_("留置送达请写明拒收的情况和见证人。"),
    ServiceMethod.MAIL: N_("邮寄送达请写明邮件号和签收情况。"),
    ServiceMethod.ELECTRONIC: N_("电子送达须有当事人签字的确认书，请写明确认书的日期或编号（行政处罚法第六十一条）。"),
}


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
) -> list[Service]:
    """送达: hand papers of one enterprise over together; one 文书送达回执 is issued for all of them.

    Each paper takes effect at `served_at` (now, unless it came by mail earlier). Idempotent on `uid`. Direct service is
    signed for by the receiver; any other way needs a note: who witnessed that the paper was left, the mail's number, or
    the signed consent to electronic service (行政处罚法 art. 61).
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
        _check_terms(row, clock.local_day(moment))
        check_prior_notice(row, moment)
    if not receiver or not place:
        raise NotAllowed(_("请写明收件人和送达地点。"))
    if method is not ServiceMethod.DIRECT and not note:
        raise NotAllowed(_(_NOTE_NEEDED[method]))
    check_drawable([receiver, place, note])
    check_servers(rows[0], servers, clock.local_day(moment))
    signed = None
    if method is ServiceMethod.DIRECT or image is not None:
        signed = keep_signature(image, uid=uid, owner=rows[0], actor=actor, now=now)
    named = [{"name": officer.name, "certificate_no": officer.certificate_no} for officer in servers]
    receipt = _issue_receipt(
        rows,
        method=method,
        receiver=receiver,
        place=place,
        servers=named,
        signed=signed,
        note=note,
        moment=moment,
        actor=actor,
        now=now,
    )
    services = []
    for row in rows:
        service = Service.objects.create(
            paper=row,
            uid=uid,
            method=method,
            receiver=receiver,
            place=place,
            servers=named,
            image=signed,
            note=note,
            served_at=moment,
            receipt=receipt,
        )
        before = audit.snapshot(row, "state", "effective_at")
        row.state = rules.advance(PaperState(row.state), Action.SERVE)
        row.effective_at = moment
        row.save(update_fields=["state", "effective_at"])
        audit.record(
            actor=actor,
            action="papers.serve",
            subject=row,
            now=now,
            before=before,
            after={
                **audit.snapshot(row, "state", "effective_at"),
                **audit.snapshot(service, "method", "receiver", "place", "servers", "note"),
            },
        )
        row.terms.filter(kind=TermKind.SERVE, met_at=None).update(met_at=moment)
        if not row.spec.to_third:
            _tell_of_service(row, now)
        publish(PaperServed(row.pk, row.form, row.enterprise_id, moment))
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


def _check_terms(paper: Paper, served_on: date) -> None:
    """An order takes effect by service: a term that is over by then asks for what nobody can do."""
    days = [date.fromisoformat(str(problem["due_on"])) for problem in paper.body.get("problems", [])]
    if any(day < served_on for day in days):
        raise NotAllowed(_("文书上的整改期限在送达时已经过去，请作废后重新责令，另定期限。"))


def _issue_receipt(
    papers: Sequence[Paper],
    *,
    method: ServiceMethod,
    receiver: str,
    place: str,
    servers: list[dict[str, str]],
    signed: Evidence | None,
    note: str,
    moment: datetime,
    actor: Actor,
    now: datetime,
) -> Paper:
    """文书送达回执: drafted and issued in the same act, so that nobody types what service already knows."""
    first = papers[0]
    body = {
        "services": [
            {
                "title": paper.title,
                "number": paper.number,
                "receiver": receiver,
                "image": signed.sha256 if signed else "",
                "place": place,
                "served_at": moment.astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M"),
                "method": method.label,
                "servers": servers,
            }
            for paper in papers
        ],
        "note": note,
    }
    receipt = new_draft(
        FORMS[FormCode.SERVICE_RECEIPT],
        Paper(
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
        for channel, address in (("mail", user.email), ("sms", user.phone)):
            if address:
                told = True
                outbox.post(
                    channel=channel,
                    address=address,
                    title=title,
                    body=body,
                    link=link,
                    now=now,
                    key=f"paper-{occasion}:{paper.uid}:{user.pk}:{channel}",
                    recipient_id=str(user.pk),
                    recipient_name=user.name,
                )
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
