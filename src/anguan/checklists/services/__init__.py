"""Writes, by subject."""

from anguan.checklists.services.shipped import load_shipped

__all__ = ["load_shipped"]
