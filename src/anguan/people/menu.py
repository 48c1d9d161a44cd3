"""Where the pages of this room stand in the navigation."""

from anguan.core.words import N_
from anguan.people.rules import ADMINISTRATORS, BUREAU, Role
from anguan.ui.navigation import register

register("系统", N_("用户"), "people:users", roles=tuple(sorted(ADMINISTRATORS)), order=10)
register("底账", N_("执法人员"), "people:officers", roles=(*sorted(BUREAU), Role.SUPERVISOR), order=60)
register(
    "底账",
    N_("专家库"),
    "people:experts",
    roles=(*sorted(BUREAU), Role.LEGAL_REVIEWER, Role.SUPERVISOR, Role.EXPERT),
    order=61,
)
register("系统", N_("机构"), "people:organs", roles=(*sorted(ADMINISTRATORS | BUREAU), Role.SUPERVISOR), order=5)
register(
    "消防",
    N_("值班表"),
    "people:my_roster",
    roles=(Role.DUTY_OFFICER, Role.LEADER, Role.CLERK, Role.OFFICER),
    order=40,
)
