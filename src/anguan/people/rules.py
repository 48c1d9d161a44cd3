"""角色与证件的规则: who may hold what together, and when a certificate counts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from anguan.core.enums import Labelled
from anguan.core.words import N_


class Role(Labelled):
    """角色: what a person may do; system, security and audit administration never meet in one person (三员分立)."""

    SYSTEM_ADMIN = "system_admin", N_("系统管理员")
    SECURITY_ADMIN = "security_admin", N_("安全管理员（三员）")
    AUDIT_ADMIN = "audit_admin", N_("审计管理员")
    CLERK = "clerk", N_("内勤（底账）")
    OFFICER = "officer", N_("执法人员")
    LEADER = "leader", N_("机关负责人")
    LEGAL_REVIEWER = "legal_reviewer", N_("法制审核员")
    DUTY_OFFICER = "duty_officer", N_("值班员")
    DEPARTMENT = "department", N_("其他部门经办人")
    EXPERT = "expert", N_("专家")
    SUPERVISOR = "supervisor", N_("司法监督员")
    PRINCIPAL = "principal", N_("企业主要负责人")
    SAFETY_MANAGER = "safety_manager", N_("企业安全管理人员")
    TENANT = "tenant", N_("商户")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
BUREAU = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})
ENTERPRISE = frozenset({Role.PRINCIPAL, Role.SAFETY_MANAGER})
# Held for an organ by grant. The others follow from a register: memberships, shops, the list of experts.
GRANTED = ADMINISTRATORS | BUREAU | {Role.LEGAL_REVIEWER, Role.DUTY_OFFICER, Role.DEPARTMENT, Role.SUPERVISOR}
# Whoever reads what was found at firms that aren't their own.
NEEDS_SECOND_FACTOR = GRANTED | {Role.EXPERT}


class RolesClash(ValueError):
    """These roles may not be held by one person; the message says which."""


def check_separation(
    roles: frozenset[str], officer_of: frozenset[int] = frozenset(), expert_of: frozenset[int] = frozenset()
) -> None:
    """Refuse in one person what must be kept apart.

    Of the three administrators nobody holds two, and none holds anything else (GB/T 22239-2019, level 3: separated
    administration). An expert advises officers and never signs as one, so nobody is both for the same organ.
    """
    held = sorted(Role(role).label for role in roles & ADMINISTRATORS)
    if len(held) > 1:
        raise RolesClash(N_("系统、安全、审计三类管理员必须由不同的人担任。"))
    if held and roles - ADMINISTRATORS:
        raise RolesClash(N_("管理员不能同时承担业务角色，请为业务另设账号。"))
    if officer_of & expert_of:
        raise RolesClash(N_("同一机构的专家不能兼任执法人员：专家只提意见，执法由执法人员承担。"))


class OrganKind(Labelled):
    """机构类型: what part an organ plays."""

    EMERGENCY = "emergency", N_("应急管理部门")
    BRANCH = "branch", N_("派出机构")
    FIRE = "fire", N_("消防救援机构")
    CONSTRUCTION = "construction", N_("住房城乡建设部门")
    MARKET = "market", N_("市场监督管理部门")
    JUDICIAL = "judicial", N_("司法行政部门")
    OTHER = "other", N_("其他部门")


class Matter(Labelled):
    """事项: what an organ does to a party and therefore needs competence or entrustment for."""

    INSPECT = "inspect", N_("行政检查")
    ORDER = "order", N_("责令改正")
    COERCE = "coerce", N_("行政强制")
    PENALISE = "penalise", N_("行政处罚")


def is_certified(valid_to: date | None, on: date) -> bool:
    """Whether an enforcement certificate counts on a day; without a date it does not (行政处罚法 art. 42)."""
    return valid_to is not None and on <= valid_to


def is_in_term(term_to: date | None, on: date) -> bool:
    """Whether an expert's term (聘期) covers a day, the last one included; a term without an end runs on."""
    return term_to is None or on <= term_to


class DutyPost(Labelled):
    """值班岗位: who sits in the duty room, and who decides when the operators may not."""

    OPERATOR = "operator", N_("值班员")
    LEADER = "leader", N_("带班领导")


# What a person must have been granted to take a post.
POST_ROLES = {DutyPost.OPERATOR: Role.DUTY_OFFICER, DutyPost.LEADER: Role.LEADER}
# Longer than a day and night is a slip of the pen, not a shift.
LONGEST_SHIFT = timedelta(hours=24)


class ShiftRefused(ValueError):
    """This shift can't be planned so; the message says why."""


def check_shift(since: datetime, until: datetime, others: Iterable[tuple[datetime, datetime]]) -> None:
    """Refuse a shift that isn't a stretch of time, is too long, or meets another of the same person.

    The end itself no longer belongs to a shift, so that one may begin where another ends.
    """
    if until <= since:
        raise ShiftRefused(N_("交班时间不晚于接班时间，请核对。"))
    if until - since > LONGEST_SHIFT:
        raise ShiftRefused(N_("一班不能超过 24 小时，请分成几班。"))
    if any(since < ends and begins < until for begins, ends in others):
        raise ShiftRefused(N_("这个人在这段时间里已经排了班，同一时间只能在一个班上。"))
