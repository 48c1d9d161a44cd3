"""多段索引: how to find every number within a Hamming distance without looking at all of them, exactly.

Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, Fast Search in Hamming Space with Multi-Index Hashing, 2012): a
64-bit number is cut into three bands. If two numbers differ in at most d bits, then, by the pigeonhole principle, some
band differs in at most ⌊d/3⌋ of them: were each to differ in more, all together would differ in more than d. So it is
enough to look up, band by band, the values near the band of the number asked for, and to compare what is found there.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

# Shift and width of each band, from the highest bit.
BANDS: Final = ((43, 21), (22, 21), (0, 22))


def band_of(number: int, shift: int, width: int) -> int:
    """The bits of a band as a number; the same for the signed and the unsigned form of `number`."""
    return (number >> shift) & ((1 << width) - 1)


def near(value: int, width: int, radius: int) -> Iterator[int]:
    """Every number of `width` bits that differs from `value` in at most `radius` bits, `value` first."""
    for count in range(radius + 1):
        for places in combinations(range(width), count):
            flipped = value
            for place in places:
                flipped ^= 1 << place
            yield flipped


def radius_of(distance: int) -> int:
    """How far a band may differ when the whole differs in at most `distance` bits."""
    return distance // len(BANDS)
