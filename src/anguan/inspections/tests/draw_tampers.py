"""Forty ways to bend a bundle, each with the step and path at which a verifier must stop.

Python's verifier and the browser's are tested with the same table.
"""
# ruff: noqa: E501 - one tamper a line, so that the table can be read as a table

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from anguan.inspections.tests import plain_draw

DATA = Path(__file__).parents[4] / "tests" / "data"


def example() -> dict[str, Any]:
    """The published example with three parties and a lottery value."""
    loaded: dict[str, Any] = json.loads((DATA / "draw-example.json").read_text("utf-8"))
    return loaded


def drand_example() -> dict[str, Any]:
    """The published example with round 1000 of drand quicknet."""
    loaded: dict[str, Any] = json.loads((DATA / "draw-example-drand.json").read_text("utf-8"))
    return loaded


def redrawn(bundle: dict[str, Any]) -> dict[str, Any]:
    """The bundle sealed and drawn anew by the plain program, so that only what a test bends is wrong."""
    plain_draw.seal(bundle)
    bundle["result"] = plain_draw.result(bundle)
    return bundle


class Tamper(NamedTuple):
    """What was done (`name`), by what, to which example, and where it must be found."""

    name: str
    step: str
    path: str
    bend: Callable[[dict[str, Any]], object]
    start: Callable[[], dict[str, Any]] = example

    def bundle(self) -> dict[str, Any]:
        """A bent copy."""
        bundle = copy.deepcopy(self.start())
        self.bend(bundle)
        return bundle


def put(*keys: str | int, to: Any) -> Callable[[dict[str, Any]], object]:
    """A bend that sets the value at a path."""

    def bend(bundle: Any) -> None:
        for key in keys[:-1]:
            bundle = bundle[key]
        bundle[keys[-1]] = to

    return bend


def drop(*keys: str | int | slice) -> Callable[[dict[str, Any]], object]:
    """A bend that removes what stands at a path."""

    def bend(bundle: Any) -> None:
        for key in keys[:-1]:
            bundle = bundle[key]
        del bundle[keys[-1]]

    return bend


def swap(*keys: str | int) -> Callable[[dict[str, Any]], object]:
    """A bend that exchanges the first two items of a list."""

    def bend(bundle: Any) -> None:
        for key in keys:
            bundle = bundle[key]
        bundle[0], bundle[1] = bundle[1], bundle[0]

    return bend


