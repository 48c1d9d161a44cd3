"""Nouns of the alarm path, a subject a file."""

from anguan.alarms.models.devices import Command, Device, Point, PointState
from anguan.alarms.models.duty_checks import DutyCheck
from anguan.alarms.models.forwarding import Forwarding, ForwardTarget
from anguan.alarms.models.incidents import (
    Incident,
    IncidentPoint,
    IncidentSignal,
    IncidentStep,
    IncidentTimer,
    Notice,
    TestWindow,
)
from anguan.alarms.models.intake import Frame, IntakeStart, Pending, Reading, ResendKey, Transport, UnreadableBatch
from anguan.alarms.models.upkeep import HandlingAgreement, Outage, RepairRequest

__all__ = [
    "Command",
    "Device",
    "DutyCheck",
    "ForwardTarget",
    "Forwarding",
    "Frame",
    "HandlingAgreement",
    "Incident",
    "IncidentPoint",
    "IncidentSignal",
    "IncidentStep",
    "IncidentTimer",
    "IntakeStart",
    "Notice",
    "Outage",
    "Pending",
    "Point",
    "PointState",
    "Reading",
    "RepairRequest",
    "ResendKey",
    "TestWindow",
    "Transport",
    "UnreadableBatch",
]
