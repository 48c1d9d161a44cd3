"""接收: what devices send is made durable, numbered and told apart from its resends before anybody answers them.

`Intake` belongs to one process and one start of it; the gateway and `/live/signals` each hold one. The words that
whoever fills it needs are offered here too: this is the one port through which signals come in.
"""

from anguan.alarms.intake.arrivals import Arrival, Settled, resend_key
from anguan.alarms.intake.connecting import asked_until_answered, parameters
from anguan.alarms.intake.opening import StreamSettings, open_sink, stream_in_force
from anguan.alarms.intake.sink import IntakeSettings, Sink
from anguan.alarms.intake.writing import Intake
from anguan.alarms.rules.signals import (
    BACK,
    NO_COMPONENT,
    as_json,
    as_text,
    kinds_of_component_state,
    kinds_of_device_state,
    kinds_of_system_state,
    urgency,
)

__all__ = [
    "BACK",
    "NO_COMPONENT",
    "Arrival",
    "Intake",
    "IntakeSettings",
    "Settled",
    "Sink",
    "StreamSettings",
    "as_json",
    "as_text",
    "asked_until_answered",
    "kinds_of_component_state",
    "kinds_of_device_state",
    "kinds_of_system_state",
    "open_sink",
    "parameters",
    "resend_key",
    "stream_in_force",
    "urgency",
]
