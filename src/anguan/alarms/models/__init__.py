"""Nouns of the alarm path, a subject a file."""

from anguan.alarms.models.devices import Command, Device, Point, PointState
from anguan.alarms.models.intake import Frame, IntakeStart, Pending, Reading, ResendKey, Transport

__all__ = [
    "Command",
    "Device",
    "Frame",
    "IntakeStart",
    "Pending",
    "Point",
    "PointState",
    "Reading",
    "ResendKey",
    "Transport",
]
