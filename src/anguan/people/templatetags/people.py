"""`{% load people %}`: recorded acts in words."""

from typing import Final

from django import template
from django.utils.translation import gettext as _

from anguan.core.words import N_

register = template.Library()

_ACTS: Final = {
    "people.add_competence": N_("登记职权"),
    "people.add_department": N_("登记科室"),
    "people.add_entrustment": N_("登记委托"),
    "people.change_organ": N_("修改机构信息"),
    "people.create_organ": N_("登记机构"),
    "people.create_user": N_("新建账号"),
    "people.disable_user": N_("停用账号"),
    "people.end_leave": N_("取消离岗登记"),
    "people.enter": N_("用一次性码进入"),
    "people.grant_role": N_("授权"),
    "people.issue_code": N_("发放一次性码"),
    "people.invite": N_("发放邀请码"),
    "people.join": N_("开通账号"),
    "people.keep_expert": N_("登记专家信息"),
    "people.log_in": N_("登录"),
    "people.end_shift": N_("提前交班"),
    "people.plan_shift": N_("排班"),
    "people.record_leave": N_("登记离岗"),
    "people.remove_shift": N_("取消排班"),
    "people.revoke_role": N_("撤销授权"),
    "people.set_password": N_("设置密码"),
    "people.tie_account": N_("关联登录账号"),
    "registry.change": N_("变更"),
    "registry.create": N_("登记入账"),
    "registry.declare_recusal": N_("申报回避"),
    "registry.end_recusal": N_("解除回避"),
}


@register.filter
def act_words(action: str) -> str:
    """`{{ record.action|act_words }}`: a recorded act as the office says it; one that has no word stays as recorded."""
    return _(_ACTS[action]) if action in _ACTS else action
