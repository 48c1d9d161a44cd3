"""SM3 (GB/T 32905-2016, RFC-style description in GM/T 0004-2012) in plain Python.

Only for machines whose OpenSSL lacks it: about a thousand times slower than hashlib's.
"""

from struct import pack, unpack
from typing import Final, Self

IV: Final = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
WORD: Final = 0xFFFFFFFF


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & WORD


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """Message expansion and compression function, clauses 5.3.2 and 5.3.3 of the standard."""
    w = list(unpack(">16I", block))
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = _turn((_turn(a, 12) + e + _turn(constant, j)) & WORD, 7)
        ss2 = ss1 ^ _turn(a, 12)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & WORD & g)
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & WORD
        tt2 = (gg + h + ss1 + w[j]) & WORD
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


class Sm3:
    """SM3 with the interface of hashlib's objects: `Sm3(data).digest()`, `update`, `copy`, `hexdigest`."""

    name = "sm3"
    digest_size = 32
    block_size = 64

    def __init__(self, data: bytes = b"") -> None:
        self._state: tuple[int, ...] = IV
        self._length = 0
        self._rest = b""
        self.update(data)

    def update(self, data: bytes) -> None:
        """Take in more bytes."""
        self._length += len(data)
        data = self._rest + data
        whole = len(data) - len(data) % 64
        for start in range(0, whole, 64):
            self._state = _compress(self._state, data[start : start + 64])
        self._rest = data[whole:]

    def digest(self) -> bytes:
        """The 32 bytes of the hash of all that was taken in so far."""
        # Padding of clause 5.2: a one bit, zeros, the length in bits as 64-bit number, to whole blocks.
        padded = self._rest + b"\x80" + bytes(-(len(self._rest) + 9) % 64) + pack(">Q", self._length * 8)
        state = self._state
        for start in range(0, len(padded), 64):
            state = _compress(state, padded[start : start + 64])
        return pack(">8I", *state)

    def hexdigest(self) -> str:
        """The digest as lower-case hex."""
        return self.digest().hex()

    def copy(self) -> Self:
        """An independent hash in the same state."""
        twin = type(self)()
        twin._state, twin._length, twin._rest = self._state, self._length, self._rest
        return twin
