"""Pure Python that every rules.py may import: labelled enums, day counting, money, canonical JSON."""
