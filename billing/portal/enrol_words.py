"""The words of an enrolment: its steps, its questions and why they are asked, what a use is, what is to be mended."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from billing.rules.enrolment_check import Fault, Step
from billing.rules.viability import Outcome
from illico_platform.web import show
from numbers.rules.eligibility import UseCase

TITLES: dict[Step, Promise] = {
    Step.USE: _("À quoi sert la ligne"),
    Step.LAW: _("Ce que la loi permet"),
    Step.NUMBER: _("Le numéro"),
    Step.PRICE: _("Le prix et son affichage"),
    Step.HOURS: _("Les horaires"),
    Step.DIRECTORY: _("L’annuaire"),
    Step.AGENTS: _("Les agents"),
    Step.VIABILITY: _("L’équilibre"),
    Step.DOCUMENTS: _("Les pièces"),
}
QUESTIONS: dict[Step, Promise] = {
    Step.USE: _("À quoi servira la ligne ?"),
    Step.LAW: _("Que permet la loi, et qui paie ?"),
    Step.NUMBER: _("Quel numéro voulez-vous ?"),
    Step.PRICE: _("Combien coûtera la minute ?"),
    Step.HOURS: _("Quand répondrez-vous ?"),
    Step.DIRECTORY: _("Que dira l’annuaire ?"),
    Step.AGENTS: _("Qui répondra ?"),
    Step.VIABILITY: _("La ligne paiera-t-elle ceux qui répondent ?"),
    Step.DOCUMENTS: _("Quelles pièces joignez-vous ?"),
}
STATES = {
    "done": _("répondu"),
    "review": _("à revoir"),
    "todo": _("à faire"),
}

# A use in plain words, and calls that belong to it.
USES: dict[UseCase, tuple[Promise, Promise]] = {
    UseCase.PAID_ADVICE: (_("Conseil payant"), _("un juriste, un jardinier ou un diététicien conseille au téléphone")),
    UseCase.INFORMATION: (_("Information"), _("météo, horaires, résultats, renseignements pratiques")),
    UseCase.EXPERT: (_("Avis d’expert"), _("expertise comptable, informatique, patrimoniale, sans contrat préalable")),
    UseCase.PRE_SALE: (_("Avant-vente"), _("choisir un produit, demander un devis, avant tout achat")),
    UseCase.ORDER_TAKING: (_("Prise de commande"), _("commander ou réserver par téléphone")),
    UseCase.B2B_ONLY: (_("Réservée aux professionnels"), _("assistance aux revendeurs, aux artisans, aux cabinets")),
    UseCase.CONSUMER_AFTER_SALES: (_("Après-vente"), _("un appareil en panne, une garantie, un retour")),
    UseCase.CONSUMER_COMPLAINT: (_("Réclamation"), _("une facture contestée, un colis perdu, une plainte")),
    UseCase.CONTRACT_EXECUTION: (
        _("Suivi d’un contrat"),
        _("un client demande ce que son contrat lui doit : rendez-vous, livraison, résiliation"),
    ),
    UseCase.TELECOM_HOTLINE: (_("Assistance d’un opérateur télécom"), _("dépannage d’une box, d’une ligne mobile")),
    UseCase.PUBLIC_MISSION: (
        _("Organisme chargé d’une mission administrative"),
        _("un ordre professionnel, une caisse, un organisme agréé"),
    ),
    UseCase.STATE_ADMIN: (_("Administration de l’État"), _("ministère, préfecture, établissement public de l’État")),
    UseCase.SOCIAL_SECURITY: (_("Sécurité sociale"), _("assurance maladie, allocations, retraite")),
    UseCase.LOCAL_AUTHORITY: (_("Collectivité locale"), _("mairie, département, régie municipale")),
    UseCase.LISTED_SOCIAL_SERVICE: (
        _("Service social listé par décret"),
        _("enfance en danger, écoute des victimes, aide aux sans-abri"),
    ),
    UseCase.EMERGENCY: (_("Urgence"), _("secours à une personne en danger")),
    UseCase.DEAF_ACCESS: (_("Accès des personnes sourdes"), _("langue des signes ou texte, pour une ligne existante")),
}
KINDS: dict[str, tuple[Promise, Promise]] = {
    "caller": (
        _("L’appelant paie : 081, 082 ou 089"),
        _("Il paie le service, à la seconde et au plus 0,60 € par minute, en plus du prix d’un appel."),
    ),
    "standard": (
        _("Vous payez, l’appel est ordinaire : 0806 à 0809"),
        _("Vous payez le service. L’appelant ne paie que son appel, compris dans les forfaits."),
    ),
    "free": (
        _("Vous payez, l’appel est gratuit : 0800 à 0805"),
        _("Vous payez le service et l’appelant ne paie rien du tout."),
    ),
}
ANSWERS = {"allow": _("Permis"), "warn": _("Permis sous condition"), "deny": _("Interdit")}
OUTCOMES: dict[Outcome, tuple[Promise, Promise]] = {
    Outcome.HOLDS: (_("L’équilibre tient"), _("Une heure rapporte plus qu’elle ne coûte, tout compris.")),
    Outcome.TIGHT: (
        _("L’équilibre est juste"),
        _("Une heure paie le salaire et les cotisations, mais pas tous les autres frais."),
    ),
    Outcome.FAILS: (
        _("L’équilibre ne tient pas"),
        _("Une heure rapporte moins que le salaire et les cotisations de celui qui répond."),
    ),
}

NO_CEILING = _("Le plafond de ce numéro n’est pas connu : écrivez à l’exploitant avant de fixer un prix.")
_FAULTS: dict[str, Promise] = {
    "no_ceiling": NO_CEILING,
    "no_use": _("Dites à quoi servira la ligne."),
    "no_choice": _("Choisissez qui paie le service."),
    "denied": _("La loi interdit ce choix pour cet usage : {source}. Prenez un autre numéro."),
    "no_number": _("Choisissez un numéro, ou apportez le vôtre."),
    "wrong_family": _("Ce numéro ne va pas avec celui qui paie : choisissez un autre numéro, ou qui paie."),
    "taken": _("Le numéro choisi n’est plus libre : choisissez-en un autre."),
    "not_ours": _("Le numéro choisi n’est pas un des nôtres : cherchez-en un, ou demandez la portabilité."),
    "reservation_over": _("La réservation de 48 heures est passée : réservez de nouveau le numéro."),
    "no_price": _("Fixez le prix de la minute."),
    "not_cents": _("Le prix est un nombre entier de centimes."),
    "too_dear": _("Le prix dépasse le plafond de ce numéro, {ceiling} par minute."),
    "no_revenue": _("Le prix doit être d’au moins 0,01 € par minute."),
    "no_hours": _("Donnez au moins un jour d’ouverture."),
    "no_label": _("Donnez le nom du service."),
    "no_purpose": _("Dites à quoi sert le service, pour l’annuaire."),
    "no_provider_name": _("Donnez le nom du fournisseur du service."),
    "no_provider_address": _("Donnez l’adresse du fournisseur."),
    "no_complaint_contact": _("Donnez un contact pour les réclamations."),
    "surcharged_contact": _("Les réclamations ne peuvent pas aller à un numéro surtaxé : donnez-en un autre."),
    "no_agents": _("Choisissez au moins un agent."),
    "no_estimate": _("Faites le calcul d’équilibre : il n’empêche rien, mais il doit avoir été lu."),
    "no_company": _("Joignez un extrait Kbis ou un avis SIRENE de moins de trois mois."),
    "no_identity": _("Joignez la pièce d’identité du représentant légal."),
    "no_name_right": _("Joignez ce qui donne droit au nom du service : marque, mandat, ou statuts."),
    "no_port_mandate": _("Joignez le mandat de portabilité signé."),
    "balance_tight": _("L’équilibre est juste : une heure ne paie pas tous ses frais. Le dossier peut partir ainsi."),
    "balance_fails": _(
        "L’équilibre ne tient pas : une heure rapporte moins que le salaire et les cotisations de celui qui répond. Le"
        " dossier peut partir ainsi."
    ),
    "rio_of_another": _(
        "La clé du code RIO n’est pas celle de ce numéro : relisez-le, ou effacez-le. Le dossier peut partir ainsi."
    ),
    "unproven_agents": _(
        "Agents choisis sans preuve de lieu valable : {count}. Leurs appels ne seraient pas facturés."
    ),
}


def sentence(fault: Fault) -> str:
    """What is to be mended, in the reader's language."""
    values: dict[str, Any] = dict(fault.values)
    if "ceiling" in values:
        values["ceiling"] = show.price(int(values["ceiling"]))
    return str(_FAULTS[fault.code]).format(**values)


def saved_words(when: str, who: str) -> str:
    """When a file was saved last, and by whom."""
    return now_("Enregistré à %(when)s par %(who)s") % {"when": when, "who": who}
