"""Merkle tree hash of RFC 6962 section 2.1 over SHA-256: leaf prefix 0x00, node prefix 0x01."""

from collections.abc import Callable, Sequence
from hashlib import sha256

LEAF = b"\x00"
NODE = b"\x01"


def sha256_digest(data: bytes) -> bytes:
    """SHA-256 of `data`, 32 bytes."""
    return sha256(data).digest()


def leaf_hash(data: bytes, digest: Callable[[bytes], bytes] = sha256_digest) -> bytes:
    """Hash of one leaf, kept apart from nodes by its prefix so that neither can pose as the other."""
    return digest(LEAF + data)


def tree_hash(leaves: Sequence[bytes], digest: Callable[[bytes], bytes] = sha256_digest) -> bytes:
    """Root over the leaves' data in the given order; the empty tree is the digest of nothing.

    Works level by level: a left-over node rises unpaired, which is the recursive definition of the RFC.
    """
    if not leaves:
        return digest(b"")
    level = [digest(LEAF + data) for data in leaves]
    while len(level) > 1:
        paired = [digest(NODE + left + right) for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]
