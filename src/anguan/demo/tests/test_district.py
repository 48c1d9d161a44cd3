"""The demo district before it reaches the database."""

from stdnum.cn import uscc

from anguan.demo.district import district


def test_the_same_seed_gives_the_same_district() -> None:
    assert district() == district()
    assert district(1) != district(2)


def test_no_name_could_be_taken_for_a_real_one() -> None:
    made = district()
    assert all(row["单位名称"].startswith("示例") for row in made.enterprises)
    assert all(row["建筑名称"].startswith("示例") for row in made.buildings)
    assert all(row["统一社会信用代码"][2:8] == "519999" for row in made.enterprises)


def test_credit_codes_are_valid_and_no_two_alike() -> None:
    codes = [row["统一社会信用代码"] for row in district().enterprises]
    assert all(uscc.is_valid(code) for code in codes)
    assert len(set(codes)) == len(codes)
