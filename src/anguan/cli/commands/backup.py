"""`anguan backup FILE`: the whole state, evidence included, in one file."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from anguan.cli import archive
from anguan.cli.database import add_data_option, opened

HELP = "write the whole state, evidence included, into one file"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)
    parser.add_argument("file", type=Path, metavar="FILE")


def run(args: Namespace) -> int:
    target = args.file.absolute()
    with opened(args.data) as folder:
        from django.conf import settings

        from anguan.ground import clock

        now = clock.now()
        manifest = archive.write(target, folder, Path(settings.EVIDENCE_ROOT), now)
        (folder / "last-backup").write_text(now.isoformat(), encoding="ascii")
    evidence = sum(name.startswith("evidence/") for name in manifest.files)
    print(f"{target}: {manifest.records} audit records, {evidence} pieces of evidence, root {manifest.root}")
    return 0
