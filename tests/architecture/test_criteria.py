"""What the criteria say fits what hazards accept: the rooms don't import each other's rules."""

from datetime import date

import pytest

from anguan.checklists.rules import StandardText, shipped_standards
from anguan.hazards.rules import STANDARDS, criterion_of

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("standard", shipped_standards(), ids=lambda standard: standard.number)
def test_every_shipped_criterion_in_force_is_accepted_as_the_basis_of_a_major_hazard(standard: StandardText) -> None:
    if standard.valid_to is not None and standard.valid_to < TODAY:
        assert standard.number not in STANDARDS, "a standard that has ended carries no new hazard"
        return
    for criterion in standard.criteria:
        text = f"{standard.number} {criterion.clause}"
        assert criterion_of(text) == (standard.number, criterion.clause)


def test_every_standard_that_hazards_accept_is_on_file() -> None:
    assert set(STANDARDS) <= {standard.number for standard in shipped_standards()}
