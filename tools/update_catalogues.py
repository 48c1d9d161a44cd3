"""Adds each room's new texts to its English catalogue, empty, and takes out what nothing shows any more.

`update_catalogues.py ROOM …` does so for these rooms only.
"""

import sys

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from catalogues import catalogue_of, keys_of, read, rooms, texts_of


def main(names: list[str]) -> None:
    for room in rooms():
        if names and room.name not in names:
            continue
        texts = texts_of(room)
        file = catalogue_of(room)
        if not texts and not file.exists():
            continue
        known = dict(keys_of(read(file))) if file.exists() else {}
        fresh = Catalog(locale="en", project="anguan", charset="utf-8", fuzzy=False)
        for context, text in texts:
            fresh.add(text, known.get((context, text), ""), context=context)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            # No places and no dates: a catalogue changes only where a text does.
            write_po(out, fresh, width=120, no_location=True, sort_output=True, omit_header=True)
        text = file.read_text(encoding="utf-8")
        header = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        plural = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        file.write_text(header + plural + text.lstrip("\n"), encoding="utf-8")
        missing = sum(1 for key in texts if not known.get(key))
        print(f"{room.name}: {len(texts)} texts, {missing} without English")


main(sys.argv[1:])
