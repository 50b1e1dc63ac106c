"""The kinds of findings: how bad each is, what it means, what to do. ``docs/findings.md`` shows the same table."""

from typing import Final

# kind -> (severity, what it means, what to do); French, shown as it stands.
KINDS: Final[dict[str, tuple[str, str, str]]] = {
    "unpriced": (
        "error",
        "Des appels tenus n’ont pas de prix : il manque un tarif, un taux de TVA ou une politique ce jour-là.",
        "Compléter le tarif ou la politique pour ces jours ; la nuit suivante donnera leur prix aux appels.",
    ),
    "incomplete": (
        "warning",
        "La fin d’appels, ou leur réponse, n’a jamais été enregistrée ; ils ne sont pas facturés.",
        "Chercher le journal manquant du standard pour ce jour et l’importer.",
    ),
    "agent_unknown": (
        "warning",
        "Des appels ont été répondus sous un nom que la source n’associe à aucun agent ; ils ne sont pas facturés.",
        "Associer ce nom à un agent dans la source, avec sa date de début.",
    ),
    "no_contract": (
        "warning",
        "Un agent a répondu sans contrat en cours ; ces appels ne sont pas facturés.",
        "Saisir le contrat de l’agent pour ces jours, s’il existe.",
    ),
    "no_proof": (
        "warning",
        "Un agent a répondu sans preuve de lieu de travail en France ; ces appels ne sont pas facturés.",
        "Déposer la preuve de lieu valable pour ces jours, si elle existe.",
    ),
}
