"""How allauth behaves here: nobody signs up by themselves."""

from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.people.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts come from an administrator or an invitation; every log-in is on record."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # the signature is allauth's
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: object, **kwargs: object) -> object:
        """Record who logged in, then go on as allauth does."""
        person = cast(User, user)
        actor = Actor(kind="user", id=str(person.pk), name=person.name)
        audit.record(actor=actor, action="people.log_in", subject=person, now=clock.now())
        return super().post_login(request, user, **kwargs)
