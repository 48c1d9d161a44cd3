"""国办发〔2024〕54号: one test for each rule, which tries to break it (enforcement notes 2.3)."""

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

import anguan.inspections
from anguan.checklists.models import Checklist, ChecklistItem, InspectionItem, ItemList
from anguan.inspections.models import Concern, OrganArea, SubjectEntry, SubjectList, Visit
from anguan.inspections.rules import (
    AssistantKind,
    Ban,
    ConcernKind,
    CountClass,
    ExemptReason,
    Mode,
    NotAllowed,
    PastCap,
    ResultCategory,
    Trigger,
    VisitKind,
    VisitState,
    bans_text,
)
from anguan.inspections.selectors.caps import cap_use, idle_items
from anguan.inspections.services import visits
from anguan.inspections.services.visits import assisting
from anguan.inspections.tests.builders import MONDAY, a_photo, actor_of
from anguan.inspections.tests.visit_builders import TODAY, a_district, applied, approved_visit, arrived, checked
from anguan.papers.models import Paper
from anguan.people.models import Competence, Entrustment, Officer, Organ
from anguan.people.tests.builders import an_officer, an_organ

pytestmark = pytest.mark.django_db
TOMORROW = MONDAY + timedelta(days=1)


def test_only_an_organ_with_power_or_entrusted_and_on_the_published_list_inspects() -> None:
    cast = a_district()
    assert applied(cast).state == VisitState.APPLIED
    powerless = an_organ("示例议事机构", kind="other")
    with pytest.raises(NotAllowed, match="没有行政检查的职权"):
        applied(cast, organ=powerless)
    Entrustment.objects.create(
        entrusting=cast.organ, entrusted=powerless, document="委托书", matters=["penalise"],
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31),
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="没有有效的委托"):
        applied(cast, organ=powerless)
    published = SubjectList.objects.create(
        organ=cast.organ, year=2026, state="published", due_on=date(2026, 4, 30), rule_version="D32 v1",
        drafted_at=MONDAY, drafted_by_name="内勤", filed_on=TODAY, published_at=MONDAY,
    )  # fmt: skip
    other = an_organ("示例消防机构", kind="fire")
    SubjectEntry.objects.create(subject_list=published, subject=other, kind="own_power", basis="法", scope="消防")
    with pytest.raises(NotAllowed, match="检查主体清单"):
        applied(cast)
    SubjectEntry.objects.create(subject_list=published, subject=cast.organ, kind="own_power", basis="法", scope="全部")
    assert applied(cast).state == VisitState.APPLIED


def test_who_is_barred_may_only_assist_and_only_as_many_as_the_approval_fixed() -> None:
    cast = a_district()
    uncertified = an_officer("网格员", organ=cast.organ, valid_to=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed, match="只能协助"):
        applied(cast, officers=[cast.officers[0], uncertified])
    with pytest.raises(NotAllowed, match="不是本机关"):
        applied(cast, officers=[cast.officers[0], an_officer("外单位", organ=an_organ("示例检测机构", kind="other"))])
    visit = approved_visit(cast, assistants=1)
    actor = actor_of(cast.user_of(cast.officers[0]))
    for kind in (AssistantKind.GRID_WORKER, AssistantKind.GRID_WORKER):
        assisting.record_assistant(visit=visit, kind=kind, name="网格员", employer="", actor=actor, now=MONDAY)
    with pytest.raises(NotAllowed, match="审批时确定"):
        assisting.record_assistant(
            visit=visit, kind=AssistantKind.INTERMEDIARY, name="中介", employer="", actor=actor, now=MONDAY
        )
    with pytest.raises(NotAllowed, match="只有抽中"):
        visits.start_visit(
            visit=visit, present=[*(officer.pk for officer in cast.officers[:2]), uncertified.pk], actor=actor,
            now=TOMORROW,
        )  # fmt: skip


