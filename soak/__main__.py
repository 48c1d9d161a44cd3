"""`python -m soak [ONLY] [ROUNDS]`: run all soaks, or the one of that name; one JSON line each."""

import subprocess
import sys

# Name → module; each has a number of rounds of its own where none is asked for.
SOAKS = {
    "draw": "soak.draw",
    "frames": "soak.frames",
    "import": "soak.damaged",
    "numbers": "soak.numbers",
    "offline": "soak.offline",
    "kill": "soak.kill",
    "commits": "soak.commits",
    "kill-steps": "soak.kill_steps",
    "kill-gateway": "soak.kill_gateway",
    "outages": "soak.outages",
    "kill-nats": "soak.kill_nats",
    "kill-mqtt": "soak.kill_mqtt",
}


def main(words: list[str]) -> int:
    """Run each module in a process of its own; exit 1 when one found a fault."""
    only, rounds = (words[0] if words else ""), words[1:2]
    if (only and only not in SOAKS) or (rounds and not rounds[0].isdecimal()):
        print(f"python -m soak [ONLY] [ROUNDS]; there are: {', '.join(SOAKS)}", file=sys.stderr)
        return 2
    modules = [SOAKS[only]] if only else list(SOAKS.values())
    statuses = [subprocess.run([sys.executable, "-m", module, *rounds], check=False).returncode for module in modules]
    return 1 if any(statuses) else 0


sys.exit(main(sys.argv[1:]))
