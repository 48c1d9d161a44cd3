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
    ENTRUSTED = "entrusted", N_("委托送达")
    FORWARDED = "forwarded", N_("转交送达")
    ELECTRONIC = "electronic", N_("电子送达")
    ANNOUNCED = "announced", N_("公告送达")


class AttemptOutcome(Labelled):
    """送达不成: why a paper could not be handed over."""

    NOBODY = "nobody", N_("无人签收")
    MOVED = "moved", N_("地址不符或者已搬离")
    RETURNED = "returned", N_("邮件退回")
    FAILED = "failed", N_("电子送达不成功")
    MISSING = "missing", N_("查明下落不明")


class ConsentKind(Labelled):
    """确认的送达地址: where a party agreed to receive papers."""

    POSTAL = "postal", N_("邮寄地址")
    MOBILE = "mobile", N_("手机短信")
    EMAIL = "email", N_("电子邮箱")
    ACCOUNT = "account", N_("平台账号")


class FormCode(Labelled):
    """文书种类: the forms of the work-safety enforcement set that the platform issues."""

    INSPECTION_APPROVAL = "inspection_approval", N_("行政检查审批表")
    INSPECTION_NOTICE = "inspection_notice", N_("行政检查通知书")
    INSPECTION_SCHEME = "inspection_scheme", N_("现场检查方案")
    SITE_RECORD = "site_record", N_("现场检查记录")
    RECTIFY_ORDER = "rectify_order", N_("责令限期整改指令书")
    RECHECK_OPINION = "recheck_opinion", N_("整改复查意见书")
    INSPECTION_RESULT = "inspection_result", N_("行政检查结果告知书")
    FILING_APPROVAL = "filing_approval", N_("立案审批表")
    SITE_MEASURES = "site_measures", N_("现场处理措施决定书")
    COERCION_APPROVAL = "coercion_approval", N_("行政强制审批表")
    SEIZURE_DECISION = "seizure_decision", N_("查封扣押决定书")
    SEIZURE_LIST = "seizure_list", N_("查封扣押清单")
    SEIZURE_EXTENSION = "seizure_extension", N_("延长查封扣押期限决定书")
    SEIZURE_DISPOSAL = "seizure_disposal", N_("查封扣押处理决定书")
    POWER_CUT_DECISION = "power_cut_decision", N_("停止供电决定书")
    POWER_CUT_NOTICE = "power_cut_notice", N_("停止供电通知书")
    POWER_RESTORE_NOTICE = "power_restore_notice", N_("恢复供电通知书")
    SAMPLING_VOUCHER = "sampling_voucher", N_("抽样取证凭证")
    PRESERVATION_APPROVAL = "preservation_approval", N_("先行登记保存证据审批表")
    PRESERVATION_NOTICE = "preservation_notice", N_("先行登记保存证据通知书")
    PRESERVATION_DISPOSAL_APPROVAL = "preservation_disposal_approval", N_("先行登记保存证据处理审批表")
    PRESERVATION_DISPOSAL = "preservation_disposal", N_("先行登记保存证据处理决定书")
    TRANSFER_APPROVAL = "transfer_approval", N_("案件移送审批表")
    TRANSFER_LETTER = "transfer_letter", N_("案件移送书")
    SERVICE_RECEIPT = "service_receipt", N_("文书送达回执")


class TermKind(Labelled):
    """文书期限: what has to be done before a stored day, because a paper was issued."""

    SERVE = "serve", N_("送达")
    HANDLE = "handle", N_("对登记保存的证据作出处理决定")
    SEIZURE_END = "seizure_end", N_("查封、扣押期限届满前作出处理决定")
    REPORT = "report", N_("当场实施强制措施后补办批准")


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
    by comparison with an older one or by our own choice. `to_third` marks a paper that is handed to somebody else than
    the party (a power supplier, another organ), named in its body as `recipient`. `held` is the law for which the organ
    must be competent where it is not the one cited. `name` and `base_version` are set by an organ's own version.
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
    to_third: bool = False
    held: str = ""
    name: str = ""
    base_version: int = 0

    @property
    def title(self) -> str:
        """The name that stands above the paper."""
        return self.name or self.code.label

    @property
    def template(self) -> str:
        """The shipped template; an organ's own version adds to it and never replaces it."""
        return f"{self.code.value}_v{self.base_version or self.version}"


WORK_SAFETY_LAW: Final = "《中华人民共和国安全生产法》"
PENALTY_LAW: Final = "《中华人民共和国行政处罚法》"
COERCION_LAW: Final = "《中华人民共和国行政强制法》"

RECIPIENT: Final = (
    Field("recipient", N_("受送达单位"), is_required=True),
    Field("recipient_address", N_("受送达单位地址"), is_required=True),
    Field("recipient_phone", N_("受送达单位电话")),
)

OFFICER_COLUMNS: Final = (
    Field("name", N_("姓名"), is_required=True),
    Field("certificate_no", N_("执法证号"), is_required=True),
)
