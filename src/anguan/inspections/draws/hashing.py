"""The two hashes a bundle may name, and the three ways in which the format hashes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from anguan.core.canonical import canonical_json
from anguan.core.sm3 import Sm3

FORMAT: Final = "anguan-draw/1"
SECRET_TAG: Final = "anguan-draw-secret/1"  # noqa: S105 - a public tag, no secret
US: Final = "\x1f"


class Running(Protocol):
    """A hash in the making, as hashlib's."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def copy(self) -> Self: ...


@dataclass(frozen=True)
class Hash:
    """One of the hash functions of the format; `start(data)` begins a hash whose state can be copied."""

    name: str
    start: Callable[[bytes], Running]

    def digest(self, data: bytes) -> bytes:
        """The 32 bytes of the hash of `data`."""
        return self.start(data).digest()

    def fields(self, *fields: str | int) -> str:
        """The page's H: lower-case hex of the fields in UTF-8 joined by US, integers in decimal."""
        return self.digest(US.join(map(str, fields)).encode()).hex()

    def value(self, value: Any) -> str:
        """Digest of a value: lower-case hex of the hash of its canonical JSON, without tag."""
        return self.digest(canonical_json(value).encode()).hex()


def _start_sm3(data: bytes) -> Running:
    return hashlib.new("sm3", data)


SHA256: Final = Hash("sha256", hashlib.sha256)
# An OpenSSL that was built without the national algorithms still has to verify a bundle made with them.
SM3: Final = Hash("sm3", _start_sm3 if "sm3" in hashlib.algorithms_available else Sm3)
HASHES: Final = {known.name: known for known in (SHA256, SM3)}


def named(name: str) -> Hash:
    """The hash that a bundle's `hash` names. KeyError for any other name."""
    return HASHES[name]


def commitment_of(party: str, secret: str, function: Hash = SHA256) -> str:
    """承诺值: what a party publishes before the beacon exists, over its secret's 64 hex digits."""
    return function.fields(SECRET_TAG, party, secret)
