"""The filters of the calls list, as they stand in its address."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import BaseExpression
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, LocationProof, Verdict
from agents.models.verdict import REASONS, VerdictKind
from agents.selectors_staff import ANSWERED
from billing.models import RatedCall
from billing.rules.checks_calls import UNPROVEN
from billing.selectors_calls import CallsOfDay, days_of_agent, days_of_agent_on_number, days_of_calls
from illico_platform.lib.periods import day_start, months_between
from numbers.models import Call, CallDay, Channel, Company, Intake, PremiumNumber

SPAN_DAYS, MOST_DAYS = 7, 31
_DAYS = ("du", "au")
PLACES_OF_WORK = {**dict(LocationProof.Place.choices), "unknown": _("lieu inconnu")}
SORTS = {"heure": "offered_at", "attente": "wait_ms", "conversation": "talk_ms", "prix": "ttc"}


class DayInput(forms.DateInput):
    """The browser's own calendar, which takes ISO days whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CallFilterForm(forms.Form):
    """The days must be in order and not too many: a list opens two months of calls, or those of one import.

    ``asked`` keeps both days as they were given, faulty or not.
    """

    asked: tuple[date | None, date | None] = (None, None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = self.asked = cleaned.get("du"), cleaned.get("au")
        if since and until and since > until:
            self.add_error("du", gettext("Le premier jour est après le dernier."))
        elif since and until and (until - since).days >= MOST_DAYS and not cleaned.get("fichier"):
            self.add_error(
                "du", gettext("Choisissez au plus %(days)s jours. Voici les derniers.") % {"days": MOST_DAYS}
            )
        return cleaned


class CallFilter(django_filters.FilterSet):
    """Calls of one company by day, number, promise, agent, outcome, charge, wait, and the import that brought them.

    The view bounds the rows by ``span``, which is never open: the partitions and their indexes can be used.
    """

    du = django_filters.DateFilter(label=_("Du"), method="_kept", widget=DayInput())
    au = django_filters.DateFilter(label=_("Au"), method="_kept", widget=DayInput())
    numero = django_filters.ModelChoiceFilter(
        label=_("Numéro"), field_name="number", queryset=PremiumNumber.objects.none(), empty_label=_("Tous")
    )
    promesse = django_filters.MultipleChoiceFilter(
        label=_("Promesse"), choices=VerdictKind.choices, method="_verdict", widget=forms.CheckboxSelectMultiple
    )
    agent = django_filters.ModelChoiceFilter(
        label=_("Agent"), queryset=Agent.objects.none(), method="_agent", empty_label=_("Tous")
    )
    issue = django_filters.ChoiceFilter(
        label=_("Issue"), field_name="outcome", choices=Call.Outcome.choices, empty_label=_("Toutes")
    )
    canal = django_filters.ChoiceFilter(
        label=_("Canal"), field_name="channel", choices=Channel.choices, empty_label=_("Tous")
    )
    facture = django_filters.ChoiceFilter(
        label=_("Facturé"), choices=[("oui", _("oui")), ("non", _("non"))], method="_charged", empty_label=_("Tous")
    )
    attente = django_filters.NumberFilter(
        label=_("Attente d’au moins (s)"),
        method="_wait",
        min_value=0,
        widget=forms.NumberInput(attrs={"size": 6, "inputmode": "numeric"}),
    )
    lieu = django_filters.ChoiceFilter(
        label=_("Lieu de la réponse"), choices=list(PLACES_OF_WORK.items()), method="_place", empty_label=_("Tous")
    )
    motif = django_filters.ChoiceFilter(
        label=_("Motif"), choices=[(code, REASONS[code]) for code in UNPROVEN], method="_reason", empty_label=_("Tous")
    )
    fichier = django_filters.ModelChoiceFilter(
        label=_("Import"),
        field_name="intake",
        queryset=Intake.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Cet import n’existe pas. Voici les derniers appels.")},
    )

    class Meta:
        model = Call
        form = CallFilterForm
        fields: list[str] = []

    def __init__(self, *args: Any, company: Company, today: date, **kwargs: Any) -> None:
        self._company, self._today = company, today
        super().__init__(*args, **kwargs)
        self.filters["numero"].queryset = PremiumNumber.objects.filter(company=company).order_by("digits")
        self.filters["agent"].queryset = Agent.objects.filter(company=company).order_by("employee_number")
        self.filters["fichier"].queryset = Intake.objects.filter(source__company=company)
        self.first, self.last = self._days()
        # The form shows the days that are shown, asked for or not.
        self.form.data = self.form.data.copy()
        for name, day in (("du", self.first), ("au", self.last)):
            if not self.form.data.get(name):
                self.form.data[name] = str(day)
        self._narrow(self.first, self.last)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the days chooses among the calls."""
        return any(value for name, value in self.form.cleaned_data.items() if name not in _DAYS)

    @property
    def intake(self) -> Intake | None:
        """The import whose calls alone are shown."""
        return self.form.cleaned_data.get("fichier")

    @property
    def more_is_open(self) -> bool:
        """Whether one of the filters that are folded away is used."""
        return any(self.data.get(name) for name in ("agent", "issue", "canal", "facture", "attente", "lieu", "motif"))

    def of_days(self, first: date, last: date) -> QuerySet:
        """The chosen calls from one of the days to another; every table is asked for those days alone."""
        self._narrow(first, last)
        return self.filter_queryset(self.queryset.all())

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().filter_queryset(queryset.filter(company=self._company, **self._calls, **self._instants))

    @cached_property
    def days(self) -> list[tuple[date, int]] | None:
        """How many of the chosen calls each day holds, oldest first; None where only the calls themselves tell."""
        asked = self._asked
        if asked <= {"numero"}:
            return [(each.day, each.calls) for each in self.called]
        if asked <= {"numero", "facture"} and all(each.is_rated for each in self.called):
            is_charged = self.form.cleaned_data["facture"] == "oui"
            return [(each.day, each.charged if is_charged else each.calls - each.charged) for each in self.called]
        if asked <= {"numero", "promesse", "agent"} and all(each.is_judged for each in self.called):
            return self._by_verdict()
        return None

    @property
    def is_only_by_day(self) -> bool:
        """Whether nothing but days and number chooses among the calls."""
        return self._asked <= {"numero"}

    @property
    def is_only_charged(self) -> bool:
        """Whether nothing but days, number and being charged does."""
        return self._asked <= {"numero", "facture"} and self.form.cleaned_data.get("facture") == "oui"

    @cached_property
    def called(self) -> list[CallsOfDay]:
        """The days with calls, of the number asked for."""
        number = self.form.cleaned_data.get("numero")
        return days_of_calls(
            company_id=self._company.pk, first=self.first, last=self.last, number_id=number.pk if number else None
        )

    @property
    def _asked(self) -> set[str]:
        """The filters beside the days that choose."""
        return {
            name for name, value in self.form.cleaned_data.items() if value not in (None, "", []) and name not in _DAYS
        }

    def _by_verdict(self) -> list[tuple[date, int]]:
        chosen = self.form.cleaned_data
        kinds, agent, number = (chosen.get(name) for name in ("promesse", "agent", "numero"))
        if not agent:
            return [(each.day, sum(each.counts[kind] for kind in kinds)) for each in self.called]
        asked = {"agent_id": agent.pk, "days": self.called, "verdicts": kinds}
        if number:
            counts = days_of_agent_on_number(number_id=number.pk, **asked)
        else:
            counts = days_of_agent(company_id=self._company.pk, **asked)
        return [(each.day, counts.get(each.day, 0)) for each in self.called]

    def sorted_by(self, rows: QuerySet, sort: str) -> QuerySet:
        """The rows in the order that the address asks for, unknown values last; newest first by default."""
        name = sort.removeprefix("-")
        if name not in SORTS:
            return rows.order_by("-offered_at", "-id")
        if name == "prix":
            rows = rows.annotate(ttc=Subquery(self._priced().values("ttc_micros")[:1]))
        order: BaseExpression = F(SORTS[name])
        descending = sort.startswith("-")
        # A time is never unknown: said without « last », its order is the index's.
        unknown = {} if name == "heure" else {"nulls_last": True}
        tail = "-id" if descending else "id"
        return rows.order_by(order.desc(**unknown) if descending else order.asc(**unknown), tail)

    def _days(self) -> tuple[date, date]:
        """The days shown: those asked for, cut to what may be; else an import’s own, or the last with calls."""
        self.form.full_clean()
        since, until = self.form.asked
        brought = self.intake
        if brought and brought.first_day and brought.last_day:
            first, last = (
                max(since or brought.first_day, brought.first_day),
                min(until or brought.last_day, brought.last_day),
            )
            if first <= last:
                return first, last
        if until is None:
            until = since + timedelta(days=SPAN_DAYS - 1) if since else self._last_day()
        if since is None or since > until:
            since = until - timedelta(days=SPAN_DAYS - 1)
        return max(since, until - timedelta(days=MOST_DAYS - 1)), until

    def _last_day(self) -> date:
        last = CallDay.objects.filter(company=self._company, calls__gt=0).order_by("-day").values_list("day", flat=True)
        return last.first() or self._today

    def _narrow(self, first: date, last: date) -> None:
        self._calls = {"month__in": months_between(first, last), "day__range": (first, last)}
        # The instants say the same as the days: the index (company, instant) is read by them.
        self._instants = {"offered_at__gte": day_start(first), "offered_at__lt": day_start(last + timedelta(days=1))}

    def _kept(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset

    def _verdicts(self, *, are_most: bool = False) -> QuerySet[Verdict]:
        # Month, day and number are said again so that the verdicts' own partition and index are used. Each makes the
        # planner expect fewer rows: where most calls match it would sort them all instead of stopping after a page.
        same = {name: OuterRef(name) for name in ("month", "day", "number_id")}
        rows = Verdict.objects.filter(call_id=OuterRef("id"), month=same["month"], month__in=self._calls["month__in"])
        if are_most:
            return rows
        numbers = {number for each in self.called for number in each.numbers}
        return rows.filter(company=self._company, number_id__in=numbers, **same, **self._calls)

    def _priced(self) -> QuerySet[RatedCall]:
        return RatedCall.objects.filter(
            call_id=OuterRef("id"), month=OuterRef("month"), month__in=self._calls["month__in"]
        )

    def _verdict(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return queryset
        verdicts = self._verdicts(are_most=VerdictKind.KEPT in value)
        return queryset.filter(Exists(verdicts.filter(verdict__in=value)))

    def _agent(self, queryset: QuerySet, name: str, value: Agent) -> QuerySet:
        return queryset.filter(Exists(self._verdicts().filter(agent_id=value.pk)))

    def _place(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        where = {"proof": None, "verdict__in": ANSWERED} if value == "unknown" else {"proof__place": value}
        return queryset.filter(Exists(self._verdicts().filter(**where)))

    def _reason(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Exists(self._verdicts().filter(reason=value)))

    def _charged(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        charged = Exists(self._priced())
        return queryset.filter(charged if value == "oui" else ~charged)

    def _wait(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset.filter(wait_ms__gte=int(value * 1000))
