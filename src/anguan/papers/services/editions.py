"""文书格式: the shipped set put on record, and an organ's own versions of its forms."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from anguan.core.canonical import canonical_json
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import SYSTEM, Actor
from anguan.ground.rendering import check_drawable
from anguan.papers.models import FormSet, FormVersion
from anguan.papers.rules import FORMS, FieldKind, Form, FormCode, NotAllowed
from anguan.people.models import Organ

TEMPLATES = Path(__file__).parents[1] / "forms"
NATIONAL = "work-safety-2017"
_HEADING = N_("安全生产行政执法文书")

_PREFIX = re.compile(r"[\u4e00-\u9fff]{2,12}")
_MOST_FIELDS = 12
_LONGEST_TEXT = 800


def fingerprint(form: Form) -> str:
    """SHA-256 of what decides how a shipped form reads and looks."""
    texts = [sha256((TEMPLATES / f"{name}.typ").read_bytes()).hexdigest() for name in (form.template, "paper")]
    fields = [[field.key, field.label, field.is_required, field.kind.value] for field in form.fields]
    return sha256(
        canonical_json([form.code.value, form.version, form.prefix, form.title, fields, *texts]).encode()
    ).hexdigest()


@transaction.atomic
def load_forms(*, now: datetime) -> int:
    """Put every shipped form on record once; returns how many were new. What is there stays as it is."""
    national, _is_new = FormSet.objects.get_or_create(
        code=NATIONAL, defaults={"title": "应急管理行政执法文书（2017年版整理）", "heading": _HEADING}
    )
    known = set(FormVersion.objects.filter(form_set=national).values_list("code", "version"))
    fresh = [
        FormVersion(
            form_set=national,
            code=form.code,
            version=form.version,
            base_version=form.version,
            title=form.title,
            prefix=form.prefix,
            tag=form.prefix_tag,
            fingerprint=fingerprint(form),
            recorded_at=now,
            recorded_by_name=SYSTEM.name,
        )
        for form in FORMS.values()
        if (form.code.value, form.version) not in known
    ]
    FormVersion.objects.bulk_create(fresh)
    if fresh:
        audit.record(
            actor=SYSTEM,
            action="papers.load_forms",
            subject=national,
            now=now,
            after={"forms": sorted(f"{row.code} v{row.version}" for row in fresh)},
        )
    return len(fresh)


@transaction.atomic
def record_form_version(
    *,
    organ: Organ,
    code: FormCode | str,
    title: str,
    prefix: str,
    valid_from: date,
    actor: Actor,
    now: datetime,
    heading: str = "",
    labels: Sequence[str] = (),
    opening: str = "",
    closing: str = "",
) -> FormVersion:
    """登记本机关的格式: title, prefix, blanks and texts that this organ's papers of one form have from a day on.

    All of it is text: the template stays the shipped one, so that nothing typed here can run.
    """
    base = FORMS[FormCode(code)]
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    title, prefix = title.strip(), prefix.strip()
    names = [label.strip() for label in labels if label.strip()]
    texts = [opening.strip(), closing.strip()]
    _check(base, title, prefix, names, texts)
    if valid_from < clock.local_day(now):
        raise NotAllowed(_("启用日期不能早于今天：已经出具的文书不变。"))
    taken = {form.prefix for form in FORMS.values() if form.code is not base.code}
    others = FormVersion.objects.filter(form_set__organ=organ).exclude(code=base.code)
    if prefix in taken.union(others.values_list("prefix", flat=True)):
        raise NotAllowed(_("字头“%(prefix)s”已经用于另一种文书，文号会混在一起，请另定。") % {"prefix": prefix})
    check_drawable([title, prefix, heading, *names, *texts])
    form_set, is_new = FormSet.objects.get_or_create(
        organ=organ,
        defaults={"code": f"organ-{organ.pk}", "title": organ.name, "heading": heading.strip() or _HEADING},
    )
    if not is_new and heading.strip() and heading.strip() != form_set.heading:
        form_set.heading = heading.strip()
        form_set.save(update_fields=["heading"])
    last = FormVersion.objects.filter(form_set=form_set, code=base.code).aggregate(last=Max("version"))["last"]
    # Above all shipped versions, so that a paper's version names one format only.
    version = (last or 100) + 1
    fields = [
        {"key": f"added_{number}", "label": label, "kind": FieldKind.LONG.value}
        for number, label in enumerate(names, start=1)
    ]
    row = FormVersion.objects.create(
        form_set=form_set,
        code=base.code,
        version=version,
        base_version=base.version,
        title=title,
        prefix=prefix,
        tag="D",
        fields=fields,
        opening=texts[0],
        closing=texts[1],
        valid_from=valid_from,
        fingerprint=sha256(canonical_json([fingerprint(base), title, prefix, fields, texts]).encode()).hexdigest(),
        recorded_at=now,
        recorded_by_name=actor.name,
    )
    audit.record(
        actor=actor,
        action="papers.record_form_version",
        subject=row,
        now=now,
        after=audit.snapshot(row, "code", "version", "title", "prefix", "fields", "opening", "closing", "valid_from"),
    )
    return row


def _check(base: Form, title: str, prefix: str, names: Sequence[str], texts: Sequence[str]) -> None:
    if not 2 <= len(title) <= 40:  # two lines at 22 pt
        raise NotAllowed(_("标题须有 2 到 40 个字。"))
    if not _PREFIX.fullmatch(prefix):
        raise NotAllowed(_("字头只用 2 到 12 个汉字，如 应急责改。"))
    if len(names) > _MOST_FIELDS or len(set(names)) != len(names) or any(len(name) > 30 for name in names):
        raise NotAllowed(_("增加的栏目最多 12 个，每个不超过 30 个字，且不能重名。"))
    if {field.label for field in base.fields} & set(names):
        raise NotAllowed(_("增加的栏目与原有的栏目重名，请换一个名称。"))
    if any(len(text) > _LONGEST_TEXT for text in texts):
        raise NotAllowed(_("增加的文字每段不超过 800 字。"))
