"""The life of a number in the database: enrolment, decisions, refusals, who, when and why."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from numbers.access import RoleMissing
from numbers.models import Membership, NumberTransition, PremiumNumber, User
from numbers.rules.eligibility import Answer, Payer, UseCase
from numbers.rules.lifecycle import NoSuchStep, NotAllowed, Status, StepRefused
from numbers.rules.plan import ClosedRange, EmergencyNumber
from numbers.services import decide, enrol
from tests.cast import Cast

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WRITTEN = "+33 (0)8 92 69 00 10"

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(cast: Cast) -> Cast:
    """The cast, whose company has all that the directory publishes."""
    cast.company.address = "1 rue de Béthune, 59000 Lille"
    cast.company.complaint_contact = "reclamations@allo.example ou 0 809 10 20 30"
    cast.company.save()
    return cast


@pytest.fixture
def draft(listed: Cast) -> PremiumNumber:
    return make_draft(listed)


def make_draft(cast: Cast, written: str = WRITTEN, **changes: object) -> PremiumNumber:
    fields = {
        "company": cast.company,
        "written": written,
        "use_case": UseCase.PAID_ADVICE,
        "payer": Payer.CALLER,
        "by": cast.owner,
        "now": NOW,
    }
    return enrol.create_draft(**{**fields, **changes})[0]


def bring_to(number: PremiumNumber, status: Status, admin: User) -> PremiumNumber:
    """Take a draft along its life up to a status, by the operator's hand."""
    steps = [Status.SUBMITTED, Status.APPROVED, Status.LIVE]
    path = {Status.SUSPENDED: [*steps, status], Status.CEASED: [*steps, status]}
    for to_status in path.get(status, steps[: steps.index(status) + 1] if status in steps else []):
        decide.take_step(number=number, to_status=to_status, by=admin, now=NOW, reason="essai")
    return number


def test_a_draft_holds_the_number_as_the_plan_knows_it(listed: Cast) -> None:
    number, assessment = enrol.create_draft(
        company=listed.company,
        written=WRITTEN,
        use_case=UseCase.PRE_SALE,
        payer=Payer.CALLER,
        by=listed.owner,
        now=NOW,
        label="Conseil",
    )
    number.refresh_from_db()
    assert (number.digits, number.e164, number.family) == ("0892690010", "+33892690010", "premium")
    assert (number.status, number.payer, number.use_case, number.label) == ("draft", "caller", "PRE_SALE", "Conseil")
    assert (assessment.answer, assessment.code) == (Answer.WARN, "PRECONTRACT")


def test_a_short_code_has_no_international_form(listed: Cast) -> None:
    number = make_draft(listed, "39 39", use_case=UseCase.CONTRACT_EXECUTION, payer=Payer.SPONSOR)
    assert (number.digits, number.e164, number.family) == ("3939", "", "generalist_short")


def test_a_use_that_the_law_denies_is_refused_with_its_source(listed: Cast) -> None:
    with pytest.raises(decide.NotEligible, match=r"LME87\s: Code de la consommation, art\. L\.121-16") as caught:
        make_draft(listed, use_case=UseCase.CONSUMER_COMPLAINT)
    assert caught.value.assessment.code == "LME87"
    assert not PremiumNumber.objects.filter(digits="0892690010").exists()


