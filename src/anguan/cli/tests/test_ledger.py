"""`anguan ledger`: what a clerk's script sees."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from anguan.cli import main
from anguan.cli.commands import ledger
from anguan.ground import clock
from anguan.registry.models import Enterprise

MALL, BAKERY = "91519999MA0000001T", "91519999MA0000002X"
CSV = f"单位名称,统一社会信用代码,地址\n示例商场有限公司,{MALL},示例路1号\n示例面馆,{BAKERY},示例路2号\n"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The command works on the test's own database."""

    @contextmanager
    def opened(data: Path | None = None) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(ledger, "opened", opened)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def a_csv(folder: Path, text: str) -> str:
    file = folder / "台账.csv"
    file.write_text(text, encoding="gb18030")
    return str(file)


def test_an_import_prints_a_line_for_each_row_and_a_summary(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["ledger", "import", "--kind", "enterprise", a_csv(tmp_path, CSV)]
    assert main(words) == 0
    first, second, summary = lines(capsys)
    mall = Enterprise.objects.get(credit_code=MALL)
    assert first == {"row": 2, "status": "created", "id": mall.pk, "errors": []}
    assert second["status"] == "created"
    assert summary["summary"]["created"] == 2
    assert main(words) == 0
    assert [line.get("status") for line in lines(capsys)] == ["unchanged", "unchanged", None]


def test_a_wrong_row_keeps_the_file_out_and_exits_with_one(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_csv(tmp_path, CSV + "示例错码,123,示例路3号\n")
    assert main(["ledger", "import", "--kind", "enterprise", file]) == 1
    assert not Enterprise.objects.exists()
    bad = lines(capsys)[2]
    assert (bad["status"], bad["errors"][0]["column"], bad["errors"][0]["value"]) == (
        "refused",
        "统一社会信用代码",
        "123",
    )
    assert main(["ledger", "import", "--kind", "enterprise", file, "--partial"]) == 1
    assert Enterprise.objects.count() == 2


def test_a_dry_run_writes_nothing(database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "import", "--kind", "enterprise", a_csv(tmp_path, CSV), "--dry-run"]) == 0
    assert lines(capsys)[-1]["summary"]["written"] is False
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"", "空", id="空文件"),
        pytest.param(b"MZ\x90\x00\x03", "表格", id="改名的程序"),
        pytest.param("单位名称,地址\n示例,示例路\n".encode(), "统一社会信用代码", id="缺少必填的列"),
    ],
)
def test_an_unusable_file_is_one_sentence_and_exit_two(
    content: bytes, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(content)
    assert main(["ledger", "import", "--kind", "enterprise", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert word in said.err
    assert said.err.count("\n") == 1


def test_a_kind_that_does_not_exist_is_named_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "template", "--kind", "船舶", "x.xlsx"]) == 2
    assert "enterprise" in capsys.readouterr().err


def test_the_template_is_a_table_that_can_be_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "模板.xlsx"
    assert main(["ledger", "template", "--kind", "enterprise", str(file)]) == 0
    first = next(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    assert first[:2] == ("单位名称*", "统一社会信用代码*")


def test_the_figures_of_today_of_yesterday_and_of_tomorrow(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ledger", "import", "--kind", "enterprise", a_csv(tmp_path, CSV)])
    capsys.readouterr()
    assert main(["ledger", "stats"]) == 0
    figures = {line["key"]: line["value"] for line in lines(capsys)}
    assert figures["enterprises"] == 2
    assert {"complexes", "high_rises", "key_units", "sites", "key_enterprises"} <= set(figures)
    today = clock.local_day(clock.now())
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        assert main(["ledger", "stats", "--as-of", day.isoformat()]) == 2
        assert "底" in capsys.readouterr().err


def test_shops_and_experts_come_by_the_command_too(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    placed = f"单位名称,统一社会信用代码,地址,经度,纬度\n示例商场有限公司,{MALL},示例路1号,121.531542,31.175304\n"
    assert main(["ledger", "import", "--kind", "enterprise", "--coordinates", "gcj02", a_csv(tmp_path, placed)]) == 0
    assert str(Enterprise.objects.get().longitude) == "121.527211"
    tables = {
        "complex": f"综合体名称,运营管理单位信用代码,地址\n示例广场,{MALL},示例路1号\n",
        "tenant": "综合体,铺位号,商户名称\n示例广场,1-11,示例餐厅\n",
        "expert": "姓名,单位,专业,回避单位\n孙示例,示例安全技术中心,消防,示例商场有限公司\n",
    }
    capsys.readouterr()
    for kind, text in tables.items():
        assert main(["ledger", "import", "--kind", kind, a_csv(tmp_path, text)]) == 0
        assert [line["status"] for line in lines(capsys) if "row" in line] == ["created"]
    unknown = a_csv(tmp_path, "综合体,铺位号,商户名称\n示例天街,1,示例餐厅\n")
    assert main(["ledger", "import", "--kind", "tenant", unknown]) == 1
    assert lines(capsys)[0]["errors"][0]["message"] == "没有名为“示例天街”的综合体，已登记的有：示例广场"
