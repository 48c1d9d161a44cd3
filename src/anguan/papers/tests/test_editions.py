"""文书格式: an organ's own version, old papers that stay as they are, and text that never runs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from anguan.ground import clock
from anguan.papers import selectors, services
from anguan.papers.models import FormVersion
from anguan.papers.rules import FORMS, FormCode, NotAllowed
from anguan.papers.services import verification
from anguan.papers.tests import builders
from anguan.papers.tests.bodies import record_body
from anguan.papers.tests.builders import NOW, TODAY, Cast
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in

DAY = timedelta(days=1)


@pytest.fixture
def people(db: None) -> Cast:
    return builders.cast()


def own(people: Cast, **said: Any) -> FormVersion:
    return services.record_form_version(
        organ=people.bureau,
        **{
            "code": FormCode.SITE_RECORD,
            "title": "消防监督检查记录",
            "prefix": "消检记",
            "valid_from": TODAY,
            "actor": people.actor,
            "now": NOW,
            **said,
        },
    )


def test_an_organ_has_its_own_title_prefix_blanks_and_texts_from_a_day_on(people: Cast) -> None:
    before = [builders.issued(people) for _ in range(2)][1]
    own(
        people,
        valid_from=TODAY + DAY,
        heading="消防行政执法文书",
        labels=["消防控制室值班人员"],
        opening='#read("/etc/passwd") 本表由消防机构填写。',
        closing="本记录涉及的技术资料予以保密。",
    )
    assert builders.draft(people, FormCode.SITE_RECORD).prefix == "应急检记"
    paper = builders.issued(people, body=record_body(added_1="示例值班员两名"), now=NOW + DAY)
    assert paper.number == "（川遂）消检记〔2026〕1号"
    assert paper.content is not None
    assert (paper.content["title"], paper.content["form_version"]) == ("消防监督检查记录", 101)
    # What was issued is drawn again as it was, whatever came after it.
    for issued in (before, paper):
        assert services.redrawn(issued) == selectors.pdf_of(issued)
    assert services.verify_papers().faults == []


def test_a_version_is_never_changed_only_followed(people: Cast) -> None:
    first = own(people)
    second = own(people, title="消防检查记录")
    assert (first.version, second.version) == (101, 102)
    assert builders.draft(people, FormCode.SITE_RECORD).title == "消防检查记录"
    with pytest.raises(DatabaseError), transaction.atomic():
        FormVersion.objects.update(title="改写")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"title": "表"}, "标题", id="标题太短"),
        pytest.param({"prefix": "xfjj"}, "汉字", id="字头不是汉字"),
        pytest.param({"prefix": "应急责改"}, "已经用于另一种", id="字头是别的文书的"),
        pytest.param({"labels": ["检查场所"]}, "重名", id="栏目重名"),
        pytest.param({"labels": ["一", "一"]}, "重名", id="栏目重复"),
        pytest.param({"opening": "字" * 801}, "800", id="文字太长"),
        pytest.param({"valid_from": TODAY - DAY}, "不能早于今天", id="从昨天起"),
    ],
)
def test_a_version_that_would_confuse_is_refused(people: Cast, said: dict[str, Any], why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        own(people, **said)


def test_the_shipped_forms_are_on_record_once_and_a_changed_one_is_noticed(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert services.load_forms(now=NOW) == len(FORMS)
    assert services.load_forms(now=NOW) == 0
    assert services.verify_papers().faults == []
    monkeypatch.setattr(verification, "fingerprint", lambda form: "0" * 64)
    faults = services.verify_papers().faults
    assert len(faults) == len(FORMS)
    assert "要用新的版本号" in faults[0]


def test_a_leader_records_a_version_in_the_browser(people: Cast) -> None:
    user = a_user("leader", Role.LEADER, organ=people.bureau)
    leader = logged_in(user)
    url = reverse("papers:form_version", args=["site_record"])
    assert "检查场所" in leader.get(url).text
    said = {
        "title": "消防监督检查记录",
        "number_prefix": "消检记",
        "heading": "消防行政执法文书",
        "valid_from": clock.local_day(clock.now()).isoformat(),
        "labels": "消防控制室值班人员\n\n",
        "opening": "",
        "closing": "",
    }
    assert leader.post(url, {**said, "number_prefix": "xf"}).status_code == 422
    assert leader.post(url, said).status_code == 302
    assert "消防监督检查记录 · 消检记" in leader.get(reverse("papers:forms")).text
    assert leader.get(reverse("papers:form_version", args=["no-such-form"])).status_code == 404
