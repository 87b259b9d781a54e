"""Settings of the Django project. All of them come from the environment (docs/reference/settings.md lists them).

Nothing here opens a database, writes a file or starts a thread.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from vigie.web import node

_YES = ("1", "true", "yes", "on")


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _flag(name: str) -> bool:
    return _text(name).lower() in _YES


def _number(name: str, default: int) -> int:
    try:
        value = int(_text(name, str(default)))
    except ValueError:
        value = 0
    if value < 1:
        raise ImproperlyConfigured(f"{name} is {_text(name)!r}. Give a whole number above zero, for example {default}")
    return value


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 15,
            # A transaction that will write takes the lock first: it waits its turn instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-512;",
        },
    }


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options: dict[str, object] = {"connect_timeout": 5, **dict(parse_qsl(parts.query))}
    host = options.pop("host", None) or (unquote(parts.hostname) if parts.hostname else "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# The node
VIGIE_DATA = node.directory()
VIGIE_DATABASE_URL = _text("DATABASE_URL")
VIGIE_NODE = _text("VIGIE_NODE")
VIGIE_NODE_ROLE = _text("VIGIE_NODE_ROLE")
VIGIE_ORGANISATION = _text("VIGIE_ORGANISATION")
VIGIE_DEMO = _flag("VIGIE_DEMO")
VIGIE_TLS = _flag("VIGIE_TLS")
VIGIE_PROXY = _flag("VIGIE_PROXY")
VIGIE_WORKERS = _number("VIGIE_WORKERS", 1)
VIGIE_LOCK_AFTER_SECONDS = _number("VIGIE_LOCK_AFTER_SECONDS", 900)
VIGIE_ATTACHMENT_LIMIT_BYTES = _number("VIGIE_ATTACHMENT_LIMIT_BYTES", 25 * 1024 * 1024)

SECRET_KEY = _text("VIGIE_SECRET_KEY") or node.secret_key(VIGIE_DATA)
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in _text("VIGIE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in _text("VIGIE_TRUSTED_ORIGINS").split(",") if origin.strip()]
DATABASES = {"default": _postgresql(VIGIE_DATABASE_URL) if VIGIE_DATABASE_URL else _sqlite(VIGIE_DATA / "desk.db")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "vigie.web.accounts",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",  # for the files of the API's reference page
    "vigie.web.desk",
    "vigie.web.incidents",
    "vigie.web.declaring",
    "vigie.web.exports",
    "vigie.web.maps",
    "vigie.web.intake",
    "vigie.web.observatory",
    "vigie.web.restart",
    "vigie.web.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "vigie.web.middleware.unkept",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vigie.web.middleware.acting",
    "vigie.web.middleware.idle_lock",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "vigie.web.urls"
WSGI_APPLICATION = "vigie.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "vigie.web.middleware.context",
            ],
        },
    },
]

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = _text("VIGIE_TIME_ZONE", "Europe/Paris")

# Static files: served from the packages themselves, no collection step
STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in [Path(__file__).parent / "static"] if path.exists()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300

# Persons and sessions
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["vigie.web.accounts.backend.Backend"]
# PBKDF2 and not argon2 or scrypt: two hundred sign-ins at once must not take two hundred times 64 MB.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "vigie",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}
# One process keeps sessions in its memory in front of the database: a polling screen costs no query for its session.
# Several processes could not tell each other that a session ended, so they ask the database each time.
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if VIGIE_WORKERS == 1 else 'db'}"
SESSION_COOKIE_NAME = "vigie_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "vigie_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "vigie.web.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_FORMS = {"login": "vigie.web.accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# A whole hospital shares one address: nothing is counted by address, attempts are counted for each account.
ACCOUNT_RATE_LIMITS = {"login": "2000/m/ip", "login_failed": "8/5m/key", "reauthenticate": "10/m/user"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Vigie"
MFA_TOTP_TOLERANCE = 2
MFA_ALLOW_UNVERIFIED_EMAIL = True

# What browsers are told
_HTTPS = VIGIE_TLS or VIGIE_PROXY
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_SSL_REDIRECT = VIGIE_PROXY
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if VIGIE_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "vigie.web.logs.Line", "fmt": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"terminal": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
