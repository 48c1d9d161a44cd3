"""Where the pages of this room stand in the navigation."""

from anguan.core.words import N_
from anguan.people.rules import ADMINISTRATORS, BUREAU, Role
from anguan.ui.navigation import register

register("工作台", N_("工作台"), "desk", order=0)
register("系统", N_("工作日历"), "calendar", roles=(Role.SYSTEM_ADMIN, *sorted(BUREAU)), order=30)
register("系统", N_("规则"), "rules", roles=(*sorted(BUREAU | ADMINISTRATORS), Role.SUPERVISOR), order=40)
register("系统", N_("审计记录"), "audit", roles=(Role.AUDIT_ADMIN,), order=50)
register("系统", N_("未送达的消息"), "dead_letters", roles=(Role.SYSTEM_ADMIN,), order=60)
register("公开", N_("今日审计根值"), "public_audit_root", area="public", order=90)
register("公开", N_("公开数据"), "public_figures", area="public", order=80)
