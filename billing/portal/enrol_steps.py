"""The steps of an enrolment: each shows its questions, keeps the answers, and goes on or back without loss."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from agents.models import Agent
from billing.models import WagePolicy
from billing.rules.enrolment_check import Step, highest_price
from billing.rules.viability import Estimate
from billing.selectors_enrolment import (
    agents_with_proof,
    estimate_of,
    minimum_wage,
    step_answers,
    terms_of,
    use_cases_of,
)
from illico_platform.lib.money import euros_of_cents
from illico_platform.lib.periods import paris_day
from illico_platform.web.show import chip, is_english
from numbers.access.pages import CompanyFormPage
from numbers.rules.eligibility_choices import choices_for
from numbers.services.keep_enrolment import FileClosed, FileGone, save_step

from .enrol import STEPS, FilePage, texts_of
from .enrol_forms import MICROS, HoursForm, LawForm, PriceForm, StepForm, UseForm, euros_of
from .enrol_forms_service import AgentsForm, DirectoryForm, ViabilityForm
from .enrol_words import ANSWERS, KINDS, OUTCOMES


class StepPage(FilePage, CompanyFormPage):
    """One step: a form over the file's answers. A file that waits for the operator only shows its check page."""

    step: Step
    form_class: type[StepForm]
    template_name = "portal/enrol/step.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.file.is_open:
            return redirect(self.address("enrol_check"))
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return step_answers(self.file, self.step)

    def form_valid(self, form: StepForm) -> HttpResponse:
        return self.keep(form.answers())

    def keep(self, answers: dict[str, Any]) -> HttpResponse:
        """Save the answers, then go where the button said: on, or stay."""
        try:
            save_step(enrolment=self.file, step=self.step.value, answers=answers, by=self.request.user, now=self.now)
        except (FileClosed, FileGone):
            # A colleague submitted it, or threw it away, while this page was open: the check page says which.
            return redirect(self.address("enrol_check"))
        return redirect(self.onward())

    def onward(self) -> str:
        """The address after saving."""
        if "stay" in self.request.POST:
            return self.address("enrol_step", step=self.step.value)
        at = STEPS.index(self.step) + 1
        return self.address("enrol_step", step=STEPS[at].value) if at < len(STEPS) else self.address("enrol_check")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        mine = [fault for fault in self.faults if fault.step is self.step]
        answered = bool(step_answers(self.file, self.step))
        return context | {"to_review": self.told(mine) if answered and self.request.method == "GET" else []}


class UseStep(StepPage):
    """What the line is for."""

    step = Step.USE
    form_class = UseForm


class LawStep(StepPage):
    """What the law allows, and so who pays."""

    step = Step.LAW
    form_class = LawForm
    template_name = "portal/enrol/law.html"

    def options(self) -> list[dict[str, Any]]:
        """Each kind of number with the law's answer in words."""
        uses = use_cases_of(self.file)
        if not uses:
            return []
        found = []
        for choice in choices_for(uses, paris_day(self.now)):
            title, text = KINDS[choice.key]
            said = choice.assessment
            found.append(
                {
                    "key": choice.key,
                    "title": title,
                    "text": text,
                    "is_allowed": choice.is_allowed,
                    "answer": said.answer.value,
                    "words": ANSWERS[said.answer.value],
                    "reason": said.reason_en if is_english() else said.reason_fr,
                    "source": said.source,
                    "needs_free": said.needs_free_alternative,
                }
            )
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        allowed = [each["key"] for each in self.options() if each["is_allowed"]]
        return super().get_form_kwargs() | {"allowed": allowed}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = self.options()
        chosen = self.request.POST.get("choice") or step_answers(self.file, self.step).get("choice", "")
        return super().get_context_data(**kwargs) | {
            "options": options,
            "chosen": chosen,
            "none_allowed": bool(options) and not any(each["is_allowed"] for each in options),
        }


class PriceStep(StepPage):
    """The price, and what it makes callers read and hear."""

    step = Step.PRICE
    form_class = PriceForm
    template_name = "portal/enrol/price.html"

    def get_initial(self) -> dict[str, Any]:
        price = self.judged.price_micros
        return {} if price is None else {"price": euros_of(price)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"highest": highest_price(self.judged)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return TemplateResponse(request, "portal/enrol/_texts.html", {"texts": self.typed_texts()})
        return super().get(request, *args, **kwargs)

    def typed_texts(self) -> dict[str, str] | None:
        """The texts at the price that is being typed; None while it is none, or above the ceiling."""
        try:
            price = int(Decimal(self.request.GET.get("price", "").replace(",", ".")) * MICROS)
        except (InvalidOperation, ValueError, OverflowError):
            return None
        return texts_of(self.judged, price) if 0 < price <= (highest_price(self.judged) or 0) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"texts": texts_of(self.judged), "has_number": self.judged.digits}


