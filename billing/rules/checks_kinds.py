"""The kinds of findings: how bad each is, what it means, what to do. ``docs/findings.md`` shows the same table."""

from typing import Final

from illico_platform.lib.sentence import gettext_noop

# kind -> (severity, what it means, what to do); French, marked for translation.
KINDS: Final[dict[str, tuple[str, str, str]]] = {
    "unpriced": (
        "error",
        gettext_noop(
            "Des appels tenus n’ont pas de prix : il manque un tarif, un taux de TVA ou une politique ce jour-là."
        ),
        gettext_noop(
            "Compléter le tarif ou la politique pour ces jours ; la nuit suivante donnera leur prix aux appels."
        ),
    ),
    "incomplete": (
        "warning",
        gettext_noop("La fin d’appels, ou leur réponse, n’a jamais été enregistrée ; ils ne sont pas facturés."),
        gettext_noop("Chercher le journal manquant du standard pour ce jour et l’importer."),
    ),
    "agent_unknown": (
        "warning",
        gettext_noop(
            "Des appels ont été répondus sous un nom que la source n’associe à aucun agent ; ils ne sont pas facturés."
        ),
        gettext_noop("Associer ce nom à un agent dans la source, avec sa date de début."),
    ),
    "no_contract": (
        "warning",
        gettext_noop("Un agent a répondu sans contrat en cours ; ces appels ne sont pas facturés."),
        gettext_noop("Saisir le contrat de l’agent pour ces jours, s’il existe."),
    ),
    "no_proof": (
        "warning",
        gettext_noop("Un agent a répondu sans preuve de lieu de travail en France ; ces appels ne sont pas facturés."),
        gettext_noop("Déposer la preuve de lieu valable pour ces jours, si elle existe."),
    ),
    "overseas": (
        "warning",
        gettext_noop(
            "Un agent a répondu depuis l’outre-mer, que la politique de preuve ne compte pas ; ces appels ne"
            " sont pas facturés."
        ),
        gettext_noop("Faire répondre ces appels depuis la métropole, ou revoir la politique."),
    ),
    "no_agreement": (
        "warning",
        gettext_noop(
            "Un agent a répondu de son domicile sans accord de télétravail en cours ; ces appels ne sont pas facturés."
        ),
        gettext_noop("Saisir l’accord de télétravail valable pour ces jours, s’il existe."),
    ),
    "no_check_in": (
        "warning",
        gettext_noop("Un agent a répondu sans pointage signé en cours ; ces appels ne sont pas facturés."),
        gettext_noop("Demander pourquoi il manque ; l’encadrement peut corriger un pointage, avec son motif."),
    ),
    "network_abroad": (
        "error",
        gettext_noop(
            "Le réseau d’un agent a été vu hors de France pendant qu’il répondait ; ces appels ne sont pas facturés."
        ),
        gettext_noop("Demander où la personne travaillait ; un VPN étranger doit être coupé pendant le travail."),
    ),
    "no_network": (
        "warning",
        gettext_noop(
            "Le réseau d’un agent n’a pas été vu en France pendant qu’il répondait ; ces appels ne sont pas facturés."
        ),
        gettext_noop("Pointer depuis le poste de travail, ou importer le journal d’enregistrement du standard."),
    ),
    "untrained": (
        "warning",
        gettext_noop("Un agent a répondu sans formation obligatoire valable ; ces appels ne sont pas facturés."),
        gettext_noop("Inscrire la personne à la formation, ou saisir son certificat s’il existe."),
    ),
    "outside_contact_hours": (
        "warning",
        gettext_noop(
            "Un agent à domicile a répondu hors des heures de contact de son accord, ou sa journée a dépassé"
            " l’amplitude permise ; ces appels restent facturés."
        ),
        gettext_noop("Voir avec la personne ce qui s’est passé, et tenir les heures de l’accord, ou le revoir."),
    ),
    "disputed": (
        "warning",
        gettext_noop("Un agent conteste quelque chose depuis sa page."),
        gettext_noop(
            "Lire ce qui est contesté, corriger ou répondre à la personne, puis résoudre en disant ce qui a été fait."
        ),
    ),
    "wage_short": (
        "error",
        gettext_noop("La paie déclarée d’un mois, reports compris, n’atteint pas la part due aux salaires."),
        gettext_noop("Demander à l’entreprise la paie manquante ou une déclaration corrigée ; l’argent reste retenu."),
    ),
    "payroll_overdue": (
        "warning",
        gettext_noop("La paie d’un mois aurait dû être déclarée et de l’argent est retenu pour elle."),
        gettext_noop("Demander la DSN du mois à l’entreprise et l’importer."),
    ),
    "hold_shortfall": (
        "warning",
        gettext_noop(
            "La part qui revient à l’entreprise est plus petite que la part due aux salaires : "
            "la retenue est incomplète."
        ),
        gettext_noop("Revoir la politique de partage ou prévenir l’entreprise qu’elle paie la différence."),
    ),
    "answered_unpaid": (
        "error",
        gettext_noop("Un agent a répondu à des appels un mois où la paie est déclarée, et n’est sur aucun bulletin."),
        gettext_noop("Vérifier le matricule de l’agent et demander le bulletin manquant."),
    ),
    "paid_silent": (
        "info",
        gettext_noop("Une personne du centre d’appels est payée mais n’a répondu à aucun appel du mois."),
        gettext_noop("Vérifier que cette personne travaille bien au centre d’appels, et ses noms dans la source."),
    ),
    "talk_above_paid": (
        "error",
        gettext_noop("Un agent a parlé plus longtemps que les heures qui lui sont payées."),
        gettext_noop("Vérifier les heures déclarées, et que ce nom n’est pas porté par plusieurs personnes."),
    ),
    "logged_above_paid": (
        "warning",
        gettext_noop("Un agent était connecté aux files, hors pauses, plus longtemps que ses heures payées."),
        gettext_noop("Comparer le mois dans « Présence » : corriger une connexion oubliée, ou payer les heures."),
    ),
    "payslip_unmatched": (
        "warning",
        gettext_noop(
            "Des bulletins de paie ne correspondent à aucun agent ; ils ne comptent pas pour la part salariale."
        ),
        gettext_noop("Rapprocher les matricules : créer l’agent, ou corriger son matricule."),
    ),
    "declared_twice": (
        "warning",
        gettext_noop("La même personne est dans deux déclarations en vigueur du même mois et du même établissement."),
        gettext_noop("Demander laquelle vaut, et une déclaration qui annule l’autre."),
    ),
    "declared_in_two_sites": (
        "info",
        gettext_noop(
            "La même personne est déclarée par deux établissements de l’entreprise le même mois ;"
            " les deux paies comptent."
        ),
        gettext_noop("Vérifier que cette personne a bien travaillé pour les deux."),
    ),
    "below_minimum_wage": (
        "error",
        gettext_noop("Un bulletin paie moins que le salaire minimum pour les heures déclarées."),
        gettext_noop(
            "Vérifier les heures et la paie d’après le calcul ; demander une déclaration corrigée s’il y a lieu."
        ),
    ),
    "self_employed": (
        "warning",
        gettext_noop(
            "Un agent n’est pas salarié, d’après son contrat ou la déclaration ; sa paie ne compte pas pour la part"
            " salariale."
        ),
        gettext_noop("Vérifier le contrat : seul un salaire compte."),
    ),
    "prorata_unknown": (
        "warning",
        gettext_noop(
            "Des bulletins ne comptent pas : la politique compte au prorata du temps connecté, et leurs heures payées"
            " ou ce temps sont inconnus."
        ),
        gettext_noop(
            "Demander les heures dans la déclaration ; importer le journal du standard, ou corriger les journées"
            " restées ouvertes."
        ),
    ),
    "two_employers": (
        "warning",
        gettext_noop("Une même personne a travaillé pour deux entreprises à la fois."),
        gettext_noop("Demander à chacune qui a répondu ; aucune ne doit apprendre le nom de l’autre."),
    ),
    "workplace_abroad": (
        "warning",
        gettext_noop("Un bulletin de paie porte un lieu de travail qui n’est pas une commune de France."),
        gettext_noop("Demander où la personne travaille ; revoir ses preuves de lieu."),
    ),
    "posted_differs": (
        "error",
        gettext_noop("Les écritures d’un numéro et d’un mois ne font pas la somme de ses journées tarifées."),
        gettext_noop("Comparer les écritures et les journées du mois avant toute clôture."),
    ),
    "rated_differs": (
        "error",
        gettext_noop("Une journée tarifée ne fait pas la somme de ses appels tarifés."),
        gettext_noop("Chercher ce qui a changé ces appels hors de la nuit ; retarifer la journée."),
    ),
    "entry_unbalanced": (
        "error",
        gettext_noop("Une écriture n’est pas équilibrée ou a moins de deux lignes."),
        gettext_noop("Ne rien clôturer ; chercher qui a changé la base de données."),
    ),
    "chain_broken": (
        "error",
        gettext_noop(
            "La chaîne des écritures scellées d’un journal est rompue : une écriture a été changée, ajoutée ou ôtée."
        ),
        gettext_noop("Ne rien clôturer ; comparer avec la dernière sauvegarde."),
    ),
    "cap_exceeded": (
        "error",
        gettext_noop("Des appels sont facturés plus de 0,60 € la minute, ou plus que leur tarif."),
        gettext_noop("Suspendre le numéro et chercher ce qui a changé ces prix."),
    ),
    "tariff_above_ceiling": (
        "error",
        gettext_noop("Un tarif dépasse le plafond de l’opérateur ou celui du plan de numérotation."),
        gettext_noop("Corriger le tarif ; les appels seront retarifés la nuit suivante."),
    ),
    "price_not_cents": (
        "error",
        gettext_noop("Un tarif n’est pas un multiple de 0,01 € par minute."),
        gettext_noop("Corriger le tarif ; les appels seront retarifés la nuit suivante."),
    ),
    "not_eligible": (
        "error",
        gettext_noop("L’usage d’un numéro en service n’est plus permis sur ce numéro."),
        gettext_noop("Suspendre le numéro ou changer son usage, selon le motif indiqué."),
    ),
    "eligible_if": (
        "info",
        gettext_noop("L’usage d’un numéro en service est permis sous une condition qu’une personne doit vérifier."),
        gettext_noop("Vérifier la condition indiquée dans le détail."),
    ),
    "access_hours_short": (
        "warning",
        gettext_noop(
            "Un canal d’accès des personnes sourdes ouvre moins que ne le demande la loi, qui le compare à la voix."
        ),
        gettext_noop("Donner au canal les mêmes horaires que la voix, ou revoir ceux de la voix."),
    ),
    "access_missing": (
        "warning",
        gettext_noop("La loi ouvre cette ligne aux personnes sourdes, et aucun accès n’y est proposé."),
        gettext_noop("Proposer un canal sur ce numéro, ou publier dans l’annuaire l’accès qui existe."),
    ),
    "rows_rejected": (
        "warning",
        gettext_noop("Des lignes d’un fichier ont été refusées et n’ont pas été reprises."),
        gettext_noop("Corriger ce que le refus indique, puis reprendre les lignes."),
    ),
    "calls_left_open": (
        "warning",
        gettext_noop("Des appels sont ouverts depuis plus d’un jour : la fin de leur journal n’est pas arrivée."),
        gettext_noop("Importer le fichier qui suit."),
    ),
    "source_silent": (
        "warning",
        gettext_noop("Un standard n’a envoyé aucun appel alors qu’il en avait chacun des sept jours d’avant."),
        gettext_noop("Vérifier l’envoi des fichiers de ce standard et importer ceux qui manquent."),
    ),
}

# Those that tell what people are paid, or should be: shown to those who may see pay.
# Opened by a person, never by the night: the night neither finds nor closes them.
OF_PEOPLE: Final = frozenset(["disputed"])
PAY_KINDS: Final = frozenset(
    {
        "wage_short",
        "payroll_overdue",
        "hold_shortfall",
        "answered_unpaid",
        "paid_silent",
        "talk_above_paid",
        "logged_above_paid",
        "payslip_unmatched",
        "declared_twice",
        "workplace_abroad",
        "declared_in_two_sites",
        "below_minimum_wage",
        "self_employed",
        "prorata_unknown",
    }
)
