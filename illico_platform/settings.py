"""All settings, read from the environment once, in order: place, services, apps, web, tasks, logs.

Unsafe values are refused by ``illico_platform/checks.py``, not here: a wrong setting gets a sentence, not a traceback.
"""

import secrets
import sys
from pathlib import Path

import environ
import structlog
from celery.schedules import crontab
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from illico_platform.code_digest import code_digest
from illico_platform.embedded import ensure_services

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# ---- Place -----------------------------------------------------------------------------------------------
ILLICO_ENV = env.str("ILLICO_ENV", default="development")
VAR = Path(env.str("ILLICO_VAR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)  # where ``serve`` listens and what the demo's links say
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])


def _secret(name: str) -> str:
    """The secret from the environment; in development one is drawn once and kept under var/, never in the code."""
    value = env.str(name, default="")
    if value or ILLICO_ENV == "production":
        return value
    path = VAR / "secrets" / name
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Two commands may start at once: the link succeeds for one of them only, both read the winner's.
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        draft.write_text(secrets.token_urlsafe(48))
        draft.chmod(0o600)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text()


SECRET_KEY = _secret("SECRET_KEY")
CALLER_SECRET = _secret("CALLER_SECRET")  # mixed with each month's key before a caller's number is hashed
PAYOUT_SECRET = _secret("PAYOUT_SECRET")  # the companies' IBANs are encrypted under it

# ---- Services --------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
if not (DATABASE_URL and REDIS_URL):
    _services = ensure_services(VAR, need_postgres=not DATABASE_URL, need_redis=not REDIS_URL)
    DATABASE_URL = DATABASE_URL or _services.database_url
    REDIS_URL = REDIS_URL or _services.redis_url

DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
# A new connection knows no table yet: its first pages take twice the time.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=3600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", default="test_illico")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # What another version of the code kept may have another shape.
        "KEY_PREFIX": code_digest(BASE_DIR),
    }
}

# ---- Apps ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "illico_platform",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "illico_platform.admin_config.DoorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",  # the built-in widgets' templates, which our own form pages stand on
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "numbers",
    "agents",
    "billing",
    "import_export",  # after billing, whose command « export » it would hide
]
AUTH_USER_MODEL = "numbers.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# ---- Accounts --------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal_entry"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True  # a code is typed where the person is; a link opens elsewhere
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# To change it on the way would only be offered to addresses without an account, and so tell which have one.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_RATE_LIMITS = {"invitation_sent": "60/h/key"}  # per company, beside the library's own limits
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an address added on a screen left open would be a way in for good
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or key is told to its owner
ACCOUNT_ADAPTER = "numbers.portal.accounts.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Illico : "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ILLICO_ENV == "production" else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "numbers.portal.accounts.AddKeyForm",
    "edit_webauthn": "numbers.portal.accounts.EditKeyForm",
}
MFA_ADAPTER = "numbers.portal.accounts.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Illico"
# The operator's people see every company; a trial's may come in by their password alone.
OPERATOR_SECOND_FACTOR = env.bool("OPERATOR_SECOND_FACTOR", default=ILLICO_ENV == "production")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ILLICO_ENV != "production"  # http://localhost while developing
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="illico_platform.web.console.EmailBackend")
EMAIL_HOST, EMAIL_PORT = env.str("EMAIL_HOST", default="localhost"), env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="illico@localhost")

# ---- Operator --------------------------------------------------------------------------------------------
# Who runs the numbers and keeps the books: names the FEC file and stands on documents. The default is invented.
OPERATOR_SIREN = env.str("OPERATOR_SIREN", default="999999204")
OPERATOR_NAME = env.str("OPERATOR_NAME", default="Opérateur illico")

