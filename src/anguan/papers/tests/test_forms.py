"""Every form as a PDF: rare and long names, many problems, and what can't be printed."""

import re

import pytest

from anguan.ground.rendering import CannotRender
from anguan.papers import selectors
from anguan.papers.models import Paper
from anguan.papers.rules import FormCode
from anguan.papers.tests import builders

LONG_NAME = "遂宁市河东新区堃镕㛃国际商业综合体物业运营管理与咨询服务股份有限公司第三分公司"


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF says it has."""
    counts = [int(count) for count in re.findall(rb"/Count (\d+)", pdf)]
    return max(counts)


@pytest.mark.django_db
def test_every_form_is_drawn_with_long_and_rare_names() -> None:
    people = builders.cast()
    people.firm.name = LONG_NAME
    people.firm.address = "四川省遂宁市河东新区东平中路与五彩缤纷路交叉口西北侧示例国际商业广场二期负一层至五层" * 2
    people.firm.save()
    builders.every_form(people)
    drawn = {paper.form: selectors.pdf_of(paper) for paper in Paper.objects.exclude(number="")}
    assert set(drawn) == set(FormCode)
    # Whoever holds a code learns that the paper is genuine, not to whom it went or what it says.
    for paper in Paper.objects.exclude(number=""):
        told = selectors.confirmation(paper.confirm_code)
        assert told is not None
        assert (told.title, told.number) == (paper.title, paper.number)
        assert not any(word in repr(told) for word in (LONG_NAME, people.firm.credit_code, "示例供电公司", "赵㛃"))
    assert all(pdf.startswith(b"%PDF-") and 1 <= pages_of(pdf) <= 2 for pdf in drawn.values())


@pytest.mark.django_db
def test_an_order_with_forty_problems_runs_over_pages() -> None:
    people = builders.cast()
    record = builders.issued(people)
    problems = [
        {
            "no": number,
            "text": "可燃气体报警器没有通电，联动切断装置失效。" * 4,
            "basis": "《中华人民共和国安全生产法》第三十六条第四款",
            "due_on": "2026-03-20",
        }
        for number in range(1, 41)
    ]
    order = builders.issued(
        people, FormCode.RECTIFY_ORDER, body=builders.order_body(problems=problems), answers=record, refused=True
    )
    assert pages_of(selectors.pdf_of(order)) >= 6


@pytest.mark.django_db
def test_what_somebody_typed_is_text_and_never_runs() -> None:
    people = builders.cast()
    hostile = '#panic("x") #read("/etc/passwd") ]]$ \\ *a* <b> "quoted" @ref // # = ```'
    paper = builders.issued(people, body=builders.record_body(findings=[hostile], place=hostile))
    assert selectors.pdf_of(paper).startswith(b"%PDF-")


@pytest.mark.django_db
def test_a_character_that_no_font_has_is_named_when_the_draft_is_written() -> None:
    people = builders.cast()
    with pytest.raises(CannotRender, match=r"U\+1F525"):
        builders.draft(people, FormCode.SITE_RECORD, body=builders.record_body(findings=["厨房🔥油锅"]))
