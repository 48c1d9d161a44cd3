"""Where checked rows of a file go: the table of each kind, how a row is known again, and what it refers to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Model, QuerySet

from anguan.core.words import N_
from anguan.people.models import Officer, Organ
from anguan.registry.models import Building, Enterprise, KeyUnit, Site
from anguan.registry.rules import EnterpriseStatus, Refused, SiteStatus, normalise_name
from anguan.registry.sheets.checking import CheckedRow

# Longest speciality that `people.Officer` holds.
_LONGEST_SPECIALITY = 32
Key = str | int | tuple[int, str] | tuple[str, str]


@dataclass(slots=True)
class Draft:
    """What one row of the file asks of the ledger. `fields` are the model's, blank cells left out."""

    row: CheckedRow
    key: Key
    fields: dict[str, Any]
    refused: list[tuple[str, Refused]] = field(default_factory=list)


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


def _given(values: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    """The values that the file states. A blank cell states nothing: it leaves the ledger as it is."""
    return {
        name: value.value if isinstance(value, Enum) else value
        for name, value in values.items()
        if value is not None and name not in left_out
    }


def _locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_for_update(of=("self",)).order_by("pk")


class Codes:
    """Enterprises by 统一社会信用代码; the code of one that was merged away leads to the one that stands for it."""

    def __init__(self) -> None:
        self.into = dict(Enterprise.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))

    def root(self, pk: int) -> int:
        """The id of the enterprise that stands for this one today."""
        while pk in self.into:
            pk = self.into[pk]
        return pk

    def ids(self, codes: Iterable[str]) -> dict[str, int]:
        """Code to id of the enterprise that stands for it; unknown codes are left out."""
        found = Enterprise.objects.filter(credit_code__in=set(codes)).values_list("credit_code", "pk")
        return {code: self.root(pk) for code, pk in found}

    def family(self, roots: Iterable[int]) -> list[int]:
        """These enterprises and all that were merged into them."""
        wanted = set(roots)
        return [*wanted, *(pk for pk in self.into if self.root(pk) in wanted)]


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
            if "specialities" in fields:
                fields["specialities"] = list(fields["specialities"])
                longest = max(fields["specialities"], key=len)
                if len(longest) > _LONGEST_SPECIALITY:
                    draft.refused.append(
                        (
                            "specialities",
                            Refused(
                                N_("“%(word)s”太长，每个领域最多 %(longest)s 个字，多个请用顿号隔开"),
                                word=longest,
                                longest=_LONGEST_SPECIALITY,
                            ),
                        )
                    )
            drafts.append(draft)
        return drafts

    def _no_such_organ(self, name: str) -> Refused:
        if not self.names:
            return Refused(N_("没有名为“%(name)s”的单位，还没有登记任何单位，请系统管理员先登记"), name=name)
        return Refused(N_("没有名为“%(name)s”的单位，已登记的有：%(names)s"), name=name, names=self.names)

    def existing(self, keys: Iterable[Key]) -> dict[Key, Any]:
        return {row.certificate_no: row for row in _locked(Officer.objects.filter(certificate_no__in=list(keys)))}


TARGETS: Mapping[str, type[Target]] = {
    "enterprise": EnterpriseTarget,
    "building": BuildingTarget,
    "key-unit": KeyUnitTarget,
    "site": SiteTarget,
    "officer": OfficerTarget,
}
