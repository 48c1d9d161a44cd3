"""What alarms do when the outbox delivered a message."""

from anguan.alarms.services.forwarding import KEY, keep_proof
from anguan.ground.events import on
from anguan.ground.outbox import MessageSent


@on(MessageSent)
def keep_proof_of_forwarding(event: MessageSent) -> None:
    """上报送达: what the addressee answered is the proof."""
    if event.key.startswith(KEY):
        keep_proof(forwarding_id=int(event.key.removeprefix(KEY)), proof=event.receipt, sent_at=event.sent_at)
