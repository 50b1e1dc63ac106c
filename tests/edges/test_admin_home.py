"""The first page: each figure equals what the rows say, and leads to them."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from billing.models import FundMonth, RatedCall
from illico_platform.web import show
from illico_platform.web.draw import draw_histogram
from numbers.models import User
from tests.admin_rows import DAY, NOW, declare_pay, fill, record_night, run_stages, store_day
from tests.cast import Cast


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def home(boss: Client):
    with time_machine.travel(NOW, tick=False):
        return boss.get(reverse("admin:index"))


def test_before_the_first_night_it_says_what_to_do(boss: Client) -> None:
    page = home(boss).content.decode()
    assert "Importez un premier fichier" in page
    assert page.count("<h1") == 1


def test_the_rate_is_strict_with_the_lenient_one_beside_it(boss: Client, cast: Cast) -> None:
    store_day(cast)
    run_stages(cast)
    page = home(boss)
    rate = page.context["promise"].rate
    # Kept 2, late 1, unproven 2, unanswered 1, abandoned 1; the incomplete call is under no promise.
    assert (rate.kept, rate.received, rate.staying) == (2, 7, 6)
    text = page.content.decode()
    assert "La promesse hier" in text
    assert show.percent_bp(2857) in text
    assert show.percent_bp(3333) in text
    assert "2 / (5 + 1 + 1)" in text


def test_the_histogram_holds_each_answered_call_once(boss: Client, cast: Cast) -> None:
    store_day(cast)
    run_stages(cast)
    context = home(boss).context
    assert context["promise"].histogram == [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert "Attente des 5 appels répondus" in context["histogram"]["sentence"]


def test_revenue_and_wages_equal_the_rows(boss: Client, cast: Cast) -> None:
    store_day(cast, day=DAY - timedelta(days=3))
    store_day(cast)
    declare_pay(cast, gross="0.10")
    run_stages(cast)
    context = home(boss).context
    of_day = RatedCall.objects.filter(day=DAY).aggregate(ttc=Sum("ttc_micros"), ht=Sum("ht_micros"))
    of_month = RatedCall.objects.aggregate(ttc=Sum("ttc_micros"))
    assert (context["revenue_day"].ttc_micros, context["revenue_day"].ht_micros) == (of_day["ttc"], of_day["ht"])
    assert context["revenue_month"].ttc_micros == of_month["ttc"]
    fund, wages = FundMonth.objects.get(), context["wages"]
    assert (wages.due, wages.proven, wages.held) == (fund.due, Decimal("0.20"), fund.held - fund.released)
    assert wages.missing == fund.due - Decimal("0.20")


def test_one_company_s_surplus_hides_no_gap_of_another(boss: Client, cast: Cast) -> None:
    store_day(cast)
    declare_pay(cast, gross="500.00")
    run_stages(cast)
    assert home(boss).context["wages"].proven_bp == 10_000


def test_causes_lead_to_their_calls(boss: Client, cast: Cast) -> None:
    fill(cast)
    causes = {cause["kind"]: cause for cause in home(boss).context["causes"]}
    assert {kind: cause["calls"] for kind, cause in causes.items()} == {
        "unanswered": 1,
        "abandoned": 1,
        "late": 1,
        "unproven": 1,
        "incomplete": 1,
    }
    for kind, cause in causes.items():
        assert boss.get(cause["url"]).context["cl"].result_count == cause["calls"], kind


@pytest.mark.parametrize("link", ["kept", "days", "rated", "rated_month", "fund", "findings"])
def test_every_figure_leads_to_its_rows(boss: Client, cast: Cast, link: str) -> None:
    fill(cast)
    shown = boss.get(home(boss).context["links"][link])
    assert shown.status_code == 200
    assert shown.context["cl"].result_count > 0


def test_findings_and_the_last_night_are_shown(boss: Client, cast: Cast) -> None:
    store_day(cast)
    run_stages(cast)
    run = record_night(cast)
    page = home(boss)
    assert [finding.severity for finding in page.context["findings"]] == ["error", "warning", "info"]
    assert reverse("admin:billing_run_change", args=[run.pk]) in page.content.decode()
    for severity in page.context["severities"]:
        assert boss.get(severity["url"]).context["cl"].result_count == severity["count"]


def test_staff_see_figures_only_with_leave(client: Client, cast: Cast) -> None:
    store_day(cast)
    run_stages(cast)
    staff = User.objects.create_user("staff@example.org", "un mot de passe long", is_staff=True)
    client.force_login(staff)
    assert "promise" not in home(client).context
    wanted = ["view_judgedday", "view_fundmonth", "view_ratedday", "view_finding"]
    staff.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    assert home(client).context["promise"].calls == 8


def test_bars_stand_on_the_same_line_and_the_tallest_fills_the_height() -> None:
    drawn = draw_histogram([10, 5, 0, *[0] * 9, 20])
    tops = [bar["y"] + bar["height"] for bar in drawn["bars"]]
    assert set(tops) == {160}
    assert max(bar["height"] for bar in drawn["bars"]) == drawn["bars"][-1]["height"] == 132
    assert drawn["bars"][-1]["x"] > drawn["limit_x"]
