"""判定标准的适用: which clauses an officer is offered first at an enterprise, from its industry (GB/T 4754)."""

from collections.abc import Mapping
from typing import Final

from anguan.checklists.rules import Field

# Our own setting, by the longest prefix that fits. The fire standard holds wherever there is a building, so it is
# always among them; what is not offered first stands behind 其他标准.
_FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "B": (Field.INDUSTRY,),
    "C": (Field.INDUSTRY,),
    "C25": (Field.HAZCHEM,),
    "C26": (Field.HAZCHEM,),
    "C267": (Field.CIVIL_EXPLOSIVES, Field.HAZCHEM),
    "D44": (Field.SPECIAL_EQUIPMENT,),
    "D45": (Field.GAS,),
    "E": (Field.CONSTRUCTION,),
    "F516": (Field.HAZCHEM,),
    "F526": (Field.HAZCHEM,),
    "G59": (Field.HAZCHEM, Field.INDUSTRY),
    "H61": (Field.GAS,),
    "H62": (Field.GAS,),
}


def fields_of(industry_code: str) -> tuple[Field, ...]:
    """The fields of the standards that fit an enterprise, the fire standard last."""
    for length in range(len(industry_code), 0, -1):
        if found := _FIELDS.get(industry_code[:length]):
            return (*found, Field.FIRE)
    return (Field.FIRE,)
