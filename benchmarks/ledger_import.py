"""`ledger-import`: 100 000 enterprises from .xlsx into the ledger: read, checked, written and recorded."""

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

from anguan.registry.sheets.columns import KINDS
from benchmarks.report import report

ROWS = 100_000
STARS = "天枢 天璇 天玑 天权 玉衡 开阳 摇光 文昌 华盖 河鼓 织女 参宿 角宿 心宿 斗宿 轩辕 紫微 太微 天市 阁道".split()  # noqa: SIM905  # reads better
TRADES = "百货 餐饮 机械 家具 食品 物流 酒店 物业 建筑 化工经营 医药 影院".split()  # noqa: SIM905  # reads better


def write_table(target: Path) -> None:
    """A bureau's table: all columns of the template, every optional one filled."""
    rng = random.Random(3)
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [column.header for column in KINDS["enterprise"].columns])
    for number in range(1, ROWS + 1):
        body = f"91519999MA{number % 1000000:06}X"
        sheet.write_row(
            number,
            0,
            [
                f"示例{rng.choice(STARS)}{rng.choice(STARS)}{rng.choice(TRADES)}第{number}有限公司",
                body + uscc.calc_check_digit(body),
                rng.choice(("C1411", "5211", "F5299")),
                rng.choice("ABCD"),
                rng.choice("是否"),
                "应急分局",
                f"示例市示例区{rng.choice(STARS)}路{rng.randrange(400)}号",
                round(105.6 + rng.random() / 10, 6),
                round(30.5 + rng.random() / 10, 6),
                "张示例",
                f"1990000{rng.randrange(10000):04}",
                "李示例",
                rng.randrange(900),
                datetime(2003, 1, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(days=rng.randrange(8000)),
                rng.choice(("在营", "停产", "注销")),
                "示例备注",
            ],
        )
    book.close()


def import_one(file: Path, data: Path) -> None:
    """In a process of its own: the whole import but the start of the database; prints seconds and peak memory."""
    from anguan.cli.database import opened
    from anguan.registry.sheets.reading import open_sheet

    with opened(data, migrate=False):
        from anguan.ground import clock
        from anguan.ground.access import SYSTEM
        from anguan.registry.services import import_sheet

        start = time.perf_counter()
        sheet = open_sheet(file, KINDS["enterprise"])
        outcome = import_sheet(sheet=sheet, actor=SYSTEM, now=clock.now(), cause=file.name)
        seconds = time.perf_counter() - start
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "written": outcome.is_written, "rows": len(outcome.rows)}))


def main() -> None:
    """One import into an empty ledger; wanted: under 60 s and under 600 MB on two cores."""
    from anguan.cli.database import opened

    with tempfile.TemporaryDirectory() as folder:
        file, data = Path(folder) / "企业台账.xlsx", Path(folder) / "data"
        write_table(file)
        with opened(data):
            words = [sys.executable, "-m", "benchmarks.ledger_import", str(file), str(data)]
            answer = subprocess.run(words, check=True, capture_output=True, text=True)
    result = json.loads(answer.stdout.splitlines()[-1])
    assert result["written"], result
    assert result["rows"] == ROWS
    report("ledger-import", result["seconds"], "s", None, ROWS)
    report("ledger-import-memory", result["peak"], "MiB", None, ROWS)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        import_one(Path(sys.argv[1]), Path(sys.argv[2]))
