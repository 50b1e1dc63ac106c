"""What the two sides of a room tell each other by way of the site until their browsers speak directly."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from numbers.models import ChannelRequest, RoomSignal
from numbers.rules.channel_clock import Side

from .hold_request import RequestRefused

LONGEST_BYTES = 16_384  # an offer with its addresses has some six thousand
MOST_UNREAD = 400  # addresses of one link, or minutes of text that the other side does not fetch


def send_signal(*, request_id: int, side: Side, seat: str, link: int, kind: str, payload: str, now: datetime) -> None:
    """Leave a word for the other side; of a link that is over, or from a page without the seat, it goes nowhere.

    Args:
        link: the request's round to which the word belongs.

    Raises:
        RequestRefused: it is too long, of no known kind, or too many wait unread.
    """
    if kind not in RoomSignal.Kind.values or len(payload) > LONGEST_BYTES:
        raise RequestRefused("bad_signal", _("Ce message ne peut pas être transmis."))
    with transaction.atomic():
        # Under the request's lock, so that the order of the keys is the order in which words become visible.
        request = ChannelRequest.objects.select_for_update().get(pk=request_id)
        is_current = request.ended_at is None and request.answered_at is not None and request.round == link
        if not is_current or getattr(request, f"{side}_seat") != seat:
            return
        if request.signals.filter(sender=side).count() >= MOST_UNREAD:
            raise RequestRefused("too_many", _("Trop de messages attendent d’être lus."))
        request.signals.create(round=link, sender=side, kind=kind, payload=payload, sent_at=now)


def signals_for(*, request: ChannelRequest, side: Side, seat: str, after: int) -> list[RoomSignal]:
    """What the other side left since the word ``after``; words up to it were read, and are taken away."""
    if request.ended_at is not None or getattr(request, f"{side}_seat") != seat:
        return []
    left = request.signals.filter(sender=side.other, round=request.round)
    left.filter(pk__lte=after).delete()
    return list(left.filter(pk__gt=after).order_by("pk"))