def and_redrawn(bend: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    """The bend followed by an honest seal and draw: a fault that all hashes agree with."""

    def both(bundle: dict[str, Any]) -> None:
        bend(bundle)
        redrawn(bundle)

    return both


F = "format"
TAMPERS = [
    Tamper("另一种格式", F, "format", put("format", to="anguan-draw/2")),
    Tamper("未知的摘要算法", F, "hash", put("hash", to="md5")),
    Tamper("没有结果", F, "result", drop("result")),
    Tamper("多出一个字段", F, "note", put("note", to="")),
    Tamper("规范里多出一个字段", F, "spec.seed", put("spec", "seed", to="x")),
    Tamper("规范里少一个字段", F, "spec.item_list", drop("spec", "item_list")),
    Tamper("抽取数为零", F, "spec.strata[0].targets", put("spec", "strata", 0, "targets", to=0)),
    Tamper("抽取数写成真假", F, "spec.strata[0].targets", put("spec", "strata", 0, "targets", to=True)),
    Tamper("备选数为负", F, "spec.strata[1].alternates", put("spec", "strata", 1, "alternates", to=-1)),
    Tamper("专业写成空字符串", F, "spec.strata[0].speciality", put("spec", "strata", 0, "speciality", to="")),
    Tamper("分层重名", F, "spec.strata[1].id", put("spec", "strata", 1, "id", to="hazchem")),
    Tamper("权重为零", F, "spec.weights.A", put("spec", "weights", "A", to=0)),
    Tamper("权重写成文字", F, "spec.weights.D", put("spec", "weights", "D", to="8")),
    Tamper("只派一人", F, "spec.officers_per_target", and_redrawn(put("spec", "officers_per_target", to=1))),
    Tamper("大写的根值", F, "spec.pool_root", lambda b: put("spec", "pool_root", to=b["spec"]["pool_root"].upper())(b)),
    Tamper("未知的随机源", F, "spec.beacon.kind", put("spec", "beacon", "kind", to="dice")),
    Tamper("不存在的日期", F, "spec.committed_at", put("spec", "committed_at", to="2026-02-30T09:00:00Z")),
    Tamper("没有时区的时刻", F, "spec.beacon.not_before", put("spec", "beacon", "not_before", to="2026-04-20T00:00:00")),
    Tamper("只有一方", F, "commitments", and_redrawn(drop("secrets", slice(1, 3)))),
    Tamper("同一方出现两次", F, "commitments[1].party", put("commitments", 1, "party", to="应急分局")),
    Tamper("秘密换了次序", F, "secrets[0].party", swap("secrets")),
    Tamper("少一份秘密", F, "secrets", drop("secrets", 2)),
    Tamper("秘密太短", F, "secrets[0].secret", put("secrets", 0, "secret", to="07")),
    Tamper("名录为空", F, "pool", put("pool", to=[])),
    Tamper("名录没有排序", F, "pool[1].id", and_redrawn(swap("pool"))),
    Tamper("名录里有重复", F, "pool[1].id", and_redrawn(put("pool", 1, "id", to="E0000"))),
    Tamper("类别没有权重", F, "pool[3].class", put("pool", 3, "class", to="E")),
    Tamper("分层不存在", F, "pool[3].stratum", put("pool", 3, "stratum", to="mines")),
    Tamper("盐值太短", F, "pool[0].salt", and_redrawn(put("pool", 0, "salt", to="c123b1612dd272d"))),
    Tamper("编号有控制字符", F, "pool[0].id", and_redrawn(put("pool", 0, "id", to="E\u001f0"))),
    Tamper("编号超过六十四字", F, "pool[23].id", and_redrawn(put("pool", 23, "id", to="F" * 65))),
    Tamper("文字不是 NFC", F, "spec.title", and_redrawn(put("spec", "title", to="cafe\u0301"))),
    Tamper("人员没有排序", F, "officers[1].id", and_redrawn(swap("officers"))),
    Tamper("组长写成数字", F, "officers[0].leader", and_redrawn(put("officers", 0, "leader", to=1))),
    Tamper("任务上限为零", F, "officers[0].capacity", and_redrawn(put("officers", 0, "capacity", to=0))),
    Tamper("回避重复", F, "conflicts[1]", and_redrawn(lambda b: b["conflicts"].insert(0, b["conflicts"][0]))),
    Tamper("种子不是摘要", F, "result.seed", put("result", "seed", to="abc")),
    Tamper("结果缺是否配齐", F, "result.targets[0].unstaffed", drop("result", "targets", 0, "unstaffed")),
    Tamper("名次写成真假", F, "result.targets[0].rank", put("result", "targets", 0, "rank", to=True)),
    Tamper("未知的略过理由", F, "result.targets[0].skipped[0].reason", put("result", "targets", 0, "skipped", 0, "reason", to="sick")),
    Tamper("各方秘密却有随机值", F, "beacon.value", and_redrawn(lambda b: b["spec"].update(beacon={"kind": "parties-only", "round": None, "not_before": "2026-04-20T00:00:00Z"}))),
    Tamper("信标少签名", F, "beacon.signature", drop("beacon", "signature"), drand_example),
    Tamper("信标签名太短", F, "beacon.signature", put("beacon", "signature", to="b4"), drand_example),
    Tamper("信标轮次为零", F, "spec.beacon.round", put("spec", "beacon", "round", to=0), drand_example),
    Tamper("换了一份秘密", "commitments", "commitments[1].commitment", put("secrets", 1, "secret", to="8" * 64)),
    Tamper("换了一份承诺", "commitments", "commitments[2].commitment", put("commitments", 2, "commitment", to="c" * 64)),
    Tamper("承诺事后改名", "commitments", "commitments[0].commitment", lambda b: [b[key][0].update(party="消防大队") for key in ("commitments", "secrets")]),
    Tamper("名录删去一家", "pool_root", "spec.pool_root", drop("pool", 5)),
    Tamper("名录加进一家", "pool_root", "spec.pool_root", lambda b: b["pool"].append({"id": "Z", "stratum": "general", "class": "A", "salt": "0" * 16})),
    Tamper("名录改了类别", "pool_root", "spec.pool_root", put("pool", 0, "class", to="D")),
    Tamper("改了权重", "pool_root", "spec.pool_root", put("spec", "weights", "A", to=2)),
    Tamper("人员改了上限", "digests", "spec.officers_digest", put("officers", 0, "capacity", to=9)),
    Tamper("删去一条回避", "digests", "spec.conflicts_digest", drop("conflicts", 0)),
    Tamper("承诺晚于随机值", "committed_at", "spec.committed_at", and_redrawn(put("spec", "committed_at", to="2026-04-20T00:00:00Z"))),
    Tamper("信标值不是签名的摘要", "beacon", "beacon.value", and_redrawn(put("beacon", "value", to="f" * 64)), drand_example),
    Tamper("信标签名被改", "beacon", "beacon.signature", and_redrawn(lambda b: b.update(beacon=other_signature())), drand_example),
    Tamper("信标换了轮次", "beacon", "beacon.signature", and_redrawn(put("spec", "beacon", "round", to=1001)), drand_example),
    Tamper("信标时间不对", "beacon", "spec.beacon.not_before", and_redrawn(put("spec", "beacon", "not_before", to="2023-08-23T15:59:27Z")), drand_example),
    Tamper("改了公开随机值", "seed", "result.seed", put("beacon", "value", to="030711182433+06")),
    Tamper("改了标题", "seed", "result.seed", put("spec", "title", to="三季度双随机抽查")),
    Tamper("改了种子", "seed", "result.seed", put("result", "seed", to="0" * 64)),
    Tamper("换了一家", "targets", "result.targets[1].id", put("result", "targets", 1, "id", to="E0001")),
    Tamper("两家换了次序", "targets", "result.targets[0].id", swap("result", "targets")),
    Tamper("换了一名人员", "targets", "result.targets[2].officers", put("result", "targets", 2, "officers", 1, to="P05")),
    Tamper("人员换了次序", "targets", "result.targets[0].officers", swap("result", "targets", 0, "officers")),
    Tamper("隐去一次略过", "targets", "result.targets[4].skipped", drop("result", "targets", 4, "skipped", 1)),
    Tamper("谎称没有配齐", "targets", "result.targets[3].unstaffed", put("result", "targets", 3, "unstaffed", to=True)),
    Tamper("删去中间一家", "targets", "result.targets[2].id", drop("result", "targets", 2)),
    Tamper("改了名次", "targets", "result.targets[5].rank", put("result", "targets", 5, "rank", to=4)),
    Tamper("换了一家备选", "alternates", "result.alternates[3].id", put("result", "alternates", 3, "id", to="E0000")),
    Tamper("删去最后一家", "result", "result.targets[5]", drop("result", "targets", 5)),
    Tamper("末尾多出一家", "result", "result.targets[6]", lambda b: b["result"]["targets"].append(b["result"]["targets"][0])),
    Tamper("少一家备选", "result", "result.alternates[4]", drop("result", "alternates", 4)),
    Tamper("多出一家备选", "result", "result.alternates[5]", lambda b: b["result"]["alternates"].append({"id": "E0000", "stratum": "general", "rank": 7})),
    Tamper("结果多出一个字段", "result", "result.note", put("result", "note", to="")),
    Tamper("抽中对象多出一个字段", "result", "result.targets[1].note", put("result", "targets", 1, "note", to=1)),
]  # fmt: skip


def other_signature() -> dict[str, str]:
    """A signature of the right length that is a point of no curve, with the value that fits it."""
    from hashlib import sha256

    signature = "b5" + drand_example()["beacon"]["signature"][2:]
    return {"value": sha256(bytes.fromhex(signature)).hexdigest(), "signature": signature}


# Spellings that two JSON readers take in two ways; they can only be shown as text.
TEXT_TAMPERS = [
    ("小数", '"targets": 3', '"targets": 3.0', "3.0"),
    ("指数", '"targets": 3', '"targets": 3e0', "3e0"),
    ("不是数", '"targets": 3', '"targets": NaN', "NaN"),
    ("同一个键两次", '"hash": "sha256"', '"hash": "sm3", "hash": "sha256"', "hash"),
    ("内层同一个键两次", '"A": 1', '"A": 9, "A": 1', "A"),
]


def text_tamper(before: str, after: str) -> bytes:
    """The example's text with the first `before` replaced."""
    text = (DATA / "draw-example.json").read_text("utf-8")
    assert before in text
    return text.replace(before, after, 1).encode()
