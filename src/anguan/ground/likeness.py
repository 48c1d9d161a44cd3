"""照片指纹: what a picture looks like as two 64-bit numbers that survive re-encoding, scaling and brightness.

- `perceptual`: pHash. The picture is reduced to 32 × 32 grey values and transformed by a two-dimensional DCT-II; of its
  64 lowest frequencies, without the constant row and column, each bit says whether it lies above their median
  (C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010).
- `gradient`: dHash. The picture is reduced to 9 × 8 grey values and each bit says whether a value is brighter than its
  right neighbour (N. Krawetz, Kind of Like That, 2013).

Two pictures are alike where both numbers differ in few bits. A picture of one colour has no features; it gets no
numbers, for otherwise all dark pictures would be one. `ALGORITHM` goes up whenever a number would come out differently.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import cos, pi
from statistics import median, pstdev
from typing import Final

from PIL import Image, ImageOps

ALGORITHM: Final = 1
_SIDE, _LOW = 32, 8
# Grey values (of 256) by which a picture has to vary to be told from others.
_FEATURES: Final = 4.0
_MASK: Final = (1 << 64) - 1


@dataclass(frozen=True)
class Likeness:
    """The two numbers of a picture, signed as PostgreSQL's bigint holds them; None where it has no features."""

    perceptual: int | None
    gradient: int | None


def likeness_of(data: bytes) -> Likeness:
    """The numbers of an encoded picture, upright as its EXIF says. Raises what Pillow raises for what is none."""
    with Image.open(BytesIO(data)) as image:
        # A large JPEG is decoded at a half to an eighth of its size: several times as fast.
        image.draft("L", (_SIDE * 8, _SIDE * 8))
        return likeness(ImageOps.exif_transpose(image))


def likeness(image: Image.Image) -> Likeness:
    """The numbers of a picture; transparent parts count as white."""
    if image.mode in {"RGBA", "LA", "P", "PA"}:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    grey = image.convert("L")
    values = _reduced(grey, _SIDE, _SIDE)
    if pstdev(values) < _FEATURES:
        return Likeness(None, None)
    return Likeness(_signed(_perceptual(values)), _signed(_gradient(_reduced(grey, 9, 8))))


def differing_bits(first: int, second: int) -> int:
    """Hamming distance of two numbers, signed or not."""
    return ((first ^ second) & _MASK).bit_count()


def _reduced(grey: Image.Image, width: int, height: int) -> list[int]:
    return list(grey.resize((width, height), Image.Resampling.BOX, reducing_gap=3.0).tobytes())


def _perceptual(values: list[int]) -> int:
    waves = _waves()
    rows = [values[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    across = [[sum(w * v for w, v in zip(wave, row, strict=True)) for wave in waves] for row in rows]
    low = [
        sum(w * across[y][u] for y, w in enumerate(wave))  # frequency of `wave` downwards, u across
        for wave in waves
        for u in range(_LOW)
    ]
    middle = median(low)
    return sum(1 << (63 - place) for place, value in enumerate(low) if value > middle)


@cache
def _waves() -> list[list[float]]:
    return [
        [cos(pi * (2 * place + 1) * frequency / (2 * _SIDE)) for place in range(_SIDE)]
        for frequency in range(1, _LOW + 1)
    ]


def _gradient(values: list[int]) -> int:
    number = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            number = number << 1 | (values[place] > values[place + 1])
    return number


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
