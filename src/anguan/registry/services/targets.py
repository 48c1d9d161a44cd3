"""Where checked rows of a file go: the table of each kind, how a row is known again, and what it refers to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Model, QuerySet

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.people.models import Expert, Officer, Organ
from anguan.registry.models import Building, Complex, Enterprise, ExpertRecusal, KeyUnit, Site, Tenant
from anguan.registry.rules import EnterpriseStatus, Refused, SiteStatus, normalise_name
from anguan.registry.services.naming import Codes, firms_called, not_one_firm
from anguan.registry.services.recusals import declare_recusal
from anguan.registry.sheets.checking import CheckedRow
from anguan.registry.sheets.columns import fold_word

# Longest speciality that `people.Officer` and `people.Expert` hold.
_LONGEST_SPECIALITY = 32
# A sentence that says which complexes there are stays readable.
_MOST_NAMED = 10
Key = str | int | tuple[int, str] | tuple[str, str]


@dataclass(slots=True)
class Draft:
    """What one row of the file asks of the ledger. `fields` are the model's, blank cells left out.

    `attached` are the ids of what hangs on the row and isn't in the ledger yet: an expert's recusals.
    """

    row: CheckedRow
    key: Key
    fields: dict[str, Any]
    refused: list[tuple[str, Refused]] = field(default_factory=list)
    attached: list[int] = field(default_factory=list)


class Target:
    """One table that rows are imported into; made anew for each import, because it remembers what it looked up."""

    model: type[Model]
    defaults: Mapping[str, Any] = {}

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        """One draft for each row, its references looked up for all of them together."""
        raise NotImplementedError

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        """The rows of the ledger that have these keys, locked against other changes."""
        raise NotImplementedError

    def settle(self, draft: Draft, found: Any) -> None:
        """Leave out of a draft what a row of the ledger says in other words already."""

    def complete(self, row: Any, actor: Actor) -> None:
        """Set on a new row what no file tells."""

    def attach(self, draft: Draft, pk: int, *, actor: Actor, now: datetime, cause: str) -> None:
        """Write what hangs on a row that was just written."""


def _given(values: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    """The values that the file states. A blank cell states nothing: it leaves the ledger as it is."""
    return {
        name: value.value if isinstance(value, Enum) else value
        for name, value in values.items()
        if value is not None and name not in left_out
    }


def _locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_for_update(of=("self",)).order_by("pk")


def _unknown(code: str) -> Refused:
    return Refused(N_("企业台账里没有统一社会信用代码为 %(code)s 的单位，请先导入该企业"), code=code)


class EnterpriseTarget(Target):
    model = Enterprise
    defaults = {"status": EnterpriseStatus.OPERATING.value}

    def __init__(self) -> None:
        self.codes = Codes()

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        return [Draft(row, row.values["credit_code"], _given(row.values)) for row in rows]

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        found: dict[Key, Any] = {
            row.credit_code: row for row in _locked(Enterprise.objects.filter(credit_code__in=list(keys)))
        }
        merged = {key: self.codes.root(row.pk) for key, row in found.items() if row.merged_into_id is not None}
        winners = {row.pk: row for row in _locked(Enterprise.objects.filter(pk__in=set(merged.values())))}
        # One object for one row, also where both codes stand in the file.
        known = {row.pk: row for row in found.values()} | winners
        return {key: known[merged.get(key, row.pk)] for key, row in found.items()}

    def settle(self, draft: Draft, found: Any) -> None:
        # A row under the code of an enterprise that was merged away tells about the one that is left, not its name.
        if found.credit_code != draft.key:
            draft.fields.pop("credit_code", None)
            draft.fields.pop("name", None)


class BuildingTarget(Target):
    model = Building

    def __init__(self) -> None:
        self.codes = Codes()
        self.known: dict[Key, int] = {
            (normalise_name(name), normalise_name(address)): pk
            for pk, name, address in Building.objects.values_list("pk", "name", "address").iterator()
        }

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        ids = self.codes.ids(code for row in rows if (code := row.values.get("manager_credit_code")))
        drafts = []
        for row in rows:
            fields = _given(row.values, "manager_credit_code")
            draft = Draft(row, (normalise_name(fields["name"]), normalise_name(fields["address"])), fields)
            code = row.values.get("manager_credit_code")
            if code in ids:
                fields["manager_id"] = ids[code]
            elif code:
                draft.refused.append(("manager_credit_code", _unknown(code)))
            drafts.append(draft)
        return drafts

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        ids = {key: self.known[key] for key in keys if key in self.known}
        rows = {row.pk: row for row in _locked(Building.objects.filter(pk__in=ids.values()))}
        return {key: rows[pk] for key, pk in ids.items() if pk in rows}

    def settle(self, draft: Draft, found: Any) -> None:
        # The names are the same but for width and blanks: no change to tell of.
        for name in ("name", "address"):
            if normalise_name(draft.fields[name]) == normalise_name(getattr(found, name)):
                del draft.fields[name]
        _settle_reference(self.codes, draft, found, "manager_id")


def _settle_reference(codes: Codes, draft: Draft, found: Any, name: str) -> None:
    old, new = getattr(found, name), draft.fields.get(name)
    if old is not None and new is not None and codes.root(old) == codes.root(new):
        del draft.fields[name]


class KeyUnitTarget(Target):
    model = KeyUnit

    def __init__(self) -> None:
        self.codes = Codes()

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        ids = self.codes.ids(row.values["credit_code"] for row in rows)
        buildings: dict[str, list[int]] = {}
        names = {row.values.get("building_name") for row in rows} - {None}
        for pk, name in Building.objects.filter(name__in=names).values_list("pk", "name"):
            buildings.setdefault(name, []).append(pk)
        drafts = []
        for row in rows:
            code, fields = row.values["credit_code"], _given(row.values, "credit_code")
            draft = Draft(row, (ids.get(code, 0), normalise_name(fields["name"])), fields)
            if code in ids:
                fields["enterprise_id"] = ids[code]
            else:
                draft.refused.append(("credit_code", _unknown(code)))
            if len(found := buildings.get(fields.get("building_name", ""), [])) == 1:
                fields["building_id"] = found[0]
            drafts.append(draft)
        return drafts

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        wanted = set(keys)
        family = self.codes.family({key[0] for key in wanted if isinstance(key, tuple) and isinstance(key[0], int)})
        units = _locked(KeyUnit.objects.filter(enterprise__in=family))
        found = {(self.codes.root(unit.enterprise_id), normalise_name(unit.name)): unit for unit in units}
        return {key: found[key] for key in wanted if key in found}

    def settle(self, draft: Draft, found: Any) -> None:
        if normalise_name(draft.fields["name"]) == normalise_name(found.name):
            del draft.fields["name"]
        _settle_reference(self.codes, draft, found, "enterprise_id")


class SiteTarget(Target):
    model = Site
    defaults = {"status": SiteStatus.ACTIVE.value}

    def __init__(self) -> None:
        self.codes = Codes()

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        ids = self.codes.ids(row.values["contractor_credit_code"] for row in rows)
        drafts = []
        for row in rows:
            code, fields = row.values["contractor_credit_code"], _given(row.values, "contractor_credit_code")
            draft = Draft(row, fields["permit_no"], fields)
            if code in ids:
                fields["contractor_id"] = ids[code]
            else:
                draft.refused.append(("contractor_credit_code", _unknown(code)))
            drafts.append(draft)
        return drafts

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        return {row.permit_no: row for row in _locked(Site.objects.filter(permit_no__in=list(keys)))}

    def settle(self, draft: Draft, found: Any) -> None:
        _settle_reference(self.codes, draft, found, "contractor_id")


class ComplexTarget(Target):
    model = Complex

    def __init__(self) -> None:
        self.codes = Codes()

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        ids = self.codes.ids(row.values["operator_credit_code"] for row in rows)
        drafts = []
        for row in rows:
            code, fields = row.values["operator_credit_code"], _given(row.values, "operator_credit_code")
            draft = Draft(row, normalise_name(fields["name"]), fields)
            if code in ids:
                fields["operator_id"] = ids[code]
            else:
                draft.refused.append(("operator_credit_code", _unknown(code)))
            drafts.append(draft)
        return drafts

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        wanted = set(keys)
        # A district has some dozens of them.
        found = {normalise_name(row.name): row for row in _locked(Complex.objects.all())}
        return {key: found[key] for key in wanted if key in found}

    def settle(self, draft: Draft, found: Any) -> None:
        if normalise_name(draft.fields["name"]) == normalise_name(found.name):
            del draft.fields["name"]
        _settle_reference(self.codes, draft, found, "operator_id")


class TenantTarget(Target):
    model = Tenant

    def __init__(self) -> None:
        self.codes = Codes()
        malls = list(Complex.objects.order_by("name").values_list("pk", "name"))
        self.malls = {normalise_name(name): pk for pk, name in malls}
        self.names = "、".join(name for _, name in malls[:_MOST_NAMED]) + ("等" if len(malls) > _MOST_NAMED else "")

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        ids = self.codes.ids(code for row in rows if (code := row.values.get("credit_code")))
        drafts = []
        for row in rows:
            fields, name = _given(row.values, "complex_name", "credit_code"), row.values["complex_name"]
            mall = self.malls.get(normalise_name(name))
            draft = Draft(row, (mall or 0, fold_word(fields["unit_no"])), fields)
            if mall is not None:
                fields["complex_id"] = mall
            else:
                draft.refused.append(("complex_name", self._no_such_mall(name)))
            code = row.values.get("credit_code")
            if code in ids:
                fields["enterprise_id"] = ids[code]
            elif code:
                draft.refused.append(("credit_code", _unknown(code)))
            drafts.append(draft)
        return drafts

    def _no_such_mall(self, name: str) -> Refused:
        if not self.names:
            return Refused(N_("没有名为“%(name)s”的综合体，还没有登记任何综合体，请先登记"), name=name)
        return Refused(N_("没有名为“%(name)s”的综合体，已登记的有：%(names)s"), name=name, names=self.names)

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        wanted = set(keys)
        malls = {key[0] for key in wanted if isinstance(key, tuple) and isinstance(key[0], int)}
        shops = _locked(Tenant.objects.filter(complex__in=malls))
        found = {(shop.complex_id, fold_word(shop.unit_no)): shop for shop in shops}
        return {key: found[key] for key in wanted if key in found}

    def settle(self, draft: Draft, found: Any) -> None:
        if fold_word(draft.fields["unit_no"]) == fold_word(found.unit_no):
            del draft.fields["unit_no"]
        _settle_reference(self.codes, draft, found, "enterprise_id")


def _take_specialities(draft: Draft) -> None:
    """Put the words into the list that the model holds, and refuse one that is too long for it."""
    if "specialities" not in draft.fields:
        return
    draft.fields["specialities"] = list(draft.fields["specialities"])
    longest = max(draft.fields["specialities"], key=len)
    if len(longest) > _LONGEST_SPECIALITY:
        refusal = Refused(
            N_("“%(word)s”太长，每个领域最多 %(longest)s 个字，多个请用顿号隔开"),
            word=longest,
            longest=_LONGEST_SPECIALITY,
        )
        draft.refused.append(("specialities", refusal))


class OfficerTarget(Target):
    model = Officer

    def __init__(self) -> None:
        organs = list(Organ.objects.order_by("pk").values_list("pk", "name"))
        self.organs = {normalise_name(name): pk for pk, name in organs}
        self.names = "、".join(name for _, name in organs)

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        drafts = []
        for row in rows:
            fields = _given(row.values, "organ_name")
            draft = Draft(row, fields["certificate_no"], fields)
            organ = self.organs.get(normalise_name(row.values["organ_name"]))
            if organ is not None:
                fields["organ_id"] = organ
            else:
                draft.refused.append(("organ_name", self._no_such_organ(row.values["organ_name"])))
            _take_specialities(draft)
            drafts.append(draft)
        return drafts

    def _no_such_organ(self, name: str) -> Refused:
        if not self.names:
            return Refused(N_("没有名为“%(name)s”的单位，还没有登记任何单位，请系统管理员先登记"), name=name)
        return Refused(N_("没有名为“%(name)s”的单位，已登记的有：%(names)s"), name=name, names=self.names)

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        return {row.certificate_no: row for row in _locked(Officer.objects.filter(certificate_no__in=list(keys)))}


class ExpertTarget(Target):
    """专家库. A file adds recusals and ends none: that a name is missing tells nothing."""

    model = Expert

    def __init__(self) -> None:
        self.codes = Codes()

    def drafts(self, rows: list[CheckedRow]) -> list[Draft]:
        firms = firms_called({word for row in rows for word in row.values.get("recusals") or ()}, self.codes)
        drafts = []
        for row in rows:
            fields = _given(row.values, "recusals")
            draft = Draft(row, (normalise_name(fields["name"]), normalise_name(fields["employer"])), fields)
            _take_specialities(draft)
            for word in row.values.get("recusals") or ():
                found = firms.get(word, frozenset())
                if len(found) == 1:
                    draft.attached.extend(found)
                else:
                    draft.refused.append(("recusals", not_one_firm(word, len(found))))
            draft.attached = list(dict.fromkeys(draft.attached))
            drafts.append(draft)
        return drafts

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        wanted = set(keys)
        # A district has some hundreds of them.
        found = {(normalise_name(row.name), normalise_name(row.employer)): row for row in _locked(Expert.objects.all())}
        return {key: found[key] for key in wanted if key in found}

    def settle(self, draft: Draft, found: Any) -> None:
        for name in ("name", "employer"):
            if normalise_name(draft.fields[name]) == normalise_name(getattr(found, name)):
                del draft.fields[name]
        open_ones = ExpertRecusal.objects.filter(expert=found, until__isnull=True)
        known = {self.codes.root(pk) for pk in open_ones.values_list("enterprise_id", flat=True)}
        draft.attached = [pk for pk in draft.attached if pk not in known]

    def complete(self, row: Any, actor: Actor) -> None:
        # Whose clerk brings the list appoints who is on it.
        row.organ_id = actor.organ_id or None

    def attach(self, draft: Draft, pk: int, *, actor: Actor, now: datetime, cause: str) -> None:
        expert = Expert.objects.get(pk=pk)
        for firm in Enterprise.objects.filter(pk__in=draft.attached).order_by("pk"):
            declare_recusal(
                expert=expert,
                enterprise=firm,
                source=f"专家名册 {cause}".strip()[:200],
                since=clock.local_day(now),
                actor=actor,
                now=now,
            )


TARGETS: Mapping[str, type[Target]] = {
    "enterprise": EnterpriseTarget,
    "building": BuildingTarget,
    "complex": ComplexTarget,
    "tenant": TenantTarget,
    "key-unit": KeyUnitTarget,
    "site": SiteTarget,
    "officer": OfficerTarget,
    "expert": ExpertTarget,
}
