"""通知本人: a message to a person by every way that leads to them."""

from datetime import datetime

from anguan.ground import outbox
from anguan.people.models import User


def tell(
    *, user: User, title: str, key: str, now: datetime, body: str = "", link: str = "", is_urgent: bool = False
) -> bool:
    """Post it as mail and as text message, in the caller's transaction; False where the person has neither.

    A second message with the same key adds nothing. Write it in Chinese whatever language the page was in that caused
    it: the receiver did not choose it.
    """
    ways = [(channel, address) for channel, address in (("mail", user.email), ("sms", user.phone)) if address]
    for channel, address in ways:
        outbox.post(
            channel=channel,
            address=address,
            recipient_id=str(user.pk),
            recipient_name=user.name,
            title=title[:256],
            body=body,
            link=link,
            key=f"{key}/{channel}/{user.pk}",
            is_urgent=is_urgent,
            now=now,
        )
    return bool(ways)