@pytest.mark.parametrize(("written", "refusal"), [("112", EmergencyNumber), ("0836 65 00 00", ClosedRange)])
def test_what_is_no_service_number_is_not_enrolled(listed: Cast, written: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make_draft(listed, written)


def test_a_number_in_use_is_taken_for_everybody(listed: Cast) -> None:
    for company, owner in ((listed.company, listed.owner), (listed.rival, listed.rival_owner)):
        with pytest.raises(enrol.NumberTaken, match="déjà inscrit"):
            make_draft(listed, "0892690001", company=company, by=owner)


@pytest.mark.parametrize("who", ["rival_owner", "outsider", "accountant"])
def test_others_may_not_enrol_for_a_company(listed: Cast, who: str) -> None:
    with pytest.raises(RoleMissing):
        make_draft(listed, by=getattr(listed, who))


def test_a_deactivated_company_enrols_nothing(listed: Cast) -> None:
    listed.company.is_active = False
    with pytest.raises(enrol.CompanyInactive, match="Allô Conseil"):
        make_draft(listed)


def test_a_whole_life_is_recorded_with_who_when_and_why(listed: Cast, draft: PremiumNumber) -> None:
    admin, owner = listed.admin, listed.owner
    steps = [
        (enrol.submit, owner, "submitted"),
        (decide.send_back, admin, "draft"),
        (enrol.submit, owner, "submitted"),
        (decide.approve, admin, "approved"),
        (decide.go_live, admin, "live"),
        (decide.suspend, admin, "suspended"),
        (decide.resume, admin, "live"),
        (decide.cease, owner, "ceased"),
        (decide.quarantine, None, "quarantined"),
    ]
    for minutes, (verb, by, status) in enumerate(steps):
        verb(number=draft, by=by, now=NOW + timedelta(minutes=minutes), reason=f" motif {minutes} ")
        assert draft.status == status
        assert PremiumNumber.objects.get(pk=draft.pk).status == status
    recorded = list(draft.transitions.values_list("from_status", "to_status", "by_id", "reason", "at"))
    assert [row[1] for row in recorded] == [status for _, _, status in steps]
    assert [row[0] for row in recorded] == ["draft", *(status for _, _, status in steps[:-1])]
    assert [row[2] for row in recorded] == [by.pk if by else None for _, by, _ in steps]
    assert [row[3] for row in recorded] == [f"motif {i}" for i in range(len(steps))]
    assert [row[4] for row in recorded] == [NOW + timedelta(minutes=i) for i in range(len(steps))]


@pytest.mark.parametrize("who", ["rival_owner", "outsider", "accountant"])
def test_others_take_no_step(listed: Cast, draft: PremiumNumber, who: str) -> None:
    with pytest.raises(NotAllowed):
        enrol.submit(number=draft, by=getattr(listed, who), now=NOW)
    assert PremiumNumber.objects.get(pk=draft.pk).status == "draft"
    assert not NumberTransition.objects.exists()


def test_a_company_may_not_approve_its_own_number(listed: Cast, draft: PremiumNumber) -> None:
    bring_to(draft, Status.SUBMITTED, listed.admin)
    with pytest.raises(NotAllowed):
        decide.approve(number=draft, by=listed.owner, now=NOW, reason="moi-même")


def test_a_manager_submits_and_an_agent_does_not(listed: Cast, draft: PremiumNumber) -> None:
    membership = Membership.objects.create(user=listed.outsider, company=listed.company, role="agent")
    with pytest.raises(NotAllowed):
        enrol.submit(number=draft, by=listed.outsider, now=NOW)
    membership.role = "manager"
    membership.save()
    assert enrol.submit(number=draft, by=listed.outsider, now=NOW).status == "submitted"


@pytest.mark.parametrize("verb", [decide.approve, decide.suspend, decide.resume, decide.quarantine, decide.go_live])
def test_a_step_that_does_not_exist_is_refused(listed: Cast, draft: PremiumNumber, verb) -> None:
    with pytest.raises(NoSuchStep, match="brouillon"):
        verb(number=draft, by=listed.admin, now=NOW, reason="essai")


def test_going_live_and_resuming_are_two_decisions(listed: Cast, draft: PremiumNumber) -> None:
    bring_to(draft, Status.APPROVED, listed.admin)
    with pytest.raises(NoSuchStep, match="accepté"):
        decide.resume(number=draft, by=listed.admin, now=NOW, reason="essai")
    decide.go_live(number=draft, by=listed.admin, now=NOW, reason="essai")
    decide.suspend(number=draft, by=listed.admin, now=NOW, reason="essai")
    with pytest.raises(NoSuchStep, match="suspendu"):
        decide.go_live(number=draft, by=listed.admin, now=NOW, reason="essai")


def test_a_step_needs_a_reason(listed: Cast, draft: PremiumNumber) -> None:
    with pytest.raises(decide.ReasonMissing):
        enrol.submit(number=draft, by=listed.owner, now=NOW, reason="  ")


def test_a_stale_object_takes_no_step_twice(listed: Cast, draft: PremiumNumber) -> None:
    stale = PremiumNumber.objects.get(pk=draft.pk)
    enrol.submit(number=draft, by=listed.owner, now=NOW)
    with pytest.raises(StepRefused):
        enrol.submit(number=stale, by=listed.owner, now=NOW)
    assert draft.transitions.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("address", " ", "l’adresse"),
        ("complaint_contact", "", "le contact pour réclamations"),
        ("complaint_contact", "au 08.92.69.00.02", "numéro surtaxé 0892690002"),
    ],
)
def test_the_directory_must_be_complete_before_the_operator_decides(
    listed: Cast, draft: PremiumNumber, field: str, value: str, sentence: str
) -> None:
    setattr(listed.company, field, value)
    listed.company.save()
    with pytest.raises(decide.DirectoryIncomplete, match=sentence):
        enrol.submit(number=draft, by=listed.owner, now=NOW)


