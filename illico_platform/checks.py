"""Settings that must not reach production, refused with an id and a hint by ``manage.py check`` and every command."""

from collections.abc import Callable, Iterable
from typing import Any

import maxminddb
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from stdnum.fr import siren

ENVIRONMENTS = ("development", "production")
SECRET_LENGTH = 50
SECRET_SIGNS = 20  # a drawn value of 50 characters has well over twenty different ones, a made-up phrase has not

DEMO_OPERATOR = "999999204"

SettingsCheck = Callable[..., list[Error]]


def _in_production(check: SettingsCheck) -> SettingsCheck:
    """Register a check that only speaks in production."""

    @register(Tags.security)
    def guarded(app_configs: Iterable[Any] | None, **kwargs: Any) -> list[Error]:
        return check() if settings.ILLICO_ENV == "production" else []

    return guarded


@register(Tags.security)
def check_environment(app_configs: Iterable[Any] | None, **kwargs: Any) -> list[Error]:
    """E008: a misspelt environment would silently switch off every other check."""
    if settings.ILLICO_ENV in ENVIRONMENTS:
        return []
    return [
        Error(
            f"ILLICO_ENV is {settings.ILLICO_ENV!r}, which is no environment.",
            hint=f"Set ILLICO_ENV to {' or '.join(ENVIRONMENTS)}.",
            id="illico.E008",
        )
    ]


@register(Tags.database)
def check_database(app_configs: Iterable[Any] | None, **kwargs: Any) -> list[Error]:
    """E006: triggers, partitions and COPY are PostgreSQL's, in development too."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine == "django.db.backends.postgresql":
        return []
    return [
        Error(
            f"The database engine is {engine}; Illico runs on PostgreSQL only.",
            hint="Set DATABASE_URL=postgres://user:password@host:5432/name, or leave it out to use the embedded one.",
            id="illico.E006",
        )
    ]


@_in_production
def check_debug() -> list[Error]:
    """E001: error pages with settings and source."""
    if not settings.DEBUG:
        return []
    return [Error("DEBUG is on in production.", hint="Unset DEBUG, or set DEBUG=false.", id="illico.E001")]


@_in_production
def check_secret_key() -> list[Error]:
    """E002: sessions and password links are signed with it."""
    fault = _secret_fault(_secret("SECRET_KEY"))
    return [_secret_error("SECRET_KEY", fault, "illico.E002")] if fault else []


@_in_production
def check_caller_secret() -> list[Error]:
    """E003: with a known secret, every caller's number can be found from its hash by trying them all."""
    secret = _secret("CALLER_SECRET")
    fault = _secret_fault(secret)
    if not fault and secret == _secret("SECRET_KEY"):
        fault = "is the same as SECRET_KEY"
    return [_secret_error("CALLER_SECRET", fault, "illico.E003")] if fault else []


@_in_production
def check_payout_secret() -> list[Error]:
    """E014: it hides the companies' IBANs, and opens nothing else."""
    secret = _secret("PAYOUT_SECRET")
    fault = _secret_fault(secret)
    if not fault and secret in (_secret("SECRET_KEY"), _secret("CALLER_SECRET")):
        fault = "is the same as another secret"
    return [_secret_error("PAYOUT_SECRET", fault, "illico.E014")] if fault else []


@_in_production
def check_hosts() -> list[Error]:
    """E004: with any host accepted, links in e-mails can be made to point anywhere."""
    hosts = settings.ALLOWED_HOSTS
    if hosts and not any(host.strip() in ("*", ".", "") for host in hosts):
        return []
    return [
        Error(
            f"ALLOWED_HOSTS is {hosts!r}: it names no host, or all of them.",
            hint="Set ALLOWED_HOSTS=illico.example.fr, a comma between several.",
            id="illico.E004",
        )
    ]


@_in_production
def check_cookies() -> list[Error]:
    """E005: a session that also travels over http can be read on the way."""
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    insecure = [name for name in names if not getattr(settings, name)]
    if settings.SESSION_COOKIE_HTTPONLY is False:
        insecure.append("SESSION_COOKIE_HTTPONLY")
    return [
        Error(f"{name} is off in production.", hint=f"Unset {name}; production turns it on.", id="illico.E005")
        for name in insecure
    ]


