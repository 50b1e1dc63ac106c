"""The words of a finding's rows and of a night's stages on screen."""

from django.utils.translation import gettext_lazy as _

DETAILS = {
    "month": _("Mois"),
    "day": _("Jour"),
    "days": _("Jours"),
    "number": _("Numéro"),
    "calls": _("Appels"),
    "call_ids": _("Exemples d’appels"),
    "agent": _("Agent"),
    "employee_number": _("Matricule"),
    "name": _("Nom dans la source"),
    "source": _("Source"),
    "talk_s": _("Conversation (s)"),
    "hours_paid": _("Heures payées"),
    "intake": _("Import"),
    "rows": _("Lignes"),
    "examples": _("Exemples"),
    "oldest": _("Plus ancien"),
    "external_ids": _("Identifiants dans la source"),
    "entry": _("Écriture"),
    "tariff": _("Tarif"),
    "payslips": _("Bulletins"),
    "payslip_ids": _("Exemples de bulletins"),
    "declarations": _("Déclarations"),
    "people": _("Personnes"),
    "reason": _("Motif"),
    "due_cents": _("Dû (centimes)"),
    "missing_cents": _("Manquant (centimes)"),
    "price_micros": _("Prix (micro-euros)"),
    "ceiling_micros": _("Plafond (micro-euros)"),
}

STAGES = {
    "judge": _("juger"),
    "work": _("compter le temps de connexion"),
    "rate": _("tarifer"),
    "post": _("comptabiliser"),
    "match": _("rapprocher la paie"),
    "release": _("libérer le fonds"),
    "check": _("contrôler"),
    "seal": _("sceller les écritures"),
}

COUNTS = {
    "days": _("journées"),
    "calls": _("appels"),
    "changed": _("changés"),
    "unpriced": _("sans prix"),
    "entries": _("écritures"),
    "adjustments": _("régularisations"),
    "months": _("mois"),
    "released": _("libérés"),
    "seen": _("constats"),
    "opened": _("ouverts"),
    "reopened": _("rouverts"),
    "resolved": _("résolus"),
}
