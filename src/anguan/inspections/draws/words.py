"""The words of a verification: its steps, what a field should have been, and the sentence that names a difference.

The browser's verifier uses the same values of `Step` and `Want`; its page hands it their labels.
"""

import json
from typing import Any, Final

from anguan.core.enums import Labelled
from anguan.core.words import N_


class Step(Labelled):
    """The steps of verifying, in the order in which they are taken."""

    FORMAT = "format", N_("格式")
    COMMITMENTS = "commitments", N_("承诺与秘密")
    POOL_ROOT = "pool_root", N_("名录根值")
    DIGESTS = "digests", N_("人员与回避摘要")
    COMMITTED_AT = "committed_at", N_("承诺时间")
    BEACON = "beacon", N_("公开随机值")
    SEED = "seed", N_("种子")
    TARGETS = "targets", N_("抽中对象与检查人员")
    ALTERNATES = "alternates", N_("备选对象")
    RESULT = "result", N_("结果不多不少")


class BeaconKind(Labelled):
    """公开随机源: where the randomness comes from that no party can choose."""

    DRAND_QUICKNET = "drand-quicknet", N_("drand 公开随机信标")
    PUBLIC_VALUE = "public-value", N_("事先指定的公开数值")
    PARTIES_ONLY = "parties-only", N_("仅各方秘密")


# What the page of a draw says of each kind before anything is verified; `verifying` says it again with the values.
BEACON_PROVES: Final = {
    BeaconKind.DRAND_QUICKNET: (
        N_("随机值由 drand quicknet 在约定的时刻产生，承诺公布时还没有人知道它。"),
        N_("随机值的签名任何人都能离线核验，登记错了或改了都过不了。"),
    ),
    BeaconKind.PUBLIC_VALUE: (N_("用哪一个数值，在它产生之前已经写进规范，不能事后另选。"),),
    BeaconKind.PARTIES_ONLY: (N_("各方先承诺、后同时开启；只要有一方诚实保密，就没有人能左右结果。"),),
}
BEACON_CANNOT: Final = {
    BeaconKind.DRAND_QUICKNET: (N_("规范和承诺是什么时候公布的，文件本身不能证明；请对照当时公布的页面。"),),
    BeaconKind.PUBLIC_VALUE: (
        N_("登记的数值就是那一个公布的数值，文件本身不能证明；请与来源核对。"),
        N_("规范和承诺是什么时候公布的，文件本身不能证明；请对照当时公布的页面。"),
    ),
    BeaconKind.PARTIES_ONLY: (
        N_("各方没有串通，文件本身不能证明；没有外来的随机值可以核对。"),
        N_("规范和承诺是什么时候公布的，文件本身不能证明；请对照当时公布的页面。"),
    ),
}


class SkipReason(Labelled):
    """Why an officer was passed over, in the order in which the reasons are tried."""

    CONFLICT = "conflict", N_("回避")
    SPECIALITY = "speciality", N_("专业不符")
    CAPACITY = "capacity", N_("任务已满")


class Want(Labelled):
    """What the format asks of a field."""

    OBJECT = "object", N_("一个对象")
    LIST = "list", N_("一个列表")
    FILLED_LIST = "filled-list", N_("至少有一项的列表")
    TEXT = "text", N_("NFC 规范形式的文字")
    SPEAKING_TEXT = "speaking-text", N_("NFC 规范形式、不为空的文字")
    NAME = "name", N_("1 至 64 个字、不含控制字符、NFC 规范形式的文字")
    PARTY = "party", N_("不为空、不含控制字符、NFC 规范形式的文字")
    VALUE = "value", N_("不为空、不含分隔符 0x1F、NFC 规范形式的文字")
    NOTHING = "nothing", N_("空字符串")
    HEX_64 = "hex-64", N_("64 位小写十六进制数字")
    HEX_96 = "hex-96", N_("96 位小写十六进制数字")
    HEX = "hex", N_("小写十六进制数字")
    SALT = "salt", N_("至少 16 位的小写十六进制数字")
    FLAG = "flag", N_("true 或 false")
    NATURAL = "natural", N_("不小于 0 的整数")
    POSITIVE = "positive", N_("不小于 1 的整数")
    TWO_OR_MORE = "two-or-more", N_("不小于 2 的整数")
    NULL = "null", N_("null")
    TIME = "time", N_("形如 2026-04-20T00:00:00Z 的真实时刻")
    FORMAT = "format", N_("anguan-draw/1")
    HASH = "hash", N_("sha256 或 sm3")
    BEACON_KIND = "beacon-kind", N_("drand-quicknet、public-value 或 parties-only")
    SKIP_REASON = "skip-reason", N_("conflict、speciality 或 capacity")
    PRESENT = "present", N_("填写的字段")
    ABSENT = "absent", N_("不出现（此处没有这一项）")
    ONCE = "once", N_("只出现一次的键")
    NO_FLOAT = "no-float", N_("整数，不得带小数点或指数")
    ASCENDING = "ascending", N_("按码位升序、互不重复")
    NEW = "new", N_("与前面各项不同")
    TWO_PARTIES = "two-parties", N_("两方或两方以上")
    SAME_PARTIES = "same-parties", N_("与承诺相同的各方、相同的次序")
    KNOWN_CLASS = "known-class", N_("在 spec.weights 中有权重的类别")
    KNOWN_STRATUM = "known-stratum", N_("spec.strata 中有的分层")
    BEFORE_BEACON = "before-beacon", N_("早于随机值产生的时刻")
    VALID_SIGNATURE = "valid-signature", N_("能用 drand quicknet 公钥验证的本轮签名")


class Missing:
    """Stands for what a bundle does not have, where None would be taken for null."""

    words = N_("（没有）")

    def __repr__(self) -> str:
        return self.words


MISSING: Final = Missing()
WHOLE_FILE: Final = N_("整个文件")
SHOWN = 160  # characters of a value that a sentence still reads well with


class Differs(Exception):
    """The bundle is not what it says: the step and path of the first difference, what was expected and what was found.

    `expected` is a `Want` where the format is broken and the worked-out value elsewhere. `words % values` is the
    sentence, for a page that wants to translate it; `str()` gives it in Chinese.
    """

    words = N_("第一处不同（%(step)s）：%(path)s 应为%(expected)s，文件里是%(found)s。")

    def __init__(self, step: Step, path: str, expected: Any, found: Any) -> None:
        self.step = step
        self.path = path
        self.expected = expected
        self.found = found
        super().__init__(step, path, expected, found)

    @property
    def values(self) -> dict[str, str]:
        """The parts of the sentence as text, in Chinese."""
        expected = self.expected.label if isinstance(self.expected, Want) else f" {shown(self.expected)}"
        found = f" {shown(self.found)}" if not isinstance(self.found, Missing) else repr(self.found)
        return {"step": self.step.label, "path": self.path or WHOLE_FILE, "expected": expected, "found": found}

    def __str__(self) -> str:
        return self.words % self.values


def shown(value: Any) -> str:
    """`value` as JSON, cut to what fits into a sentence."""
    text = json.dumps(value, ensure_ascii=False)
    # A lone surrogate cannot be printed; it is exactly what such a sentence may have to show.
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
