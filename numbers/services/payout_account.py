"""Where a company is paid: its IBAN is stored encrypted under a key of its own, and shown as a mask."""

import base64
import hashlib
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.access import require_role
from numbers.models import Company, PayoutAccount, User
from numbers.rules.bank import iban_fault, iban_mask, iban_signs
from numbers.rules.lifecycle import Actor


class IbanRefused(IllicoError):
    """The IBAN is wrong; the sentence says where."""


class IbanUnreadable(IllicoError):
    """The secret has changed since the IBAN was stored: somebody must give it again."""


def set_iban(*, company: Company, written: str, by: User, now: datetime) -> PayoutAccount:
    """Keep the IBAN that the company is paid to; the same one again changes nothing.

    Raises:
        RoleMissing: only owners and accountants may. IbanRefused: it is wrong.
    """
    require_role(by, company, Actor.OWNER, Actor.ACCOUNTANT)
    if fault := iban_fault(written):
        raise IbanRefused(fault)
    signs = iban_signs(written)
    account = PayoutAccount.objects.filter(company=company).first()
    if account is not None and _is_same(account, signs):
        return account
    fields = {"iban_sealed": _cipher().encrypt(signs.encode()), "iban_mask": iban_mask(signs)}
    account, _created = PayoutAccount.objects.update_or_create(
        company=company, defaults={**fields, "changed_by": by, "changed_at": now}
    )
    return account


def read_iban(account: PayoutAccount) -> str:
    """The IBAN in clear, for a payment; no page shows it.

    Raises:
        IbanUnreadable: the secret has changed.
    """
    try:
        return _cipher().decrypt(bytes(account.iban_sealed)).decode()
    except InvalidToken:
        raise IbanUnreadable(_("L’IBAN ne peut plus être lu : il faut le donner de nouveau.")) from None


def _is_same(account: PayoutAccount, signs: str) -> bool:
    try:
        return read_iban(account) == signs
    except IbanUnreadable:
        return False


def _cipher() -> Fernet:
    key = hashlib.sha256(b"iban:" + settings.PAYOUT_SECRET.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
