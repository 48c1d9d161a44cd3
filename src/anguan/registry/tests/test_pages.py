"""底账 pages: who sees what, and what a clerk does there."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from anguan.ground import audit, clock
from anguan.ground.access import SYSTEM
from anguan.people.models import OneTimeCode, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_officer, logged_in
from anguan.people.viewers import viewer_of
from anguan.registry import tasks
from anguan.registry.kinds import KINDS
from anguan.registry.models import DeclaredConflict, Enterprise, ImportRun, Site
from anguan.registry.services import import_sheet, merge_enterprises, runs
from anguan.registry.sheets import columns
from anguan.registry.sheets.reading import open_sheet
from anguan.registry.tests.builders import (
    NOW,
    a_building,
    a_code,
    a_complex,
    a_member,
    a_shop,
    a_site,
    a_workbook,
    an_enterprise,
)
from anguan.ui.desk import desk_rows
from anguan.ui.search import search_everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Client:
    return logged_in(a_user("clerk", Role.CLERK))


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode() if not answer.streaming else ""


def streamed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_list_that_opens_for_the_bureau(kind: str) -> None:
    for role in (Role.CLERK, Role.OFFICER, Role.LEADER):
        page(logged_in(a_user(f"x{role}", role)), reverse("registry:list", args=[kind]))


def test_a_list_shows_finds_and_counts(clerk: Client) -> None:
    an_enterprise("示例天枢百货有限公司", 1, risk_level="D")
    an_enterprise("示例重庆面馆", 2)
    whole = page(clerk, "/ledger/enterprise/")
    assert "示例天枢百货有限公司" in whole
    assert "重大" in whole
    found = page(clerk, "/ledger/enterprise/?q=cqmg")
    assert "示例重庆面馆" in found
    assert "百货" not in found.partition("<tbody")[2]
    assert page(clerk, "/ledger/enterprise/count/?risk=D") == "1"
    assert page(clerk, "/ledger/enterprise/count/") == "2"


def test_a_kind_that_does_not_exist_is_not_found(clerk: Client) -> None:
    page(clerk, "/ledger/ship/", 404)
    page(clerk, "/ledger/officer/", 404)


def test_queries_do_not_grow_with_the_rows(
    clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    firm = an_enterprise()
    for number in range(12):
        a_site(firm, f"示例工程{number}", f"施{number}")
        a_building(f"示例楼{number}", manager=firm)
    for kind in ("site", "building"):
        with django_assert_max_num_queries(8):
            page(clerk, f"/ledger/{kind}/")
    with django_assert_max_num_queries(30):
        page(clerk, firm.get_absolute_url())


def test_a_member_sees_their_own_enterprise_and_nothing_of_others() -> None:
    own, other = an_enterprise("示例商场有限公司", 1), an_enterprise("示例别家有限公司", 2)
    user = a_user("principal")
    a_member(user, own)
    client = logged_in(user)
    assert "示例别家" not in page(client, "/ledger/enterprise/")
    shown = page(client, own.get_absolute_url())
    assert "示例商场有限公司" in shown
    assert "变更记录" not in shown
    page(client, other.get_absolute_url(), 404)
    page(client, a_site(other).get_absolute_url(), 404)
    for url in ("edit", "merge"):
        page(client, f"{own.get_absolute_url()}{url}/", 403)
    page(client, "/ledger/enterprise/export/", 403)
    page(client, "/ledger/import/", 403)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER])
def test_only_a_clerk_changes_the_ledger(role: Role) -> None:
    firm = an_enterprise()
    client = logged_in(a_user("reader", role))
    page(client, firm.get_absolute_url())
    for name in ("registry:edit",):
        assert client.get(reverse(name, args=["enterprise", firm.pk])).status_code == 403
    for name in ("registry:merge", "registry:invite", "registry:conflict_declare"):
        assert client.post(reverse(name, args=[firm.pk])).status_code == 403
    assert client.get("/ledger/import/").status_code == 403


def the_form(client: Client, url: str) -> dict[str, str]:
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "on" if value is True else str(value) for name, value in values.items() if value not in (None, False)}


def test_a_change_is_cleaned_like_a_file_and_stands_in_the_history(clerk: Client) -> None:
    firm = an_enterprise()
    url = f"{firm.get_absolute_url()}edit/"
    values = the_form(clerk, url)
    assert clerk.post(url, values | {"phone": "一二三"}).status_code == 422
    assert clerk.post(url, values | {"longitude": "30.5", "latitude": "105.5"}).status_code == 422
    answer = clerk.post(url, values | {"principal": "张　示例", "risk_level": "C", "founded_on": "2020-01-05"})
    assert answer.status_code == 302
    firm.refresh_from_db()
    assert (firm.principal, firm.risk_level, firm.founded_on and firm.founded_on.isoformat()) == (
        "张示例",
        "C",
        "2020-01-05",
    )
    shown = page(clerk, firm.get_absolute_url())
    assert "变更前" in shown
    assert "张示例" in shown
    assert len(audit.history(firm)) == 1
    clerk.post(url, the_form(clerk, url))
    assert len(audit.history(firm)) == 1


def test_a_building_changes_its_manager_by_credit_code(clerk: Client) -> None:
    first, second = an_enterprise("示例甲物业", 1), an_enterprise("示例乙物业", 2)
    tower = a_building(manager=first)
    url = f"{tower.get_absolute_url()}edit/"
    values = the_form(clerk, url)
    assert values["manager_credit_code"] == first.credit_code
    assert clerk.post(url, values | {"manager_credit_code": a_code(77)}).status_code == 422
    assert clerk.post(url, values | {"manager_credit_code": second.credit_code, "height_m": "20"}).status_code == 302
    tower.refresh_from_db()
    assert (tower.manager, tower.is_high_rise) == (second, False)
    assert "示例甲物业" in page(clerk, tower.get_absolute_url())


def test_a_row_is_registered_by_hand_once(clerk: Client) -> None:
    values = {"name": "示例新店", "credit_code": a_code(5).lower(), "address": "示例路5号", "status": "operating"}
    assert clerk.post("/ledger/enterprise/new/", values).status_code == 302
    assert Enterprise.objects.get().credit_code == a_code(5)
    again = clerk.post("/ledger/enterprise/new/", values)
    assert again.status_code == 422
    assert "已经有这一条" in again.content.decode()
    site = {
        "name": "示例工程",
        "permit_no": "施1",
        "contractor_credit_code": a_code(9),
        "address": "示例路",
        "started_on": "2026-03-01",
    }
    assert "请先导入该企业" in clerk.post("/ledger/site/new/", site).content.decode()
    assert clerk.post("/ledger/site/new/", site | {"contractor_credit_code": a_code(5)}).status_code == 302


def test_a_merged_enterprise_leads_to_the_one_that_is_left(clerk: Client) -> None:
    winner, loser = an_enterprise("示例商场有限公司", 1), an_enterprise("示例商场公司", 2)
    site = a_site(loser)
    user = a_user("principal")
    a_member(user, loser)
    url = reverse("registry:merge", args=[loser.pk])
    assert "示例商场有限公司" in page(clerk, f"{url}?q=商场")
    assert clerk.post(url, {"winner": winner.pk, "reason": ""}).status_code == 422
    assert clerk.post(url, {"winner": winner.pk, "reason": "同一家"}).status_code == 302
    assert clerk.get(loser.get_absolute_url()).headers["Location"] == winner.get_absolute_url()
    shown = page(clerk, winner.get_absolute_url())
    assert site.name in shown
    assert loser.credit_code in shown
    assert site.name in page(logged_in(user), winner.get_absolute_url())


def test_a_conflict_is_declared_and_ended(clerk: Client) -> None:
    firm, officer = an_enterprise(), an_officer()
    url = reverse("registry:conflict_declare", args=[firm.pk])
    assert clerk.post(url, {"officer": officer.pk}).status_code == 422
    clerk.post(url, {"officer": officer.pk, "kind": "relative", "since": "2026-11-01", "source": "本人申报"})
    conflict = DeclaredConflict.objects.get()
    assert "近亲属任职" in page(clerk, firm.get_absolute_url())
    assert clerk.post(reverse("registry:conflict_end", args=[firm.pk, conflict.pk])).status_code == 302
    conflict.refresh_from_db()
    assert conflict.until is not None


def test_an_invitation_code_is_shown_once(clerk: Client) -> None:
    firm = an_enterprise()
    answer = clerk.post(reverse("registry:invite", args=[firm.pk]), {"role": "principal"})
    assert OneTimeCode.objects.filter(enterprise_id=firm.pk).count() == 1
    code = answer.context["invitation"]
    assert code in answer.content.decode()
    assert code not in page(clerk, firm.get_absolute_url())


def test_the_figures_open_to_the_very_rows(clerk: Client) -> None:
    firm = an_enterprise(is_key=True)
    an_enterprise("示例注销", 2, is_key=True, status="cancelled")
    a_building()
    a_building("示例矮楼", height="20")
    a_site(firm)
    answer = clerk.get("/ledger/figures/")
    for figure in answer.context["figures"]:
        path, _, query = figure.path.partition("?")
        assert page(clerk, f"{path}count/?{query}") == str(figure.value), figure.key
    values = {figure.key: figure.value for figure in answer.context["figures"]}
    assert (values["high_rises"], values["key_enterprises"], values["sites"]) == (1, 1, 1)


def test_an_export_is_what_the_list_shows_and_can_be_imported_again(clerk: Client) -> None:
    firm = an_enterprise(risk_level="C", is_key=True, employees=26, longitude="105.571234", latitude="30.512345")
    noodles = an_enterprise("示例面馆", 2)
    a_building(manager=firm)
    a_site(firm)
    a_shop(a_complex(firm), "1-11", enterprise=noodles, uses_gas=True)
    Site.objects.update(longitude="105.6", latitude="30.5", given_in="gcj02")
    answer = clerk.get("/ledger/enterprise/export/?risk=C")
    content = streamed(answer)
    header, *rows = openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    assert header[:2] == ("单位名称*", "统一社会信用代码*")
    assert [row[0] for row in rows] == ["示例商场有限公司"]
    for kind in ("enterprise", "building", "complex", "tenant", "site"):
        content = streamed(clerk.get(f"/ledger/{kind}/export/"))
        sheet = open_sheet(content, columns.KINDS[kind])
        outcome = import_sheet(sheet=sheet, actor=SYSTEM, now=NOW)
        assert {row.status.value for row in outcome.rows} == {"unchanged"}, kind


# --- import in the browser

HEADERS = ["序号", "企业名称", "社会信用代码", "经营地址", "风险等级", "网格员"]


def a_table(*extra: list[object]) -> BytesIO:
    rows: list[list[object]] = [
        [1, "示例商场有限公司", a_code(1), "示例路1号", "较大", "甲"],
        [2, "示例 面馆", f" {a_code(2)[:9]} {a_code(2)[9:]}", "示例路２号", "蓝", "乙"],
    ]
    return a_workbook(HEADERS, *rows, *extra, title="示例区企业台账（2026年）")


def uploaded(client: Client, file: BytesIO) -> ImportRun:
    answer = client.post("/ledger/import/", {"kind": "enterprise", "file": file})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportRun.objects.get()


def matched(run: ImportRun) -> dict[str, str]:
    return {f"column-{place}": field for place, field in run.mapping["columns"].items()}


def test_a_file_goes_from_upload_over_preview_into_the_ledger(clerk: Client) -> None:
    run = uploaded(clerk, a_table())
    shown = page(clerk, run.get_absolute_url())
    assert "网格员" in shown
    assert "不导入的列" in shown
    clerk.post(reverse("registry:import_match", args=[run.pk]), matched(run))
    run.refresh_from_db()
    assert (run.state, run.summary["created"], Enterprise.objects.count()) == ("checked", 2, 0)
    assert "写入 2 行" in page(clerk, run.get_absolute_url())
    clerk.post(reverse("registry:import_confirm", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, run.summary["written"]) == ("done", True)
    assert Enterprise.objects.get(credit_code=a_code(2)).name == "示例面馆"
    assert "打开清单" in page(clerk, run.get_absolute_url())
    clerk.post(reverse("registry:import_confirm", args=[run.pk]))
    assert Enterprise.objects.count() == 2


def test_faults_stand_at_their_cell_and_the_sound_rows_can_go_in(clerk: Client) -> None:
    run = uploaded(clerk, a_table([3, "示例错码", "91519999MA00000000", "示例路3号", "高", ""]))
    clerk.post(reverse("registry:import_match", args=[run.pk]), matched(run))
    shown = page(clerk, run.get_absolute_url())
    assert "C5" in shown
    assert "E5" in shown
    assert "只写无误的行" in shown
    answer = clerk.get(reverse("registry:import_problems", args=[run.pk]))
    sheet = openpyxl.load_workbook(BytesIO(streamed(answer))).worksheets[0]
    assert sheet.max_row == 3
    clerk.post(reverse("registry:import_confirm", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, Enterprise.objects.count()) == ("checked", 0)
    clerk.post(reverse("registry:import_confirm", args=[run.pk]), {"partial": "1"})
    assert Enterprise.objects.count() == 2


def test_a_required_column_that_is_not_matched_is_named(clerk: Client) -> None:
    run = uploaded(clerk, a_table())
    chosen = {name: field for name, field in matched(run).items() if field != "address"}
    answer = clerk.post(reverse("registry:import_match", args=[run.pk]), chosen)
    assert answer.status_code == 422
    assert "地址" in answer.context["failure"]
    twice = matched(run) | {"column-5": "name"}
    assert clerk.post(reverse("registry:import_match", args=[run.pk]), twice).status_code == 422


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"MZ\x90\x00\x03\x00", "表格", id="改名的程序"),
        pytest.param("甲,乙\n1,2\n".encode(), "表头", id="没有表头"),
    ],
)
def test_an_unusable_file_is_told_at_the_field(clerk: Client, content: bytes, word: str) -> None:
    file = BytesIO(content)
    file.name = "台账.xlsx"
    answer = clerk.post("/ledger/import/", {"kind": "enterprise", "file": file})
    assert answer.status_code == 422
    assert word in answer.context["form"].errors["file"][0]
    assert not ImportRun.objects.exists()


def test_a_long_file_is_left_to_the_worker_and_tells_how_far_it_is(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 0)
    left: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.work_off, "defer", lambda **words: left.append(words))
    run = uploaded(clerk, a_table())
    clerk.post(reverse("registry:import_match", args=[run.pk]), matched(run))
    poll = reverse("registry:import_progress", args=[run.pk])
    assert poll in page(clerk, run.get_absolute_url())
    assert f'data-url="{poll}"' in page(clerk, poll)
    tasks.work_off(**left.pop())
    assert f'data-url="{poll}"' not in page(clerk, poll)
    clerk.post(reverse("registry:import_confirm", args=[run.pk]))
    assert not Enterprise.objects.exists()
    tasks.work_off(**left.pop())
    assert Enterprise.objects.count() == 2
    assert audit.history(Enterprise.objects.earliest("pk"))[0].actor_name == "示例clerk"


def test_a_worker_that_died_leaves_a_run_that_says_so(clerk: Client) -> None:
    run = uploaded(clerk, a_table())
    ImportRun.objects.update(state="writing")
    runs.progress_file(run).write_text("1")
    assert runs.give_up_stale(clock.now()) == 0
    assert runs.give_up_stale(clock.now() + timedelta(minutes=5)) == 1
    assert "什么都没有写入" in page(clerk, run.get_absolute_url())


def test_another_clerk_does_not_see_the_file(clerk: Client) -> None:
    run = uploaded(clerk, a_table())
    other = logged_in(a_user("other", Role.CLERK))
    page(other, run.get_absolute_url(), 404)
    assert other.post(reverse("registry:import_confirm", args=[run.pk])).status_code == 404


def test_the_desk_and_the_search_lead_to_the_ledger(clerk: Client) -> None:
    uploaded(clerk, a_table())
    firm = an_enterprise()
    viewer = viewer_of(User.objects.get(username="clerk"))
    assert "台账.xlsx" in [row.subject for row in desk_rows(viewer, clock.local_day(clock.now()))]
    assert firm.get_absolute_url() in [found.url for found in search_everywhere(viewer, firm.credit_code)]
    own = viewer_of(a_user("stranger"))
    assert not search_everywhere(own, firm.credit_code)


def test_templates_can_be_downloaded(clerk: Client) -> None:
    sheet = openpyxl.load_workbook(BytesIO(clerk.get("/ledger/template/site/").content)).worksheets[0]
    assert sheet["A1"].value == "工程名称*"
    page(clerk, "/ledger/template/nothing/", 404)


def test_the_merge_of_a_merge_is_followed_to_its_end(clerk: Client) -> None:
    first, second, third = (an_enterprise(f"示例{n}公司", n) for n in (1, 2, 3))
    merge_enterprises(loser=first, winner=second, reason="同一家", actor=SYSTEM, now=NOW)
    merge_enterprises(loser=second, winner=third, reason="同一家", actor=SYSTEM, now=NOW)
    assert clerk.get(first.get_absolute_url()).headers["Location"] == third.get_absolute_url()
