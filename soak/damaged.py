"""`import`: damaged tables are read, or refused in one sentence; never anything else, and never slowly."""

import io
import random
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import xlsxwriter

from anguan.registry.sheets.checking import check_rows
from anguan.registry.sheets.columns import KINDS, Kind
from anguan.registry.sheets.package import Unreadable
from anguan.registry.sheets.reading import open_sheet
from anguan.registry.sheets.templates import template_bytes
from anguan.supervisor.processes import command_line
from soak.report import report, rounds

SECONDS_A_FILE = 20
EVERY_SO_MANY_BY_COMMAND = 100


def sound_files() -> list[tuple[Kind, bytes]]:
    """A template and a filled table of each kind."""
    files = []
    for kind in KINDS.values():
        files.append((kind, template_bytes(kind)))
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, {"in_memory": True})
        table = book.add_worksheet("台账")
        table.merge_range(0, 0, 0, 5, "示例区台账（二〇二六年）")
        for place, column in enumerate(kind.columns):
            table.write(1, place, column.name)
            for row in range(2, 12):
                table.write(
                    row, place, [f"示例{row}号", row * 1.5, "91510900MA600001X", "2026-03-02"][(row + place) % 4]
                )
        table.write_formula(12, 0, "=A3", None, "")
        book.close()
        files.append((kind, target.getvalue()))
    return files


def flipped(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice([1, 2, 8, 64])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def gutted(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    del data[start : start + chance.randrange(1, 400)]
    return bytes(data)


def doubled(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.randrange(1, 4000)]
    return bytes(data)


def zeroed(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    length = min(chance.randrange(1, 600), len(data) - start)
    data[start : start + length] = bytes(length)
    return bytes(data)


DAMAGES: list[Callable[[bytearray, random.Random], bytes]] = [flipped, cut, gutted, doubled, zeroed]


def within(data: bytes, chance: random.Random) -> bytes:
    """Damage a part of the archive, so that the archive itself stays sound; sometimes a part is missing or twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        victim = chance.choice(names)
        for name in names:
            content = old.read(name)
            if name == victim:
                how = chance.randrange(8)
                if how == 0:
                    continue
                content = chance.choice(DAMAGES)(bytearray(content), chance) if content else content
            new.writestr(name, content)
    return target.getvalue()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """One of the many ways in which a file gets broken."""
    if chance.random() < 0.5:
        return within(data, chance)
    return chance.choice(DAMAGES)(bytearray(data), chance)


def fault_of(kind: Kind, data: bytes) -> tuple[str, bool]:
    """What is wrong with how the file was taken, if anything, and whether it was refused."""
    try:
        sheet = open_sheet(data, kind)
        for _row in check_rows(kind, sheet):
            pass
    except Unreadable as refusal:
        sentence = str(refusal)
        is_one = bool(sentence) and sentence.isprintable() and "Traceback" not in sentence
        return ("" if is_one else f"no sentence: {sentence!r}"), True
    except BaseException as error:
        return f"{type(error).__name__}: {error}", False
    return "", False


def fault_of_command(kind: Kind, data: bytes, folder: Path) -> str:
    """What is wrong with what `anguan ledger import` says to a file that is refused."""
    file = folder / "台账.xlsx"
    file.write_bytes(data)
    command = command_line("ledger", "import", "--kind", kind.name, "--data", str(folder / "data"), str(file))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    said = done.stderr.strip()
    is_right = done.returncode == 2 and not done.stdout and "\n" not in said and said.endswith("。")
    return "" if is_right else f"the command ended with {done.returncode}: {said[-300:]!r}"


def main() -> int:
    """Damage files and read them; what fails is written out, to be read again."""

    def too_slow(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not read within {SECONDS_A_FILE} s")

    signal.signal(signal.SIGALRM, too_slow)
    chance = random.Random(20260420)
    files = sound_files()
    faults: list[str] = []
    refused = by_command = 0
    n = rounds(20_000)
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        for number in range(n):
            kind, data = chance.choice(files)
            data = damaged(data, chance)
            signal.alarm(SECONDS_A_FILE)
            fault, is_refused = fault_of(kind, data)
            signal.alarm(0)
            refused += is_refused
            if is_refused and refused % EVERY_SO_MANY_BY_COMMAND == 1:
                fault = fault or fault_of_command(kind, data, Path(folder))
                by_command += 1
            if fault:
                kept = Path(tempfile.gettempdir()) / f"anguan-damaged-{number}.xlsx"
                kept.write_bytes(data)
                faults.append(f"{kept} ({kind.name}): {fault}")
    return report("import", n, faults, refused=refused, by_command=by_command)


if __name__ == "__main__":
    sys.exit(main())
