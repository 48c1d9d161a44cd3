"""Pages of this room in the navigation."""

from anguan.core.words import N_
from anguan.people.rules import BUREAU, ENTERPRISE
from anguan.ui.navigation import register

register(N_("隐患"), N_("隐患清单"), "hazards:list", roles=BUREAU, order=10)
register(N_("隐患"), N_("我的隐患"), "hazards_phone:list", roles=ENTERPRISE, order=20, icon="hazard", area="phone")
register(N_("隐患"), N_("本单位隐患"), "hazards_phone:list", roles=ENTERPRISE, order=20)