def test_an_item_that_is_not_on_the_published_list_or_has_no_basis_is_not_inspected() -> None:
    cast = a_district()
    coming = ItemList.objects.create(version="2027", title="明年清单", published_on=date(2027, 1, 1))
    item = InspectionItem.objects.create(
        item_list=coming, code="X1", matter="示例事项", basis="法", targets="企业", checklist=cast.item.checklist
    )
    with pytest.raises(NotAllowed, match="还没有公布或者没有在施行"):
        applied(cast, item=item)
    ItemList.objects.filter(pk=coming.pk).update(
        stage="published", published_on=TODAY, published_at=MONDAY, effective_from=TODAY
    )
    item.refresh_from_db()
    assert applied(cast, item=item).state == VisitState.APPLIED
    with pytest.raises(NotAllowed, match="已经取消"):
        applied(cast)
    item.basis = " "
    with pytest.raises(NotAllowed, match="法律依据"):
        applied(cast, item=item, clue="2")


def test_a_standard_without_its_clause_is_no_standard() -> None:
    cast = a_district()
    draft = Checklist.objects.create(code="x", version="草稿", title="示例检查表", industry="示例")
    for number, clause in enumerate(("第四十二条", ""), 1):
        ChecklistItem.objects.create(
            checklist=draft, number=number, key=f"x{number}", question="通道是否畅通", look_for="看",
            statute="安全生产法", clause=clause,
            violation_basis="法", order_basis="法", penalty_basis="法", hazard_level="general", suggested_days=3,
        )  # fmt: skip
    item = InspectionItem.objects.create(
        item_list=cast.item.item_list, code="X2", matter="示例事项", basis="法", targets="企业", checklist=draft
    )
    with pytest.raises(NotAllowed, match="标准不明"):
        applied(cast, item=item)


def test_nobody_goes_without_approval_and_an_emergency_is_approved_within_a_day() -> None:
    cast = a_district()
    visit = applied(cast)
    actor = actor_of(cast.user_of(cast.officers[0]))
    with pytest.raises(NotAllowed, match="已批准"):
        visits.start_visit(visit=visit, present=[one.pk for one in cast.officers[:2]], actor=actor, now=TOMORROW)
    with pytest.raises(PermissionDenied, match="另一位负责人"):
        visits.approve_visit(visit=visit, actor=actor_of(cast.clerk), now=MONDAY)
    with pytest.raises(IntegrityError, match="nothing_begins_unapproved"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.ON_SITE)
    emergency = visits.start_emergency(
        uid=uuid7(), organ=cast.organ, enterprise=cast.enterprises[1], item=cast.item, officers=cast.officers[:2],
        trigger=Trigger.ACCIDENT, clue="险情-1", reason="燃气泄漏", actor=actor, now=MONDAY,
    )  # fmt: skip
    assert (emergency.state, emergency.approved_at) == (VisitState.ON_SITE, None)
    assert emergency.approve_by == MONDAY + timedelta(hours=24)
    assert visits.note_unapproved(MONDAY + timedelta(hours=24)) == 0
    assert visits.note_unapproved(MONDAY + timedelta(hours=24, minutes=1)) == 1
    assert visits.note_unapproved(MONDAY + timedelta(hours=25)) == 0, "told once"
    assert Concern.objects.filter(visit=emergency, kind=ConcernKind.UNAPPROVED).count() == 1
    with pytest.raises(NotAllowed, match="补办"):
        visits.draft_record(visit=emergency, actor=actor, now=MONDAY + timedelta(hours=26))
    late = visits.approve_visit(visit=emergency, actor=actor_of(cast.leader), now=MONDAY + timedelta(hours=26))
    assert (late.state, late.approved_by_name) == (VisitState.ON_SITE, cast.leader.name)
    with pytest.raises(NotAllowed, match="不经事先批准"):
        visits.start_emergency(
            uid=uuid7(), organ=cast.organ, enterprise=cast.enterprises[1], item=cast.item,
            officers=cast.officers[:2], trigger=Trigger.PLAN, clue="计划", reason="例行", actor=actor, now=MONDAY,
        )  # fmt: skip


