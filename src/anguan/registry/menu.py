"""Pages of this room in the navigation."""

from anguan.core.words import N_
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.registry.kinds import KINDS
from anguan.ui.navigation import register

register(N_("底账"), N_("全区底数"), "registry:figures", roles=BUREAU, order=10)
register(N_("底账"), N_("全区地图"), "registry:map", roles=BUREAU, order=11)
for place, kind in enumerate(KINDS.values()):
    register(
        N_("底账"),
        kind.plural,
        "registry:list",
        args=(kind.slug,),
        roles={*BUREAU, *ENTERPRISE, *([Role.TENANT] if kind.slug == "tenant" else [])},
        order=20 + place,
    )
register(N_("底账"), N_("导入底账"), "registry:import", roles=(Role.CLERK,), order=60, icon="upload")
