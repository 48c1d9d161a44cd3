"""Pages of this room in the navigation."""

from anguan.core.words import N_
from anguan.people.rules import BUREAU, Role
from anguan.ui.navigation import register

register(N_("检查"), N_("检查表和事项清单"), "checklists:index", roles={*BUREAU, Role.SUPERVISOR}, order=80)
register(N_("检查"), N_("重大隐患判定标准"), "checklists:criteria", roles={*BUREAU, Role.SUPERVISOR}, order=81)
register(N_("公开"), N_("随机抽查事项清单"), "checklists_public:items", order=10, area="public")
