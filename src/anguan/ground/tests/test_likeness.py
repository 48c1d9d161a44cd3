"""Photo hashes on pictures made here: what a person calls the same picture is near, what is another one is far."""

from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from anguan.ground.likeness import Likeness, differing_bits, likeness, likeness_of

NEAR_PERCEPTUAL, NEAR_GRADIENT = 8, 10


def a_scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with forty shapes of its own."""
    rng = Random(seed)  # a drawing
    scene = Image.new("RGB", size, (rng.randrange(256), rng.randrange(256), rng.randrange(256)))
    pen = ImageDraw.Draw(scene)
    for _ in range(40):
        x, y = rng.randrange(size[0]), rng.randrange(size[1])
        box = (x, y, x + rng.randrange(20, 220), y + rng.randrange(20, 220))
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        (pen.ellipse if rng.random() < 0.5 else pen.rectangle)(box, fill=colour)
    return scene


def encoded(image: Image.Image, kind: str = "JPEG", **options: int) -> bytes:
    saved = BytesIO()
    image.save(saved, kind, **options)
    return saved.getvalue()


def are_alike(first: Likeness, second: Likeness) -> bool:
    assert first.perceptual is not None
    assert first.gradient is not None
    assert second.perceptual is not None
    assert second.gradient is not None
    return (
        differing_bits(first.perceptual, second.perceptual) <= NEAR_PERCEPTUAL
        and differing_bits(first.gradient, second.gradient) <= NEAR_GRADIENT
    )


def cropped(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 100, height // 100, width - width // 100, height - height // 100))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda scene: encoded(scene, quality=35), id="重新压缩"),
        pytest.param(lambda scene: encoded(scene, "PNG"), id="换格式"),
        pytest.param(lambda scene: encoded(scene.resize((320, 240))), id="缩小一半"),
        pytest.param(lambda scene: encoded(scene.resize((900, 675))), id="放大"),
        pytest.param(lambda scene: encoded(ImageEnhance.Brightness(scene).enhance(0.8)), id="调暗"),
        pytest.param(lambda scene: encoded(ImageEnhance.Contrast(scene).enhance(0.8)), id="降对比度"),
        pytest.param(lambda scene: encoded(scene.filter(ImageFilter.GaussianBlur(1))), id="轻微模糊"),
        pytest.param(lambda scene: encoded(cropped(scene)), id="四边各裁百分之一"),
    ],
)
def test_the_same_picture_is_known_again(changed: Callable[[Image.Image], bytes]) -> None:
    for seed in range(5):
        scene = a_scene(seed)
        assert are_alike(likeness_of(encoded(scene, quality=90)), likeness_of(changed(scene))), seed


def test_different_pictures_are_far_from_each_other() -> None:
    hashes = [likeness(a_scene(seed, (320, 240))) for seed in range(40)]
    assert not any(are_alike(first, second) for first, second in combinations(hashes, 2))


def test_a_picture_turned_by_its_exif_is_the_upright_one() -> None:
    scene = a_scene(3)
    exif = Image.Exif()
    exif[0x0112] = 6
    saved = BytesIO()
    scene.rotate(90, expand=True).save(saved, "JPEG", exif=exif.tobytes(), quality=90)
    assert are_alike(likeness_of(saved.getvalue()), likeness_of(encoded(scene, quality=90)))


def test_a_picture_of_one_colour_has_no_features_and_numbers_fit_a_bigint() -> None:
    assert likeness(Image.new("RGB", (64, 48), (10, 10, 12))) == Likeness(None, None)
    for seed in range(20):
        numbers = likeness(a_scene(seed, (160, 120)))
        assert numbers.perceptual is not None
        assert -(2**63) <= numbers.perceptual < 2**63
        # By construction half of the frequencies lie above their median.
        assert (numbers.perceptual & (2**64 - 1)).bit_count() == 32


@pytest.mark.parametrize(("first", "second", "bits"), [(0, 0, 0), (-1, 0, 64), (5, -5, 63), (-(2**63), 0, 1)])
def test_bits_are_counted_across_the_sign(first: int, second: int, bits: int) -> None:
    assert differing_bits(first, second) == bits