# ---- Web -------------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "illico_platform.web.devices.DevicesMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]
# Pages load nothing but our own files and run no script or style written into them. The admin's theme needs both,
# and is for the operator's staff only.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Bootstrap's ticks, the QR code of an authenticator
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
ROOT_URLCONF = "illico_platform.urls"
WSGI_APPLICATION = "illico_platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "billing.portal.menu.open_findings",
            ]
        },
    }
]
FORM_RENDERER = "illico_platform.web.forms.PageRenderer"
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["illico_platform.formats"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Names carry a hash of the content, so browsers keep files for ever; served compressed, by whitenoise.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
COUNTRY_DATABASE = env("COUNTRY_DATABASE", default="")  # an MMDB of the operator's; empty: the one that comes with us
MEDIA_ROOT = VAR / "files"
# Proxies in front, each of which adds to X-Forwarded-For whom it heard: so many of its last entries are believed, none
# of what a visitor wrote there. Sign-in limits, sessions and « is it https » stand on it.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=None)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES or 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=ILLICO_ENV == "production")
SESSION_COOKIE_SECURE = env.bool("SESSION_COOKIE_SECURE", default=ILLICO_ENV == "production")
CSRF_COOKIE_SECURE = env.bool("CSRF_COOKIE_SECURE", default=ILLICO_ENV == "production")
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # monitors inside the house ask without TLS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if ILLICO_ENV == "production" else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ILLICO_ENV == "production"
X_FRAME_OPTIONS = "DENY"
# What callers' and agents' browsers may find each other through, « stun:… » and « turn:… », of the operator's own; and
# the secret shared with the TURN server. None: they speak directly, or write by way of the site.
RTC_SERVERS = env.list("RTC_SERVERS", default=[])
RTC_SECRET = env.str("RTC_SECRET", default="")

# ---- Admin -----------------------------------------------------------------------------------------------
# The theme's date filters read these, not the language's: without them 01/11 is the eleventh of January.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"]

# The tokens of static/illico/tokens.css as the theme's scales: ink and paper, one blue.
UNFOLD = {
    "SITE_TITLE": "Illico",
    "SITE_HEADER": "Illico",
    "SITE_SUBHEADER": _("Exploitation"),
    "SITE_ICON": {
        "light": lambda request: static("illico/mark-light.svg"),
        "dark": lambda request: static("illico/mark-dark.svg"),
    },
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("illico/mark.svg")},
    ],
    "STYLES": [
        lambda request: static("illico/tokens.css"),
        lambda request: static("illico/admin.css"),
        lambda request: static("illico/components.css"),
        lambda request: static("illico/percents.css"),
    ],
    "SCRIPTS": [lambda request: static("illico/admin.js")],
    "ENVIRONMENT": "illico_platform.admin_look.environment",
    "DASHBOARD_CALLBACK": "billing.admin.home.dashboard",
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "10px",
    "SIDEBAR": {"show_all_applications": True, "navigation": "illico_platform.admin_look.navigation"},
    "COLORS": {
        "base": {
            "50": "#faf8f4",
            "100": "#f1eee7",
            "200": "#e3dfd5",
            "300": "#c9c3b4",
            "400": "#aab3c8",
            "500": "#566074",
            "600": "#4a5670",
            "700": "#3c4869",
            "800": "#2a3450",
            "900": "#161e33",
            "950": "#0e1424",
        },
        "primary": {
            "50": "#f3f6fe",
            "100": "#e8eefc",
            "200": "#cfdcfa",
            "300": "#b4c8ff",
            "400": "#a2bdff",
            "500": "#8fb0ff",
            "600": "#1d4ed8",
            "700": "#1a45bf",
            "800": "#173ca6",
            "900": "#1d2b52",
            "950": "#141f3d",
        },
        "font": {
            "subtle-light": "#566074",
            "subtle-dark": "#aab3c8",
            "default-light": "#14213d",
            "default-dark": "#eef1f8",
            "important-light": "#14213d",
            "important-dark": "#eef1f8",
        },
    },
}

# ---- Tasks -----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None  # what a task did stands in the Run record, not in the broker
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task whose worker was killed is handed out again after this; a second delivery does nothing twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": env.int("VISIBILITY_TIMEOUT_S", default=300)}
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = {
    "night": {"task": "billing.tasks.night", "schedule": crontab(hour=2, minute=15)},
    "forget uploads": {"task": "billing.tasks.forget_uploads", "schedule": crontab(hour=4, minute=40)},
    "access": {"task": "billing.tasks.follow_requests", "schedule": 30.0, "options": {"expires": 25}},
    # As often as ``agents.services.check_in.ROUND_S`` says, on which the chance of being asked rests.
    "presence": {"task": "agents.tasks.watch_presence", "schedule": 60.0, "options": {"expires": 55}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")

# ---- Logs ------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
# Fields on stderr: stdout belongs to what a command prints, ``--json`` and exports above all.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(LOGGING["root"]["level"]),
    logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
)
