"""Who a session belongs to, for whoever is asked outside Django's middleware."""

from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from anguan.people.middleware import owed_step
from anguan.people.models import DutyShift, User
from anguan.people.viewers import NOBODY, UserViewer, viewer_of


def viewer_of_session(key: str) -> UserViewer:
    """The viewer whom a session cookie lets in now; nobody when it is unknown, ended, or still owes a second factor."""
    if not key:
        return NOBODY
    store = cast(Any, import_module(settings.SESSION_ENGINE)).SessionStore(key)
    user = get_user(cast(HttpRequest, SimpleNamespace(session=store)))
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    viewer = viewer_of(user)
    return NOBODY if owed_step(user, viewer, store) else viewer


def keep_open_while_on_duty(key: str, viewer: UserViewer, now: datetime) -> bool:
    """Let the session of somebody on duty live on as if they had just clicked; True when it does.

    Whoever watches the screen of the duty room for a whole shift must not be logged out by their own attention; when
    the shift is over, the usual time runs.
    """
    on_duty = DutyShift.objects.filter(user=viewer.user_id or 0, since__lte=now, until__gt=now)
    if not on_duty.exists():
        return False
    later = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return bool(Session.objects.filter(session_key=key, expire_date__gt=now).update(expire_date=later))
