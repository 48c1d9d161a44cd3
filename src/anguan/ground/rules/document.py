"""`docs/statutes.md`: every shipped rule record on one page, with its source and whether the wording was checked."""

from collections.abc import Iterable

from anguan.core.periods import Unit
from anguan.ground.rules.records import Kind, Rule, shipped_rules

_HEAD = """\
# 规则与法条 · Rules and statutes

Generated from the rule records by `anguan rules document`. Change the data in `src/anguan/ground/rules/data/`, not
this page.

Each row is one version of one rule. 已核对: the wording was read in the full text of the law (tag L). Everything else
is 未核对 and shows so on the screen: V was seen on a public page, M is from memory, D is our own setting. An empty date
is open or not known. 顺延: a period that ends on a day off moves to the next working day.
"""


def statutes_markdown(rules: Iterable[Rule] | None = None) -> str:
    """The page as Markdown, from the shipped records unless others are given."""
    records = list(shipped_rules() if rules is None else rules)
    deadlines = [rule for rule in records if rule.id.startswith("D")]
    others = [rule for rule in records if not rule.id.startswith("D")]
    unverified = sum(not rule.verified for rule in records)
    return "\n".join(
        [
            _HEAD,
            f"{len(records)} 条记录，其中 {unverified} 条未核对。",
            "",
            "## 期限 · Time limits",
            "",
            *_table(deadlines),
            "",
            "## 界限、设置与用语 · Thresholds, settings and texts",
            "",
            *_table(others),
            "",
        ]
    )


def _table(rules: Iterable[Rule]) -> list[str]:
    head = ("编号", "版本", "名称", "法律文件与条款", "类型", "数值", "顺延", "施行", "失效", "核对", "地区", "说明")
    rows = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for rule in rules:
        cells = (
            rule.id,
            str(rule.version),
            rule.title,
            rule.basis,
            rule.kind.label,
            _amount(rule),
            "是" if rule.roll_forward else "",
            rule.valid_from.isoformat() if rule.valid_from else "",
            rule.valid_to.isoformat() if rule.valid_to else "",
            f"已核对 {rule.tag}" if rule.verified else f"未核对 {rule.tag}",
            rule.jurisdiction,
            rule.note,
        )
        rows.append(f"| {' | '.join(cell.replace('|', '／') for cell in cells)} |")
    return rows


def _amount(rule: Rule) -> str:
    """What the rule sets, in one cell."""
    parts = []
    if rule.count is not None and rule.unit is not None:
        counted = "个工作日" if rule.unit is Unit.WORKING_DAYS else rule.unit.label
        parts.append(f"{rule.count} {counted}")
    if rule.kind is Kind.TEXT:
        return str(rule.values["text"])
    parts += [f"{name} {_plain(value)}" for name, value in rule.values.items()]
    return "；".join(parts)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return " ".join(f"{name} {_plain(item)}" for name, item in value.items())
    if isinstance(value, list):
        return "、".join(_plain(item) for item in value)
    return str(value)