def test_who_goes_there_says_why_it_can_not_be_done_from_afar() -> None:
    cast = a_district()
    with pytest.raises(NotAllowed, match="非现场"):
        applied(cast, why_on_site="")
    assert applied(cast, why_on_site="", mode=Mode.OFF_SITE).mode == Mode.OFF_SITE
    visit = applied(cast)
    with pytest.raises(IntegrityError, match="why_not_from_afar"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(why_on_site="")


def test_the_yearly_cap_stops_an_organ_and_a_planned_check_holds_its_place() -> None:
    cast = a_district()
    firm = cast.enterprises[0]
    checked(cast, firm, MONDAY - timedelta(days=40))
    assert str(cap_use(cast.organ, firm, TODAY)) == "1/2"
    plan: dict[str, Any] = {"kind": VisitKind.KEY, "trigger": Trigger.PLAN, "clue": ""}
    second = approved_visit(cast, **plan)
    assert (second.cap_used, second.cap) == (2, 2)
    with pytest.raises(PastCap, match="已达上限"):
        applied(cast, **plan)
    assert applied(cast, enterprise=cast.enterprises[1], **plan).state == VisitState.APPLIED
    visits.withdraw_visit(visit=second, note="企业停产", actor=actor_of(cast.leader), now=MONDAY)
    assert applied(cast, **plan).state == VisitState.APPLIED, "what was withdrawn gives its place back"


def test_daily_case_and_special_checks_count_and_those_ordered_from_above_do_not() -> None:
    cast = a_district()
    firm = cast.enterprises[0]
    for number, (kind, trigger, count) in enumerate(
        [
            (VisitKind.KEY, Trigger.PLAN, CountClass.DAILY),
            (VisitKind.CLUE, Trigger.CLUE, CountClass.CASE),
            (VisitKind.SPECIAL, Trigger.PLAN, CountClass.SPECIAL),
        ],
        1,
    ):
        checked(cast, firm, MONDAY - timedelta(days=number), kind=kind, trigger=trigger, count_class=count, clue="1")
        assert cap_use(cast.organ, firm, TODAY).used == number
    visit = applied(cast, kind=VisitKind.SPECIAL, trigger=Trigger.ORDERED, clue="示例发〔2026〕1号")
    assert visit.count_class == CountClass.ORDERED_FROM_ABOVE
    assert cap_use(cast.organ, firm, TODAY).used == 3
    with pytest.raises(NotAllowed, match="上级部署"):
        applied(cast, kind=VisitKind.SPECIAL, trigger=Trigger.PLAN, clue="", count_class=CountClass.ORDERED_FROM_ABOVE)
    assert not cap_use(cast.organ, firm, date(2027, 3, 2)).used, "another year"


def test_a_clue_goes_past_the_cap_with_its_reason_and_the_supervisor_is_told() -> None:
    cast = a_district()
    firm = cast.enterprises[0]
    for days in (40, 30):
        checked(cast, firm, MONDAY - timedelta(days=days))
    with pytest.raises(PastCap):
        applied(cast)
    with pytest.raises(NotAllowed, match="来由不符"):
        applied(cast, exempt=ExemptReason.REQUEST)
    with pytest.raises(NotAllowed, match="线索编号"):
        applied(cast, exempt=ExemptReason.COMPLAINT, clue=" ")
    visit = approved_visit(cast, exempt=ExemptReason.COMPLAINT)
    assert (visit.cap_used, visit.cap) == (3, 2), "counted, and not stopped"
    concern = Concern.objects.get(visit=visit, kind=ConcernKind.PAST_CAP)
    assert "投诉举报" in concern.text
    with pytest.raises(IntegrityError, match="names_its_clue"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(clue="")


def test_what_is_no_inspection_can_not_be_entered_as_one() -> None:
    assert {"daily", "case", "special", "ordered_from_above", "none"} == set(CountClass)
    for word in ("internal", "state_assets", "observation", "supervision_tour", "service"):
        with pytest.raises(ValueError, match=word):
            VisitKind(word)
    cast = a_district()
    visit = applied(cast)
    with pytest.raises(IntegrityError, match="a_recheck_answers_a_visit"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(kind=VisitKind.RECHECK)


def test_every_check_that_begins_has_its_code() -> None:
    cast = a_district()
    assert applied(cast).code_no == "", "what was not approved has none to show"
    visit = approved_visit(cast, clue="2")
    assert visit.code_no.startswith("JC-")
    code = visits.task_code(visit=visit, now=MONDAY)
    read = visits.read_task_code(code)
    assert read is not None
    assert read.visit_uid == visit.uid
    Visit.objects.filter(pk=visit.pk).update(code_no="")
    visit.refresh_from_db()
    assert arrived(cast, visit, TOMORROW).code_no, "and one that lost it gets one at the door"


def test_a_service_visit_never_becomes_a_paper_of_enforcement() -> None:
    from anguan.inspections.models import Guidance
    from anguan.inspections.services import guidance

    cast = a_district()
    visit = guidance.record_guidance(
        uid=uuid7(), organ=cast.organ, enterprise=cast.enterprises[0], officers=cast.officers[:1], guided_on=TODAY,
        host="示例经理", explained="讲解安全生产责任", problems=[("通道堆物", None)],
        actor=actor_of(cast.clerk), now=MONDAY,
    )  # fmt: skip
    assert visit.code_no.startswith("FW-")
    assert not Paper.objects.exists()
    related = {field.related_model for field in Guidance._meta.get_fields() if field.related_model}
    assert Paper not in related
    assert Visit not in related, "nothing leads from a service to a check but a clue that somebody wrote down"
    with pytest.raises(NotAllowed, match="重大隐患或者现实危险"):
        guidance.refer_guidance(guidance=visit, reason=" ", actor=actor_of(cast.clerk), now=MONDAY)
    visit = guidance.refer_guidance(
        guidance=visit, reason="液化气瓶与明火同室，随时可能爆炸", actor=actor_of(cast.clerk), now=MONDAY
    )
    check = applied(cast, clue=visit.clue)
    assert check.state == VisitState.APPLIED, "and even then somebody has to approve"


def test_no_check_outside_the_organs_own_area() -> None:
    cast = a_district()
    firm = cast.enterprises[0]
    firm.address = "外市某区示例路1号"
    firm.save()
    with pytest.raises(NotAllowed, match="异地检查"):
        applied(cast)
    OrganArea.objects.filter(organ=cast.organ).update(valid_to=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed, match="没有登记"):
        applied(cast, enterprise=cast.enterprises[1])


def test_items_that_nobody_used_for_five_years_are_listed() -> None:
    cast = a_district()
    assert idle_items(date(2099, 1, 1)), "nothing was checked for decades"
    checked(cast, cast.enterprises[0], MONDAY)
    codes = [code for code, _matter in idle_items(date(2029, 3, 1))]
    assert cast.item.code not in codes


def test_the_five_bans_stand_on_the_notice_and_on_the_firms_rating() -> None:
    cast = a_district()
    visit = arrived(cast, approved_visit(cast), TOMORROW)
    assert visit.notice is not None
    assert len(Ban) == len(bans_text()) == 5
    for line in bans_text():
        assert line in visit.notice.body["complaint"]


def test_no_figure_of_this_room_adds_up_fines() -> None:
    room = Path(anguan.inspections.__file__).parent
    words = ("fine_yuan", "fines", "penalty_amount", "罚款", "罚没")
    for file in sorted(room.rglob("*.py")):
        if "tests" in file.parts or "migrations" in file.parts:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {
            str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and len(str(node.value)) < 40
        }
        assert not [name for name in names if any(word in name for word in words)], file
    for model in (Officer, Organ, Competence):
        assert not [field.name for field in model._meta.get_fields() if "fine" in field.name]


def test_a_firm_that_refuses_is_looked_at_before_it_is_held_against_it() -> None:
    cast = a_district()
    visit = approved_visit(cast)
    actor = actor_of(cast.user_of(cast.officers[0]))
    visit = visits.end_without_check(
        visit=visit, category=ResultCategory.OBSTRUCTED, note="称没有看到执法证", photos=[a_photo(TOMORROW)],
        actor=actor, now=TOMORROW,
    )  # fmt: skip
    concern = Concern.objects.get(visit=visit)
    assert (concern.kind, concern.text) == (ConcernKind.ENTRY_REFUSED, "称没有看到执法证")
    assert not Paper.objects.filter(form__in=["rectify_order", "coercion_approval"]).exists()
    handled = visits.handle_concern(
        concern=concern, opinion="执法人员未出示证件，拒绝有理", actor=actor_of(cast.supervisor), now=TOMORROW
    )
    assert handled.handled_by_name == cast.supervisor.name
    with pytest.raises(NotAllowed, match="不能再改"):
        visits.handle_concern(concern=concern, opinion="另有意见", actor=actor_of(cast.supervisor), now=TOMORROW)
