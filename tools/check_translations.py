"""Says which texts lack their English, and which catalogue entries nothing uses; exit 1 if there are any."""

import sys

from catalogues import SOURCE, catalogue_of, doubles_in, keys_of, read, rooms, texts_of


def main() -> int:
    faults = []
    for room in rooms():
        file = catalogue_of(room)
        texts = texts_of(room)
        known = dict(keys_of(read(file))) if file.exists() else {}
        for key, place in texts.items():
            translation = known.get(key)
            filled = all(translation) if isinstance(translation, tuple) else bool(translation)
            if not filled:
                faults.append(f"{place}: no English for {key[1]!r}")
        if file.exists():
            name = file.relative_to(SOURCE.parents[1])
            faults += [f"{name}: nothing shows {key[1]!r} any more" for key in known if key not in texts]
            faults += [f"{name}: twice: {double}" for double in doubles_in(file)]
            faults += [
                f"{name}: {message.id!r} is marked fuzzy" for message in read(file) if message.id and message.fuzzy
            ]
    for fault in faults[:200]:
        print(fault)
    if faults:
        print(f"{len(faults)} faults; `make messages` adds what is missing and takes out what is not used")
    return 1 if faults else 0


sys.exit(main())
