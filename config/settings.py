"""The one settings module: everything that differs between places comes from the environment."""

import os
from datetime import date, timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.environment import flag, secret, site, time_of_day, words
from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(os.environ[name]) if os.environ.get(name) else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a day written as 2024-11-05.") from error


DEBUG = flag("DEBUG")
SECRET_KEY = secret("SECRET_KEY", VAR)
IDENTITY_KEY = secret("IDENTITY_KEY", VAR)  # digests of identity numbers: survives a new SECRET_KEY
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
# Behind a proxy that ends TLS; a real host name has one unless told otherwise.
HTTPS = flag("HTTPS", default=not set(ALLOWED_HOSTS) <= LOCAL_HOSTS)

DEMO = flag("DEMO")
TESTING = flag("TESTING")
LEGAL_DAY_MAY_BE_SET = DEMO or TESTING
LEGAL_TODAY = _day("LEGAL_TODAY")
if LEGAL_DAY_MAY_BE_SET and not set(ALLOWED_HOSTS) <= LOCAL_HOSTS:
    raise ImproperlyConfigured(
        "DEMO and TESTING let people choose who they are and which day it is: they refuse to "
        "run under a real host name. Unset them, or ALLOWED_HOSTS."
    )
if LEGAL_TODAY and not LEGAL_DAY_MAY_BE_SET:
    raise ImproperlyConfigured("LEGAL_TODAY is for the demo and the tests only: unset it.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "axes",
    "viewflow.workflow",
    "guardian",
    "history",
    "audit",
    "permissions",
    "nominations",
    "workflows",
    "config",
    *(["demo"] if DEMO else []),
]
MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "config.refusals.RefusalsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "permissions.sessions.SessionsEndMiddleware",
    "permissions.sessions.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *(["demo.middleware.LegalDayMiddleware"] if DEMO else []),
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "workflows.context.page",
                *(["demo.context.people"] if DEMO else []),
            ],
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])
            ],
        },
    }
]

if os.environ.get("DATABASE_URL"):
    from config.database import from_url

    DATABASES = {"default": from_url(os.environ["DATABASE_URL"])}
else:
    from config.embedded import home_under, settings_for

    DATABASES = {"default": settings_for(home_under(VAR))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "permissions.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked-out pair is not even asked
    "permissions.backends.PasswordBackend",
    "permissions.backends.DatedGrantBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "permissions.passwords.LengthValidator"},
    {"NAME": "permissions.passwords.GuessableValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds for which a one-time link holds
REAUTH_SECONDS = 5 * 60  # before signing and before giving out roles
SESSION_IDLE_SECONDS = int(os.environ.get("SESSION_IDLE_SECONDS") or 30 * 60)
LOCKOUT_SECONDS = int(os.environ.get("LOCKOUT_SECONDS") or 15 * 60)
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or 0)  # of our own, each adding to X-Forwarded-For
AXES_FAILURE_LIMIT = int(os.environ.get("LOCKOUT_FAILURES") or 5)
AXES_COOLOFF_TIME = timedelta(seconds=LOCKOUT_SECONDS)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # nobody locks another out from afar
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # it ends when the page says
AXES_HANDLER = "permissions.lockout.Attempts"
AXES_CLIENT_IP_CALLABLE = "history.request.address_of"
AXES_LOCKOUT_CALLABLE = "permissions.views.sign_in.locked"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when is the ledger's, and only where it matters
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "workflows:my_work"
LOGOUT_REDIRECT_URL = "login"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
# Guardian looks for its own class by name; ours is a subclass with dates and without a superuser.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"  # evidence; never served but by a view that asks the rules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

CSRF_FAILURE_VIEW = "config.refusals.csrf"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$"]  # asked on this machine, past the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # the small marks in Bootstrap's own style sheet
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# The ledger: whose it is, the key that signs its checkpoints, and what the operator keeps outside the database.
PUBLIC_PER_MINUTE = int(os.environ.get("PUBLIC_PER_MINUTE") or 60)  # questions from one address
LEDGER_NAME = os.environ.get("LEDGER_NAME") or "An Giang"
LEDGER_KEY_FILE = Path(os.environ.get("LEDGER_KEY_FILE") or VAR / "ledger" / "key.pem")
LEDGER_WITNESS_FILE = Path(os.environ.get("LEDGER_WITNESS_FILE") or VAR / "ledger" / "witness.jsonl")
LEDGER_WITNESSES = words("LEDGER_WITNESSES")  # addresses to which each day's checkpoint is mailed

EMAIL_HOST = os.environ.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20  # seconds
SITE_URL = site("SITE_URL", f"http://localhost:{os.environ.get('PORT') or 8000}")  # in letters and calendars
DIGEST_AT = time_of_day("DIGEST_AT", "07:30")  # by the clock of Việt Nam: the daily letters
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND") or (
    "demo.mailbox.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "khenthuong@localhost"

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(VAR / "broker"),
        "data_folder_out": str(VAR / "broker"),
        "control_folder": str(VAR / "broker-control"),
        "polling_interval": 0.2,  # seconds between two looks for one letter
    }
    if CELERY_BROKER_URL == "filesystem://"
    else {
        # Longer than the longest task: Redis would give what is still worked at to a second worker.
        "visibility_timeout": 5 * 3600,
        "socket_timeout": 2,  # of a server that took the connection and says nothing
        "socket_connect_timeout": 2,
        "retry_on_timeout": True,
    }
)
# A request does not wait for a broker that is away: the sweep offers again what could not be told.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker tries for ever
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody steers it; a filesystem broker would keep the letters
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE

CELERY_BEAT_SCHEDULE = SCHEDULE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s request=%(request_id)s %(message)s"}
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
