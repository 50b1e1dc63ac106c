"""The number of a file: searched block by block, reserved for one, given back, brought from another operator."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from numbers.models import Enrolment, NumberBlock, NumberReservation, PremiumNumber
from tests.cast import Cast
from tests.edges import test_portal_enrol as wizard
from tests.edges.test_portal_enrol import at, choose_kind, fill, member, of

# The wizard's fixtures, by their names.
blocks, boss, file, _private_files = wizard.blocks, wizard.boss, wizard.file, wizard._private_files


def test_the_search_shows_free_numbers_that_hold_the_digits(boss: Client, file: Enrolment, cast: Cast) -> None:
    choose_kind(boss, file)
    page = boss.get(at(file, "numero"), {"q": "4545"}).content.decode()
    assert 'value="0892694545"' in page
    every = boss.get(at(file, "numero"), {"q": "0001"}).content.decode()
    assert 'value="0892690001"' not in every  # in service, by this very company
    PremiumNumber.objects.create(company=cast.rival, digits="0892694545", use_case="EXPERT", status="live")
    assert 'value="0892694545"' not in boss.get(at(file, "numero"), {"q": "4545"}).content.decode()


def test_of_two_who_want_a_number_one_has_it_and_the_other_a_sentence(
    boss: Client, file: Enrolment, cast: Cast
) -> None:
    rival = member(cast.rival, "manager")
    rival.post(reverse("portal:enrol", kwargs={"siren": cast.rival.siren}))
    theirs = Enrolment.objects.get(company=cast.rival)
    choose_kind(rival, theirs)
    rival.post(at(theirs, "numero"), {"digits": "0892691234"})
    choose_kind(boss, file)
    answer = boss.post(at(file, "numero"), {"digits": "0892691234"})
    assert answer.status_code == 422
    assert "n’est plus libre" in answer.content.decode()
    file.refresh_from_db()
    assert file.digits == ""
    # Two days later it is anybody's, though nobody cleaned up.
    past = timezone.now() - timedelta(hours=49)
    NumberReservation.objects.update(reserved_at=past, expires_at=past + timedelta(hours=48))
    assert boss.post(at(file, "numero"), {"digits": "0892691234"}).status_code == 302


def test_choosing_another_number_gives_the_first_back(boss: Client, file: Enrolment) -> None:
    choose_kind(boss, file)
    for digits in ("0892691234", "0892694321"):
        boss.post(at(file, "numero"), {"digits": digits})
    running = NumberReservation.objects.filter(expires_at__gt=timezone.now())
    assert list(running.values_list("digits", flat=True)) == ["0892694321"]


def test_a_reservation_that_ran_out_is_a_fault_until_it_is_taken_again(
    boss: Client, file: Enrolment, cast: Cast
) -> None:
    fill(boss, file, cast)
    past = timezone.now() - timedelta(hours=49)
    NumberReservation.objects.update(reserved_at=past, expires_at=past + timedelta(hours=48))
    answer = boss.post(of(file, "enrol_check"))
    assert answer.status_code == 422
    assert "réservation de 48 heures est passée" in answer.content.decode()
    assert "Réserver de nouveau" in boss.get(at(file, "numero")).content.decode()
    boss.post(at(file, "numero"), {"digits": "0892691234"})
    assert boss.post(of(file, "enrol_check")).status_code == 302


def test_a_number_is_brought_in_any_written_form(boss: Client, file: Enrolment) -> None:
    choose_kind(boss, file)
    bad = boss.post(at(file, "numero"), {"bring": "1", "written": "06 12 34 56 78", "rio": ""})
    assert bad.status_code == 422
    assert "pas un numéro de service" in bad.content.decode()
    rio = boss.post(at(file, "numero"), {"bring": "1", "written": "0897123456", "rio": "court"})
    assert rio.status_code == 422
    assert "douze lettres et chiffres" in rio.content.decode()
    ours = boss.post(at(file, "numero"), {"bring": "1", "written": "0892691234", "rio": ""})
    assert ours.status_code == 422
    assert "l’un de nos numéros" in ours.content.decode()
    assert boss.post(at(file, "numero"), {"bring": "1", "written": "+33 (0)897.12.34.56", "rio": ""}).status_code == 302
    file.refresh_from_db()
    assert file.digits == "0897123456"
    assert file.port.state == "wanted"
    page = boss.get(at(file, "numero")).content.decode()
    assert "mandat signé" in page
    assert "décision du 6 décembre 2022" in page
    # A code of another line is told, and kept: its key is the operators' own, in no text of law.
    other = {"bring": "1", "written": "0897123456", "rio": "01 P EROY4P 4TR"}
    assert boss.post(at(file, "numero"), other).status_code == 302
    file.port.refresh_from_db()
    assert file.port.rio == "01PEROY4P4TR"
    assert "pas celle de ce numéro" in boss.get(at(file, "numero")).content.decode()
    assert "mandat de portabilité" in boss.get(of(file, "enrol_check")).content.decode()


def test_the_search_shows_each_block_with_its_highest_price(boss: Client, file: Enrolment) -> None:
    choose_kind(boss, file)
    page = boss.get(at(file, "numero")).content.decode()
    assert 'value="0892690000"' in page
    assert 'value="0820690000"' in page
    assert "Au plus 0,60" in page
    assert "Au plus 0,20" in page
    cheap = boss.get(at(file, "numero"), {"q": "0820 69"}).content.decode()
    assert 'value="0820690000"' in cheap
    assert 'value="0892690000"' not in cheap
    for typed in ("abc", "08926900001"):
        assert "Écrivez de un à dix chiffres" in boss.get(at(file, "numero"), {"q": typed}).content.decode()


def test_a_file_that_was_sent_back_may_return_to_its_number(boss: Client, file: Enrolment, cast: Cast) -> None:
    fill(boss, file, cast)
    boss.post(of(file, "enrol_check"))
    PremiumNumber.objects.filter(digits="0892691234").update(status="draft")
    for digits in ("0892697777", "0892691234"):
        assert boss.post(at(file, "numero"), {"digits": digits}).status_code == 302, digits
    assert not NumberReservation.objects.filter(digits="0892697777", expires_at__gt=timezone.now()).exists()
    assert boss.post(of(file, "enrol_check")).status_code == 302
    assert PremiumNumber.objects.get(digits="0892691234").status == "submitted"


@pytest.mark.parametrize(
    ("prefix", "is_fine"), [("089269", True), ("0893710", True), ("3939", True), ("39", True), ("08926", False)]
)
def test_a_block_is_short_enough_to_be_searched(db: None, prefix: str, is_fine: bool) -> None:
    block = NumberBlock(prefix=prefix, family="premium", ceiling_micros=0, source="ARCEP")
    if is_fine:
        block.full_clean()
    else:
        with pytest.raises(ValidationError, match="10 000 numéros"):
            block.full_clean()
