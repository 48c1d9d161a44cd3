"""预填: what a new draft says before anybody types, from what the platform already knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from anguan.papers.rules.vocabulary import Field, FieldKind, Form, FormCode

Body = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What check and hazards say: words, days and moments as bodies write them; empty where nothing is known.

    `problems` are text, basis and day of each hazard, `officers` name and certificate number, `items` matter and basis,
    `order` the paper that was not followed, `receiver` the organ that has the competence.
    """

    place: str = ""
    checked_at: str = ""
    found_on: str = ""
    planned_from: str = ""
    planned_to: str = ""
    source: str = ""
    trigger: str = ""
    why_on_site: str = ""
    kind: str = ""
    mode: str = ""
    problems: tuple[tuple[str, str, str], ...] = ()
    officers: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    order: str = ""
    receiver: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PartyKnown:
    """What the ledger says about the party."""

    name: str
    address: str = ""
    contact: str = ""


# What the earlier paper says under the same key but of itself: a term, a reason, the time of its own act.
_OWN: Final[Mapping[FormCode, frozenset[str]]] = {
    FormCode.SEIZURE_EXTENSION: frozenset({"until", "reason"}),
    FormCode.SEIZURE_DISPOSAL: frozenset({"decision"}),
    FormCode.POWER_RESTORE_NOTICE: frozenset({"reason"}),
    FormCode.PRESERVATION_DISPOSAL_APPROVAL: frozenset({"reason"}),
    FormCode.COERCION_APPROVAL: frozenset({"target"}),
}


def prefilled(form: Form, *, party: PartyKnown, known: Known, earlier: Mapping[str, Any] | None = None) -> Body:
    """The body a draft begins with: the earlier paper first, then the check or hazard, then the ledger."""
    said = dict(earlier or {})
    body = {}
    for field in form.fields:
        value = _from_earlier(form, field, said) or _from_known(form, field, party, known)
        if value not in (None, "", [], ()):
            body[field.key] = value
    return body


def _from_earlier(form: Form, field: Field, said: Mapping[str, Any]) -> Any:
    if field.key in _OWN.get(form.code, frozenset()):
        return None
    value = said.get(field.key)
    if field.key == "measure" and form.code is FormCode.SEIZURE_DECISION:
        value = said.get("coercion")
    if field.key == "recipient":
        value = value or said.get("receiver")
    if field.key == "checked_at":
        value = value or said.get("started_at")
    if field.key == "reason" and form.code is FormCode.POWER_CUT_NOTICE:
        value = said.get("facts")
    if not _fits(field, value):
        return None
    return value


def _fits(field: Field, value: Any) -> bool:
    """Whether a value of another form has the shape of this field."""
    match field.kind:
        case FieldKind.ROWS:
            keys = {column.key for column in field.columns if column.is_required}
            return isinstance(value, list) and all(isinstance(row, Mapping) and keys <= set(row) for row in value)
        case FieldKind.LINES:
            return isinstance(value, list) and all(isinstance(line, str) for line in value)
        case FieldKind.YES:
            return False  # whether something is urgent is said for each act anew
        case FieldKind.NUMBER:
            return isinstance(value, int)
        case FieldKind.CHOICE:
            return value in dict(field.options)
        case _:
            return isinstance(value, str)


def _from_known(form: Form, field: Field, party: PartyKnown, known: Known) -> Any:
    columns = {column.key for column in field.columns}
    problems = [f"{text}（{basis}）" if basis else text for text, basis, _ in known.problems]
    match field.key:
        case "officers":
            return [{"name": name, "certificate_no": number} for name, number in known.officers]
        case "units":
            return [{"name": party.name, "address": party.address}]
        case "items" if columns == {"name", "basis"}:
            return [{"name": name, "basis": basis} for name, basis in known.items]
        case "items" if field.kind is FieldKind.LINES:
            return [name for name, _ in known.items]
        case "hazards":
            return [{"text": text, "basis": basis} for text, basis, _ in known.problems]
        case "content":
            return [name for name, _ in known.items]
        case "findings":
            return problems
        case "facts" | "act":
            return "\n".join(problems)
        case "case_name":
            return _case_name(form, party, known)
        case "cause":
            return known.problems[0][0] if known.problems else ""
        case "place" | "target":
            return known.place or (party.address if field.key == "place" else "")
        case "contact":
            return party.contact
        case "refused":
            return known.order
        case "result":
            return "" if not known.problems else ("ordered" if known.order else "")
        case "receiver" | "reason":
            return getattr(known, field.key) if form.code is FormCode.TRANSFER_APPROVAL else ""
        case "kind" | "mode" | "trigger" | "why_on_site" | "checked_at" | "found_on" | "source":
            return getattr(known, field.key)
        case "planned_from" | "planned_to":
            return getattr(known, field.key)
        case _:
            return None


def _case_name(form: Form, party: PartyKnown, known: Known) -> str:
    about = known.problems[0][0] if known.problems else ""
    if not about:
        return ""
    return f"{party.name}{about}案"[:60] if form.code is FormCode.FILING_APPROVAL else about[:60]
