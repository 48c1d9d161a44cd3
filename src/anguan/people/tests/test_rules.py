"""角色与聘期: what may not meet in one person, and when an expert serves."""

from datetime import date

import pytest

from anguan.people.rules import ADMINISTRATORS, GRANTED, Role, RolesClash, check_separation, is_in_term


@pytest.mark.parametrize("admin", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("other", sorted(set(Role) - ADMINISTRATORS))
def test_an_administrator_holds_nothing_else(admin: Role, other: Role) -> None:
    with pytest.raises(RolesClash, match="另设账号"):
        check_separation(frozenset({admin, other}))
    check_separation(frozenset({admin}))
    check_separation(frozenset({other}))


def test_an_expert_is_no_officer_of_the_organ_they_advise() -> None:
    both = frozenset({Role.EXPERT.value, Role.OFFICER.value})
    with pytest.raises(RolesClash, match="专家不能兼任执法人员"):
        check_separation(both, officer_of=frozenset({1, 2}), expert_of=frozenset({2}))
    check_separation(both, officer_of=frozenset({1}), expert_of=frozenset({2}))


def test_roles_that_follow_from_a_register_are_not_granted() -> None:
    assert {Role.EXPERT, Role.TENANT, Role.PRINCIPAL, Role.SAFETY_MANAGER} == set(Role) - GRANTED


@pytest.mark.parametrize(
    ("term_to", "serves"),
    [
        pytest.param(date(2026, 3, 1), True, id="聘期最后一天"),
        pytest.param(date(2026, 2, 28), False, id="聘期已满"),
        pytest.param(None, True, id="未定聘期"),
    ],
)
def test_an_expert_serves_to_the_last_day_of_the_term(term_to: date | None, serves: bool) -> None:
    assert is_in_term(term_to, date(2026, 3, 1)) is serves
