"""Pages of this room in the navigation."""

from anguan.core.words import N_
from anguan.inspections.selectors import PLANNERS
from anguan.inspections.selectors.oversight import READERS_OF_SEALS
from anguan.inspections.selectors.plans import PLAN_READERS
from anguan.inspections.views.batches import BATCH_READERS
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.ui.navigation import register

register(N_("计划与抽查"), N_("年度计划"), "inspections:annual_plans", roles=PLAN_READERS, order=5)
register(N_("计划与抽查"), N_("覆盖情况"), "inspections:coverage", roles=BUREAU, order=20)
register(N_("计划与抽查"), N_("入企负担"), "inspections:burden", roles=PLAN_READERS, order=30)
register(N_("计划与抽查"), N_("两库"), "inspections:registers", roles=PLAN_READERS, order=40)
register(N_("计划与抽查"), N_("检查主体清单"), "inspections:subjects", roles=PLAN_READERS, order=50)
register(N_("检查"), N_("本企业被检查情况"), "inspections:own_burden", roles=ENTERPRISE, order=60)
register(N_("计划与抽查"), N_("双随机抽查"), "inspections:batches", roles=BATCH_READERS, order=10)
register(N_("检查"), N_("申请检查"), "inspections:apply", roles=BUREAU, order=3)
register(N_("检查"), N_("待批准的检查"), "inspections:approvals", roles={Role.LEADER}, order=4)
register(N_("检查"), N_("密封检查"), "inspections:sealed", roles=READERS_OF_SEALS, order=12)
register(N_("检查"), N_("联合检查"), "inspections:joint", roles={*BUREAU, Role.DEPARTMENT}, order=14)
register(N_("检查"), N_("指导服务"), "inspections:guidance_list", roles=BUREAU | ENTERPRISE, order=16)
register(N_("检查"), N_("检查规矩"), "inspections:discipline", roles={Role.LEADER, Role.CLERK}, order=30)
register(N_("检查"), N_("监督线索"), "inspections:concerns", roles={Role.SUPERVISOR, Role.LEADER}, order=40)
register(N_("公开"), N_("检查次数上限"), "inspections_public:caps", order=45, area="public")
register(N_("公开"), N_("评价一次检查"), "inspections_public:rate", order=50, area="public")
register(N_("公开"), N_("检查码和验证公钥"), "inspections_public:keys", order=60, area="public")
register(N_("检查"), N_("检查清单"), "inspections:visits", roles=BUREAU, order=10)
register(N_("检查"), N_("现场检查"), "inspections_phone:today", roles={Role.OFFICER}, order=20, icon="phone")
register(
    N_("检查"), N_("我的检查"), "inspections_phone:today", roles={Role.OFFICER}, order=10, icon="check", area="phone"
)
register(N_("检查"), N_("随行检查"), "inspections_phone:expert_mine", roles={Role.EXPERT}, order=30, icon="phone")
register(
    N_("检查"),
    N_("随行检查"),
    "inspections_phone:expert_mine",
    roles={Role.EXPERT},
    order=15,
    icon="check",
    area="phone",
)
register(N_("计划与抽查"), N_("抽查自检"), "inspections:draw_statistics", roles={*PLANNERS, Role.SUPERVISOR}, order=60)
register(N_("公开"), N_("抽查自检"), "inspections_public:draw_statistics", order=25, area="public")
register(N_("公开"), N_("双随机抽查公开"), "inspections_public:draws", order=20, area="public")
register(N_("公开"), N_("核对抽查包"), "inspections_public:verify", order=30, area="public")
register(N_("公开"), N_("检查结果"), "inspections_public:results", order=40, area="public")
register(N_("公开"), N_("年度计划"), "inspections_public:plans", order=10, area="public")
register(N_("公开"), N_("检查主体清单"), "inspections_public:subjects", order=50, area="public")
register(N_("公开"), N_("执法人员名录"), "inspections_public:officers", order=60, area="public")
