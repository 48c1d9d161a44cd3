"""`ledger-export`: 100 000 enterprises out of the database into .xlsx, beside XlsxWriter alone writing the same cells.

Each side runs in a process of its own; its time and how much its resident memory grew are measured alike.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.report import report

ROWS = 100_000
ROUNDS = 3
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def fill() -> None:
    """An empty, migrated ledger gets its enterprises; they need no search tokens here."""
    from anguan.registry.models import Enterprise

    made = (
        Enterprise(
            name=f"示例天枢第{number}机械制造有限公司",
            credit_code=f"T{number:017d}",
            industry_code="C3484",
            risk_level="ABCD"[number % 4],
            is_key=number % 90 == 0,
            supervised_by="应急分局",
            address=f"示例市示例区滨江路{number % 400}号{number % 30}栋",
            longitude="105.571234",
            latitude="30.512345",
            principal="张示例",
            phone=f"1990000{number % 10000:04}",
            safety_managers="李示例",
            employees=number % 900,
            founded_on=date(2003, 1, 1) + timedelta(days=number % 8000),
            created_at=NOW,
            updated_at=NOW,
        )
        for number in range(ROWS)
    )
    Enterprise.objects.bulk_create(made, batch_size=2000)


def resident_kib() -> int:
    """Resident memory now, so that only growth is counted."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def measured(work: Any) -> dict[str, float]:
    """Seconds, and growth of resident memory from just before the work to its peak."""
    before = resident_kib()
    # The peak of this process so far may lie above what it holds now.
    Path("/proc/self/clear_refs").write_text("5")
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0])
    return {"seconds": seconds, "growth": (peak - before) / 1024}


def product() -> dict[str, float]:
    """The export of the list, from the query to the finished file."""
    from anguan.registry.exporting import export
    from anguan.registry.kinds import KINDS
    from anguan.registry.models import Enterprise

    Enterprise.objects.exists()
    export_to = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
    small = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
    # Both sides have their modules loaded and have written a row before they are measured.
    export(KINDS["enterprise"], Enterprise.objects.order_by("name", "id")[:1], small)
    return measured(lambda: export(KINDS["enterprise"], Enterprise.objects.order_by("name", "id"), export_to))


def floor(rows_file: str) -> dict[str, float]:
    """XlsxWriter in constant memory, the same cells read one line at a time from a file of ready-made values."""
    import xlsxwriter

    def write(limit: int) -> None:
        book = xlsxwriter.Workbook(
            tempfile.TemporaryFile(),  # noqa: SIM115  # lives as long as the process
            {"constant_memory": True, "default_date_format": "yyyy-mm-dd"},
        )
        sheet = book.add_worksheet()
        with Path(rows_file).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number >= limit:
                    break
                values = json.loads(line)
                if number:
                    values[13] = datetime.fromisoformat(values[13])
                sheet.write_row(number, 0, values)
        book.close()

    write(2)
    return measured(lambda: write(ROWS + 1))


def write_values(target: Path) -> None:
    """The same cells as the export writes, as JSON lines."""
    import openpyxl

    from anguan.registry.exporting import export
    from anguan.registry.kinds import KINDS
    from anguan.registry.models import Enterprise

    with tempfile.TemporaryFile() as file, target.open("w", encoding="utf-8") as lines:
        export(KINDS["enterprise"], Enterprise.objects.order_by("name", "id"), file)
        file.seek(0)
        sheet = openpyxl.load_workbook(file, read_only=True).worksheets[0]
        for row in sheet.iter_rows(values_only=True):
            lines.write(json.dumps(list(row), default=str, ensure_ascii=False) + "\n")


def side(name: str, data: str, rows_file: str) -> dict[str, float]:
    """One side in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.ledger_export", name, data, rows_file]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def main() -> None:
    """Alternate both sides; the median of each."""
    from anguan.cli.database import opened

    with tempfile.TemporaryDirectory() as folder:
        rows_file = str(Path(folder) / "rows.jsonl")
        with opened(Path(folder) / "data"):
            fill()
            write_values(Path(rows_file))
            pairs = [(side("floor", folder, rows_file), side("product", folder, rows_file)) for _ in range(ROUNDS)]
    for bench, key, unit in (("ledger-export", "seconds", "s"), ("ledger-export-memory", "growth", "MiB")):
        floors, values = (sorted(pair[place][key] for pair in pairs) for place in (0, 1))
        report(bench, values[ROUNDS // 2], unit, floors[ROUNDS // 2], ROWS)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif sys.argv[1] == "floor":
        print(json.dumps(floor(sys.argv[3])))
    else:
        from anguan.cli.database import opened

        with opened(Path(sys.argv[2]) / "data", migrate=False):
            print(json.dumps(product()))
