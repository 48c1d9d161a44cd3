"""匿名评价码: a one-time code whose only content is the organ and the month; nothing is kept when it is given out."""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from anguan.core.words import N_
from anguan.inspections.rules.caps import months_before
from anguan.inspections.rules.refusals import NotAllowed

_SHAPE = re.compile(r"([1-9][0-9]{0,9})-([0-9]{6})-([a-z2-7]{26})")


@dataclass(frozen=True)
class RatingCode:
    """评价码, as read: which organ and which month it is about."""

    organ_id: int
    month: date
    digest: str


def _tag(key: bytes, organ_id: int, month: str, nonce: bytes) -> bytes:
    return hmac.new(key, f"{organ_id}|{month}|".encode() + nonce, sha256).digest()[:6]


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().lower().rstrip("=")


def rating_code(key: bytes, *, organ_id: int, month: date, about: str) -> str:
    """The code for one visit: always the same for it, so that an officer who asks ten times gets one."""
    text = f"{month:%Y%m}"
    nonce = hmac.new(key, f"nonce|{about}".encode(), sha256).digest()[:10]
    return f"{organ_id}-{text}-{_letters(nonce + _tag(key, organ_id, text, nonce))}"


def read_rating_code(key: bytes, code: str, *, today: date, valid_months: int) -> RatingCode:
    """What a code is about; refuses what we did not give out and what is too old."""
    found = _SHAPE.fullmatch(code.strip().lower())
    if found is None:
        raise NotAllowed(N_("评价码不对，请照检查码页面上的逐字填写。"))
    organ_id, text, secret = int(found[1]), found[2], found[3]
    raw = base64.b32decode(secret.upper() + "======")
    # The last letter has bits that decode to nothing: with four spellings, one code would rate four times.
    is_spelled_right = _letters(raw) == secret
    if not (hmac.compare_digest(raw[10:], _tag(key, organ_id, text, raw[:10])) and is_spelled_right):
        raise NotAllowed(N_("评价码不对，请照检查码页面上的逐字填写。"))
    month = date(int(text[:4]), int(text[4:]), 1)
    if month < months_before(today.replace(day=1), valid_months - 1):
        raise NotAllowed(N_("评价码已经过期。"))
    return RatingCode(organ_id, month, sha256(found[0].encode()).hexdigest())
