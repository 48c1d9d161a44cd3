"""Django settings, read from the environment; no room imports them and importing them opens no connection.

ANGUAN_DATA      folder of everything that is kept beside the database: evidence, key, static files, locks
DATABASE_URL     postgresql://… ; set by the command when it starts the embedded server
ANGUAN_SECRET_KEY, ANGUAN_DEBUG, ANGUAN_DEMO, ANGUAN_ALLOWED_HOSTS, ANGUAN_ORIGIN, ANGUAN_MAIL_URL, ANGUAN_MAIL_FROM,
ANGUAN_SMS_URL, ANGUAN_WEBHOOK_KEY, ANGUAN_MQTT_USER, ANGUAN_MQTT_PASSWORD, ANGUAN_POOL, ANGUAN_PROCESSES,
ANGUAN_METRICS_TOKEN, ANGUAN_TRUSTED_PROXIES, ANGUAN_TIANDITU_KEY, ANGUAN_TIANDITU_SERVER,
NATS_URL, ANGUAN_NATS_STREAM, ANGUAN_NATS_REPLICAS, ANGUAN_NATS_MOST_BYTES, ANGUAN_NATS_CREDENTIALS,
ANGUAN_NATS_AUTHORITY: see docs/operations.md. ANGUAN_MQTT_URL is read by the gateway itself.
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anguan.settings.sources import database_from_url, mail_from_url, secret_key

TESTING = "pytest" in sys.modules


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


BASE = Path(__file__).resolve().parents[1]
# None where only types are checked or tests run: nothing may then be written outside a temporary folder.
ANGUAN_DATA: Path | None = Path(os.environ["ANGUAN_DATA"]).resolve() if os.environ.get("ANGUAN_DATA") else None
ANGUAN_DEMO = _flag("ANGUAN_DEMO")
# The address under which citizens and officers reach the platform, as it is printed into QR codes and mails.
ANGUAN_ORIGIN = os.environ.get("ANGUAN_ORIGIN", "").rstrip("/")
TLS = ANGUAN_ORIGIN.startswith("https://")

DEBUG = _flag("ANGUAN_DEBUG")
SECRET_KEY = secret_key(ANGUAN_DATA)
ALLOWED_HOSTS = _words("ANGUAN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
if ANGUAN_ORIGIN:
    ALLOWED_HOSTS.append(urlsplit(ANGUAN_ORIGIN).hostname or "")
    CSRF_TRUSTED_ORIGINS = [ANGUAN_ORIGIN]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # Rooms stand before allauth, so that their templates win over its own.
    "anguan.ground",
    "anguan.ui",
    "anguan.people",
    "anguan.registry",
    "anguan.papers",
    "anguan.checklists",
    "anguan.alarms",
    "anguan.hazards",
    "anguan.inspections",
    "anguan.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "anguan.ui.middleware.ContentSecurityPolicyMiddleware",
    "anguan.web.public_pages.PublicPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "anguan.ui.middleware.NullCharactersMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "anguan.people.middleware.ViewerMiddleware",
    "anguan.people.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "anguan.web.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "anguan.ui.context.page",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {"default": database_from_url(os.environ.get("DATABASE_URL", ""))}
if os.environ.get("ANGUAN_POOL") and not TESTING:
    # Connections are kept by the pool, per process; the sum over all processes stays under the server's limit.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(os.environ["ANGUAN_POOL"])}

# Shared by all web processes: rate limits of the log-in count over every one of them.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "anguan_cache"}
}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Packages that are no Django apps have catalogues too.
LOCALE_PATHS = [
    str(folder) for folder in sorted(BASE.glob("*/locale")) if f"anguan.{folder.parent.name}" not in INSTALLED_APPS
]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    # Argon2 is slow on purpose; one test of people checks the running configuration.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "anguan.people.adapters.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"one_time_code": "20/m/ip"}
# Behind a proxy everybody seems to come from one address and would share one limit; a header is believed only then.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ANGUAN_TRUSTED_PROXIES", "0"))
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "安关"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TLS:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "/static/"
STATIC_ROOT = (ANGUAN_DATA or BASE.parents[1] / "build") / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}

EVIDENCE_ROOT = (ANGUAN_DATA or BASE.parents[1] / "build") / "evidence"

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if os.environ.get("ANGUAN_MAIL_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(mail_from_url(os.environ["ANGUAN_MAIL_URL"]))
DEFAULT_FROM_EMAIL = os.environ.get("ANGUAN_MAIL_FROM", "anguan@localhost")

# Where short messages are handed over, and what documents to other systems are signed with.
SMS_URL = os.environ.get("ANGUAN_SMS_URL", "")
WEBHOOK_KEY = os.environ.get("ANGUAN_WEBHOOK_KEY", "")
MQTT_USER = os.environ.get("ANGUAN_MQTT_USER", "")
MQTT_PASSWORD = os.environ.get("ANGUAN_MQTT_PASSWORD", "")

# The stream between gateways and the database; without an address gateways write into the database themselves.
NATS_SERVERS = _words("NATS_URL")
NATS_STREAM = os.environ.get("ANGUAN_NATS_STREAM") or "anguan-intake"
NATS_REPLICAS = int(os.environ.get("ANGUAN_NATS_REPLICAS") or "3")
NATS_MOST_BYTES = int(os.environ.get("ANGUAN_NATS_MOST_BYTES") or str(8 << 30))
NATS_CREDENTIALS = os.environ.get("ANGUAN_NATS_CREDENTIALS", "")
NATS_AUTHORITY = os.environ.get("ANGUAN_NATS_AUTHORITY", "")

# Whose heartbeats /readyz waits for, and who may read /metrics from elsewhere than the machine itself.
PROCESSES = _words("ANGUAN_PROCESSES", "worker")
METRICS_TOKEN = os.environ.get("ANGUAN_METRICS_TOKEN", "")
# 天地图 under the map of the district; without a key the map shows our own points and asks nobody.
TIANDITU_KEY = os.environ.get("ANGUAN_TIANDITU_KEY", "")
# The nation's own server, or a province's node that speaks the same.
TIANDITU_SERVER = os.environ.get("ANGUAN_TIANDITU_SERVER") or "https://t0.tianditu.gov.cn"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "anguan": {"level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
