"""Compiles each room's catalogue of translations (.po) into what the program reads (.mo), where it changed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOMS = Path(__file__).resolve().parents[1] / "src" / "anguan"


def main() -> None:
    """Compile what is newer than its result."""
    for source in sorted(ROOMS.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(".mo.new")
        with source.open("rb") as text, draft.open("wb") as compiled:
            write_mo(compiled, read_po(text, locale=source.parts[-3]))
        draft.rename(target)


main()
