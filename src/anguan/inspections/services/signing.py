"""签名钥: the key under which codes are signed; its public half is published, so that a code is checked without us."""

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from anguan.inspections.rules.codes import NoCode, joined, signed_part, split


def _private(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(SHA256(), 32, salt=None, info=b"anguan.inspections.code-key/1").derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_keys() -> list[Ed25519PublicKey]:
    """The keys that count: of the present secret key first, then of those before it that are still accepted."""
    return [_private(str(secret)).public_key() for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    """A short name of a public key: the first 16 hex digits of its SHA-256."""
    digest = Hash(SHA256())
    digest.update(raw(key))
    return digest.finalize().hex()[:16]


def published_keys() -> list[dict[str, str]]:
    """公开的验证公钥 as `/public/keys.json` shows them."""
    return [
        {
            "id": key_id(key),
            "algorithm": "Ed25519",
            "public": raw(key).hex(),
            "pem": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        }
        for key in public_keys()
    ]


def sign_card(card: dict[str, Any]) -> str:
    """The code of a card, under the present key."""
    part = signed_part(card)
    return joined(part, _private(settings.SECRET_KEY).sign(part))


def read_card(code: str) -> dict[str, Any] | None:
    """The card of a code; None for anything that we did not sign."""
    try:
        part, card, signature = split(code)
    except NoCode:
        return None
    for key in public_keys():
        try:
            key.verify(signature, part)
        except InvalidSignature:
            continue
        return card
    return None
