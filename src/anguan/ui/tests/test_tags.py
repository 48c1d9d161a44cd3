"""Each component says in words what it shows in colour."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

import anguan
from anguan.ground import clock
from anguan.ui import navigation, panels
from anguan.ui.icons import ICONS

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, ten in the morning in China


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def show(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ('{% pill "overdue" "逾期" %}', "逾期"),
        ('{% risk "major" %}', "重大"),
        ('{% risk "D" %}', "重大"),
        ('{% risk "yellow" %}', "一般"),
        ('{% risk "" %}', "未评级"),
        ("{% deadline None %}", "未定期限"),
        ("{% day None %}", "—"),
    ],
)
def test_a_component_says_its_word(tag: str, said: str) -> None:
    assert words(show(tag)) == said


@pytest.mark.parametrize(
    ("due", "left", "unit", "said"),
    [
        pytest.param(date(2026, 11, 26), 3, "working", "剩 3 个工作日 11-26", id="working days left"),
        pytest.param(date(2026, 11, 21), -2, "calendar", "逾期 2 天 11-21", id="overdue"),
        pytest.param(date(2026, 11, 23), 0, "calendar", "今天到期 11-23", id="due today"),
        pytest.param(date(2026, 11, 25), None, "calendar", "剩 2 天 11-25", id="counted from today"),
        pytest.param(date(2027, 1, 4), 29, "working", "剩 29 个工作日 2027-01-04", id="next year tells its year"),
        pytest.param(datetime(2026, 11, 23, 11, 30, tzinfo=UTC), None, "", "剩 9 小时 11-23 19:30", id="hours"),
        pytest.param(
            datetime(2026, 11, 23, 1, 59, tzinfo=UTC), None, "", "逾期 1 小时 11-23 09:59", id="a minute late"
        ),
    ],
)
def test_a_deadline_tells_what_is_left_and_the_date(due: Any, left: int | None, unit: str, said: str) -> None:
    assert words(show("{% deadline due left=left unit=unit %}", due=due, left=left, unit=unit)) == said


def test_a_row_without_a_count_is_counted_from_today() -> None:
    assert words(show("{% deadline due left=row.left %}", due=date(2026, 11, 25), row={})) == "剩 2 天 11-25"


def test_a_provisional_deadline_says_so() -> None:
    assert "暂定" in words(show("{% deadline due provisional=True %}", due=date(2027, 1, 4)))


def test_a_deadline_that_was_kept_shows_only_its_date() -> None:
    assert words(show("{% deadline due done=True %}", due=date(2026, 11, 20))) == "11-20"


def test_a_day_is_written_as_people_say_it_with_the_exact_time_on_hover() -> None:
    shown = show("{% day at %}", at=datetime(2026, 11, 25, 16, 30, 5, tzinfo=UTC))
    assert words(shown) == "11月26日 周四"
    assert 'title="2026-11-26 00:30:05"' in shown


def test_another_year_is_told() -> None:
    assert words(show("{% day at %}", at=date(2025, 3, 4))) == "2025年3月4日 周二"


def test_the_same_words_stand_in_plain_english() -> None:
    with translation.override("en"):
        assert words(show("{% deadline due left=1 unit='working' %}", due=date(2026, 11, 24))) == (
            "1 working day left 11-24"
        )
        assert words(show("{% day at %}", at=date(2026, 11, 26))) == "Thu 26 Nov"
        assert words(show('{% risk "C" %}')) == "Considerable"


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = "<script>x</script>"
    source = (
        "{% pill 'open' e %}{% person e e e %}{% facts f %}{% panel e note=e %}{{ e }}{% endpanel %}"
        "{% notice 'info' e %}{{ e }}{% endnotice %}{% forbidden e e e %}{% timeline %}{% event e by=e %}{{ e }}"
        "{% endevent %}{% endtimeline %}{% confirm e e says=e title=e act=e %}{{ e }}{% endconfirm %}"
        "{% progress 1 2 e e %}{% later e e %}{% factstrip %}{% fact e %}{{ e }}{% endfact %}{% endfactstrip %}"
    )
    assert "<script" not in show(source, e=evil, f=[(evil, evil)])


def test_every_icon_that_is_named_is_drawn() -> None:
    for name in ICONS:
        assert f'href="#i-{name}"' in show("{% icon name %}", name=name)
        assert f'id="i-{name}"' in show("{% sprite %}")


class OrderForm(forms.Form):
    place = forms.CharField(label="部位", help_text="写到楼层")
    note = forms.CharField(label="说明", required=False)


def test_a_wrong_field_is_told_at_the_field_and_in_the_list_on_top() -> None:
    form = OrderForm({"place": ""})
    shown = show("{% form_fields form %}", form=form)
    assert 'href="#id_place"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_place_error"' in shown
    described = re.search(r'aria-describedby="([^"]+)"', shown)
    assert described
    assert set(described[1].split()) <= set(re.findall(r'id="([^"]+)"', shown))


def test_only_fields_that_may_stay_empty_say_so() -> None:
    shown = words(show("{% form_fields form %}", form=OrderForm()))
    assert shown == "部位 写到楼层 说明 选填"


def test_a_panel_slot_shows_upper_rooms_in_order_and_leaves_out_the_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_slots", {})
    from django.utils.safestring import SafeString

    def later_room(request: Any, subject: object) -> SafeString | None:
        return SafeString(f"案件：{subject}")

    def silent_room(request: Any, subject: object) -> SafeString | None:
        return None

    def first_room(request: Any, subject: object) -> SafeString | None:
        return SafeString(f"隐患：{subject}；")

    panels.slot("registry.enterprise")
    panels.register_panel("registry.enterprise", order=30, render=later_room)
    panels.register_panel("registry.enterprise", order=20, render=silent_room)
    panels.register_panel("registry.enterprise", order=10, render=first_room)
    request = RequestFactory().get("/")
    assert show('{% panels "registry.enterprise" e %}', request=request, e="样例店") == "隐患：样例店；案件：样例店"


def test_the_menu_shows_a_reader_only_the_pages_of_their_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "reverse", lambda name: f"/{name}/")
    navigation.register("隐患", "隐患清单", "hazards", roles=("officer",))
    navigation.register("底账", "企业", "ledger", roles=("clerk", "officer"))
    navigation.register("底账", "导入", "ledger/import", roles=("clerk",))
    seen = {g.label: [link.label for link in g.links] for g in navigation.menu({"officer"}, "/hazards/7/")}
    assert seen == {"底账": ["企业"], "隐患": ["隐患清单"]}
    clerk = navigation.menu({"clerk"}, "/ledger/import/")
    assert [(link.label, link.current) for g in clerk for link in g.links] == [("企业", False), ("导入", True)]


def test_a_page_cannot_be_entered_under_a_group_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="no group"):
        navigation.register("杂项", "其他", "other")


def test_a_printed_page_says_who_printed_it_when_and_from_where(rf: RequestFactory) -> None:
    request = rf.get("/hazards/?state=closed&q=<b>")
    viewer = SimpleNamespace(name="执法员<甲>")
    said = show("{% print_stamp %}", request=request, viewer=viewer)
    assert "执法员&lt;甲&gt; 于 " in said
    assert "http://testserver/hazards/?state=closed&amp;q=%3Cb%3E" in said


def test_no_template_tells_the_errors_of_a_form_twice() -> None:
    doubled = re.compile(
        r'\{% form_errors (\w+) %\}\s*(\{% form_fields \1 %\}|\{% include "ui/form.html" with form=\1 )'
    )
    templates = list(Path(anguan.__file__).parent.rglob("*.html"))
    assert len(templates) > 100
    assert [path.name for path in templates if doubled.search(path.read_text(encoding="utf-8"))] == []
