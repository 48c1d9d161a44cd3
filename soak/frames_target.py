"""The process in which the fuzzer runs: `python -m soak.frames_target CORPUS [libFuzzer options]`."""

import sys

import atheris

with atheris.instrument_imports(include=["anguan.wire"]):
    from anguan.wire.gbt26875.tests.fuzzing import check


def main() -> None:
    """Never comes back: libFuzzer ends the process."""
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
