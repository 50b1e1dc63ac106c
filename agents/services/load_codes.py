"""Contribution codes that every operator starts from. Loading again changes nothing."""

from datetime import date

from agents.models import ContributionCode

_SINCE = date(2000, 1, 1)
# Source: NEODeS norm P26V01, S21.G00.81.001. A code whose amount is of one side only is named so by law or by its own
# label; in the others the norm adds both sides up.
_NORM = "NEODeS P26V01, S21.G00.81.001"
_LABEL = f"{_NORM}, d’après le libellé"

EMPLOYER, EMPLOYEE, MIXED = "employer", "employee", "mixed"
# code, who pays, the mixed code that the amount is a part of, label, source, first month
CODES: list[tuple[str, str, str, str, str, date]] = [
    ("018", EMPLOYER, "", "Réduction générale des cotisations patronales", _NORM, _SINCE),
    ("021", EMPLOYER, "", "Déduction patronale au titre des heures supplémentaires", _LABEL, _SINCE),
    ("040", EMPLOYER, "", "Assurance chômage", _NORM, _SINCE),
    ("045", EMPLOYER, "", "Accident du travail", _NORM, _SINCE),
    ("048", EMPLOYER, "", "Garantie des salaires (AGS)", _NORM, _SINCE),
    ("049", EMPLOYER, "", "Allocation de logement (FNAL)", _NORM, _SINCE),
    ("068", EMPLOYER, "", "Contribution solidarité autonomie", _NORM, _SINCE),
    ("074", EMPLOYER, "", "Allocations familiales", _NORM, _SINCE),
    ("075", EMPLOYER, "", "Assurance maladie", _NORM, _SINCE),
    ("100", EMPLOYER, "", "Financement du dialogue social", _NORM, _SINCE),
    ("102", EMPLOYER, "", "Complément d’allocations familiales", _NORM, _SINCE),
    ("106", EMPLOYER, "", "Réduction générale, part de la retraite complémentaire", _NORM, _SINCE),
    ("110", EMPLOYER, "", "Exonération patronale de retraite complémentaire (outre-mer, 130 à 220 %)", _LABEL, _SINCE),
    ("112", EMPLOYER, "", "Exonération patronale de retraite complémentaire (outre-mer, 170 à 270 %)", _LABEL, _SINCE),
    ("113", EMPLOYER, "", "Exonération patronale de retraite complémentaire (outre-mer, 170 à 350 %)", _LABEL, _SINCE),
    ("128", EMPLOYER, "", "Formation professionnelle", _NORM, _SINCE),
    ("130", EMPLOYER, "", "Taxe d’apprentissage, part principale", _NORM, _SINCE),
    ("907", EMPLOYER, "", "Complément d’assurance maladie", _NORM, _SINCE),
    # Since 2026 the employer's part of 131 is told beside it, band by band.
    ("142", EMPLOYER, "131", "Agirc-Arrco, part patronale, tranche 1", _NORM, date(2026, 1, 1)),
    ("146", EMPLOYER, "131", "Agirc-Arrco, part patronale, tranche 2", _LABEL, date(2026, 1, 1)),
    ("072", EMPLOYEE, "", "CSG et CRDS sur les salaires, part déductible en partie", _NORM, _SINCE),
    ("079", EMPLOYEE, "", "Remboursement de la dette sociale (CRDS)", _NORM, _SINCE),
    ("109", EMPLOYEE, "", "Exonération salariale de retraite complémentaire (apprenti)", _LABEL, _SINCE),
    ("059", MIXED, "", "Prévoyance, assurance, mutuelle", _NORM, _SINCE),
    ("076", MIXED, "", "Assurance vieillesse", _NORM, _SINCE),
    ("105", MIXED, "", "Agirc-Arrco, Apec comprise", _NORM, _SINCE),
    ("131", MIXED, "", "Agirc-Arrco", _NORM, _SINCE),
    ("132", MIXED, "", "Apec", _NORM, _SINCE),
]


def load_codes() -> None:
    """Make sure that each code has a row; rows that an operator has changed are left as they are."""
    known = set(ContributionCode.objects.values_list("code", flat=True))
    ContributionCode.objects.bulk_create(
        ContributionCode(code=code, kind=kind, part_of=part_of, label=label, source=source, valid_from=since)
        for code, kind, part_of, label, source, since in CODES
        if code not in known
    )
