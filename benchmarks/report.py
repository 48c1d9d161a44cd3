"""The one line that every benchmark prints."""

import json
import os


def report(bench: str, value: float, unit: str, floor: float | None, n: int, **more: float) -> None:
    """Print one result as a JSON line.

    `floor` is the same work by the plainest means, measured in the same run; `ratio` is value over floor. Both are
    null where a benchmark has no floor. `cores` counts the cores that this process may use. `more` are further figures
    of the same run, each told in benchmarks/README.md.
    """
    line = {
        "bench": bench,
        "value": _short(value),
        "unit": unit,
        "floor": None if floor is None else _short(floor),
        "ratio": None if not floor else round(value / floor, 3),
        "n": n,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        **{name: figure if isinstance(figure, int) else _short(figure) for name, figure in more.items()},
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _short(figure: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{figure:.4g}")
