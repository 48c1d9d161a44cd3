"""`frames`: the codec and its conversations under a coverage-guided fuzzer, from the stored corpus on."""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from anguan.wire.gbt26875.tests.fuzzing import CORPUS, corpus
from soak.report import report, rounds

# Room for two longest frames: what one damaged frame does to the next is part of the matter.
LONGEST_INPUT = 2200


def main() -> int:
    """So many seconds of fuzzing; an input that breaks a promise is a fault and is kept."""
    seconds = rounds(600)
    if importlib.util.find_spec("atheris") is None:
        print("left out: frames (the fuzzer has wheels for Linux on x86-64 only)", file=sys.stderr)
        return 0
    kept = Path(tempfile.mkdtemp(prefix="anguan-frames-"))
    with tempfile.TemporaryDirectory(prefix="anguan-corpus-") as folder:
        for number, data in enumerate(corpus()):
            (Path(folder) / f"{number:04d}").write_bytes(data)
        run = subprocess.run(
            [
                *(sys.executable, "-m", "soak.frames_target", folder),
                *(f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", "-timeout=10", "-rss_limit_mb=1024"),
                *("-print_final_stats=1", "-verbosity=1", f"-artifact_prefix={kept}/"),
            ],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        found = len(list(Path(folder).iterdir())) - len(corpus())
    said = run.stderr + run.stdout
    executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", said)
    covered = re.findall(r"cov: (\d+)", said)
    faults = [f"{path} (add it to {CORPUS.name} when mended)" for path in sorted(kept.iterdir())]
    if run.returncode and not faults:
        faults = [said.strip().splitlines()[-1] if said.strip() else f"the fuzzer ended with {run.returncode}"]
    if not faults:
        kept.rmdir()
    else:
        print(said[-4000:], file=sys.stderr)
    inputs = int(executed.group(1)) if executed else 0
    return report("frames", inputs, faults, coverage=int(covered[-1]) if covered else 0, new_inputs=found)


if __name__ == "__main__":
    sys.exit(main())
