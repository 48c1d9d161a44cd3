"""Writes of batches and visits: import `batches` or `visits` from here, and their `NotAllowed`."""

from anguan.inspections.rules import NotAllowed

__all__ = ["NotAllowed"]
