"""What each paper says in the tests: realistic, fictitious, complete."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from anguan.papers.rules import FormCode

Body = dict[str, Any]
OFFICERS: Final = [{"name": "李堃", "certificate_no": "23090001"}, {"name": "王镕", "certificate_no": "23090002"}]
ITEMS: Final = [
    {"name": "安全生产责任制和教育培训", "basis": "《中华人民共和国安全生产法》第二十一条、第二十八条"},
    {"name": "燃气使用和报警装置", "basis": "《中华人民共和国安全生产法》第三十六条第四款"},
]
GOODS: Final = [
    {"name": "液化石油气钢瓶", "spec": "YSP35.5型", "unit": "只", "quantity": "12", "remark": "超量存放于地下一层"},
    {"name": "中压调压器", "spec": "无标识", "unit": "只", "quantity": "3", "remark": ""},
]
EVIDENCE: Final = [
    {"name": "动火作业审批单", "spec": "2026年1月至2月", "quantity": "1册（24页）", "remark": "原件"},
    {"name": "视频监控主机硬盘", "spec": "示例牌4TB", "quantity": "1块", "remark": "序列号末四位0001"},
]
SUPPLIER: Final = {
    "recipient": "示例供电公司河东分公司",
    "recipient_address": "遂宁市河东新区示例大道9号",
    "recipient_phone": "0825-5550199",
}


def opinions(*roles: str, on: str = "2026-03-02", agrees: bool = True) -> list[Body]:
    """What handler, reviewer and approver wrote."""
    names = {"handler": "李堃", "reviewer": "周示例", "approver": "吴示例"}
    words = "同意。" if agrees else "理由不足，不予批准。"
    return [{"role": role, "name": names[role], "opinion": words, "on": on, "agrees": agrees} for role in roles]


APPROVED: Final = opinions("reviewer", "approver")


def record_body(**fields: Any) -> Body:
    """What a site record says."""
    return {
        "place": "一层至三层公共区域",
        "started_at": "2026-03-02T09:00",
        "ended_at": "2026-03-02T10:20",
        "attendant": "赵㛃",
        "attendant_post": "安全经理",
        "findings": ["二层东侧疏散通道堆放纸箱，净宽不足。", "三层餐饮区一台可燃气体报警器没有通电。"],
        **fields,
    }


def order_body(**fields: Any) -> Body:
    """What an order says: two problems with their days."""
    return {
        "checked_at": "2026-03-02",
        "place": "一层至三层公共区域",
        "problems": [
            {
                "no": 1,
                "text": "二层东侧疏散通道堆放纸箱，净宽不足。",
                "basis": "《中华人民共和国安全生产法》第四十二条第二款",
                "due_on": "2026-03-05",
            },
            {
                "no": 2,
                "text": "三层餐饮区一台可燃气体报警器没有通电。",
                "basis": "《中华人民共和国安全生产法》第三十六条第四款",
                "due_on": "2026-03-20",
            },
        ],
        **fields,
    }


def recheck_body(**fields: Any) -> Body:
    """What a recheck says: both problems are gone."""
    return {
        "checked_at": "2026-03-20",
        "items": [
            {"no": 1, "text": "二层东侧疏散通道堆放纸箱，净宽不足。", "result": "rectified"},
            {"no": 2, "text": "三层餐饮区一台可燃气体报警器没有通电。", "result": "rectified", "note": "已通电并测试"},
        ],
        "opinion": "所列问题均已整改完毕，同意销案。",
        **fields,
    }


def approval_body(**fields: Any) -> Body:
    """What the approval of a check says."""
    return {
        "units": [{"name": "河东示例商业管理有限公司", "address": "遂宁市河东新区示例大道1号"}],
        "items": ITEMS,
        "kind": "routine",
        "mode": "on_site",
        "why_on_site": "疏散通道和报警装置的状态须在现场核实。",
        "trigger": "年度监督检查计划第3行",
        "clue": "",
        "planned_from": "2026-03-02",
        "planned_to": "2026-03-04",
        "officers": OFFICERS,
        "experts": 1,
        "cap_used": 1,
        "cap_limit": 4,
        "exempt_reason": "",
        "opinions": APPROVED,
        **fields,
    }


def notice_body(**fields: Any) -> Body:
    """What the notice of a surprise check says."""
    return {
        "items": ITEMS,
        "kind": "routine",
        "mode": "on_site",
        "planned_from": "2026-03-02",
        "planned_to": "2026-03-02",
        "place": "示例大道1号商场",
        "officers": OFFICERS,
        "experts": 1,
        "prepare": ["隐患排查治理台账", "燃气报警器检测记录"],
        "cap_used": 1,
        "cap_limit": 4,
        "on_arrival": True,
        **fields,
    }


def scheme_body(**fields: Any) -> Body:
    """What the scheme of a check says."""
    return {
        "industry": "商业综合体",
        "planned_from": "2026-03-02",
        "planned_to": "2026-03-02",
        "officers": OFFICERS,
        "experts": [{"name": "郑示例", "employer": "示例安全技术中心"}],
        "content": ["安全生产责任制和教育培训", "餐饮区燃气使用和报警装置", "疏散通道和安全出口"],
        "method": "查阅资料、询问、现场查看、抽查测试。",
        "remark": "",
        "opinions": APPROVED,
        **fields,
    }


def result_body(**fields: Any) -> Body:
    """What the firm is told after a check."""
    return {
        "checked_at": "2026-03-02T09:00",
        "items": ["安全生产责任制和教育培训", "燃气使用和报警装置"],
        "result": "ordered",
        "findings": ["二层东侧疏散通道堆放纸箱，净宽不足。"],
        "handling": ["已责令限期整改，整改后组织复查。"],
        "publicity": "检查结果将在二十个工作日内向社会公开。",
        **fields,
    }


def measures_body(**fields: Any) -> Body:
    """What a decision on the spot says: stop using what is dangerous."""
    return {
        "checked_at": "2026-03-02T09:00",
        "place": "地下一层厨房",
        "hazards": [
            {"text": "地下一层违规使用瓶装液化石油气。", "basis": "《中华人民共和国安全生产法》第三十六条第四款"},
            {"text": "可燃气体报警联动切断装置失效。", "basis": "《中华人民共和国安全生产法》第三十六条第三款"},
        ],
        "measure": "stop_use",
        "measures": ["立即停止使用地下一层全部燃气设备。", "撤出瓶装液化石油气，由专人看护。"],
        "until": "2026-04-02",
        **fields,
    }


def coercion_body(coercion: str = "seal", **fields: Any) -> Body:
    """What an approval of coercion says."""
    return {
        "case_name": "涉嫌在地下场所违规存放液化石油气案",
        "coercion": coercion,
        "target": "地下一层厨房燃气间及其中的液化石油气钢瓶",
        "facts": "2026年3月2日检查发现，当事人在地下一层存放液化石油气钢瓶十二只，现场照片和检查记录在案。",
        "grounds": "不符合保障安全生产的国家标准，有发生事故的危险，依据安全生产法第六十五条采取措施。",
        "officers": OFFICERS,
        "opinions": APPROVED,
        **fields,
    }


def seizure_body(**fields: Any) -> Body:
    """What a decision to seal says."""
    return {
        "facts": "经查，你单位在地下一层厨房燃气间存放液化石油气钢瓶十二只，不符合保障安全生产的标准。",
        "measure": "seal",
        "target": "地下一层厨房燃气间及其中的液化石油气钢瓶、调压器",
        "since": "2026-03-02",
        "until": "2026-04-01",
        "keeping": "就地封存，钥匙由示例应急分局保管",
        **fields,
    }


def seizure_list_body(**fields: Any) -> Body:
    """The list that goes with it."""
    return {"place": "地下一层厨房燃气间", "items": GOODS, **fields}


def extension_body(**fields: Any) -> Body:
    """Thirty more days."""
    return {
        "reason": "钢瓶的检验尚未完成，情况复杂",
        "until": "2026-05-01",
        "approved_by": "吴示例",
        **fields,
    }


def disposal_body(**fields: Any) -> Body:
    """The seals come off."""
    return {
        "handling": "lift",
        "decision": "隐患已经消除，予以解除查封；超期未检的钢瓶交有资质的单位处理。",
        "items": GOODS,
        **fields,
    }


def power_cut_body(**fields: Any) -> Body:
    """What the firm is told before its power is cut."""
    return {
        "refused": "现场处理措施决定书（川遂）应急现决〔2026〕1号",
        "facts": "2026年3月2日上午送达后，你单位仍继续使用地下一层燃气设备。",
        "danger": "地下一层人员密集，燃气泄漏后不能自动切断，有发生爆炸的现实危险。",
        "scope": "地下一层餐饮区",
        "cut_at": "2026-03-03T12:00",
        **fields,
    }


def power_notice_body(**fields: Any) -> Body:
    """What the supplier is asked to do."""
    return {
        **SUPPLIER,
        "reason": "存在重大事故隐患，拒不执行停止使用的决定，有发生事故的现实危险",
        "scope": "地下一层餐饮区",
        "cut_at": "2026-03-03T12:00",
        "request": "停止供电时请保留疏散照明和消防设备的用电，并派人到场。",
        **fields,
    }


def power_restore_body(**fields: Any) -> Body:
    """The supplier may switch on again."""
    return {
        **SUPPLIER,
        "reason": "该单位已撤出瓶装液化石油气，事故隐患已经消除。",
        "restore_at": "2026-03-10T09:00",
        **fields,
    }


def sampling_body(**fields: Any) -> Body:
    """Samples taken along."""
    return {
        "place": "三层餐饮区",
        "sampled_at": "2026-03-02T09:40",
        "purpose": "检验燃气软管是否符合标准",
        "items": [{"name": "燃气用软管", "spec": "批号20251101", "quantity": "2米", "remark": "备样1米"}],
        **fields,
    }


def preservation_approval_body(**fields: Any) -> Body:
    """Why evidence is to be kept."""
    return {
        "case_name": "涉嫌未按规定进行动火审批案",
        "facts": "检查发现三层装修区域动火，审批单签字与值班表不符。",
        "items": EVIDENCE,
        "reason": "审批单可能被替换，以后难以取得，依据行政处罚法第五十六条登记保存。",
        "keeping": "封存后由当事人就地保管",
        "officers": OFFICERS,
        "opinions": APPROVED,
        **fields,
    }


def preservation_body(**fields: Any) -> Body:
    """What is kept and where."""
    return {
        "act": "未按规定进行动火审批",
        "registered_at": "2026-03-02T10:00",
        "items": EVIDENCE,
        "keeping": "封存于当事人一层档案室，由安全经理保管",
        **fields,
    }


def preservation_disposal_approval_body(**fields: Any) -> Body:
    """What is to become of the evidence."""
    return {
        "case_name": "涉嫌未按规定进行动火审批案",
        "items": EVIDENCE,
        "handling": "copy",
        "reason": "已经复制、拍照固定，不必继续保存。",
        "officers": OFFICERS,
        "opinions": APPROVED,
        **fields,
    }


def preservation_disposal_body(**fields: Any) -> Body:
    """What becomes of it."""
    return {"handling": "copy", "decision": "复制、拍照后当场退还你单位。", "items": EVIDENCE, **fields}


def filing_body(**fields: Any) -> Body:
    """Why a case is opened."""
    return {
        "case_name": "河东示例商业管理有限公司涉嫌未按规定进行动火审批案",
        "cause": "未按规定进行动火审批",
        "source": "监督检查",
        "found_on": "2026-03-02",
        "facts": "检查发现三层装修区域动火，审批单签字与值班表不符，已登记保存证据。",
        "officers": OFFICERS,
        "opinions": opinions("handler", "reviewer", "approver"),
        **fields,
    }


def transfer_approval_body(**fields: Any) -> Body:
    """Why a case goes to another organ."""
    return {
        "case_name": "涉嫌损坏消防设施案",
        "receiver": "示例区消防救援大队",
        "facts": "检查发现二层消火栓箱被拆除改作橱柜。",
        "reason": "属于消防救援机构职权，依据安全生产法第六十九条移送。",
        "is_crime": False,
        "materials": ["现场检查记录复印件1份", "照片6张"],
        "officers": OFFICERS,
        "opinions": APPROVED,
        **fields,
    }


def transfer_body(**fields: Any) -> Body:
    """What the other organ gets."""
    return {
        "recipient": "示例区消防救援大队",
        "recipient_address": "示例区消防路1号",
        "case_name": "涉嫌损坏消防设施",
        "facts": "2026年3月2日检查发现二层消火栓箱被拆除改作橱柜。",
        "reason": "该行为属于消防救援机构的职权。",
        "materials": ["现场检查记录复印件1份", "照片6张"],
        **fields,
    }


BODIES: Final[Mapping[FormCode, Callable[..., Body]]] = {
    FormCode.INSPECTION_APPROVAL: approval_body,
    FormCode.INSPECTION_NOTICE: notice_body,
    FormCode.INSPECTION_SCHEME: scheme_body,
    FormCode.INSPECTION_RESULT: result_body,
    FormCode.SITE_RECORD: record_body,
    FormCode.RECTIFY_ORDER: order_body,
    FormCode.RECHECK_OPINION: recheck_body,
    FormCode.SITE_MEASURES: measures_body,
    FormCode.COERCION_APPROVAL: coercion_body,
    FormCode.SEIZURE_DECISION: seizure_body,
    FormCode.SEIZURE_LIST: seizure_list_body,
    FormCode.SEIZURE_EXTENSION: extension_body,
    FormCode.SEIZURE_DISPOSAL: disposal_body,
    FormCode.POWER_CUT_DECISION: power_cut_body,
    FormCode.POWER_CUT_NOTICE: power_notice_body,
    FormCode.POWER_RESTORE_NOTICE: power_restore_body,
    FormCode.SAMPLING_VOUCHER: sampling_body,
    FormCode.PRESERVATION_APPROVAL: preservation_approval_body,
    FormCode.PRESERVATION_NOTICE: preservation_body,
    FormCode.PRESERVATION_DISPOSAL_APPROVAL: preservation_disposal_approval_body,
    FormCode.PRESERVATION_DISPOSAL: preservation_disposal_body,
    FormCode.FILING_APPROVAL: filing_body,
    FormCode.TRANSFER_APPROVAL: transfer_approval_body,
    FormCode.TRANSFER_LETTER: transfer_body,
}
