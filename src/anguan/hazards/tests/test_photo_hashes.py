"""A picture that was used before is no proof, and the index misses none."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.db import connection
from PIL import Image, ImageDraw
from uuid_utils.compat import uuid7

from anguan.ground.likeness import Likeness, differing_bits
from anguan.ground.models import Evidence
from anguan.ground.photos import Photo
from anguan.hazards import services
from anguan.hazards.models import Hazard, PhotoHash, ReusedPhoto
from anguan.hazards.rules import NotAllowed, PhotoReused
from anguan.hazards.rules.bands import BANDS, band_of, near, radius_of
from anguan.hazards.selectors import earlier_alike
from anguan.hazards.services.photo_hashes import hash_missing_photos
from anguan.hazards.tests import builders as b
from anguan.papers.tests.builders import enterprise


def a_view(seed: int, quality: int = 90, size: tuple[int, int] = (640, 480)) -> bytes:
    """A picture with features, the same for a seed whatever its size and quality."""
    rng = Random(seed)  # a drawing
    view = Image.new("RGB", (640, 480), (rng.randrange(256), 90, 90))
    pen = ImageDraw.Draw(view)
    for _ in range(30):
        x, y = rng.randrange(640), rng.randrange(480)
        pen.rectangle(
            (x, y, x + rng.randrange(20, 220), y + rng.randrange(20, 220)), fill=(rng.randrange(256), 60, y % 256)
        )
    saved = BytesIO()
    view.resize(size).save(saved, "JPEG", quality=quality)
    return saved.getvalue()


def shot(data: bytes, **fields: Any) -> Photo:
    return Photo(uid=uuid7(), data=data, taken_at=b.REPORTED_AT - timedelta(minutes=5), **fields)


def test_near_values_are_each_value_within_the_radius_once() -> None:
    for width, radius in ((5, 0), (5, 1), (6, 2), (7, 3)):
        found = list(near(13, width, radius))
        assert sorted(found) == [value for value in range(1 << width) if (value ^ 13).bit_count() <= radius]


@pytest.mark.parametrize("distance", range(12))
def test_some_band_of_two_near_numbers_is_near(distance: int) -> None:
    rng = Random(distance)  # numbers to try
    assert sorted(place for shift, width in BANDS for place in range(shift, shift + width)) == list(range(64))
    for _ in range(300):
        first = rng.getrandbits(64)
        second = first
        for place in rng.sample(range(64), distance):
            second ^= 1 << place
        bands = [(band_of(first, *band) ^ band_of(second, *band)).bit_count() for band in BANDS]
        assert min(bands) <= radius_of(distance)


@pytest.mark.django_db
def test_the_index_finds_exactly_what_looking_at_every_row_finds() -> None:
    people = b.cast()
    hazard = b.a_hazard(people)
    rng = Random(7)  # numbers to try
    centre = [rng.getrandbits(63) for _ in range(3)]
    rows = []
    for number in range(1_500):
        value = centre[number % 3]
        for place in rng.sample(range(63), rng.randrange(0, 16)):
            value ^= 1 << place
        rows.append((-value if number % 2 else value, rng.getrandbits(63) if number % 5 else 1))
    photos = Evidence.objects.bulk_create(
        Evidence(
            uid=uuid7(), sha256="0" * 64, kind="photo", media_type="image/png", size=1, taken_at=b.FOUND_AT,
            taken_by_id="", taken_by_name="", owner_type="hazards.hazard", owner_id=str(hazard.pk),
            stored_at=b.FOUND_AT,
        )
        for _ in rows
    )  # fmt: skip
    PhotoHash.objects.bulk_create(
        PhotoHash(
            evidence=photo, hazard=hazard, enterprise_id=hazard.enterprise_id, algorithm=1, perceptual=one,
            gradient=other, made_at=b.FOUND_AT,
        )
        for photo, (one, other) in zip(photos, rows, strict=True)
    )  # fmt: skip
    for asked in (*centre, -centre[0], -centre[1], rng.getrandbits(63)):
        for distance in (0, 2, 5, 8, 11):
            found = earlier_alike(Likeness(asked, 1), perceptual=distance, gradient=30, limit=10_000)
            brute = {
                (photo.pk, differing_bits(asked, one), differing_bits(1, other))
                for photo, (one, other) in zip(photos, rows, strict=True)
                if differing_bits(asked, one) <= distance and differing_bits(1, other) <= 30
            }
            assert {(row.evidence_id, row.perceptual_bits, row.gradient_bits) for row in found} == brute
            assert [row.perceptual_bits for row in found] == sorted(row.perceptual_bits for row in found)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT FROM hazards_photohash WHERE ((perceptual >> 43) & 2097151) = ANY(ARRAY[1])")
        assert "photo_hash_band_0" in str(cursor.fetchall())


@pytest.mark.django_db
def test_a_picture_that_served_another_hazard_is_refused_and_the_neighbour_is_not_named() -> None:
    people = b.cast()
    first = b.ordered(people, b.a_hazard(people, photos=[shot(a_view(9))]))
    b.report(people, first, photos=[shot(a_view(1))])
    second = b.ordered(people, b.a_hazard(people, description="灭火器过期"), number=2)
    with pytest.raises(PhotoReused, match="第1次整改报告") as refusal:
        b.report(people, second, photos=[shot(a_view(1, quality=50, size=(400, 300)))])
    assert refusal.value.distance <= 8
    with pytest.raises(PhotoReused, match="发现时"):
        b.report(people, second, photos=[shot(a_view(9))])
    other = enterprise(name="河东第三示例有限公司", credit_code="91510900MA6000003Z")
    theirs = b.a_hazard(people, enterprise=other, source="self", description="别家的隐患")
    theirs = services.undertake_rectification(hazard=theirs, actor=b.actor(people.stranger), now=b.FOUND_AT)
    with pytest.raises(PhotoReused) as refusal:
        b.report(people, theirs, photos=[shot(a_view(1))], actor=b.actor(people.stranger))
    assert "另一单位" in str(refusal.value)
    assert people.firm.name not in str(refusal.value)
    assert "疏散通道" not in str(refusal.value)
    for _ in range(2):
        services.note_reused_photo(
            hazard=theirs, refusal=refusal.value, actor=b.actor(people.stranger), now=b.REPORTED_AT
        )
    assert ReusedPhoto.objects.get().enterprise == other
    b.report(people, second, photos=[shot(a_view(2))])


@pytest.mark.django_db
def test_pictures_from_before_there_were_numbers_are_hashed_later() -> None:
    people = b.cast()
    b.a_hazard(people, photos=[shot(a_view(1)), b.a_photo(b.FOUND_AT)])
    known = set(PhotoHash.objects.values_list("perceptual", flat=True))
    assert None in known
    assert len(known) == 2
    PhotoHash.objects.all().delete()
    assert hash_missing_photos(b.FOUND_AT) == 2
    assert hash_missing_photos(b.FOUND_AT) == 0
    assert set(PhotoHash.objects.values_list("perceptual", flat=True)) == known


@pytest.mark.django_db
def test_proof_from_another_place_needs_a_reason_and_is_marked() -> None:
    people = b.cast()
    here = {"latitude": Decimal("30.500000"), "longitude": Decimal("105.570000"), "accuracy_m": 10}
    # A hundredth of a degree of latitude is 1 112 m.
    away = {**here, "latitude": Decimal("30.510000")}
    hazard: Hazard = b.ordered(people, b.a_hazard(people, photos=[shot(a_view(1), **here)]))
    with pytest.raises(NotAllowed, match="约 1092 米，超过 200 米"):
        b.report(people, hazard, photos=[shot(a_view(2), **away)])
    said = b.report(people, hazard, photos=[shot(a_view(2), **away)], place_reason="设备已送修，照片在维修厂拍摄")
    assert (said.far_m, said.far_reason) == (1092, "设备已送修，照片在维修厂拍摄")
