"""商户成员: a shop's manager gets an account by a code, sees the shop, and is shut out when it ends."""

import pytest

from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.people.rules import Role
from anguan.people.services import CodeRefused, join_with
from anguan.people.viewers import viewer_of
from anguan.registry.models import ShopMembership
from anguan.registry.services import end_shop_membership, invite_to_shop

from .builders import NOW, a_complex, a_shop, an_enterprise

pytestmark = pytest.mark.django_db


def test_a_shops_manager_joins_by_code_and_leaves_when_the_membership_ends() -> None:
    shop = a_shop(a_complex(an_enterprise()))
    code = invite_to_shop(tenant=shop, actor=SYSTEM, now=NOW)
    person = {"username": "shop", "name": "示例店长", "password": "not-a-secret", "email": "", "phone": ""}
    user = join_with(code=code, now=NOW, **person)

    viewer = viewer_of(user)
    assert viewer.tenant_ids == {shop.pk}
    assert viewer.roles == {Role.TENANT}
    assert viewer.acting_for == shop.name
    assert viewer.enterprise_ids == viewer.organ_ids == frozenset()
    with pytest.raises(CodeRefused, match="已经用过"):
        join_with(code=code, now=NOW, **{**person, "username": "again"})

    end_shop_membership(membership=ShopMembership.objects.get(), actor=SYSTEM, now=clock.now())
    assert viewer_of(user).roles == frozenset()
