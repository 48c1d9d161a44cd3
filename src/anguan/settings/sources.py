"""What the settings read from outside: the database's address, the mail server's address and the secret key."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_from_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?option=value`.

    The query is handed to libpq as it is (`host=/folder/of/the/socket`, `sslmode=verify-full`, several hosts of a
    cluster). An empty address gives a database that nobody can open: enough for types, migrations and tests.
    Raises ValueError when it is not an address of a PostgreSQL server.
    """
    parts = urlsplit(url or "postgresql:///anguan")
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "anguan",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "TEST": {"NAME": None},
    }


def mail_from_url(url: str) -> dict[str, Any]:
    """Django's mail settings for `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte."""
    parts = urlsplit(url)
    implicit_tls = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if implicit_tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit_tls,
        "EMAIL_USE_TLS": not implicit_tls and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
    }


def secret_key(data: Path | None) -> str:
    """The key of sessions and signatures: from the environment, else from `secret-key` in the data folder.

    The file is made at the first start, readable by its owner only. Without a data folder the key lasts as long as
    the process.
    """
    if key := os.environ.get("ANGUAN_SECRET_KEY"):
        return key
    if data is None:
        return secrets.token_urlsafe(50)
    file = data / "secret-key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        # Written whole beside it and linked: two processes that start together agree on the first one's key.
        draft = data / f".secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text(encoding="ascii").strip()
