"""Stand-ins for what a camera and a finger make: schematic photos and signatures, visibly drawn."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (640, 480)


def photo(kind: str, seed: int) -> bytes:
    """A schematic picture of a corridor (JPEG): `blocked` shows boxes before the exit, `clear` none."""
    rng = Random(f"{kind}/{seed}")  # noqa: S311  # a drawing
    shade = rng.randrange(-14, 15)
    picture = Image.new("RGB", SIZE, (214 + shade, 216 + shade, 212 + shade))
    pen = ImageDraw.Draw(picture)
    left, right = 190 + rng.randrange(-20, 20), 450 + rng.randrange(-20, 20)
    pen.polygon([(0, 480), (640, 480), (right, 330), (left, 330)], fill=(150 + shade, 146, 138))
    pen.polygon([(0, 0), (640, 0), (right, 110), (left, 110)], fill=(232, 232, 228))
    pen.rectangle((left, 110, right, 330), fill=(188, 192, 190))
    pen.rectangle((left + 60, 160, right - 60, 330), fill=(112, 74 + shade, 58))
    pen.rectangle((left + 80, 128, right - 80, 152), fill=(24, 122, 74))
    # Each corridor has notices, lamps and tiles of its own: no picture passes for a copy of another.
    for _ in range(14):
        x, y, wide, high = rng.randrange(600), rng.randrange(440), rng.randrange(30, 120), rng.randrange(24, 110)
        pen.rectangle((x, y, x + wide, y + high), fill=tuple(rng.randrange(70, 245) for _ in range(3)))
    if kind == "blocked":
        for number in range(4):
            x = left + 30 + number * 52 + rng.randrange(-8, 8)
            top = 250 - rng.randrange(0, 60)
            pen.rectangle((x, top, x + 62, 372), fill=(176, 132 + rng.randrange(20), 80), outline=(96, 70, 40), width=3)
            pen.line((x, top + 30, x + 62, top + 30), fill=(96, 70, 40), width=2)
    saved = BytesIO()
    picture.save(saved, "JPEG", quality=82)
    return saved.getvalue()


def signature(seed: int) -> bytes:
    """A scribble (PNG, dark strokes on nothing), as a signature pad gives it."""
    rng = Random(seed)  # noqa: S311  # a drawing
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    points = [(40 + step * 44, 100 + rng.randrange(-70, 70)) for step in range(12)]
    pen.line(points, fill=(20, 24, 40, 255), width=8, joint="curve")
    saved = BytesIO()
    picture.save(saved, "PNG")
    return saved.getvalue()


def floor_plan() -> bytes:
    """A schematic storey (PNG): two rows of rooms along a corridor, stairs at both ends."""
    picture = Image.new("RGB", (1200, 750), (255, 255, 255))
    pen = ImageDraw.Draw(picture)

    def room(left: int, top: int, right: int, bottom: int, inside: str = "white") -> None:
        pen.rectangle((left, top, right, bottom), fill=inside, outline=(60, 64, 72), width=5)

    room(40, 40, 1160, 710)
    for left, right in ((40, 500), (500, 830), (830, 1160)):
        room(left, 40, right, 330)
        room(left, 450, right, 710)
    for x in (40, 1070):
        room(x, 330, x + 90, 450, inside="lavender")
        for step in range(1, 6):
            pen.line((x + step * 15, 330, x + step * 15, 450), fill=(120, 126, 136), width=2)
    for x in (260, 650, 980):
        pen.rectangle((x, 326, x + 60, 334), fill=(255, 255, 255))
        pen.rectangle((x, 446, x + 60, 454), fill=(255, 255, 255))
    saved = BytesIO()
    picture.save(saved, "PNG")
    return saved.getvalue()
