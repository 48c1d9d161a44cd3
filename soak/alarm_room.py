"""Makes the duty room of the soaks of the alarm path in a database that runs: an operator, devices, tokens.

`python -m soak.alarm_room UNITS POSTERS`, with DATABASE_URL and ANGUAN_DATA; prints what was made as one JSON line.
"""

import json
import sys

from benchmarks.alarm_to_screen import a_duty_room, admit, source_of_simulated

from anguan.cli.database import set_up_django

FIRST_POSTER = 800_001


def main(units: int, posters: int) -> None:
    """The simulator's devices and as many systems that post, all admitted."""
    set_up_django()
    from anguan.alarms.models import Device
    from anguan.alarms.services.devices import issue_token
    from anguan.ground import clock
    from anguan.ground.access import SYSTEM
    from anguan.wire.gbt26875 import address

    organ, session = a_duty_room()
    admit([source_of_simulated(number) for number in range(units)], organ)
    sources = [address(FIRST_POSTER + number).hex() for number in range(posters)]
    admit(sources, organ)
    now = clock.now()
    tokens = {
        device.source: issue_token(device=device, actor=SYSTEM, now=now)
        for device in Device.objects.filter(source__in=sources)
    }
    print(json.dumps({"organ": organ.pk, "session": session, "tokens": tokens}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
