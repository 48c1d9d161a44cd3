"""封存: a party's secret at rest. What is sealed is opened together with all others of the batch."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12


class Unsealable(ValueError):
    """The sealed bytes were altered, belong to another party, or were sealed under another key."""


def _cipher() -> AESGCM:
    key = HKDF(SHA256(), 32, salt=None, info=b"anguan.inspections.sealed-secret/1")
    return AESGCM(key.derive(settings.SECRET_KEY.encode()))


def seal(secret: str, *, batch: str, party: str) -> bytes:
    """AES-256-GCM under a key derived from the platform's, tied to the batch and party: nonce, then ciphertext."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, secret.encode(), f"{batch}\x1f{party}".encode())


def unseal(sealed: bytes, *, batch: str, party: str) -> str:
    """The secret of this party of this batch; raises `Unsealable`."""
    try:
        return _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], f"{batch}\x1f{party}".encode()).decode()
    except InvalidTag:
        raise Unsealable("封存的秘密无法打开，可能已被改动。") from None
