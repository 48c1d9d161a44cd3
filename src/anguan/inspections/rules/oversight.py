"""执法监督的词: what the judicial supervisor is told about checks (行政执法监督条例)."""

from hashlib import sha256

from anguan.core.enums import Labelled
from anguan.core.words import N_


class ConcernKind(Labelled):
    """监督线索类别."""

    PAST_CAP = "past_cap", N_("超过年度上限")
    TOO_OFTEN = "too_often", N_("频次异常")
    EARLY_OPENING = "early_opening", N_("提前启封")
    UNAPPROVED = "unapproved", N_("紧急检查逾期未补办批准")
    ENTRY_REFUSED = "entry_refused", N_("企业拒绝检查")
    RATING = "rating", N_("企业反映违反五个严禁")


class OpeningKind(Labelled):
    """密封检查的启封与查看."""

    OPENED = "opened", N_("启封")
    READ = "read", N_("查看")


def envelope_hash(visit: str, credit_code: str, salt: str) -> str:
    """What a seal promises: SHA-256 over a tag, the visit, the target's 统一社会信用代码 and the salt, 0x1F between."""
    return sha256("\x1f".join(("anguan-envelope/1", visit, credit_code, salt)).encode()).hexdigest()
