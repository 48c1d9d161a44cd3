"""What the law asks of organ, officer and signature, looked up on the day; shared by every write of this room."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image

from anguan.core.canonical import NotCanonical, canonical_json
from anguan.ground import evidence
from anguan.ground.access import Actor
from anguan.ground.models import Evidence
from anguan.ground.rendering import check_drawable
from anguan.ground.rules import shipped_rule
from anguan.papers import rules
from anguan.papers.models import Paper, Signature
from anguan.papers.rules import Form, FormCode, NotAllowed, PaperState, Party
from anguan.people.models import Competence, Entrustment, Officer, Organ
from anguan.people.rules import Matter
from anguan.registry.models import DeclaredConflict, Membership


def locked(paper: Paper) -> Paper:
    """The paper as the database has it now, held for the rest of the transaction."""
    return (
        Paper.objects.select_for_update(of=("self",))
        .select_related("issuing_organ", "handling_organ", "entrustment", "enterprise", "edition__form_set")
        .get(pk=paper.pk)
    )


def clean_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body as it is stored and hashed; refuses what has no canonical form and what no font can draw."""
    try:
        text: dict[str, Any] = json.loads(canonical_json(body))
    except NotCanonical as error:
        raise NotAllowed(str(error)) from None
    check_drawable(text)
    return text


def organ_in_charge(
    spec: Form, handling_organ: Organ, body: Mapping[str, Any], today: date
) -> tuple[Organ, Entrustment | None]:
    """The organ in whose name the paper stands, and the entrustment that lets the handling organ act for it."""
    bases = legal_bases(spec, body)
    if _is_competent(handling_organ, spec, bases, today):
        return handling_organ, None
    if spec.matter == Matter.COERCE:
        raise NotAllowed(
            _(
                "%(organ)s在%(day)s对%(basis)s没有行政强制的职权；行政强制措施权不得委托（行政强制法第十七条），"
                "请由有权机关出具%(title)s。"
            )
            % {
                "organ": handling_organ.name,
                "day": rules.day_in_words(today),
                "basis": "、".join(statute + article for statute, article in bases),
                "title": _(spec.title),
            }
        )
    held = (
        Entrustment.objects.filter(
            entrusted=handling_organ, matters__contains=[spec.matter], valid_from__lte=today, valid_to__gte=today
        )
        .select_related("entrusting")
        .order_by("id")
    )
    for entrustment in held:
        if _is_competent(entrustment.entrusting, spec, bases, today):
            return entrustment.entrusting, entrustment
    raise NotAllowed(
        _(
            "%(organ)s在%(day)s对%(basis)s既没有职权，也没有有效的委托，不能出具%(title)s；"
            "属于其他部门的，请移送有权机关（安全生产法第六十九条）。"
        )
        % {
            "organ": handling_organ.name,
            "day": rules.day_in_words(today),
            "basis": "、".join(statute + article for statute, article in bases),
            "title": _(spec.title),
        }
    )


