"""检查码的格式: a card of plain facts with a signature that anybody checks with the published key, without asking us.

A code is `A1.CARD.SIGNATURE`, both parts base64url without padding. CARD is canonical JSON; SIGNATURE is Ed25519 over
the bytes of `A1.CARD`. `t` on the card says what it is: task, firm or service.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from anguan.core.canonical import canonical_json

VERSION: Final = "A1"


class NoCode(ValueError):
    """This text is no code of ours."""


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NoCode from None
    # The last letter has bits that decode to nothing: one code has one spelling.
    if _text(data) != text:
        raise NoCode
    return data


def signed_part(card: Mapping[str, Any]) -> bytes:
    """What is signed: version and card."""
    return f"{VERSION}.{_text(canonical_json(card).encode())}".encode()


def joined(part: bytes, signature: bytes) -> str:
    """The whole code."""
    return f"{part.decode()}.{_text(signature)}"


def split(code: str) -> tuple[bytes, dict[str, Any], bytes]:
    """The signed part, the card and the signature; raises `NoCode` for anything else."""
    version, _, rest = code.partition(".")
    card_text, _, signature_text = rest.partition(".")
    if version != VERSION or not card_text or len(code) > 4000:
        raise NoCode
    signature = _bytes(signature_text)
    try:
        card = json.loads(_bytes(card_text))
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise NoCode from None
    if not isinstance(card, dict) or len(signature) != 64:
        raise NoCode
    return f"{version}.{card_text}".encode(), card, signature
