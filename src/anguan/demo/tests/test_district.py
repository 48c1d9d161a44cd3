"""The demo district before it reaches the database."""

import math

from stdnum.cn import uscc

from anguan.demo.district import CENTRE, boundary_of_district, district
from anguan.registry.boundaries import read_boundary


def test_the_same_seed_gives_the_same_district() -> None:
    assert district() == district()
    assert district(1) != district(2)


def test_no_name_could_be_taken_for_a_real_one() -> None:
    made = district()
    assert all(row["单位名称"].startswith("示例") for row in made.enterprises)
    assert all(row["建筑名称"].startswith("示例") for row in made.buildings)
    assert all(row["统一社会信用代码"][2:8] == "519999" for row in made.enterprises)


def test_the_line_around_the_district_holds_every_place_of_it() -> None:
    made = district()
    ring = read_boundary(boundary_of_district(), "cgcs2000").polygons[0][0]
    reaches = [math.dist(CENTRE, corner) for corner in ring]
    places = [row for row in [*made.enterprises, *made.buildings, *made.sites] if row.get("经度")]
    assert max(math.dist(CENTRE, (float(row["经度"]), float(row["纬度"]))) for row in places) < min(reaches)


def test_credit_codes_are_valid_and_no_two_alike() -> None:
    codes = [row["统一社会信用代码"] for row in district().enterprises]
    assert all(uscc.is_valid(code) for code in codes)
    assert len(set(codes)) == len(codes)
