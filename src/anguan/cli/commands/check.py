"""`anguan check`: what a deployment lacks."""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from anguan.cli.commands import gateway
from anguan.cli.database import add_data_option, opened
from anguan.cli.errors import Unusable

HELP = "say what this deployment lacks, and what to do about it"

# Name of the matter, what is lacking and what to do (None when all is well), what was seen.
Finding = tuple[str, str | None, str]
LEAST_FREE = 5 * 2**30
CLOCKS_MAY_DIFFER = timedelta(seconds=2)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
BACKUP_EVERY = timedelta(days=2)


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)


def run(args: Namespace) -> int:
    lacking = 0
    with opened(args.data) as folder:
        from anguan.ground import clock

        now = clock.now()
        for finder in (_keys, _access, _broker, _stream, _calendar, _rules, _storage, _clock, _database, _papers):
            for name, lack, seen in finder(folder, now):
                lacking += lack is not None
                print(f"{'lacks' if lack else 'ok   '}  {name}: {f'{seen}; {lack}' if lack else seen}")
    print(f"{lacking} things are lacking" if lacking else "nothing is lacking")
    return 1 if lacking else 0


def _keys(folder: Path, _now: datetime) -> Iterator[Finding]:
    if os.environ.get("ANGUAN_SECRET_KEY"):
        short = len(os.environ["ANGUAN_SECRET_KEY"]) < 50
        yield "key", "set one of at least 50 random characters" if short else None, "from ANGUAN_SECRET_KEY"
        return
    file = folder / "secret-key"
    mode = stat.S_IMODE(file.stat().st_mode)
    yield "key", f"run chmod 600 {file}" if mode & 0o077 else None, f"{file}, mode {mode:o}"


def _access(_folder: Path, _now: datetime) -> Iterator[Finding]:
    from django.conf import settings

    origin = settings.ANGUAN_ORIGIN
    tls = None if settings.TLS else "put a proxy with TLS in front and set ANGUAN_ORIGIN=https://…"
    yield "TLS", tls, f"ANGUAN_ORIGIN is {origin or 'not set'}"
    hosts = ", ".join(settings.ALLOWED_HOSTS)
    yield "host names", "name them in ANGUAN_ALLOWED_HOSTS" if "*" in settings.ALLOWED_HOSTS else None, hosts
    yield "debug mode", "unset ANGUAN_DEBUG" if settings.DEBUG else None, "on" if settings.DEBUG else "off"
    console = settings.EMAIL_BACKEND.endswith("console.EmailBackend")
    mail = "set ANGUAN_MAIL_URL=smtp://user:password@host:587 and ANGUAN_MAIL_FROM" if console else None
    yield "mail", mail, "messages are only written into the log" if console else settings.EMAIL_HOST


def _broker(_folder: Path, _now: datetime) -> Iterator[Finding]:
    name = "signals by MQTT"
    try:
        broker = gateway.broker()
        if broker is None:
            return
        broker.secret(), broker.tls()
    except (Unusable, OSError) as error:
        yield name, "mend ANGUAN_MQTT_URL (docs/signals.md)", str(error)
        return
    lack = None
    if not broker.is_encrypted and broker.host not in LOOPBACK:
        lack = "use mqtts://: whoever is on the way reads the password and may make alarms"
    elif not broker.verifies:
        lack = "take verify=off away and name the broker's authority with ca_file"
    yield name, lack, f"from {broker}"


def _stream(_folder: Path, _now: datetime) -> Iterator[Finding]:
    from anguan.alarms.intake import stream_in_force

    stream = stream_in_force()
    if stream is None:
        return
    from anguan.alarms.intake import streaming

    hosts = [urlsplit(server if "://" in server else f"nats://{server}") for server in stream.servers]
    plain = [host.hostname or "" for host in hosts if host.scheme != "tls" and host.hostname not in LOOPBACK]
    lack = "use tls://: whoever is on the way reads the alarms and may make some" if plain else None
    yield "stream, nodes", lack, ", ".join(host.hostname or "?" for host in hosts)
    name = f"stream {stream.name}"
    try:
        found = asyncio.run(streaming.look(stream))
    except streaming.LOST as error:
        yield name, "start its nodes, or mend NATS_URL; until then no device is confirmed", streaming.reason(error)
        return
    if found is None:
        yield name, None, "the first gateway makes it"
        return
    copies, is_kept_so, waiting = found
    lack = None
    if copies < 3:
        lack = "keep three copies: a node that dies takes what was confirmed"
    elif not is_kept_so:
        lack = "it must be a work queue on disk that refuses what has no room (docs/operations.md)"
    yield name, lack, f"{copies} copies, {waiting} batches wait"