@_in_production
def check_https() -> list[Error]:
    """E007: pages with callers' claims and payrolls are served over https only."""
    faults = []
    if not settings.SECURE_SSL_REDIRECT:
        faults.append(("SECURE_SSL_REDIRECT is off in production: pages are served over http.", "Unset it."))
    if not settings.SECURE_HSTS_SECONDS:
        faults.append(("SECURE_HSTS_SECONDS is 0: browsers may come back over http.", "Unset it for a year."))
    faults += [
        (f"CSRF_TRUSTED_ORIGINS trusts {origin}, which is not https.", "Write the origin with https://.")
        for origin in settings.CSRF_TRUSTED_ORIGINS
        if not origin.startswith("https://")
    ]
    return [Error(message, hint=hint, id="illico.E007") for message, hint in faults]


@_in_production
def check_proxies() -> list[Error]:
    """E015: with too few, all visitors count as the proxy; with too many, each says by themselves who they are."""
    proxies = settings.TRUSTED_PROXIES
    if proxies is not None and proxies >= 0:
        return []
    told = "is not set" if proxies is None else f"is {proxies}"
    return [
        Error(
            f"TRUSTED_PROXIES {told}: the limits on sign-ins would not know one visitor from another.",
            hint="Set it to the number of reverse proxies in front of the site; 0 when gunicorn itself is reached.",
            id="illico.E015",
        )
    ]


@register()
def check_country_database(app_configs: Iterable[Any] | None, **kwargs: Any) -> list[Error]:
    """E017: a country database that cannot be read would stop agents from signing in to work."""
    if not settings.COUNTRY_DATABASE:
        return []
    try:
        maxminddb.open_database(settings.COUNTRY_DATABASE).close()
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        return [
            Error(
                f"COUNTRY_DATABASE {settings.COUNTRY_DATABASE} cannot be read: {error}",
                hint="Set it to the path of an MMDB file that the site may read, or leave it empty.",
                id="illico.E017",
            )
        ]
    return []


@_in_production
def check_mail() -> list[Error]:
    """E016: without mail nobody proves an address, so nobody signs in the first time."""
    if not settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return []
    return [
        Error(
            "EMAIL_BACKEND prints mails in the terminal: codes and invitations reach nobody.",
            hint="Set EMAIL_BACKEND=django.core.mail.backends.smtp.EmailBackend, EMAIL_HOST and DEFAULT_FROM_EMAIL.",
            id="illico.E016",
        )
    ]


@_in_production
def check_operator() -> list[Error]:
    """E009: the tax office's file carries the operator's SIREN; the demo's is nobody's."""
    if siren.is_valid(settings.OPERATOR_SIREN) and settings.OPERATOR_SIREN != DEMO_OPERATOR:
        return []
    return [
        Error(
            f"OPERATOR_SIREN is {settings.OPERATOR_SIREN!r}, which is the demo's or has a wrong check digit.",
            hint="Set OPERATOR_SIREN to the nine digits of the operator's SIREN, and OPERATOR_NAME.",
            id="illico.E009",
        )
    ]


def _secret(name: str) -> str:
    try:
        return str(getattr(settings, name, "") or "")
    except ImproperlyConfigured:  # Django refuses to hand out an empty SECRET_KEY
        return ""


def _secret_fault(secret: str) -> str:
    if not secret:
        return "is missing"
    if len(secret) < SECRET_LENGTH:
        return f"has {len(secret)} characters, {SECRET_LENGTH} are wanted"
    if secret.startswith("django-insecure"):
        return "is one that startproject wrote"
    return "" if len(set(secret)) >= SECRET_SIGNS else "repeats too few characters"


def _secret_error(name: str, fault: str, check_id: str) -> Error:
    return Error(
        f"{name} {fault}.",
        hint=f"""Draw one: python -c "import secrets; print(secrets.token_urlsafe(48))" and set {name} to it.""",
        id=check_id,
    )
