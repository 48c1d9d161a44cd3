"""接收: what devices send is made durable, numbered and told apart from its resends before anybody answers them.

`Intake` belongs to one process and one start of it; the gateway, the MQTT client and `/live/signals` each hold one.
"""

from anguan.alarms.intake.arrivals import Arrival, Settled, resend_key
from anguan.alarms.intake.connecting import parameters
from anguan.alarms.intake.writing import Intake, IntakeSettings

__all__ = ["Arrival", "Intake", "IntakeSettings", "Settled", "parameters", "resend_key"]
