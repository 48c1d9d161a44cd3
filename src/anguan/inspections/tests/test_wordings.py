"""The hazard catalogue and the criteria on an item's page: picked, not typed."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from uuid_utils.compat import uuid7

from anguan.checklists.models import Checklist, Criterion, HazardPhrase, Standard
from anguan.ground import clock
from anguan.hazards.rules import criterion_of
from anguan.inspections.rules.criteria import fields_of
from anguan.inspections.selectors.wordings import wordings_of
from anguan.inspections.tests.builders import BEACON, a_cast, a_photo, approved, begun, team
from anguan.people.tests.builders import logged_in

pytestmark = pytest.mark.django_db

NOW = BEACON + timedelta(hours=3)
TODAY = clock.local_day(NOW)


def test_a_question_offers_its_phrases_and_its_own_criterion_first(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cast = a_cast(enterprises=1)
    checklist = cast.item.checklist
    assert checklist is not None
    questions = list(checklist.items.all())
    # A bureau's own standard: no hazard takes it as a criterion, so it is not offered.
    field = questions[0].criterion.standard.field if questions[0].criterion else "fire"
    own = Standard.objects.create(number="示例标准1号", title="示例标准", field=field, tag="M")
    Criterion.objects.create(
        standard=own, clause="第一条", summary="示例情形", stage="published", effective_from=TODAY, published_at=NOW
    )
    with django_assert_num_queries(3):
        wordings = wordings_of(checklist, questions, TODAY)
    assert wordings.own, "the shipped checklist names criteria"
    for question in questions:
        offers = wordings.offers_of(question)
        assert all(criterion_of(offer.text) for offer in offers)
        if question.number in wordings.own:
            assert offers[0].text == wordings.own[question.number]
    first = questions[0]
    HazardPhrase.objects.filter(checklist_code=checklist.code, item_key=first.key).update(is_offered=False)
    assert wordings_of(checklist, questions, TODAY).phrases_of(first) == []


def test_a_tick_alone_fills_the_note_level_and_term(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cast = a_cast()
    visit = begun(cast, approved(cast)[0], NOW)
    [officer, _], _ = team(cast, visit)
    item = visit.checklist.items.get(number=2)
    HazardPhrase.objects.filter(checklist_code=visit.checklist.code, item_key=item.key).delete()
    for text, days, level in (("出口上锁", 2, "general"), ("楼梯间堆物", 5, "general"), ("出口封死", 1, "major")):
        HazardPhrase.objects.create(
            checklist_code=visit.checklist.code, item_key=item.key, text=text, days=days, hazard_level=level
        )
    phone, url = logged_in(cast.user_of(officer)), reverse("inspections_phone:item", args=[visit.uid, 2])
    page = unescape(phone.get(url).content.decode())
    due = (TODAY + timedelta(days=2)).isoformat()
    assert f'name="phrase" value="出口上锁" data-level="general" data-due="{due}"' in page
    assert '<datalist id="criteria">' in page

    def sent(**values: object) -> int:
        photo = a_photo(NOW)
        return phone.post(
            url,
            {
                "uid": str(uuid7()), "outcome": "fails", "note": "", "place": "东侧", "level": item.hazard_level,
                "due_on": (TODAY + timedelta(days=item.suggested_days)).isoformat(), "criterion": "",
                "photo": SimpleUploadedFile("1.png", photo.data, "image/png"), **values,
            },
        ).status_code  # fmt: skip

    assert sent(phrase=["出口上锁", "楼梯间堆物"], note="现场看到出口上锁") == 302
    answer = visit.answers.get()
    assert answer.note == "现场看到出口上锁；楼梯间堆物", "what was written already is not written twice"
    assert (answer.level, answer.due_on) == ("general", TODAY + timedelta(days=2))
    # What the officer changed stands.
    assert sent(phrase=["楼梯间堆物"], due_on=(TODAY + timedelta(days=4)).isoformat()) == 302
    assert visit.answers.get().due_on == TODAY + timedelta(days=4)
    assert sent(phrase=["出口封死"]) == 422, "a major one needs its criterion"
    text = wordings_of(visit.checklist, [item], TODAY).offers_of(item)[0].text
    assert sent(phrase=["出口封死"], criterion=text) == 302
    assert (visit.answers.get().level, visit.answers.get().criterion) == ("major", text)
    assert sent(phrase=["没有这一条"]) == 422


@pytest.mark.parametrize(
    ("industry", "first"),
    [
        pytest.param("H6210", ["gas", "fire"], id="餐饮"),
        pytest.param("C2614", ["hazchem", "fire"], id="化工"),
        pytest.param("C2670", ["civil_explosives", "hazchem", "fire"], id="民爆"),
        pytest.param("C3130", ["industry", "fire"], id="工贸"),
        pytest.param("E4710", ["construction", "fire"], id="建筑"),
        pytest.param("F5211", ["fire"], id="商场"),
        pytest.param("", ["fire"], id="没有行业代码"),
    ],
)
def test_the_industry_says_whose_clauses_come_first(industry: str, first: list[str]) -> None:
    assert list(fields_of(industry)) == first


def test_a_checklist_without_criteria_offers_what_fits_the_firm_and_folds_the_rest_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cast = a_cast()
    visit = begun(cast, approved(cast)[0], NOW)
    [officer, _], _ = team(cast, visit)
    visit.checklist = Checklist.objects.exclude(items__criterion__isnull=False).order_by("pk")[0]
    visit.save()
    visit.enterprise.industry_code = "H6210"
    visit.enterprise.save()
    page = logged_in(cast.user_of(officer)).get(reverse("inspections_phone:item", args=[visit.uid, 1]))
    fitting, others = page.context["fitting"], page.context["others"]
    gas = Standard.objects.get(field="gas").title
    assert fitting[0].standard == gas
    assert not {offer.standard for offer in fitting} & {offer.standard for offer in others}
    assert len(others) > 40 > len(fitting)
    text = page.content.decode()
    assert text.index(f"其他标准（{len(others)}）") > text.index(fitting[-1].text)
    assert text.count('type="search"') == 1 + (len(fitting) > 8)