def _calendar(_folder: Path, now: datetime) -> Iterator[Finding]:
    from django.utils import timezone

    from anguan.ground.calendars.selectors import years_without_notice

    today = timezone.localdate(now)
    # The State Council's notice for a year comes out in the November before it.
    last = today.year + (today.month == 12)
    for year in range(today.year, last + 1):
        missing = years_without_notice(year, year)
        lack = "import the State Council's notice; until then deadlines of that year are provisional"
        yield f"calendar {year}", lack if missing else None, "no notice is loaded" if missing else "loaded"


def _rules(_folder: Path, now: datetime) -> Iterator[Finding]:
    from django.utils import timezone

    from anguan.ground.rules.selectors import unverified_in_force

    rules = unverified_in_force(timezone.localdate(now))
    if not rules:
        yield "rules", None, "every rule in force was read in the full text"
        return
    names = ", ".join(sorted({rule.id for rule in rules})[:8])
    lack = "have them compared with the full text before relying on them (docs/statutes.md lists all)"
    yield "rules", lack, f"{len(rules)} in force are not verified ({names}, …)"


def _storage(folder: Path, now: datetime) -> Iterator[Finding]:
    disk = shutil.disk_usage(folder)
    full = disk.free < LEAST_FREE or disk.free < disk.total // 20
    seen = f"{disk.free / 2**30:.0f} of {disk.total / 2**30:.0f} GiB are free in {folder}"
    yield "disk", "make room: 5 GiB and a twentieth should be free" if full else None, seen
    mode = stat.S_IMODE(folder.stat().st_mode)
    yield "data folder", f"run chmod 700 {folder}" if mode & 0o077 else None, f"mode {mode:o}"
    file = folder / "last-backup"
    made = datetime.fromisoformat(file.read_text(encoding="ascii")) if file.exists() else None
    late = made is None or now - made > BACKUP_EVERY
    lack = "run anguan backup FILE every night and keep the file elsewhere"
    yield "backup", lack if late else None, f"the last one is of {made:%Y-%m-%d %H:%M} UTC" if made else "there is none"


def _clock(_folder: Path, now: datetime) -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    apart = abs(there - now)
    lack = "let both machines follow one time server" if apart > CLOCKS_MAY_DIFFER else None
    yield "database's clock", lack, f"{apart.total_seconds():.1f} s from ours"
    followed = _clock_is_disciplined()
    if followed is not None:
        lack = "run chrony or systemd-timesyncd: legal deadlines and evidence rest on the clock"
        yield "clock", None if followed else lack, "follows a time server" if followed else "follows no time server"


def _clock_is_disciplined() -> bool | None:
    """Whether the kernel's clock is kept by a time server, None where that can't be told."""
    if sys.platform != "linux" or not (tool := shutil.which("timedatectl")):
        return None
    words = [tool, "show", "--property=NTPSynchronized", "--value"]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 fixed words
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def _database(_folder: Path, _now: datetime) -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute("SELECT current_setting(%s)", [setting])
            (value,) = cursor.fetchone()
            lack = f"turn {setting} on: a power cut loses what was confirmed" if value == "off" else None
            yield f"database, {setting}", lack, value


def _papers(_folder: Path, _now: datetime) -> Iterator[Finding]:
    from anguan.papers.services import verify_papers

    check = verify_papers()
    lack = "find out who changed what (anguan audit verify) and restore it from a backup"
    seen = f"{check.checked} numbered papers hold as they were issued"
    yield "papers", lack if check.faults else None, " ".join(check.faults[:3]) or seen
