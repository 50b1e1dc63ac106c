"""Register a company for the person who creates it, who becomes its owner; and keep its details."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.access import require_role
from numbers.models import Company, Membership, User
from numbers.rules.company import company_faults
from numbers.rules.lifecycle import Actor
from numbers.rules.siren import siren_digits
from numbers.rules.vat_number import vat_signs

MOST_OWNED = 5


class CompanyRefused(IllicoError):
    """The company cannot be registered or changed; the sentence says why."""


class CompanyTaken(CompanyRefused):
    """Another person registered it."""


class TooManyCompanies(CompanyRefused):
    """The person owns as many as one may."""


def register_company(
    *,
    by: User,
    name: str,
    siren: str,
    siret: str = "",
    vat_number: str = "",
    address: str = "",
    complaint_contact: str = "",
) -> Company:
    """Create the company and make the person its owner.

    Raises:
        CompanyRefused, CompanyTaken, TooManyCompanies: named refusals.
    """
    _check_numbers(siren, siret, vat_number)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two forms sent at once count one after the other
        owned = Membership.objects.filter(user=by, role=Membership.Role.OWNER).count()
        if owned >= MOST_OWNED:
            raise TooManyCompanies(
                _("Une personne inscrit au plus %(most)d entreprises. Écrivez à l’exploitant s’il en faut une autre.")
                % {"most": MOST_OWNED}
            )
        try:
            with transaction.atomic():
                company = Company.objects.create(
                    name=name.strip(),
                    siren=siren_digits(siren),
                    siret=siren_digits(siret),
                    vat_number=vat_signs(vat_number),
                    address=address.strip(),
                    complaint_contact=complaint_contact.strip(),
                )
        except IntegrityError:
            raise CompanyTaken(
                _("Cette entreprise est déjà inscrite. Demandez une invitation à l’un de ses propriétaires.")
            ) from None
        Membership.objects.create(user=by, company=company, role=Membership.Role.OWNER)
    return company


def change_company(
    *, company: Company, by: User, name: str, siret: str, vat_number: str, address: str, complaint_contact: str
) -> Company:
    """Change what is known of the company; its SIREN stays what it is.

    Raises:
        RoleMissing: only owners and managers may. CompanyRefused: a number is wrong.
    """
    require_role(by, company, Actor.OWNER, Actor.MANAGER)
    _check_numbers(company.siren, siret, vat_number)
    company.name, company.address = name.strip(), address.strip()
    company.siret, company.vat_number = siren_digits(siret), vat_signs(vat_number)
    company.complaint_contact = complaint_contact.strip()
    company.save(update_fields=["name", "siret", "vat_number", "address", "complaint_contact"])
    return company


def _check_numbers(siren: str, siret: str, vat_number: str) -> None:
    if faults := company_faults(siren=siren, siret=siret, vat_number=vat_number):
        raise CompanyRefused(" ".join(faults.values()))
