"""Warnings before something of an agent's expires: once a step, to the right people, in their language."""

import smtplib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agents.models import Attendance, Contract, Course, ExpiryNotice, TeleworkAgreement, TrainingSession
from agents.selectors_renewals import renewals
from agents.services.warn_renewals import WarnCounts, warn_renewals
from illico_platform.lib.periods import day_start
from tests.cast import START, Cast

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 30)  # the last day of A001's proof


def night(days_before: int) -> datetime:
    """The night whose day is so many days before the first one without proof."""
    day = LAST + timedelta(days=1 - days_before)
    return datetime(day.year, day.month, day.day, 1, 15, tzinfo=UTC)


@pytest.fixture
def ending(cast: Cast) -> Cast:
    """A001's proof ends; the agent has an account and reads English, the owner and the manager read French."""
    agent, account = cast.agents["A001"], cast.people["agent"]
    agent.proofs.update(valid_until=day_start(LAST + timedelta(days=1)))
    agent.user = account
    agent.save()
    account.language = "en"
    account.save()
    return cast


def test_each_step_is_told_once_to_managers_and_to_the_agent(ending: Cast, mailoutbox: list[Any]) -> None:
    told = {}
    for days in (31, 30, 29, 8, 7, 6, 2, 1, 0):
        mailoutbox.clear()
        warn_renewals(now=night(days))
        warn_renewals(now=night(days) + timedelta(hours=3))  # the night runs again
        told[days] = sorted(address for mail in mailoutbox for address in mail.to)
    everybody = ["agent@example.org", "manager@example.org", "owner@example.org"]
    assert {days: to for days, to in told.items() if to} == dict.fromkeys((30, 7, 1), everybody)
    assert ExpiryNotice.objects.exclude(sent_at=None).count() == 9


def test_the_words_are_the_reader_s_and_tell_what_ends(ending: Cast, mailoutbox: list[Any]) -> None:
    warn_renewals(now=night(7))
    by = {mail.to[0]: mail for mail in mailoutbox}
    assert "une échéance approche" in by["manager@example.org"].subject
    assert (
        "A001 Agent A001 · preuve de lieu de travail, dernier jour le 30 novembre 2026" in by["owner@example.org"].body
    )
    mine = by["agent@example.org"]
    assert "30 November 2026" in mine.body
    assert "échéance" not in mine.subject + mine.body
    assert "A001" not in mine.body


def test_a_missed_night_is_made_up_with_the_nearest_step_alone(ending: Cast, mailoutbox: list[Any]) -> None:
    warn_renewals(now=night(5))
    assert set(ExpiryNotice.objects.values_list("step", flat=True)) == {7}
    assert len(mailoutbox) == 3


def test_a_refused_address_is_tried_again_and_silences_nobody(
    ending: Cast, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from agents.services import warn_renewals as module

    def refuse(subject: str, body: str, sender: str, to: list[str]) -> None:
        if to == ["owner@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"owner@example.org": (550, b"no such box")})
        send(subject, body, sender, to)

    send = module.send_mail
    monkeypatch.setattr(module, "send_mail", refuse)
    assert warn_renewals(now=night(7)) == WarnCounts(sent=2, failed=1)
    assert "owner@" not in capfd.readouterr().err
    monkeypatch.undo()
    mailoutbox.clear()
    assert warn_renewals(now=night(6)) == WarnCounts(sent=1)
    assert mailoutbox[0].to == ["owner@example.org"]


def test_compulsory_certificates_and_agreements_warn_others_do_not(cast: Cast, mailoutbox: list[Any]) -> None:
    compulsory = Course.objects.create(title="Badge", kind="safety", hours=2, required_from=START)
    free = Course.objects.create(title="Yoga", kind="other", hours=2)
    for course in (compulsory, free):
        held = TrainingSession.objects.create(company=cast.company, course=course, starts_on=START, last_day=START)
        Attendance.objects.create(
            session=held, agent=cast.agents["A002"], hours=2, certified_on=START, expires_on=LAST + timedelta(days=1)
        )
    for name, reason in (("A003", ""), ("A004", "Retour sur site")):
        TeleworkAgreement.objects.create(
            agent=cast.agents[name], basis="charter", basis_on=START, consent_on=START, commune_insee="59350",
            starts_on=START, ends_on=LAST + timedelta(days=1), contact_from="09:00", contact_until="18:00",
            time_control="pointage", end_reason=reason,
        )  # fmt: skip
    found = [(each.agent.employee_number, each.subject, each.step) for each in renewals_at(cast, night(7))]
    assert found == [("A002", "certificate", 7), ("A003", "agreement", 7)]
    warn_renewals(now=night(7))
    assert "certificat « Badge »" in mailoutbox[0].body


def renewals_at(cast: Cast, now: datetime) -> list[Any]:
    return renewals(company_id=cast.company.pk, now=now)


def test_nobody_is_warned_of_somebody_who_left(ending: Cast, mailoutbox: list[Any]) -> None:
    Contract.objects.filter(agent=ending.agents["A001"]).update(ends_on=LAST - timedelta(days=20))
    assert warn_renewals(now=night(7)) == WarnCounts()
    assert mailoutbox == []


def test_mails_of_a_developer_s_night_leave_stdout_to_the_command(
    ending: Cast, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "illico_platform.web.console.EmailBackend"
    warn_renewals(now=night(7))
    told = capsys.readouterr()
    assert told.out == ""
    assert "To: owner@example.org" in told.err
