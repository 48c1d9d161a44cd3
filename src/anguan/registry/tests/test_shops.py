"""商户成员: a shop's manager gets an account by a code, sees the shop, and is shut out when it ends."""

import pytest

from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.people.models import OneTimeCode
from anguan.people.rules import Role
from anguan.people.services import CodeRefused, join_with
from anguan.people.tests.builders import a_user, logged_in
from anguan.people.viewers import viewer_of
from anguan.registry.models import Complex, ShopMembership, Tenant
from anguan.registry.services import end_shop_membership, invite_to_shop

from .builders import NOW, a_code, a_complex, a_shop, a_shopkeeper, an_enterprise

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


def test_a_complex_and_a_shop_are_entered_by_hand() -> None:
    clerk = logged_in(a_user("clerk", Role.CLERK))
    firm = an_enterprise()
    mall = {"name": "示例广场", "operator_credit_code": firm.credit_code, "address": "示例路1号"}
    assert clerk.post("/ledger/complex/new/", {**mall, "operator_credit_code": a_code(9)}).status_code == 422
    clerk.post("/ledger/complex/new/", mall)
    complex_ = Complex.objects.get(name="示例广场", operator=firm)

    assert "示例广场" in clerk.get(f"/ledger/tenant/new/?complex={complex_.pk}").content.decode()
    shop = {"complex_name": "示例广场", "unit_no": "L1-01", "name": "示例餐厅", "uses_gas": "on"}
    clerk.post("/ledger/tenant/new/", shop)
    row = Tenant.objects.get(complex=complex_, unit_no="L1-01", uses_gas=True, powered_all_night=False)
    again = clerk.post("/ledger/tenant/new/", shop)
    assert (again.status_code, "底账里已经有这一条" in again.content.decode()) == (422, True)
    clerk.post(f"/ledger/tenant/{row.pk}/edit/", {"unit_no": "L1-01", "name": "示例面馆", "credit_code": a_code(1)})
    row.refresh_from_db()
    assert (row.name, row.enterprise, row.uses_gas) == ("示例面馆", firm, False)


def test_a_shops_manager_sees_the_shop_and_no_other() -> None:
    mall = a_complex(an_enterprise())
    own, other = a_shop(mall), a_shop(mall, "L1-02", "示例书店")
    user = a_user("shop")
    a_shopkeeper(user, own)
    client = logged_in(user)
    shown = client.get("/ledger/", follow=True).content.decode()
    assert ("示例餐厅" in shown, "示例书店" in shown) == (True, False)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(mall.get_absolute_url()).status_code == 404


def test_the_invitation_of_a_shop_is_shown_once() -> None:
    clerk = logged_in(a_user("clerk", Role.CLERK))
    shop = a_shop(a_complex(an_enterprise()))
    answer = clerk.post(f"/ledger/tenant/{shop.pk}/invite/")
    assert answer["Cache-Control"] == "no-store"
    assert OneTimeCode.objects.get().tenant_id == shop.pk
    assert "只显示这一次" in answer.content.decode()
    assert "只显示这一次" not in clerk.get(shop.get_absolute_url()).content.decode()


def test_a_position_typed_in_is_turned_into_the_ledgers_system_once() -> None:
    clerk = logged_in(a_user("clerk", Role.CLERK))
    firm = an_enterprise()
    url = f"{firm.get_absolute_url()}edit/"
    form = {"name": firm.name, "address": firm.address, "status": "operating", "longitude": "121.531542"}
    clerk.post(url, {**form, "latitude": "31.175304", "given_in": "gcj02"})
    firm.refresh_from_db()
    assert (str(firm.longitude), str(firm.latitude), firm.given_in) == ("121.527211", "31.177428", "gcj02")
    # The form shows it as it is kept; sent back it isn't turned again, and what it was given in is kept.
    kept = {"longitude": "121.527211", "latitude": "31.177428", "given_in": "cgcs2000", "remark": "已核对"}
    clerk.post(url, {**form, **kept})
    firm.refresh_from_db()
    assert (str(firm.longitude), firm.given_in, firm.remark) == ("121.527211", "gcj02", "已核对")
