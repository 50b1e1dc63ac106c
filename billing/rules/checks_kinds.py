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
    "wage_short": (
        "error",
        "La paie déclarée d’un mois, reports compris, n’atteint pas la part due aux salaires.",
        "Demander à l’entreprise la paie manquante ou une déclaration corrigée ; l’argent reste retenu.",
    ),
    "payroll_overdue": (
        "warning",
        "La paie d’un mois aurait dû être déclarée et de l’argent est retenu pour elle.",
        "Demander la DSN du mois à l’entreprise et l’importer.",
    ),
    "hold_shortfall": (
        "warning",
        "La part qui revient à l’entreprise est plus petite que la part due aux salaires : la retenue est incomplète.",
        "Revoir la politique de partage ou prévenir l’entreprise qu’elle paie la différence.",
    ),
    "answered_unpaid": (
        "error",
        "Un agent a répondu à des appels un mois où la paie est déclarée, et n’est sur aucun bulletin.",
        "Vérifier le matricule de l’agent et demander le bulletin manquant.",
    ),
    "paid_silent": (
        "info",
        "Une personne du centre d’appels est payée mais n’a répondu à aucun appel du mois.",
        "Vérifier que cette personne travaille bien au centre d’appels, et ses noms dans la source.",
    ),
    "talk_above_paid": (
        "error",
        "Un agent a parlé plus longtemps que les heures qui lui sont payées.",
        "Vérifier les heures déclarées, et que ce nom n’est pas porté par plusieurs personnes.",
    ),
    "payslip_unmatched": (
        "warning",
        "Des bulletins de paie ne correspondent à aucun agent ; ils ne comptent pas pour la part salariale.",
        "Rapprocher les matricules : créer l’agent, ou corriger son matricule.",
    ),
    "declared_twice": (
        "warning",
        "La même personne est dans deux déclarations en vigueur du même mois et du même établissement.",
        "Demander laquelle vaut, et une déclaration qui annule l’autre.",
    ),
    "workplace_abroad": (
        "warning",
        "Un bulletin de paie porte un lieu de travail qui n’est pas une commune de France.",
        "Demander où la personne travaille ; revoir ses preuves de lieu.",
    ),
    "posted_differs": (
        "error",
        "Les écritures d’un numéro et d’un mois ne font pas la somme de ses journées tarifées.",
        "Comparer les écritures et les journées du mois avant toute clôture.",
    ),
    "rated_differs": (
        "error",
        "Une journée tarifée ne fait pas la somme de ses appels tarifés.",
        "Chercher ce qui a changé ces appels hors de la nuit ; retarifer la journée.",
    ),
    "entry_unbalanced": (
        "error",
        "Une écriture n’est pas équilibrée ou a moins de deux lignes.",
        "Ne rien clôturer ; chercher qui a changé la base de données.",
    ),
    "chain_broken": (
        "error",
        "La chaîne des écritures scellées d’un journal est rompue : une écriture a été changée, ajoutée ou ôtée.",
        "Ne rien clôturer ; comparer avec la dernière sauvegarde.",
    ),
    "cap_exceeded": (
        "error",
        "Des appels sont facturés plus de 0,60 € la minute, ou plus que leur tarif.",
        "Suspendre le numéro et chercher ce qui a changé ces prix.",
    ),
    "tariff_above_ceiling": (
        "error",
        "Un tarif dépasse le plafond de l’opérateur ou celui du plan de numérotation.",
        "Corriger le tarif ; les appels seront retarifés la nuit suivante.",
    ),
    "price_not_cents": (
        "error",
        "Un tarif n’est pas un multiple de 0,01 € par minute.",
        "Corriger le tarif ; les appels seront retarifés la nuit suivante.",
    ),
    "not_eligible": (
        "error",
        "L’usage d’un numéro en service n’est plus permis sur ce numéro.",
        "Suspendre le numéro ou changer son usage, selon le motif indiqué.",
    ),
    "eligible_if": (
        "info",
        "L’usage d’un numéro en service est permis sous une condition qu’une personne doit vérifier.",
        "Vérifier la condition indiquée dans le détail.",
    ),
    "rows_rejected": (
        "warning",
        "Des lignes d’un fichier ont été refusées et n’ont pas été reprises.",
        "Corriger ce que le refus indique, puis reprendre les lignes.",
    ),
    "calls_left_open": (
        "warning",
        "Des appels sont ouverts depuis plus d’un jour : la fin de leur journal n’est pas arrivée.",
        "Importer le fichier qui suit.",
    ),
    "source_silent": (
        "warning",
        "Un standard n’a envoyé aucun appel alors qu’il en avait chacun des sept jours d’avant.",
        "Vérifier l’envoi des fichiers de ce standard et importer ceux qui manquent.",
    ),
}

# Those that tell what people are paid, or should be: shown to those who may see pay.
PAY_KINDS: Final = frozenset(
    {
        "wage_short",
        "payroll_overdue",
        "hold_shortfall",
        "answered_unpaid",
        "paid_silent",
        "talk_above_paid",
        "payslip_unmatched",
        "declared_twice",
        "workplace_abroad",
    }
)
