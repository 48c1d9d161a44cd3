"""移送的规则: a hazard that another organ is competent for goes there, with a record and a receipt on both sides.

安全生产法 art. 69: what another department has to handle is transferred in time and with a record, and the receiver
handles it in time. How many days that is, the law leaves open: rule record `hazard-transfer`.
"""

from types import MappingProxyType
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.hazards.rules.legal import COOPERATION
from anguan.hazards.rules.refusals import NotAllowed
from anguan.hazards.rules.tracks import Track


class TransferState(Labelled):
    """移送状态."""

    PROPOSED = "proposed", N_("待批准")
    REFUSED = "refused", N_("未批准")
    SENT = "sent", N_("已移送，待签收")
    RECEIVED = "received", N_("已签收，待决定")
    ACCEPTED = "accepted", N_("已受理")
    RETURNED = "returned", N_("已退回")
    ANSWERED = "answered", N_("已反馈结果")


class TransferAction(Labelled):
    """移送动作."""

    APPROVE = "approve", N_("批准移送")
    REFUSE = "refuse", N_("不批准移送")
    RECEIVE = "receive", N_("签收")
    ACCEPT = "accept", N_("受理")
    RETURN = "return", N_("退回")
    ANSWER = "answer", N_("反馈结果")


TRANSFER: Final = Track(
    thing=N_("移送"),
    start=TransferState.PROPOSED,
    table=MappingProxyType(
        {
            (TransferState.PROPOSED, TransferAction.APPROVE): TransferState.SENT,
            (TransferState.PROPOSED, TransferAction.REFUSE): TransferState.REFUSED,
            (TransferState.SENT, TransferAction.RECEIVE): TransferState.RECEIVED,
            (TransferState.RECEIVED, TransferAction.ACCEPT): TransferState.ACCEPTED,
            (TransferState.RECEIVED, TransferAction.RETURN): TransferState.RETURNED,
            (TransferState.ACCEPTED, TransferAction.ANSWER): TransferState.ANSWERED,
        }
    ),
    following=MappingProxyType(
        {
            TransferState.PROPOSED: N_("应由本机关负责人审批"),
            TransferState.REFUSED: N_("应由本机关继续办理"),
            TransferState.SENT: N_("应由接收机关签收"),
            TransferState.RECEIVED: N_("应由接收机关决定受理或者退回"),
            TransferState.ACCEPTED: N_("应由接收机关办理并反馈结果"),
            TransferState.RETURNED: N_("应由移送机关继续办理或者另行移送"),
            TransferState.ANSWERED: N_("移送已办结"),
        }
    ),
    basis=MappingProxyType(dict.fromkeys(TransferAction, COOPERATION)),
)

OPEN_TRANSFERS: Final = frozenset({TransferState.PROPOSED, TransferState.SENT, TransferState.RECEIVED})
# Once sent it is the receiver's to see.
SHOWN_TO_RECEIVER: Final = frozenset(TransferState) - {TransferState.PROPOSED, TransferState.REFUSED}


def check_receiver(*, from_organ: int, to_organ: int) -> None:
    """Refuse a transfer to oneself."""
    if from_organ == to_organ:
        raise NotAllowed(N_("不能移送给本机关；请选择有权办理的其他机关。"), basis=COOPERATION)
