"""Pages of this room in the navigation."""

from anguan.core.words import N_
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.ui.navigation import register

register(N_("隐患"), N_("隐患清单"), "hazards:list", roles=BUREAU, order=10)
register(N_("隐患"), N_("我的隐患"), "hazards_phone:list", roles=ENTERPRISE, order=20, icon="hazard", area="phone")
register(N_("隐患"), N_("本单位隐患"), "hazards_phone:list", roles=ENTERPRISE, order=20)
register(N_("隐患"), N_("移送"), "hazards:transfers", roles=BUREAU | {Role.DEPARTMENT}, order=30)
register(N_("隐患"), N_("自报可信度提示"), "hazards:credibility", roles=BUREAU, order=40)
register(N_("隐患"), N_("自查自报"), "hazards_phone:own", roles=ENTERPRISE, order=30, icon="camera", area="phone")
register(N_("隐患"), N_("统计表"), "hazards_phone:statements", roles=ENTERPRISE, order=50)
register(
    N_("隐患"), N_("本店隐患"), "hazards_phone:shop_hazards", roles={Role.TENANT}, order=20, icon="hazard", area="phone"
)
register(N_("隐患"), N_("本店隐患"), "hazards_phone:shop_hazards", roles={Role.TENANT}, order=20)
register(N_("公开"), N_("挂牌督办公示"), "hazards_public:listings", order=60, area="public")
