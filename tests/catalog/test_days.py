"""What holds until a day holds to the end of that day where the provider is, also on the day the clocks change."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from catalog.listing_actions import expire_solutions, remind_of_expiry
from catalog.models import Solution
from catalog.partnerships.actions import end_agreements_that_ran_out
from catalog.partnerships.models import Agreement
from portal.accounts.days import day_at
from portal.accounts.models import Organisation
from tests.factories import ProviderFactory, SolutionFactory

# Place, its country, the last day, and the last moment at which it is still that day there.
ENDS = [
    ("Asia/Seoul", "KR", date(2026, 5, 31), datetime(2026, 5, 31, 14, 59, 59, tzinfo=UTC)),
    ("America/Sao_Paulo", "BR", date(2026, 5, 31), datetime(2026, 6, 1, 2, 59, 59, tzinfo=UTC)),
    # The day has 25 hours in October, 23 in March.
    ("Europe/Paris", "FR", date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
    ("Europe/Paris", "FR", date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
    # Without a zone: by that of the country in which the day ends last, here in Acre.
    ("", "BR", date(2026, 5, 31), datetime(2026, 6, 1, 4, 59, 59, tzinfo=UTC)),
    ("", "KR", date(2026, 5, 31), datetime(2026, 5, 31, 14, 59, 59, tzinfo=UTC)),
]
everywhere = pytest.mark.parametrize(("zone", "country", "day", "last"), ENDS)


def after(moment: datetime) -> datetime:
    return datetime.fromtimestamp(moment.timestamp() + 1, UTC)


@everywhere
def test_day_turns_where_the_organisation_is(zone: str, country: str, day: date, last: datetime) -> None:
    body = Organisation(time_zone=zone, country=country)
    assert (day_at(body, last), day_at(body, after(last)) > day) == (day, True)


def test_country_without_a_known_zone_keeps_to_utc() -> None:
    assert day_at(Organisation(country="ZZ"), datetime(2026, 5, 31, 23, 59, tzinfo=UTC)) == date(2026, 5, 31)


@pytest.mark.django_db
@everywhere
def test_solution_and_agreement_end_with_the_providers_day(
    zone: str, country: str, day: date, last: datetime, world: Any
) -> None:
    provider = ProviderFactory(organisation__time_zone=zone, organisation__country=country)
    solution = SolutionFactory(provider=provider, expires_on=day)
    Agreement.objects.create(
        provider=provider, kind="technical", agreed_on=date(2026, 1, 1), until=day, scope="Lamps",
        signed_for_iclei="A", signed_for_provider="B", recorded_by=world.programme,
    )  # fmt: skip
    assert (expire_solutions(now=last), end_agreements_that_ran_out(now=last)) == (0, 0)
    assert (expire_solutions(now=after(last)), end_agreements_that_ran_out(now=after(last))) == (1, 1)
    assert Solution.objects.get(pk=solution.pk).state == "expired"


@pytest.mark.django_db
def test_reminder_counts_the_days_left_where_the_provider_is() -> None:
    """At half past midnight in Seoul on 1 June, 1 July is thirty days away; in São Paulo it is still thirty-one."""
    now = datetime(2026, 5, 31, 15, 30, tzinfo=UTC)
    for zone in ("Asia/Seoul", "America/Sao_Paulo"):
        SolutionFactory(provider=ProviderFactory(organisation__time_zone=zone), expires_on=date(2026, 7, 1))
    assert remind_of_expiry(now=now) == 1