def test_a_sponsored_line_may_send_complaints_anywhere(listed: Cast) -> None:
    listed.company.complaint_contact = "0892690002"
    listed.company.save()
    number = make_draft(listed, "0805 69 00 10", payer=Payer.SPONSOR)
    assert enrol.submit(number=number, by=listed.owner, now=NOW).status == "submitted"


def test_going_live_asks_the_rules_of_the_day_again(listed: Cast) -> None:
    eve, new_year = datetime(2020, 12, 31, 22, 59, tzinfo=UTC), datetime(2020, 12, 31, 23, 0, tzinfo=UTC)
    number = make_draft(listed, use_case=UseCase.STATE_ADMIN, now=eve)
    enrol.submit(number=number, by=listed.owner, now=eve)
    decide.approve(number=number, by=listed.admin, now=eve, reason="avant la loi")
    with pytest.raises(decide.NotEligible, match="ESSOC28"):
        decide.go_live(number=number, by=listed.admin, now=new_year, reason="trop tard")
    assert decide.cease(number=number, by=listed.owner, now=new_year, reason="la loi").status == "ceased"


def test_a_ceased_number_rests_and_may_then_be_enrolled_by_another(listed: Cast, draft: PremiumNumber) -> None:
    bring_to(draft, Status.CEASED, listed.admin)
    rival = {"company": listed.rival, "by": listed.rival_owner}
    last = datetime(2027, 5, 23, 21, 59, tzinfo=UTC)
    for status in ("ceased", "quarantined"):
        assert draft.status == status
        with pytest.raises(enrol.NumberResting, match=r"libre à partir du 24 mai 2027"):
            make_draft(listed, now=last, **rival)
        if status == "ceased":
            decide.quarantine(number=draft, by=None, now=NOW + timedelta(days=3), reason="fin du contrat")
    again = make_draft(listed, now=last + timedelta(minutes=1), **rival)
    assert again.pk != draft.pk
    assert again.digits == draft.digits


def test_a_number_ceased_without_a_record_never_comes_back_by_itself(listed: Cast) -> None:
    PremiumNumber.objects.filter(digits="0892690009").update(status="ceased")
    with pytest.raises(enrol.NumberResting, match="date inconnue"):
        make_draft(listed, "0892690009")


def test_the_wall_clock_decides_nothing(listed: Cast) -> None:
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC)):
        draft = make_draft(listed)
        enrol.submit(number=draft, by=listed.owner, now=NOW)
    assert draft.transitions.get().at == NOW


def test_rules_know_every_use_status_and_payer_of_the_tables() -> None:
    assert set(PremiumNumber.UseCase.values) <= {use.value for use in UseCase}
    assert PremiumNumber.Status.values == [status.value for status in Status]
    assert PremiumNumber.Payer.values == [payer.value for payer in Payer]
