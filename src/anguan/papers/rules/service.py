"""送达的规则: which way of service needs what, and in which order they are tried."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from anguan.core.words import N_
from anguan.papers.rules.vocabulary import AttemptOutcome, ServiceMethod


@dataclass(frozen=True)
class Need:
    """One thing a way of service asks for: any of the proofs named, else the refusal."""

    proofs: frozenset[str]
    refusal: str


# 送达方式表: what each lawful way needs (民事诉讼法 ch. 7 sec. 2; 行政处罚法 art. 61). Proofs are: a drawn signature,
# a note, a witness, a video, the number of a mail, the organ entrusted or asked to forward and the letter to it, and a
# recorded consent (送达地址确认书). Announcement has a path of its own: `announcement_fault`.
NEEDS: Final[Mapping[ServiceMethod, tuple[Need, ...]]] = {
    ServiceMethod.DIRECT: (Need(frozenset({"signature"}), N_("还没有手写签名，请在屏幕上签名。")),),
    ServiceMethod.LEFT: (
        Need(frozenset({"note"}), N_("留置送达请写明拒收的情况和见证人。")),
        Need(frozenset({"witness", "video"}), N_("留置送达须有见证人，或者有拍照、录像。")),
    ),
    ServiceMethod.MAIL: (Need(frozenset({"mail_number"}), N_("邮寄送达请写明邮件号；送达时间是回执上的签收日期。")),),
    ServiceMethod.ENTRUSTED: (
        Need(frozenset({"agent"}), N_("委托送达请写明受委托的机关。")),
        Need(frozenset({"letter"}), N_("委托送达请写明委托函的文号或者日期。")),
    ),
    ServiceMethod.FORWARDED: (
        Need(frozenset({"agent"}), N_("转交送达请写明转交的单位。")),
        Need(frozenset({"letter"}), N_("转交送达请写明转交函的文号或者日期。")),
    ),
    ServiceMethod.ELECTRONIC: (
        Need(
            frozenset({"consent"}),
            N_(
                "电子送达须当事人同意并签订确认书（行政处罚法第六十一条），现在没有有效的确认书，请先登记或者改用其他方式。"
            ),
        ),
    ),
    ServiceMethod.ANNOUNCED: (
        Need(frozenset({"announcement"}), N_("公告送达请在“公告送达”里登记公告，期满视为送达。")),
    ),
}


def service_fault(method: ServiceMethod, proofs: Iterable[str]) -> str | None:
    """The refusal of the first thing a way of service lacks, None when it has all."""
    held = frozenset(proofs)
    return next((need.refusal for need in NEEDS[method] if not need.proofs & held), None)


def announcement_fault(failed: Iterable[tuple[ServiceMethod, AttemptOutcome]], ways_first: Iterable[str]) -> str | None:
    """Why a paper may not be announced yet: only after the other ways failed, or when the party can't be found.

    `failed` are the attempts on file, `ways_first` the ways that have to be tried before.
    """
    failed = list(failed)
    tried = {method for method, _outcome in failed}
    if any(outcome is AttemptOutcome.MISSING for _method, outcome in failed):
        return None
    if not tried:
        return N_("公告送达须在其他方式无法送达之后，请先登记送达不成的记录。")
    if any(ServiceMethod(way) not in tried for way in ways_first):
        return N_("公告送达前须先直接送达、邮寄送达都不成，或者查明当事人下落不明，并有记录。")
    return None
