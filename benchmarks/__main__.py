"""`python -m benchmarks [ONLY]`: run all benchmarks, or the one of that name; one JSON line each."""

import subprocess
import sys

# Name in the JSON line → module that prints it. A module that prints several lines stands here once for each.
BENCHMARKS = {
    "draw": "benchmarks.draw",
    "ledger-list": "benchmarks.ledger_list",
    "ledger-count": "benchmarks.ledger_list",
    "ledger-import": "benchmarks.ledger_import",
    "ledger-import-memory": "benchmarks.ledger_import",
    "ledger-export": "benchmarks.ledger_export",
    "ledger-export-memory": "benchmarks.ledger_export",
    "audit": "benchmarks.audit",
    "audit-record": "benchmarks.audit",
    "audit-seal": "benchmarks.audit",
    "audit-verify": "benchmarks.audit",
    "photo-hash": "benchmarks.photo_hash",
    "frame-decode": "benchmarks.frame_decode",
    "alarm-to-screen": "benchmarks.alarm_to_screen",
    "page": "benchmarks.page",
    "desk": "benchmarks.city",
    "coverage": "benchmarks.city",
    "public-page": "benchmarks.public_page",
    "document": "benchmarks.document",
    "ingest": "benchmarks.ingest",
    "ingest-latency": "benchmarks.ingest",
    "ingest-growth": "benchmarks.ingest",
    "ingest-stream": "benchmarks.ingest_stream",
    "alarm-storm": "benchmarks.alarm_storm",
    "cold-start": "benchmarks.starts",
    "warm-start": "benchmarks.starts",
}


def main(words: list[str]) -> int:
    """Run each module in a process of its own, so that no benchmark starts with another's memory."""
    if words and words[0] not in BENCHMARKS:
        print(f"there is no benchmark {words[0]!r}: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    modules = [BENCHMARKS[words[0]]] if words else list(dict.fromkeys(BENCHMARKS.values()))
    statuses = [subprocess.run([sys.executable, "-m", module], check=False).returncode for module in modules]
    return 1 if any(statuses) else 0


sys.exit(main(sys.argv[1:]))
