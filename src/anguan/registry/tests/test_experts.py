"""专家库: registered, invited, kept away from firms; an expert sees what is theirs."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest

from anguan.ground.access import SYSTEM
from anguan.people.models import Expert
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_expert, an_organ, logged_in
from anguan.registry.models import ExpertRecusal
from anguan.registry.selectors import experts_recused_from
from anguan.registry.services import RecusalRefused, declare_recusal, end_recusal, merge_enterprises

from .builders import NOW, an_enterprise

pytestmark = pytest.mark.django_db
SINCE = date(2026, 3, 1)


def test_a_clerk_registers_an_expert_and_another_organs_clerk_leaves_them_alone() -> None:
    bureau = an_organ()
    clerk = logged_in(a_user("clerk", Role.CLERK, organ=bureau))
    form = {"name": "孙示例", "employer": "示例安全技术中心", "specialities": "消防、电气", "organ": bureau.pk}
    assert clerk.post("/people/experts/new/", {**form, "specialities": "、"}).status_code == 422
    assert clerk.post("/people/experts/new/", {**form, "fee_yuan": "-1"}).status_code == 422
    clerk.post("/people/experts/new/", {**form, "fee_yuan": "800", "term_to": "2026-01-31"})
    expert = Expert.objects.get(organ=bureau, specialities=["消防", "电气"], fee_yuan=800)
    assert clerk.post("/people/experts/new/", form).status_code == 422

    assert "孙示例" in clerk.get("/people/experts/?q=电气").content.decode()
    assert "孙示例" not in clerk.get("/people/experts/?serving=1").content.decode()
    clerk.post(f"/people/experts/{expert.pk}/edit/", {**form, "title": "高级工程师"})
    expert.refresh_from_db()
    assert (expert.title, expert.term_to) == ("高级工程师", None)
    assert "孙示例" in clerk.get("/people/experts/?serving=1").content.decode()

    neighbour = logged_in(a_user("neighbour", Role.CLERK, organ=an_organ("邻区应急管理局", kind="emergency")))
    assert neighbour.get(f"/people/experts/{expert.pk}/").status_code == 200
    assert neighbour.post(f"/people/experts/{expert.pk}/edit/", form).status_code == 404
    assert neighbour.post(f"/people/experts/{expert.pk}/invite/").status_code == 404


def test_an_expert_sees_their_own_page_and_declares_what_to_keep_away_from() -> None:
    firm = an_enterprise()
    user = a_user("expert")
    own, other = an_expert(user=user), an_expert("专家乙")
    client = logged_in(user)
    shown = client.get("/people/experts/", follow=True).content.decode()
    assert ("专家甲" in shown, "变更记录" in shown) == (True, False)
    assert client.get(f"/people/experts/{other.pk}/").status_code == 404
    assert client.get(firm.get_absolute_url()).status_code == 403

    url = f"/ledger/expert/{own.pk}/recusals/"
    strange = client.post(url, {"enterprise": "示例没有的公司", "since": "2026-03-01", "source": "顾问"})
    assert (strange.status_code, "示例没有的公司" in strange.content.decode()) == (422, True)
    client.post(url, {"enterprise": firm.credit_code, "since": "2026-03-01", "source": "顾问"})
    recusal = ExpertRecusal.objects.get(expert=own, enterprise=firm, until=None)
    assert firm.name in client.get(f"/people/experts/{own.pk}/").content.decode()
    office = logged_in(a_user("officer", Role.OFFICER))
    assert f"/people/experts/{own.pk}/" in office.get(firm.get_absolute_url()).content.decode()
    assert client.post(f"{url}{recusal.pk}/end/", {"reason": "合同到期"}).status_code == 403
    assert client.post(f"/ledger/expert/{other.pk}/recusals/", {}).status_code == 404


def test_a_recusal_holds_to_the_day_it_ends_and_for_whoever_the_firm_was_merged_into() -> None:
    firm, winner, expert = an_enterprise(), an_enterprise("示例集团有限公司", 2), an_expert()
    recusal = declare_recusal(expert=expert, enterprise=firm, source="顾问", since=SINCE, actor=SYSTEM, now=NOW)
    again = declare_recusal(expert=expert, enterprise=firm, source="又一次", since=SINCE, actor=SYSTEM, now=NOW)
    assert again == recusal
    merge_enterprises(loser=firm, winner=winner, reason="同一家", actor=SYSTEM, now=NOW)
    assert experts_recused_from(winner, SINCE) == {expert.pk}
    assert experts_recused_from(winner, SINCE - timedelta(days=1)) == set()

    with pytest.raises(RecusalRefused, match="早于"):
        end_recusal(recusal=recusal, until=SINCE - timedelta(days=1), reason="错", actor=SYSTEM, now=NOW)
    end_recusal(recusal=recusal, until=date(2026, 6, 1), reason="合同到期", actor=SYSTEM, now=NOW)
    assert experts_recused_from(winner, date(2026, 5, 31)) == {expert.pk}
    assert experts_recused_from(winner, date(2026, 6, 1)) == set()


def test_the_list_is_exported_as_it_can_be_imported() -> None:
    firm, expert = an_enterprise(), an_expert(specialities=("消防", "电气"))
    declare_recusal(expert=expert, enterprise=firm, source="顾问", since=SINCE, actor=SYSTEM, now=NOW)
    client = logged_in(a_user("officer", Role.OFFICER))
    file = BytesIO(client.get("/ledger/expert/export/").getvalue())
    rows = list(openpyxl.load_workbook(file).worksheets[0].values)
    assert rows[0] == ("姓名*", "单位*", "专业*", "职称", "聘期至", "回避单位")
    assert (rows[1][0], rows[1][2], rows[1][5]) == ("专家甲", "消防、电气", firm.credit_code)
