"""证据库: what is kept can be found again under its own id, and under no other."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from uuid_utils.compat import uuid7

from anguan.ground import evidence
from anguan.ground.access import SYSTEM
from anguan.ground.evidence import UnusableFile
from anguan.ground.models import Evidence, NumberSeries

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def a_picture(colour: int) -> bytes:
    saved = BytesIO()
    Image.new("RGB", (8, 8), (colour, 90, 90)).save(saved, "PNG")
    return saved.getvalue()


def test_an_id_that_names_a_file_already_names_no_other() -> None:
    owner, other = (NumberSeries.objects.create(organ_id=1, prefix=prefix, year=2026) for prefix in "ab")
    uid = uuid7()
    kept = evidence.keep(data=a_picture(1), uid=uid, kind="photo", owner=owner, actor=SYSTEM, now=NOW)
    assert evidence.keep(data=a_picture(1), uid=uid, kind="photo", owner=owner, actor=SYSTEM, now=NOW) == kept
    with pytest.raises(UnusableFile, match="另一个文件"):
        evidence.keep(data=a_picture(2), uid=uid, kind="photo", owner=owner, actor=SYSTEM, now=NOW)
    with pytest.raises(UnusableFile, match="另一个文件"):
        evidence.keep(data=a_picture(1), uid=uid, kind="photo", owner=other, actor=SYSTEM, now=NOW)
    assert Evidence.objects.count() == 1
