"""The channels by which deaf people reach a number: what it offers, with which hours, from when."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.portal.filters import DayInput
from billing.portal.opening import OpeningPage, listed
from billing.portal.opening_forms import AgreeForm
from billing.public.shown import week_words
from illico_platform.lib.periods import paris_day
from numbers.fields import week_fields
from numbers.models import AccessChannel, PremiumNumber
from numbers.rules.access_duty import duty_on, is_named_by_law, shortfall
from numbers.rules.eligibility import UseCase
from numbers.rules.opening_text import write_spans
from numbers.selectors_channels import duties, offers_of, planned_offers
from numbers.selectors_numbers import week_on
from numbers.services.set_channel import set_channel

NONE = "none"


def channels_of(number: PremiumNumber, today: date) -> dict[str, Any]:
    """What a number's pages show of its channels: those in force, which fall short of the law, those planned."""
    duty = duty_on(duties(), today)
    voice = week_on(number, today)
    offers = offers_of([number.pk], day=today).get(number.pk, [])
    return {
        "duty": duty,
        "channels": [
            {
                "offer": offer,
                "week": week_words(offer.week),
                "short": shortfall(voice, offer.week, least_bp=duty.least_share_bp) if duty else None,
            }
            for offer in offers
        ],
        "channels_planned": [
            {"offer": offer, "week": None if offer.is_same else week_words(offer.week)}
            for offer in planned_offers(number, after=today)
        ],
        "is_named_by_law": is_named_by_law(UseCase(number.use_case), is_large=number.company.must_give_access),
    }


class ChannelForm(AgreeForm):
    """A channel, the hours it has from a day on, or that it is offered no more."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Canal"),
        widget=forms.RadioSelect,
        choices=AccessChannel._meta.get_field("channel").choices,
    )
    opening = forms.ChoiceField(
        label=gettext_lazy("Ses horaires"),
        widget=forms.RadioSelect,
        initial=AccessChannel.Hours.SAME,
        choices=[*AccessChannel.Hours.choices, (NONE, gettext_lazy("ne plus le proposer"))],
    )
    start = forms.DateField(
        label=gettext_lazy("À partir du"),
        widget=DayInput(),
        help_text=gettext_lazy("Demain ou plus tard ; aujourd’hui pour un canal que le numéro ne propose pas encore."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week = week_fields()
        week["d0"].help_text = _(
            "Pour des horaires propres. Par exemple 9:00-12:30, 14:00-18:00. Laissez vide ou écrivez « fermé »."
        )
        start = self.fields.pop("start")
        channel, opening = self.fields.pop("channel"), self.fields.pop("opening")
        self.fields = {"channel": channel, "opening": opening, **week, "start": start, **self.fields}


class ChannelsPage(OpeningPage):
    """« Canaux d’accès » of a number."""

    template_name = "portal/number_channels.html"
    form_class = ChannelForm
    route = "channels"

    def get_initial(self) -> dict[str, Any]:
        """The channel that the address names as it is offered today, to be changed from tomorrow."""
        today = paris_day(self.now)
        initial: dict[str, Any] = {"start": today + timedelta(days=1)}
        offers = offers_of([self.number.pk], day=today).get(self.number.pk, [])
        for offer in offers:
            if offer.channel == self.request.GET.get("canal"):
                hours = AccessChannel.Hours.SAME if offer.is_same else AccessChannel.Hours.OWN
                week = [] if offer.is_same else offer.week
                initial |= {"channel": offer.channel, "opening": hours}
                initial |= {f"d{rank}": write_spans(spans) for rank, spans in enumerate(week)}
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | channels_of(self.number, paris_day(self.now))

    def save(self, data: dict[str, Any], **common: Any) -> str:
        opening = None if data["opening"] == NONE else data["opening"]
        week = [data[f"d{rank}"] or [] for rank in range(7)]
        set_channel(channel=data["channel"], opening=opening, week=week, start=data["start"], **common)
        if opening is None:
            return _("Le canal ne sera plus proposé à partir de ce jour.")
        return _("Le canal est enregistré, et annoncé sur la page publique dès ce jour.")

    def question(self, days: list[date]) -> str:
        return _("Ce qui était prévu pour ce canal le %(days)s serait remplacé.") % {"days": listed(days)}
