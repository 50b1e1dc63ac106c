"""The rows every operator starts from: chart, VAT, minimum wage, codes of pay, ceilings. Again changes nothing."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from agents.models import WorkingTimeRule
from agents.services.load_codes import load_codes
from billing.models import Account, FullTime, Journal, MinimumWage, VatRate
from illico_platform.lib.money import MICROS_PER_CENT
from numbers.services.load_plan import load_duties, load_plan

# Source: plan comptable général; the operator acts as agent, so S stands in 467 and only the fee is income.
ACCOUNTS = {
    "411": gettext_noop("Opérateurs et annonceurs"),
    "4671": gettext_noop("Entreprises, disponible"),
    "4672": gettext_noop("Entreprises, fonds des salaires retenu"),
    "706": gettext_noop("Frais de plateforme"),
    "44571": gettext_noop("TVA collectée"),
    "512": gettext_noop("Banque"),
    "658": gettext_noop("Charges diverses de gestion courante"),
    "758": gettext_noop("Produits divers de gestion courante"),
}
JOURNALS = {"VE": "Ventes", "BQ": "Banque", "OD": "Opérations diverses"}

# Source: openfisca-france at a7038ee (CGI 278): standard rate of metropolitan France.
VAT_RATES = [(date(2000, 4, 1), date(2014, 1, 1), 1960), (date(2014, 1, 1), None, 2000)]

# Gross hourly minimum wage in cents, by the day each took effect. Source: openfisca-france at a7038ee; nobody has
# compared the rows with the official journal yet.
MINIMUM_WAGES = [
    (date(2024, 11, 1), date(2026, 1, 1), 1188),
    (date(2026, 1, 1), date(2026, 6, 1), 1202),
    (date(2026, 6, 1), None, 1231),
]

# Source: Code du travail L. 3121-27: 35 hours a week; × 52 / 12.
FULL_TIME = (date(2002, 1, 1), Decimal("151.67"), "Code du travail L. 3121-27 : 35 h × 52 / 12")

# Minutes that a day of work from home may span, since when. Source: Code du travail, art. L.3121-18: ten hours of work
# a day; a span of more may hold more, breaks included. The operator moves it by a new row.
DAY_SPANS = [(date(2012, 3, 22), 600)]


@transaction.atomic
def load_reference() -> None:
    """Make sure the reference rows exist; rows that an operator has changed are left as they are."""
    for code, label in ACCOUNTS.items():
        Account.objects.get_or_create(code=code, defaults={"label": label})
    for code, label in JOURNALS.items():
        Journal.objects.get_or_create(code=code, defaults={"label": label})
    for valid_from, valid_until, rate_bp in VAT_RATES:
        VatRate.objects.get_or_create(
            valid_from=valid_from, defaults={"valid_until": valid_until, "rate_bp": rate_bp, "source": "CGI 278"}
        )
    for valid_from, valid_until, cents in MINIMUM_WAGES:
        MinimumWage.objects.get_or_create(
            valid_from=valid_from,
            defaults={
                "valid_until": valid_until,
                "hourly_micros": cents * MICROS_PER_CENT,
                "source": "SMIC, d’après openfisca-france",
            },
        )
    since, hours, source = FULL_TIME
    FullTime.objects.get_or_create(valid_from=since, defaults={"hours": hours, "source": source})
    load_codes()
    for valid_from, minutes in DAY_SPANS:
        WorkingTimeRule.objects.get_or_create(
            valid_from=valid_from,
            defaults={"day_span_minutes": minutes, "source": "L.1222-9, L.3121-18"},
        )
    load_plan()
    load_duties()
