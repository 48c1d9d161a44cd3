"""编辑隐患目录: phrases belong to a question through all its versions, so they change without a new version."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

from anguan.checklists.models import ChecklistItem, HazardPhrase
from anguan.checklists.rules import NotAllowed
from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor

MOST_PHRASES: Final = 30
_SAID: Final = (
    "checklist_code", "item_key", "text", "hazard_level", "days", "violation_basis", "order_basis", "penalty_basis",
    "is_offered",
)  # fmt: skip


@transaction.atomic
def keep_phrase(
    *,
    item: ChecklistItem,
    text: str,
    hazard_level: str,
    days: int,
    actor: Actor,
    now: datetime,
    violation_basis: str = "",
    order_basis: str = "",
    penalty_basis: str = "",
) -> HazardPhrase:
    """增加或修改常用描述, by its wording; one that was taken out is offered again."""
    text = " ".join(text.split())
    if not text:
        raise NotAllowed(N_("请写隐患描述。"))
    if days < 1:
        raise NotAllowed(N_("建议整改天数应至少为 1 天。"))
    phrases = HazardPhrase.objects.select_for_update().filter(checklist_code=item.checklist.code, item_key=item.key)
    phrase = phrases.filter(text=text).first()
    if phrase is None:
        if phrases.filter(is_offered=True).count() >= MOST_PHRASES:
            raise NotAllowed(N_("一个检查项最多 %(most)s 条常用描述，请先取消不用的。"), most=str(MOST_PHRASES))
        last = HazardPhrase.objects.filter(checklist_code=item.checklist.code, item_key=item.key).aggregate(
            last=Max("position")
        )["last"]
        phrase = HazardPhrase(
            checklist_code=item.checklist.code, item_key=item.key, text=text, position=(last or 0) + 1
        )
    before = audit.snapshot(phrase, *_SAID) if phrase.pk else None
    phrase.hazard_level, phrase.days, phrase.is_offered = hazard_level, days, True
    phrase.violation_basis, phrase.order_basis, phrase.penalty_basis = (
        violation_basis.strip(),
        order_basis.strip(),
        penalty_basis.strip(),
    )
    phrase.save()
    audit.record(
        actor=actor,
        action="checklists.keep_phrase",
        subject=phrase,
        now=now,
        before=before,
        after=audit.snapshot(phrase, *_SAID),
    )
    return phrase


@transaction.atomic
def retire_phrase(*, phrase: HazardPhrase, actor: Actor, now: datetime) -> HazardPhrase:
    """不再选用: hazards that were worded with it keep their words. A second time changes nothing."""
    phrase = HazardPhrase.objects.select_for_update().get(pk=phrase.pk)
    if not phrase.is_offered:
        return phrase
    phrase.is_offered = False
    phrase.save(update_fields=["is_offered"])
    audit.record(
        actor=actor,
        action="checklists.retire_phrase",
        subject=phrase,
        now=now,
        before={"is_offered": True},
        after={"is_offered": False},
    )
    return phrase
