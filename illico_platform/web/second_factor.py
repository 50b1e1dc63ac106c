"""Whether one of the operator's people must get a second factor first: asked at the admin's door and in every space."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings


def operator_lacks_second_factor(user: Any) -> bool:
    """True where the operator asks its people for one (``OPERATOR_SECOND_FACTOR``) and this one has none."""
    return settings.OPERATOR_SECOND_FACTOR and not is_mfa_enabled(user)
