"""The eligibility matrix as data: uses, the rules on them with their dates and texts, the ranges kept for one use.

``eligibility`` reads it. ``docs/eligibility.md`` shows the same rows; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from numbers.rules.plan import Family


class UseCase(StrEnum):
    """What callers call for. The first question of an enrolment."""

    PAID_ADVICE = "PAID_ADVICE"
    INFORMATION = "INFORMATION"
    EXPERT = "EXPERT"
    PRE_SALE = "PRE_SALE"
    ORDER_TAKING = "ORDER_TAKING"
    B2B_ONLY = "B2B_ONLY"
    CONSUMER_AFTER_SALES = "CONSUMER_AFTER_SALES"
    CONSUMER_COMPLAINT = "CONSUMER_COMPLAINT"
    CONTRACT_EXECUTION = "CONTRACT_EXECUTION"
    TELECOM_HOTLINE = "TELECOM_HOTLINE"
    STATE_ADMIN = "STATE_ADMIN"
    SOCIAL_SECURITY = "SOCIAL_SECURITY"
    PUBLIC_MISSION = "PUBLIC_MISSION"  # a private body with a public administrative mission
    LOCAL_AUTHORITY = "LOCAL_AUTHORITY"
    LISTED_SOCIAL_SERVICE = "LISTED_SOCIAL_SERVICE"
    EMERGENCY = "EMERGENCY"
    DEAF_ACCESS = "DEAF_ACCESS"  # the channel for deaf and hard-of-hearing callers of any line


class PriceClass(StrEnum):
    """What a call costs its caller: the columns of the matrix."""

    SURCHARGED = "surcharged"
    STANDARD = "standard"
    FREE = "free"


class Answer(StrEnum):
    """allow; warn: allowed under a condition that a person must check; deny."""

    ALLOW = "allow"
    WARN = "warn"
    DENY = "deny"


@dataclass(frozen=True)
class Rule:
    """One row of the matrix, in force from ``since`` (None: always, the operator's own choice or older than us)."""

    code: str
    use_cases: frozenset[UseCase]
    since: date | None
    surcharged: Answer
    standard: Answer
    free: Answer
    reason_fr: str
    reason_en: str
    source: str

    def answer(self, price_class: PriceClass) -> Answer:
        """The cell of the matrix."""
        return {
            PriceClass.SURCHARGED: self.surcharged,
            PriceClass.STANDARD: self.standard,
            PriceClass.FREE: self.free,
        }[price_class]


LME_SINCE = date(2009, 1, 1)

RULES: tuple[Rule, ...] = (
    Rule(
        "LME87",
        frozenset([UseCase.CONSUMER_AFTER_SALES, UseCase.CONSUMER_COMPLAINT, UseCase.CONTRACT_EXECUTION]),
        LME_SINCE,
        Answer.DENY,
        Answer.ALLOW,
        Answer.ALLOW,
        "Le consommateur qui demande l’exécution d’un contrat ou réclame ne peut pas être surtaxé.",
        "A consumer who asks for a contract to be performed, or complains, may not be surcharged.",
        "Code de la consommation, art. L.121-16 (LME 2008, art. 87)",
    ),
    Rule(
        "CHATEL",
        frozenset([UseCase.TELECOM_HOTLINE]),
        date(2008, 6, 1),
        Answer.DENY,
        Answer.WARN,
        Answer.ALLOW,
        "L’assistance d’un opérateur télécom n’est pas surtaxée, et l’attente y est gratuite depuis son réseau.",
        "A telecom provider’s hotline is not surcharged, and waiting is free from its own network.",
        "Code de la consommation, art. L.224-38 (loi Chatel du 3 janvier 2008)",
    ),
    Rule(
        "ESSOC28",
        frozenset([UseCase.STATE_ADMIN, UseCase.SOCIAL_SECURITY, UseCase.PUBLIC_MISSION]),
        date(2021, 1, 1),
        Answer.DENY,
        Answer.ALLOW,
        Answer.ALLOW,
        "Une administration de l’État, la sécurité sociale ou un organisme chargé d’une mission de service public"
        " administratif ne peut pas recourir à un numéro surtaxé avec le public.",
        "A State administration, social security or a body with a public administrative mission may not offer the"
        " public a surcharged number.",
        "Loi ESSOC n° 2018-727, art. 28",
    ),
    Rule(
        "LOCAL_EXEMPT",
        frozenset([UseCase.LOCAL_AUTHORITY]),
        None,
        Answer.WARN,
        Answer.ALLOW,
        Answer.ALLOW,
        "Les collectivités sont hors de la loi ESSOC ; mais si l’usager a un contrat (l’eau, par exemple), le numéro"
        " ne peut pas être surtaxé.",
        "Local authorities are exempt from the ESSOC law; but where the user has a contract (water, for instance) the"
        " number may not be surcharged.",
        "Loi ESSOC n° 2018-727, art. 28 ; Code de la consommation, art. L.121-16",
    ),
    Rule(
        "DEC2011_682",
        frozenset([UseCase.LISTED_SOCIAL_SERVICE]),
        date(2011, 6, 16),
        Answer.DENY,
        Answer.DENY,
        Answer.ALLOW,
        "Ce service social est sur la liste du décret : l’appel doit être gratuit (0800 à 0805, 30xx, 31xx).",
        "This social service is on the decree’s list: the call must be wholly free (0800 to 0805, 30xx, 31xx).",
        "Décret n° 2011-682 (LCEN, art. 55)",
    ),
    Rule(
        "EMERG",
        frozenset([UseCase.EMERGENCY]),
        None,
        Answer.DENY,
        Answer.DENY,
        Answer.DENY,
        "Un appel d’urgence relève des numéros d’urgence, jamais d’un numéro de service.",
        "An emergency call belongs on the emergency numbers, never on a service number.",
        "ARCEP, décision 2008-0512",
    ),
    Rule(
        "PRECONTRACT",
        frozenset([UseCase.PRE_SALE, UseCase.ORDER_TAKING]),
        None,
        Answer.WARN,
        Answer.ALLOW,
        Answer.ALLOW,
        "Avant le contrat, la surtaxe est permise ; vérifiez que le suivi et les réclamations ont un autre numéro.",
        "Before the contract the number may be surcharged; check that follow-up and complaints have another number.",
        "Code de la consommation, art. L.121-16, a contrario",
    ),
    Rule(
        "B2B",
        frozenset([UseCase.B2B_ONLY]),
        None,
        Answer.WARN,
        Answer.ALLOW,
        Answer.ALLOW,
        "Permis si les appelants sont tous des professionnels : vérifiez à qui le numéro est communiqué.",
        "Allowed if all callers are professionals: check to whom the number is given.",
        "Code de la consommation, art. L.121-16 (consommateurs seulement)",
    ),
    Rule(
        "ACCESS",
        frozenset([UseCase.DEAF_ACCESS]),
        None,
        Answer.DENY,
        Answer.ALLOW,
        Answer.ALLOW,
        "L’accès des personnes sourdes ne peut pas coûter plus que la ligne vocale : il n’est jamais surtaxé ici.",
        "Access for deaf callers may not cost more than the voice line: it is never surcharged here.",
        "Loi n° 2016-1321, art. 105 ; choix de l’exploitant",
    ),
)

# Ranges that the plan keeps for one use, whoever pays.
RESERVED_RANGES: dict[Family, tuple[str, frozenset[UseCase], str, str]] = {
    Family.OPERATOR_SHORT: (
        "RANGE_10",
        frozenset([UseCase.TELECOM_HOTLINE]),
        "Les numéros 10xx sont réservés à l’assistance des opérateurs télécom.",
        "10xx numbers are kept for the assistance of telecom operators.",
    ),
    Family.SOCIAL: (
        "RANGE_116",
        frozenset([UseCase.LISTED_SOCIAL_SERVICE]),
        "Les numéros 116xxx sont réservés aux services sociaux harmonisés en Europe.",
        "116xxx numbers are kept for social services harmonised in Europe.",
    ),
    Family.DIRECTORY: (
        "RANGE_118",
        frozenset(),
        "Les numéros 118xxx sont réservés aux renseignements téléphoniques.",
        "118xxx numbers are kept for directory enquiries.",
    ),
}
