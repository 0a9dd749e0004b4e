"""Agreements with providers: who records them, who reads them, when they end, and that no score knows of them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Provider
from catalog.partnerships.actions import end_agreement, end_agreements_that_ran_out, record_agreement
from catalog.partnerships.models import Agreement
from matching.ranking import rank_demand
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db


def day(number: int = 0) -> date:
    """So many days from today. Asked when it is needed: a run may cross midnight."""
    return timezone.localdate() + timedelta(days=number)


def agree(world: World, provider: Provider | None = None, person: str = "programme", **values: Any) -> Agreement:
    fields = {"kind": "strategic", "agreed_on": day(-9), "until": None, "scope": "Street lighting"}
    fields |= {"signed_for_iclei": "A. Ana, director", "signed_for_provider": "B. Ben", **values}
    return record_agreement(by=world.users[person], provider=provider or world.provider, **fields)


def fresh(provider: Provider) -> tuple[str, date | None]:
    provider.refresh_from_db()
    return provider.partnership, provider.partner_since


def test_agreement_is_repeated_on_the_provider_and_traced(world: World) -> None:
    agree(world)
    assert fresh(world.provider) == ("strategic", day(-9))
    assert AuditEvent.objects.get(action="partnership.record").after["scope"] == "Street lighting"


@pytest.mark.parametrize("person", ["moderator", "neutrality", "expert", "provider_admin", "city_admin"])
def test_nobody_else_records_one(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        agree(world, person=person)


def test_programme_manager_who_is_tied_to_the_provider_records_none(world: World) -> None:
    world.programme.declared_conflicts.create(organisation=world.provider.organisation, kind="family", since=day())
    with pytest.raises(NotAllowed):
        agree(world)


@pytest.mark.parametrize("values", [{"agreed_on": 1}, {"until": -1}])
def test_day_that_cannot_be_is_refused(world: World, values: dict[str, int]) -> None:
    with pytest.raises(DomainError):
        agree(world, **{name: day(number) for name, number in values.items()})


def test_second_agreement_while_one_runs_is_refused(world: World) -> None:
    agree(world)
    with pytest.raises(Conflict):
        agree(world, kind="technical")


def test_ended_agreement_stays_to_be_read_and_makes_room(world: World) -> None:
    end_agreement(by=world.programme, agreement=agree(world))
    assert fresh(world.provider) == ("", None)
    agree(world, kind="technical")
    assert [item.kind for item in world.provider.agreements.order_by("pk")] == ["strategic", "technical"]


@pytest.mark.parametrize(("days", "ended"), [(0, 0), (1, 1)])
def test_agreement_ends_after_its_last_day(world: World, days: int, ended: int) -> None:
    noon = datetime.combine(day(), time(12), UTC)
    agree(world, until=noon.date())
    assert end_agreements_that_ran_out(now=noon + timedelta(days=days)) == ended
    assert bool(fresh(world.provider)[0]) is not bool(ended)


def test_everybody_reads_scope_and_signatories(world: World, client_of: Any) -> None:
    agree(world)
    html = client_of(world.visitor).get(world.provider.get_absolute_url()).content.decode()
    assert [word in html for word in ("Street lighting", "A. Ana, director", "B. Ben")] == [True] * 3
    assert "never scored" in html


def test_page_records_and_ends(world: World, client_of: Any) -> None:
    page = f"/en/providers/{world.provider.organisation.public_id}/partnerships/"
    answers = {"kind": "technical", "agreed_on": "2026-01-05", "until": "", "scope": "Data", "signed_for_iclei": "A"}
    client = client_of(world.programme)
    assert client.post(page, answers).status_code == 422
    assert client.post(page, {**answers, "signed_for_provider": "B"}).status_code == 302
    agreement = Agreement.objects.get()
    assert client.post(f"{page}{agreement.pk}/end/").status_code == 302
    assert fresh(world.provider)[0] == ""


def test_exchanging_partners_changes_no_list(world: World) -> None:
    """Two providers with the same offer: whoever is the partner, places, scores and reasons are the same."""
    mine, theirs = (SolutionFactory(provider=provider) for provider in (world.provider, world.other_provider))

    def lists() -> tuple[Any, ...]:
        run_due()
        ranking = rank_demand(world.demand)
        assert ranking is not None
        return ranking.solutions, ranking.probabilities, ranking.results, ranking.moves, ranking.near_misses

    first = agree(world, world.provider)
    before = lists()
    end_agreement(by=world.programme, agreement=first)
    agree(world, world.other_provider)
    assert lists() == before
    assert {mine.pk, theirs.pk} <= set(before[0])
