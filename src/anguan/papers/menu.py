"""Pages of this room in the navigation."""

from anguan.core.words import N_
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.ui.navigation import register

register(N_("检查"), N_("执法文书"), "papers:list", roles=BUREAU | {Role.LEGAL_REVIEWER}, order=60, icon="paper")
register(N_("检查"), N_("文书格式"), "papers:forms", roles=BUREAU, order=62, icon="paper")
register(N_("检查"), N_("收到的文书"), "papers:list", roles=ENTERPRISE, order=60, icon="paper", area="phone")
register(N_("公开"), N_("文书核验"), "papers_public:confirm_code", order=40, icon="qr", area="public")
