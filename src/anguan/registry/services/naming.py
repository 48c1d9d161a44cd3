"""Which enterprise is meant: by 统一社会信用代码, or by a name that only one of them has."""

from collections.abc import Iterable

from anguan.core.words import N_
from anguan.registry.models import Enterprise
from anguan.registry.rules import Refused, compact, is_credit_code


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


def firms_called(written: set[str], codes: Codes) -> dict[str, frozenset[int]]:
    """The enterprises that each of these names and codes means today; a name may mean several, or none."""
    typed = {word: code for word in written if is_credit_code(code := compact(word))}
    by_code = codes.ids(typed.values())
    spellings = {spelling: word for word in written - typed.keys() for spelling in _spellings(word)}
    found: dict[str, set[int]] = {word: {by_code[code]} for word, code in typed.items() if code in by_code}
    for pk, name in Enterprise.objects.filter(name__in=spellings).values_list("pk", "name"):
        found.setdefault(spellings[name], set()).add(codes.root(pk))
    return {word: frozenset(ids) for word, ids in found.items()}


def _spellings(name: str) -> set[str]:
    """A name with its brackets as they are, full and half: bureaus write both."""
    full = name.translate({ord("("): "（", ord(")"): "）"})
    return {name, full, full.translate({ord("（"): "(", ord("）"): ")"})}


def not_one_firm(word: str, count: int) -> Refused:
    """Why a word names no enterprise that could be taken: none is called so, or more than one."""
    if count:
        return Refused(
            N_("企业台账里有 %(count)s 家名为“%(word)s”的单位，请改写统一社会信用代码"), count=count, word=word
        )
    return Refused(N_("企业台账里没有“%(word)s”，请核对名称，或先登记该企业"), word=word)


def firm_called(text: str) -> Enterprise:
    """The one enterprise that a name or code means; raises `Refused`."""
    word = text.strip()
    found = firms_called({word}, Codes()).get(word, frozenset())
    if len(found) != 1:
        raise not_one_firm(word, len(found))
    return Enterprise.objects.get(pk=min(found))
