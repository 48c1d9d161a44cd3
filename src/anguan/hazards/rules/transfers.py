"""移送的规则: a hazard that another organ is competent for goes there, with a record and a receipt on both sides.

安全生产法 art. 69: what another department has to handle is transferred in time and with a record, and the receiver
handles it in time. How many days that is, the law leaves open: rule record `hazard-transfer`.
"""

from types import MappingProxyType
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.hazards.rules.general import Action, State
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


# Where a hazard stands that may be transferred, and what brings it back there when the other organ returns it.
TAKES_BACK: Final = MappingProxyType({State.CLASSIFIED: Action.END_TRANSFER, State.REOPENED: Action.TAKE_BACK})


def check_papers(
    *, is_issued: bool, is_agreed: bool, named: str, receiver: str, letter_follows: bool | None, is_letter: bool
) -> None:
    """Refuse a paper that carries no transfer: a draft, an approval that says no, one that names another organ.

    `letter_follows` says whether the letter rests on the transfer's approval, None where there is none.
    """
    if not is_issued:
        raise NotAllowed(N_("选中的移送文书还没有出具或者已经作废，请先出具。"), basis=COOPERATION)
    if not is_agreed:
        raise NotAllowed(N_("移送审批表的审批意见是不同意，不能据此移送；情况有变的请重新报批。"), basis=COOPERATION)
    if named != receiver:
        raise NotAllowed(
            N_("移送文书写的是%(named)s，与接收机关%(receiver)s不一致；请核对接收机关或者另出文书。"),
            basis=COOPERATION,
            named=named,
            receiver=receiver,
        )
    if is_letter and letter_follows is False:
        raise NotAllowed(N_("这份移送书不是依据所附的移送审批表出具的，请重新选择。"), basis=COOPERATION)


def check_letter_given(*, has_approval: bool, has_letter: bool) -> None:
    """Refuse to send off on an approval paper without the letter that follows it (43→44)."""
    if has_approval and not has_letter:
        raise NotAllowed(
            N_("已经附了移送审批表的，应先依据它出具案件移送书，再批准移送；请选择移送书。"), basis=COOPERATION
        )


def check_receiver(*, from_organ: int, to_organ: int) -> None:
    """Refuse a transfer to oneself."""
    if from_organ == to_organ:
        raise NotAllowed(N_("不能移送给本机关；请选择有权办理的其他机关。"), basis=COOPERATION)