def legal_bases(spec: Form, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Statute and article of each legal basis of the paper."""
    if not spec.statute:
        return []
    named = [(str(basis["statute"]), str(basis.get("article", ""))) for basis in body.get("legal_basis") or []]
    return named or [(spec.statute, spec.article)]


def _is_competent(organ: Organ, spec: Form, bases: Sequence[tuple[str, str]], today: date) -> bool:
    held = list(
        Competence.objects.filter(organ=organ, matter=spec.matter, valid_from__lte=today)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .values_list("statute", "article")
    )
    return all(
        any(
            # Every competence for the matter includes the form's own basis; one that the body names must match.
            rules.covers(
                held_statute=held_statute,
                held_article=held_article,
                statute=spec.held if spec.held and statute == spec.statute else statute,
                article="" if spec.held or (statute, article) == (spec.statute, spec.article) else article,
            )
            for held_statute, held_article in held
        )
        for statute, article in bases
    )


def check_follows(spec: Form, answers: Paper | None, body: Mapping[str, Any]) -> None:
    """文书先后 for a form, what it says, and the paper it rests on, None where there is none."""
    if answers is None:
        rules.check_follows(spec, None, None, body)
    else:
        rules.check_follows(spec, FormCode(answers.form), PaperState(answers.state), body, answers.body)


def check_officer(paper: Paper, name: str, certificate_no: str, today: date) -> None:
    """Refuse an officer without a valid certificate, of another organ, or with a declared conflict (回避)."""
    officer = Officer.objects.filter(certificate_no=certificate_no).first()
    if officer is None or officer.name != name:
        raise NotAllowed(
            _("执法证号 %(number)s 与姓名%(name)s对不上，请核对执法人员名录。")
            % {"number": certificate_no, "name": name}
        )
    _check_certified(officer, today)
    if officer.organ_id not in {paper.handling_organ_id, paper.issuing_organ_id}:
        raise NotAllowed(
            _("%(name)s不是%(organ)s的执法人员，不能在这份文书上签名。")
            % {"name": name, "organ": paper.handling_organ.name}
        )
    _check_conflict(paper, officer, today)


def _check_conflict(paper: Paper, officer: Officer, today: date) -> None:
    conflicts = DeclaredConflict.objects.filter(officer=officer, enterprise=paper.enterprise, since__lte=today)
    is_declared = conflicts.filter(Q(until__isnull=True) | Q(until__gte=today)).exists()
    members = Membership.objects.filter(enterprise=paper.enterprise, until__isnull=True, user__isnull=False)
    if is_declared or members.filter(user=officer.user_id).exists():
        # Why stays inside: the paper's reader learns only that somebody else has to act.
        raise NotAllowed(
            _("%(name)s对这家单位应当回避（行政处罚法第四十三条），请换一名执法人员。") % {"name": officer.name}
        )


def _check_certified(officer: Officer, day: date) -> None:
    if not officer.is_certified_on(day):
        raise NotAllowed(
            _("%(name)s的执法证在%(day)s已经过期（行政处罚法第四十二条），请换一名执法人员。")
            % {"name": officer.name, "day": rules.day_in_words(day)}
        )


def check_servers(paper: Paper, servers: Sequence[Officer], day: date) -> None:
    """Refuse service by fewer than two officers, or by somebody who may not act on this paper."""
    if len({officer.pk for officer in servers}) < 2:
        raise NotAllowed(_("送达须有两名送达人。"))
    for officer in servers:
        _check_certified(officer, day)
        if officer.organ_id not in {paper.handling_organ_id, paper.issuing_organ_id}:
            raise NotAllowed(
                _("%(name)s不是%(organ)s的执法人员，不能送达这份文书。")
                % {"name": officer.name, "organ": paper.handling_organ.name}
            )
        _check_conflict(paper, officer, day)


def check_signatures(spec: Form, paper: Paper, signatures: Sequence[Signature], today: date) -> None:
    """Refuse to issue before two officers and the enterprise have signed, or its refusal is noted."""
    needed = shipped_rule("officers-minimum", today).values["officers"]
    signed = [signature for signature in signatures if signature.party == Party.OFFICER]
    if spec.officers_sign and len(signed) < needed:
        raise NotAllowed(
            _("须由不少于 %(needed)s 名执法人员签名（行政处罚法第四十二条），现有 %(count)s 名。")
            % {"needed": needed, "count": len(signed)}
        )
    for signature in signed:
        check_officer(paper, signature.name, signature.certificate_no, today)
    if spec.enterprise_signs and not any(signature.party == Party.ENTERPRISE for signature in signatures):
        raise NotAllowed(_("还没有被检查单位的签名；对方拒签的，请记录拒签情况。"))


# A pen leaves marks darker than its ground by at least this much of 255; less is an empty pad.
_FAINTEST_STROKE = 32
_MOST_PIXELS = 25_000_000


def keep_signature(image: bytes | None, *, uid: UUID, owner: Paper, actor: Actor, now: datetime) -> Evidence:
    """Store a drawn signature as evidence; refuses none and an empty pad."""
    if not image:
        raise NotAllowed(_("还没有手写签名，请在屏幕上签名。"))
    if len(image) > evidence.LARGEST_FILE or evidence.media_type_of(image) == "application/pdf":
        raise evidence.UnusableFile(_("签名须是 20 MB 以内的图片。"))
    try:
        with Image.open(BytesIO(image)) as drawn:
            # A few kilobytes can hold a picture that fills the memory when it is unpacked.
            if drawn.width * drawn.height > _MOST_PIXELS:
                raise evidence.UnusableFile(_("签名图片太大，请缩小到 2500 万像素以内。"))
            pen = drawn.convert("RGBA")
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, evidence.UnusableFile):
            raise
        raise evidence.UnusableFile(_("签名图片不完整，请重新签名或上传。")) from None
    ground = Image.new("RGBA", pen.size, "white")
    ground.alpha_composite(pen)
    darkest, brightest = ground.convert("L").getextrema()
    if not isinstance(darkest, int | float) or not isinstance(brightest, int | float):
        raise AssertionError("a grey picture has one band")
    if brightest - darkest < _FAINTEST_STROKE:
        raise NotAllowed(_("签名是空白的，请重新签名。"))
    return evidence.keep(data=image, uid=uid, kind=Evidence.Kind.SIGNATURE, owner=owner, actor=actor, now=now)
