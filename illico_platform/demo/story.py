"""What happens in the demo: the evening and its payroll; 35 days of a company whose pay falls short; two nights."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from agents.connectors.dsn_writer import WrittenEmployee, write_dsn
from agents.models import Agent, LocationProof
from agents.services.declare_payroll import declare_payroll
from billing.models import Run
from billing.services.night import run_night
from illico_platform.demo.channels import lay_channels, play_channels
from illico_platform.demo.home import lay_agreements, lay_training
from illico_platform.demo.people import (
    END,
    Cast,
    Staff,
    lay_company,
    lay_logins,
    lay_reference,
    lay_staff,
    prove,
)
from illico_platform.demo.roster import lay_shifts
from illico_platform.generate import generate_queue_log
from illico_platform.lib.periods import Month, day_start, paris_day
from numbers.models import CallDay
from numbers.services.intake import run_intake

EVENING = date(2026, 11, 25)
DAYS, CALLS_PER_DAY = 35, 260
_NAMES = ["Camille", "Driss", "Élodie", "Fabien", "Gwenaëlle", "Hugo"]
EVENING_STAFF = [Staff(f"A00{rank}", name, "59350") for rank, name in enumerate(_NAMES, start=1)]
LATE = Staff("R004", "Lucie", "97411", at_home=True, proven=None)  # proven only after the first night
Say = Callable[[str], None]


def tell(*, now: datetime, say: Say) -> Run:
    """Lay out and play the demo up to ``now``; again on the same day it changes nothing."""
    lay_reference()
    conseil = _allo_conseil()
    renfort = _renfort_ecoute(paris_day(now))
    lay_agreements(renfort)
    for cast in (conseil, renfort):
        lay_training(cast, today=paris_day(now))
    lay_shifts(conseil.company, ["A001", "A002"], ["A003", "A004"], today=paris_day(now))
    lay_shifts(renfort.company, ["R001", "R002", "R003"], ["R004", "R005", "R006"], today=paris_day(now))
    lay_channels(conseil, renfort)
    lay_logins()
    say("La soirée d’Allô Conseil : journal du standard, puis DSN de novembre")
    sample = Path(settings.BASE_DIR) / "sample"
    run_intake(connector="asterisk-queue-log", path=sample / "evening" / "queue_log", source=conseil.source, now=now)
    declare_payroll(connector="dsn", path=sample / "payroll" / "allo_conseil_2026_11.dsn", now=now)
    say(f"{DAYS} jours de Renfort Écoute : appels engendrés, paie en dessous du dû")
    _generate_days(renfort, now)
    play_channels(renfort, now=now)
    day = max(EVENING, paris_day(now) - timedelta(days=1))
    late = Agent.objects.get(company=renfort.company, employee_number=LATE.name)
    if not LocationProof.objects.filter(agent=late).exists():
        say("Première nuit, puis une preuve déposée en retard")
        run_night(day=day, now=now)
        prove(late, LATE, since=day_start(paris_day(now) - timedelta(days=DAYS + 1)), until=day_start(END))
    _declare_short_pay(renfort, now)
    say("La nuit")
    return run_night(day=day, now=now)


def _allo_conseil() -> Cast:
    numbers = {"0892690001": "Conseil juridique", "0892690002": "Conseil jardin"}
    cast = lay_company("Allô Conseil", "999999006", "pbx1", numbers, opens_s=0, closes_s=86_400)
    for staff in EVENING_STAFF:
        lay_staff(cast, staff)
    # The PBX's CDR names an agent by the extension that was rung, its queue_log by the member's name.
    cast.source.mapping = {"agents": {staff.name.lower(): staff.name for staff in EVENING_STAFF}}
    cast.source.save(update_fields=["mapping"])
    return cast


def _renfort_ecoute(today: date) -> Cast:
    numbers = {"0890710010": "Écoute et orientation", "0892710020": "Aide aux démarches", "0893710030": "Bricolage"}
    cast = lay_company("Renfort Écoute", "999999105", "pbx2", numbers, opens_s=8 * 3600, closes_s=22 * 3600)
    expired = (today - timedelta(days=DAYS + 30), today - timedelta(days=10))
    staff = [
        Staff("R001", "Inès", "35238"),
        Staff("R002", "Jérôme", "35238"),
        Staff("R003", "Karine", "2A004", at_home=True),
        LATE,
        Staff("R005", "Mehdi", "67482", at_home=True, proven=expired),
        Staff("R006", "Nadia", "13055", at_home=True),
    ]
    for person in staff:
        lay_staff(cast, person)
    return cast


def _generate_days(cast: Cast, now: datetime) -> None:
    """One queue_log a day, the same bytes whenever it is made; days that are in stay as they are."""
    folder = Path(settings.VAR) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    known = set(CallDay.objects.filter(company=cast.company).values_list("day", flat=True))
    today = paris_day(now)
    for day in (today - timedelta(days=back) for back in range(DAYS, 0, -1)):
        if day in known:
            continue
        path = folder / f"{cast.source.name}-{day}.queue_log"
        generate_queue_log(
            path,
            seed=day.toordinal(),
            start=day_start(day),
            days=1,
            calls_per_day=CALLS_PER_DAY,
            numbers=[number.digits for number in cast.numbers],
            agents=[f"R00{rank}" for rank in range(1, 7)],
            restarts=int(day.weekday() == 0),
            shifts=True,
        )
        run_intake(connector="asterisk-queue-log", path=path, source=cast.source, now=now)


def _declare_short_pay(cast: Cast, now: datetime) -> None:
    """The month before: two of six agents are declared, and somebody whom nobody knows."""
    month = Month.of(paris_day(now)).previous
    path = Path(settings.VAR) / "demo" / f"{cast.source.name}-{month}.dsn"
    employees = [
        WrittenEmployee("R001", 131_250, hours_paid=10_617),
        WrittenEmployee("R002", 98_400, hours_paid=8_000),
        WrittenEmployee("R099", 186_702),
    ]
    path.write_bytes(write_dsn(siren=cast.company.siren, nic="00011", month=month.first, employees=employees))
    declare_payroll(connector="dsn", path=path, now=now)
