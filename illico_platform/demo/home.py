"""Work from home and training in the demo: agreements, courses, sessions, certificates, skills."""

from datetime import date, time, timedelta

from agents.models import Agent, Attendance, Course, Skill, TeleworkAgreement, TrainingSession
from agents.rules.training import months_after
from illico_platform.demo.people import START, Cast

# Employee number: from when to when a person at home can be reached. R004 has no agreement yet.
AGREEMENTS = {"R003": (time(7, 30), time(22, 30)), "R006": (time(9), time(20))}
COURSES = [
    ("Badge illico", Course.Kind.INITIAL, 7, 24, START),
    ("Accueillir une personne sourde", Course.Kind.DEAF_AWARENESS, 3, None, None),
    ("Télétravail : santé et sécurité", Course.Kind.SAFETY, 2, 12, None),
]
SKILLS = {
    "A001": [("lsf", "", "B2"), ("language", "en", "C1")],
    "A003": [("lpc", "", "")],
    "R001": [("language", "ar", "C2"), ("text", "", "")],
    "R003": [("lsf", "", "A2")],
}


def lay_training(cast: Cast, *, today: date) -> None:
    """The operator's courses, one session of the compulsory one for everybody of a company, skills.

    The certificate of the last agent ends first, but late enough that a demo's night sends nobody a mail.
    """
    for title, kind, hours, months, required in COURSES:
        Course.objects.get_or_create(
            company=None,
            title=title,
            defaults={"kind": kind, "hours": hours, "valid_months": months, "required_from": required},
        )
    badge = Course.objects.get(company=None, title=COURSES[0][0])
    day = START + timedelta(days=4)
    session, created = TrainingSession.objects.get_or_create(
        company=cast.company, course=badge, starts_on=day, defaults={"last_day": day, "trainer": "Illico"}
    )
    agents = list(Agent.objects.filter(company=cast.company).order_by("employee_number"))
    for agent in agents if created else ():
        ends = today + timedelta(days=45) if agent == agents[-1] else months_after(day, 24)
        Attendance.objects.create(session=session, agent=agent, hours=7, certified_on=day, expires_on=ends)
    for agent in agents:
        for kind, language, level in SKILLS.get(agent.employee_number, ()):
            Skill.objects.get_or_create(
                agent=agent, kind=kind, language=language, defaults={"level": level, "since": START}
            )


def lay_agreements(cast: Cast) -> None:
    """The agreements of those who work from home."""
    for number, (since, until) in AGREEMENTS.items():
        agent = Agent.objects.filter(company=cast.company, employee_number=number).first()
        if agent is None or agent.agreements.exists():
            continue
        home = agent.proofs.filter(place="home").order_by("pk").values_list("commune_insee", flat=True).first()
        TeleworkAgreement.objects.create(
            agent=agent, basis=TeleworkAgreement.Basis.CHARTER, basis_on=START, consent_on=START,
            commune_insee=home or "59350", starts_on=START, contact_from=since, contact_until=until,
            time_control="Pointage signé et relevé du standard", equipment="Ordinateur, casque, chaise",
        )  # fmt: skip
