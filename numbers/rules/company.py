"""A company's register numbers taken together: what is wrong with each."""

from numbers.rules.siren import siren_digits, siren_fault, siret_fault
from numbers.rules.vat_number import vat_fault


def company_faults(*, siren: str, siret: str = "", vat_number: str = "") -> dict[str, str]:
    """A sentence per field that is wrong; a SIRET or VAT number that is not given is not asked for.

    >>> company_faults(siren="732829320", siret="73282932000074", vat_number="FR44732829320")
    {}
    """
    found = {"siren": siren_fault(siren)}
    # Only a true SIREN can say that the others are another company's.
    of = "" if found["siren"] else siren_digits(siren)
    found["siret"] = siret_fault(siret, of_siren=of) if siret.strip() else ""
    found["vat_number"] = vat_fault(vat_number, of_siren=of) if vat_number.strip() else ""
    return {field: fault for field, fault in found.items() if fault}
