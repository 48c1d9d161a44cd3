"""Which version of a checklist a visit uses: the one in force when it is opened, for good."""

from datetime import timedelta

import pytest

from anguan.checklists import services as checklists
from anguan.checklists.models import Checklist
from anguan.ground import clock
from anguan.inspections.rules import NotAllowed
from anguan.inspections.tests.builders import MONDAY, actor_of
from anguan.inspections.tests.visit_builders import a_district, applied

pytestmark = pytest.mark.django_db

TODAY = clock.local_day(MONDAY)


def test_a_visit_uses_the_version_in_force_and_keeps_it_when_a_newer_one_comes() -> None:
    cast = a_district()
    leader = actor_of(cast.leader)
    named = cast.item.checklist
    assert named is not None
    before = applied(cast)
    draft = checklists.draft_checklist(source=named, organ=cast.organ, actor=leader, now=MONDAY)
    checklists.publish_version(version=draft, effective_from=TODAY, actor=leader, now=MONDAY)
    after = applied(cast, enterprise=cast.enterprises[1])
    assert after.checklist == draft, "the list still names the older version"
    before.refresh_from_db()
    assert before.checklist == named


def test_without_a_version_in_force_no_check_is_planned() -> None:
    cast = a_district()
    leader = actor_of(cast.leader)
    for version in Checklist.objects.filter(code="public-assembly"):
        checklists.withdraw_version(
            version=version, withdrawn_from=TODAY, reason="条款已废止", actor=leader, now=MONDAY
        )
    with pytest.raises(NotAllowed, match="没有施行中的版本"):
        applied(cast, now=MONDAY + timedelta(hours=1))
