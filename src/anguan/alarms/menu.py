"""Pages of this room in the navigation."""

from anguan.alarms.selectors.duty_room import READERS, WATCHERS
from anguan.core.words import N_
from anguan.ui.navigation import register

register(N_("消防"), N_("值班室"), "alarms:room", roles=WATCHERS, order=10, icon="bell")
register(N_("消防"), N_("警情"), "alarms:incidents", roles=READERS, order=20)
register(N_("消防"), N_("装置和点位"), "alarms:devices", roles=READERS, order=50)
register(N_("消防"), N_("测试时段"), "alarms:windows", roles=READERS, order=60)
register(N_("消防"), N_("报警可信度"), "alarms:statistics", roles=READERS, order=30)
register(N_("消防"), N_("维修和约定"), "alarms:repairs", roles=READERS, order=70)
register(N_("消防"), N_("查岗"), "alarms:duty_checks", roles=WATCHERS, order=80)
register(N_("消防"), N_("上报对象"), "alarms:forward_targets", roles=WATCHERS, order=90)
