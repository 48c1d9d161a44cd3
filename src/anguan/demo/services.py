"""`seed`: the demo district, once; and the one-time log-ins that every start prints."""

from datetime import datetime

from django.db import transaction

from anguan.demo.alarms import plant_alarms
from anguan.demo.district import district
from anguan.demo.ledger import give_officers_accounts, plant_ledger
from anguan.demo.people import one_time_log_ins, plant_organs, plant_people
from anguan.demo.plan import plant_plan
from anguan.demo.story import plant_story
from anguan.demo.today import plant_today
from anguan.people.models import Organ

__all__ = ["one_time_log_ins", "seed"]


@transaction.atomic
def seed(now: datetime) -> bool:
    """Plant the demo district into an empty ledger; returns False when anything is there already."""
    if Organ.objects.exists():
        return False
    made = district()
    organs = plant_organs(now)
    plant_people(organs, now)
    plant_ledger(made, now)
    give_officers_accounts(now)
    plant_plan(now)
    plant_story(now)
    plant_today(now)
    plant_alarms(now)
    return True
