"""The week as planned: who is to work when, pasted as a list, taken back before it begins."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agents.models import Shift
from agents.portal.pasted import PastedForm, lines_field, what_is_left
from agents.portal.presence import OfPresence, parse_day
from agents.rules.shift_list import read_shifts
from agents.selectors_roster import shifts_between
from agents.services.keep_staff import StaffRefused
from agents.services.plan_shifts import ShiftsTaken, cancel_shift, plan_shifts
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyFormPage, CompanyPage
from numbers.access.places import EVERYBODY, RUNS_THE_FLOOR

WEEK = timedelta(days=7)


class ShiftsForm(PastedForm):
    """Shifts, one a line."""

    lines = lines_field(
        label=_("Un poste par ligne"),
        help_text=_(
            "Copiez depuis un tableur : matricule, jour, début, fin, minutes de pause. Une fin qui n’est pas après le"
            " début est du lendemain."
        ),
        required=_("Écrivez au moins une ligne."),
        rows=8,
    )


class RosterPage(OfPresence, CompanyFormPage):
    """A week's shifts; those who run the floor add to it."""

    roles = EVERYBODY
    form_class = ShiftsForm
    template_name = "portal/roster.html"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.require_floor()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ShiftsForm) -> HttpResponse:
        rows, faults = read_shifts(form.cleaned_data["lines"])
        taken = plan_shifts(company=self.company, rows=rows)
        left, refused = what_is_left([*faults, *taken.refused])
        if not refused:
            messages.success(self.request, _told(taken))
            first = min(row.starts_at for row in rows) if rows else timezone.now()
            return redirect(f"{self.request.path}?semaine={paris_day(first)}")
        form = self.form_class(initial={"lines": left})
        context = self.get_context_data(form=form, refused=refused, taken=_told(taken))
        return self.render_to_response(context, status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        asked = parse_day(self.request.GET.get("semaine", "")) or paris_day(now)
        monday = asked - timedelta(days=asked.weekday())
        shifts = list(shifts_between(company_id=self.company.pk, first=monday, last=monday + WEEK - timedelta(days=1)))
        return super().get_context_data(**kwargs) | {
            "monday": monday,
            "sunday": monday + WEEK - timedelta(days=1),
            "before": monday - WEEK,
            "after": monday + WEEK,
            "shifts": shifts,
            "planned_ms": sum(shift.work_ms for shift in shifts),
            "now": now,
        }


class ShiftCancelPage(OfPresence, CompanyPage):
    """Take a shift back."""

    roles = RUNS_THE_FLOOR
    http_method_names = ["post"]

    def post(self, request: Any, pk: int) -> HttpResponse:
        shift = get_object_or_404(Shift, pk=pk, company=self.company)
        day = paris_day(shift.starts_at)
        try:
            cancel_shift(shift=shift, now=timezone.now())
        except StaffRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Poste retiré."))
        return redirect(f"{reverse('portal:roster', kwargs={'siren': self.company.siren})}?semaine={day}")


def _told(taken: ShiftsTaken) -> str:
    words = []
    if taken.added:
        words.append(ngettext("%(n)s poste ajouté.", "%(n)s postes ajoutés.", taken.added) % {"n": taken.added})
    if taken.known:
        known = ngettext("%(n)s poste était déjà connu.", "%(n)s postes étaient déjà connus.", taken.known)
        words.append(known % {"n": taken.known})
    return " ".join(words)
