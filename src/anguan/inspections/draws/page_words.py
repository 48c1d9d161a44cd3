"""The words that the browser's elements `<draw-verifier>` and `<draw-commitment>` take from the page.

The page writes each as `<span data-word="KEY">` into the element's `<template data-words>`, translated. `%(name)s` is
filled in by the element.
"""

from anguan.core.words import N_
from anguan.inspections.draws import verifying
from anguan.inspections.draws.words import WHOLE_FILE, BeaconKind, Differs, Missing, Step, Want

VERIFIER = {
    "state.waiting": N_("等待"),
    "state.working": N_("正在核对…"),
    "state.passed": N_("一致"),
    "state.failed": N_("不一致"),
    "verdict.passed": N_("核对通过：抽中 %(targets)s 家，备选 %(alternates)s 家。"),
    "verdict.unstaffed": N_("其中 %(unstaffed)s 家未能配齐检查人员。"),
    "verdict.differs": Differs.words,
    "verdict.unreadable": N_("这个文件不是 JSON，应选一份抽查包。"),
    "verdict.not-fetched": N_("没有取到抽查包，请检查网络后再试，或下载后选择文件。"),
    "beside.companion": N_(
        "随附文件核对通过：备选递补 %(replaced)s 家，无备选 %(lost)s 家，换人 %(people)s 次，专家 %(experts)s 人次。"
    ),
    "beside.envelopes": N_(
        "信封核对通过：共 %(envelopes)s 个，检查组启封 %(opened)s 个（提前 %(early)s 个），批准人查看 %(read)s 次。"
    ),
    "beside.digest": N_("摘要 %(digest)s，请与当时公布的逐字核对。"),
    "beside.differs": N_("随附文件第一处不同：%(path)s 应为 %(expected)s，文件里是 %(found)s。"),
    "beside.malformed": N_("随附文件第一处不同：%(path)s 不合格式，或不能由抽查包得出；文件里是 %(found)s。"),
    "beside.first": N_("请先选抽查包，核对通过之后再选随附文件。"),
    "beside.unreadable": N_("这个文件不是 JSON，应选随附文件或信封文件。"),
    "missing": Missing.words,
    "whole-file": WHOLE_FILE,
    "no-source": verifying.NO_SOURCE,
    "proves": N_("这份文件能证明："),
    "cannot": N_("这份文件不能证明："),
    "proves.rerun": verifying.RERUN,
    f"proves.{BeaconKind.DRAND_QUICKNET}": verifying.DRAND_PROVES,
    f"cannot.{BeaconKind.PUBLIC_VALUE}": verifying.PUBLIC_CANNOT,
    f"cannot.{BeaconKind.PARTIES_ONLY}": verifying.PARTIES_CANNOT,
    "cannot.published": verifying.PUBLISHED_CANNOT,
}

COMMITMENT = {
    "none-yet": N_("还没有生成秘密。秘密只在这台设备的浏览器里生成和保存，交出的只是它的承诺值。"),
    "made": N_("秘密已生成并保存在这个浏览器里，承诺值为 %(commitment)s。请下载密钥文件另存一份：丢失就无法公开。"),
    "made-not-kept": N_(
        "秘密已生成，但这个浏览器不允许保存；请现在就下载密钥文件，否则无法公开。承诺值为 %(commitment)s。"
    ),
    "kept": N_("这个浏览器里保存着本批的秘密，承诺值为 %(commitment)s。"),
    "loaded": N_("密钥文件与承诺值 %(commitment)s 相符。"),
    "not-kept": N_("这个浏览器里没有本批的秘密，请选择当时下载的密钥文件。"),
    "no-key-file": N_("这不是完好的密钥文件，请选择当时下载的 .key.json 文件。"),
    "other-key": N_("这是批次 %(batch)s、%(party)s 的密钥，请选择本批本方的密钥文件。"),
    "does-not-open": N_("这份秘密与已公布的承诺不符，请选择当时下载的密钥文件。"),
}


def page_words() -> dict[str, str]:
    """Chinese words for `<draw-verifier>` by key, to be translated by the view that shows them."""
    return {
        **VERIFIER,
        **{f"step.{step.value}": step.label for step in Step},
        **{f"want.{want.value}": want.label for want in Want},
    }


def commitment_words() -> dict[str, str]:
    """Chinese words for `<draw-commitment>` by key, to be translated by the view that shows them."""
    return dict(COMMITMENT)
