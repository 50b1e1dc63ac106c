"""Hand a file in: number, price, hours and directory in one transaction, or nothing at all."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Tariff
from billing.rules.enrolment_check import Fault, Step, faults_of
from billing.selectors_enrolment import file_of, hours_of, payer_of, price_of, step_answers, use_cases_of
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from numbers.models import DirectoryRecord, Enrolment, HolidayRule, OpeningHours, PremiumNumber, User
from numbers.rules.eligibility_choices import strictest_use
from numbers.rules.hours import weekly_rows
from numbers.rules.plan import normalise
from numbers.services.enrol import create_draft, submit, write_draft
from numbers.services.keep_enrolment import FileClosed, locked_file
from numbers.services.reserve import reserve


class FileIncomplete(IllicoError):
    """The file has faults; ``faults`` lists them all."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        said = ngettext(
            "Le dossier n’est pas complet : %(count)s point à revoir.",
            "Le dossier n’est pas complet : %(count)s points à revoir.",
            len(faults),
        )
        super().__init__(said % {"count": len(faults)})


def submit_enrolment(*, enrolment: Enrolment, by: User, now: datetime) -> PremiumNumber:
    """Make a draft of the file's number with its price, hours and directory record, and submit it.

    A file that was sent back writes its number again. Nothing is left when any part of it is refused.

    Raises:
        FileIncomplete: with all faults. FileClosed: it waits for the operator already. FileGone: it was thrown away.
        EnrolmentRefused, DecisionRefused, ReservationRefused, RoleMissing: from the services below.
    """
    with transaction.atomic():
        file = locked_file(enrolment, by)
        if not file.is_open:
            raise FileClosed(_("Ce dossier est déjà déposé."))
        if found := faults_of(file_of(file, now=now)):
            raise FileIncomplete(found)
        on = paris_day(now)
        number = _write_number(file, by=by, now=now)
        _write_price_and_hours(file, number, since=on)
        _write_directory(file, number, on=on)
        submit(number=number, by=by, now=now)
        file.number, file.submitted_at, file.answer = number, now, ""
        file.saved_at, file.saved_by = now, by.email
        file.save()
    enrolment.number = number
    return number


def _write_number(file: Enrolment, *, by: User, now: datetime) -> PremiumNumber:
    """The file's draft; a number of ours is held until the very moment, so nobody slips in between."""
    is_own = file.number is not None and file.number.digits == file.digits
    if not is_own and step_answers(file, Step.NUMBER).get("origin") != "port":
        reserve(company=file.company, digits=file.digits, now=now)
    payer, family = payer_of(file), normalise(file.digits).family
    words = {
        "written": file.digits,
        "use_case": strictest_use(use_cases_of(file), family, payer, paris_day(now)),
        "payer": payer,
        "by": by,
        "now": now,
        "label": step_answers(file, Step.DIRECTORY)["label"],
    }
    if file.number is not None:
        write_draft(draft=file.number, **words)
        number = file.number
    else:
        number, _ = create_draft(company=file.company, **words)
    return number


def _write_price_and_hours(file: Enrolment, number: PremiumNumber, *, since: date) -> None:
    # A draft has had no call: what an earlier submission wrote is replaced.
    Tariff.objects.filter(number=number).delete()
    Tariff.objects.create(number=number, price_micros=price_of(file), valid_from=since)
    OpeningHours.objects.filter(number=number).delete()
    rows = {
        row
        for weekday, spans in enumerate(hours_of(file).week)
        for opens, closes in spans
        for row in weekly_rows(weekday, opens, closes)
    }
    OpeningHours.objects.bulk_create(
        OpeningHours(number=number, weekday=weekday, opens_s=opens, closes_s=closes, valid_from=since)
        for weekday, opens, closes in sorted(rows)
    )
    HolidayRule.objects.filter(number=number).delete()
    hours = hours_of(file)
    HolidayRule.objects.create(
        number=number, policy=hours.holidays, alsace_moselle=hours.alsace_moselle, valid_from=since
    )


def _write_directory(file: Enrolment, number: PremiumNumber, *, on: date) -> None:
    answers = step_answers(file, Step.DIRECTORY)
    fields = ("purpose", "provider_name", "provider_address", "complaint_contact", "website", "deaf_access")
    DirectoryRecord.objects.update_or_create(
        number=number, defaults={**{name: answers.get(name, "") for name in fields}, "confirmed_on": on}
    )
