"""文书核对: whether everything that was issued still stands as it was issued."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from anguan.ground.models import AuditRecord, NumberSeries
from anguan.papers.models import FormVersion, Paper
from anguan.papers.rules import FORMS, FormCode
from anguan.papers.selectors import fault_of
from anguan.papers.services.editions import fingerprint


@dataclass(frozen=True)
class PaperCheck:
    """The answer of `verify_papers`: how many numbered papers were looked at, and each fault in a sentence."""

    checked: int
    faults: list[str]


def verify_papers() -> PaperCheck:
    """文书核对: whether every numbered paper still says what was issued, on file and in the audit records, with no gap.

    Finds an edited row, an edited or lost PDF, a number that was changed, and a number that is missing.
    """
    faults: list[str] = []
    checked = 0
    records = AuditRecord.objects.filter(action="papers.issue").order_by("id")
    issued = {subject_id: after or {} for subject_id, after in records.values_list("subject_id", "after")}
    serials: dict[tuple[int, str, int], list[int]] = {}
    for paper in Paper.objects.exclude(number="").order_by("id").iterator(chunk_size=500):
        checked += 1
        if fault := fault_of(paper):
            faults.append(fault)
        recorded = issued.pop(str(paper.pk), None)
        if recorded is None:
            faults.append(_("%(paper)s 没有出具的审计记录。") % {"paper": paper})
        elif any(recorded.get(name) != getattr(paper, name) for name in ("number", "body_hash", "pdf_sha256")):
            faults.append(_("%(paper)s 的文号或哈希与出具时的审计记录不符。") % {"paper": paper})
        assert paper.year is not None
        assert paper.serial is not None
        serials.setdefault((paper.issuing_organ_id, paper.prefix, paper.year), []).append(paper.serial)
    faults += [
        _("审计记录里出具过的 %(number)s 已经不在文书库里。") % {"number": recorded.get("number", "")}
        for recorded in issued.values()
    ]
    prefixes = {form.prefix for form in FORMS.values()}
    prefixes.update(FormVersion.objects.values_list("prefix", flat=True))
    for row in FormVersion.objects.filter(form_set__organ=None):
        form = FORMS[FormCode(row.code)]
        if row.version == form.version and row.fingerprint != fingerprint(form):
            faults.append(_("%(form)s的程序内置格式与登记时不符：改了格式要用新的版本号。") % {"form": row})
    last = {
        (series.organ_id, series.prefix, series.year): series.last
        for series in NumberSeries.objects.filter(prefix__in=prefixes)
    }
    for (organ_id, prefix, year), given in sorted(serials.items()):
        expected = set(range(1, max(last.get((organ_id, prefix, year), 0), *given, 0) + 1))
        if missing := sorted(expected - set(given)):
            numbers = "、".join(str(number) for number in missing[:10])
            faults.append(
                _("文号 %(prefix)s〔%(year)s〕缺 %(numbers)s 号。")
                % {"prefix": prefix, "year": year, "numbers": numbers}
            )
    return PaperCheck(checked, faults)
