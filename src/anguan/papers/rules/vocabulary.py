"""文书的词汇: states, acts, signers, ways of service, and what a form is."""

from dataclasses import dataclass
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_


class PaperState(Labelled):
    """文书状态."""

    DRAFT = "draft", N_("拟稿")
    ISSUED = "issued", N_("已出具")
    SERVED = "served", N_("已送达")
    VOID = "void", N_("已作废")


class Action(Labelled):
    """文书动作: what can be done to a paper."""

    ISSUE = "issue", N_("出具")
    SERVE = "serve", N_("送达")
    VOID = "void", N_("作废")


class Party(Labelled):
    """签名方: who puts a name under a paper."""

    OFFICER = "officer", N_("执法人员")
    ENTERPRISE = "enterprise", N_("被检查单位")


class OpinionRole(Labelled):
    """意见栏: whose opinion an internal form carries."""

    HANDLER = "handler", N_("承办人意见")
    REVIEWER = "reviewer", N_("审核意见")
    APPROVER = "approver", N_("审批意见")


class ServiceMethod(Labelled):
    """送达方式 (民事诉讼法 ch. 7 sec. 2; 行政处罚法 art. 61 for electronic service)."""

    DIRECT = "direct", N_("直接送达")
    LEFT = "left", N_("留置送达")
    MAIL = "mail", N_("邮寄送达")
    ELECTRONIC = "electronic", N_("电子送达")


class FormCode(Labelled):
    """文书种类: the forms of the work-safety enforcement set that the platform issues."""

    INSPECTION_APPROVAL = "inspection_approval", N_("行政检查审批表")
    INSPECTION_NOTICE = "inspection_notice", N_("行政检查通知书")
    INSPECTION_SCHEME = "inspection_scheme", N_("现场检查方案")
    SITE_RECORD = "site_record", N_("现场检查记录")
    RECTIFY_ORDER = "rectify_order", N_("责令限期整改指令书")
    RECHECK_OPINION = "recheck_opinion", N_("整改复查意见书")
    INSPECTION_RESULT = "inspection_result", N_("行政检查结果告知书")
    SERVICE_RECEIPT = "service_receipt", N_("文书送达回执")


class NotAllowed(ValueError):
    """This can't be done to the paper now; the message says why and what would be right."""


class FieldKind(Labelled):
    """栏目类型: how a blank of a form is filled in."""

    TEXT = "text", N_("单行文字")
    LONG = "long", N_("多行文字")
    LINES = "lines", N_("逐条文字")
    NUMBER = "number", N_("整数")
    DAY = "day", N_("日期")
    MOMENT = "moment", N_("日期和时间")
    CHOICE = "choice", N_("选项")
    YES = "yes", N_("是否")
    ROWS = "rows", N_("表格")


@dataclass(frozen=True)
class Field:
    """One entry of a paper's body: its key, its words on the paper, and whether a paper without it is refused.

    `options` are value and words of a choice, `columns` the entries of each row of a table.
    """

    key: str
    label: str
    is_required: bool = False
    kind: FieldKind = FieldKind.TEXT
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple["Field", ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """文书格式: everything that sets one form apart from the others.

    `version` names the template and the field list; a changed form is a new version. `matter` is what the issuing organ
    must be competent or entrusted for. `follows` are the forms one of which must stand before this one, `may_follow`
    those it may name without need; `answers_served` says that the earlier paper must have taken effect. `statute` and
    `article` are the legal basis that stands on the paper unless its body names others. `opinions` are the opinions
    without which an internal form (◇) is not complete. `prefix_tag` is how well the prefix is known: V seen in use, M
    by comparison with an older one or by our own choice.
    """

    code: FormCode
    version: int
    prefix: str
    matter: str
    goes_to_party: bool
    officers_sign: bool
    enterprise_signs: bool
    tells_remedies: bool
    statute: str
    article: str
    fields: tuple[Field, ...]
    follows: frozenset[FormCode] = frozenset()
    may_follow: frozenset[FormCode] = frozenset()
    answers_served: bool = False
    tells_rights: bool = False
    opinions: tuple[OpinionRole, ...] = ()
    prefix_tag: str = "V"

    @property
    def title(self) -> str:
        """The name that stands above the paper."""
        return self.code.label


WORK_SAFETY_LAW: Final = "《中华人民共和国安全生产法》"
PENALTY_LAW: Final = "《中华人民共和国行政处罚法》"
COERCION_LAW: Final = "《中华人民共和国行政强制法》"

OFFICER_COLUMNS: Final = (
    Field("name", N_("姓名"), is_required=True),
    Field("certificate_no", N_("执法证号"), is_required=True),
)
