"""指定专家: called by name with a reason, for a visit that was applied for; who sells to the firm stays away."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from anguan.inspections import selectors
from anguan.inspections.models import Visit
from anguan.inspections.rules import NotAllowed
from anguan.inspections.services import batches, experts
from anguan.inspections.tests.builders import MONDAY, Cast, actor_of, drawn, viewer
from anguan.inspections.tests.visit_builders import a_district, applied, approved_visit, arrived
from anguan.people.models import Expert
from anguan.people.tests.builders import a_user
from anguan.registry.models import ExpertRecusal

pytestmark = pytest.mark.django_db


def an_expert(**changes: Any) -> Expert:
    values: dict[str, Any] = {
        "name": "专家甲示例", "employer": "示例研究所", "term_to": date(2027, 12, 31), "fee_yuan": 800,
        "user": changes["user"] if "user" in changes else a_user("expert"),
    }  # fmt: skip
    return Expert.objects.create(**{**values, **changes})


def call(cast: Cast, visit: Visit, expert: Expert, reason: str = "要看配电室，所里专门做这个") -> object:
    return experts.call_expert(visit=visit, expert=expert, reason=reason, actor=actor_of(cast.leader), now=MONDAY)


def test_a_called_expert_goes_along_and_learns_where_only_on_arrival() -> None:
    cast = a_district()
    expert = an_expert()
    visit = approved_visit(cast, experts=1)
    call(cast, visit, expert)
    call(cast, visit, expert)
    assert visit.experts.count() == 1
    assert expert.user is not None
    who = viewer(expert.user)
    assert selectors.waiting_calls(who) == 1
    assert not selectors.seats_of_expert(who).exists()
    arrived(cast, visit, MONDAY)
    assert selectors.seats_of_expert(who).get().visit == visit


@pytest.mark.parametrize(
    ("change", "word"),
    [
        pytest.param({"term_to": date(2026, 3, 2)}, "聘期", id="聘期已满"),
        pytest.param({"employer": "回避"}, "应当回避", id="单位与企业有往来"),
        pytest.param({"reason": " "}, "请写明", id="没有理由"),
        pytest.param({"experts": 0}, "已经定死", id="申请里没有专家"),
    ],
)
def test_an_expert_is_not_called(change: dict[str, Any], word: str) -> None:
    cast = a_district()
    visit = applied(cast, experts=change.pop("experts", 1))
    reason = change.pop("reason", "专门做这个")
    expert = an_expert(**change)
    if change.get("employer") == "回避":
        ExpertRecusal.objects.create(
            expert=expert, enterprise=visit.enterprise, source="提供评价服务", since=date(2026, 1, 1)
        )
    with pytest.raises(NotAllowed, match=word):
        call(cast, visit, expert, reason)


def test_an_officer_is_no_expert_and_only_the_leader_calls() -> None:
    cast = a_district()
    visit = applied(cast, experts=1)
    with pytest.raises(NotAllowed, match="本人是执法人员"):
        call(cast, visit, an_expert(user=cast.user_of(cast.officers[3])))
    with pytest.raises(PermissionDenied):
        experts.call_expert(
            visit=visit,
            expert=an_expert(employer="另一家", user=None),
            reason="熟悉",
            actor=actor_of(cast.clerk),
            now=MONDAY,
        )


def test_a_drawn_visit_takes_the_experts_that_were_drawn() -> None:
    cast = a_district()
    visit = batches.approve_batch(batch=drawn(cast), actor=actor_of(cast.leader), now=MONDAY)[0]
    with pytest.raises(NotAllowed, match="由抽取确定"):
        call(cast, visit, an_expert())