class HoursStep(StepPage):
    """Seven days; one button repeats Monday, so that a plain week is one line."""

    step = Step.HOURS
    form_class = HoursForm
    template_name = "portal/enrol/hours.html"

    def get_initial(self) -> dict[str, Any]:
        return HoursForm.initial_of(step_answers(self.file, self.step))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        days = {"weekdays": range(1, 5), "all": range(1, 7)}.get(request.POST.get("copy", ""))
        if days is None:
            return super().post(request, *args, **kwargs)
        typed = request.POST.dict()
        typed |= {f"d{rank}": typed.get("d0", "") for rank in days}
        return self.render_to_response(self.get_context_data(form=HoursForm(initial=typed)))


class DirectoryStep(StepPage):
    """What the directory publishes; the company's own record is proposed."""

    step = Step.DIRECTORY
    form_class = DirectoryForm

    def get_initial(self) -> dict[str, Any]:
        company = self.company
        proposed = {
            "provider_name": company.name,
            "provider_address": " ".join(company.address.split()),
            "complaint_contact": company.complaint_contact,
        }
        return proposed | super().get_initial()


class AgentsStep(StepPage):
    """Who will answer, and whose workplace is not proven."""

    step = Step.AGENTS
    form_class = AgentsForm
    template_name = "portal/enrol/agents.html"

    @cached_property
    def staff(self) -> list[Agent]:
        """Those who may be chosen, each with what is proven of them."""
        return list(agents_with_proof(self.company, now=self.now))

    def get_initial(self) -> dict[str, Any]:
        """Proposed until something is answered: everybody whose calls would count."""
        ready = [agent.pk for agent in self.staff if agent.is_proven and agent.is_employed]
        return super().get_initial() or {"agents": ready}

    def get_form_kwargs(self) -> dict[str, Any]:
        choices = []
        for agent in self.staff:
            proof = chip("kept", _("lieu prouvé")) if agent.is_proven else chip("unproven", _("lieu non prouvé"))
            contract = "" if agent.is_employed else chip("warning", _("sans contrat en cours"))
            label = format_html("<span>{} {} {}</span>", str(agent), proof, contract)
            choices.append((agent.pk, label))
        return super().get_form_kwargs() | {"choices": choices}


class ViabilityStep(StepPage):
    """The first estimate, each figure with how it was made."""

    step = Step.VIABILITY
    form_class = ViabilityForm
    template_name = "portal/enrol/viability.html"

    def get_initial(self) -> dict[str, Any]:
        answers = ViabilityForm.initial_of(step_answers(self.file, self.step))
        lowest = minimum_wage(paris_day(self.now))
        return answers or ({"hourly": euros_of(lowest.hourly_micros)} if lowest else {})

    def onward(self) -> str:
        """The first time, and when asked to stay, to the result: it stands below the questions."""
        stays = "stay" in self.request.POST or not step_answers(self.file, self.step)
        return f"{self.address('enrol_step', step=self.step.value)}#resultat" if stays else super().onward()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = paris_day(self.now)
        found = estimate_of(self.file, on=on)
        terms = terms_of(self.file, on=on)
        title, text = OUTCOMES[found.outcome] if found else ("", "")
        return super().get_context_data(**kwargs) | {
            "estimate": found,
            "estimate_title": title,
            "estimate_text": text,
            "money": _month_in_euros(found) if found else {},
            "terms": terms,
            "wage_base": WagePolicy.Base(terms.wage_base).label if terms else "",
            "minimum": minimum_wage(on),
            "lacks": self._lacks(),
            "beyond": found is None and not self._lacks() and bool(step_answers(self.file, self.step)),
        }

    def _lacks(self) -> list[dict[str, Any]]:
        """The steps without which there is nothing to estimate."""
        return self.told([fault for fault in self.faults if fault.code in ("no_price", "no_hours")])


def _month_in_euros(found: Estimate) -> dict[str, Decimal]:
    """The estimate's month as the page shows it."""
    cents = found.money
    parts = {
        "ttc": cents.ttc,
        "vat": cents.vat,
        "carriers": cents.ttc - cents.receivable,
        "fee": cents.fee + cents.fee_vat,
        "share": found.company_share,
        "wages": cents.hold,
    }
    return {name: euros_of_cents(each) for name, each in parts.items()} | {
        "hours": Decimal(found.paid_hours_tenths) / 10
    }
