"""Lists ask the database as often for three rows as for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cities.coach.pool_actions import begin_pool
from matching.models import Decision
from matching.workbench.models import Override, Recusal
from portal.jobs.tasks import run_due
from portal.notices.actions import notify
from tests.conftest import World
from tests.factories import (
    AdviceFactory,
    ComplaintFactory,
    DemandFactory,
    ExpertFactory,
    IntroductionFactory,
    MatchFactory,
    OrganisationFactory,
    PublicBodyFactory,
    SolutionFactory,
)
from tests.queries import assert_queries_constant, queries_of

pytestmark = pytest.mark.django_db
Add = Callable[[World], Any]


def demand(world: World) -> Any:
    return DemandFactory(body=world.city)


def solution(world: World) -> Any:
    return SolutionFactory(provider=world.provider)


def offered(world: World) -> Any:
    return MatchFactory(demand=world.demand, solution=SolutionFactory(provider=world.provider), state="offered")


def invited(world: World) -> Any:
    return MatchFactory(demand=world.demand, solution=SolutionFactory(provider=world.provider), state="invited")


def introduced(world: World) -> Any:
    match = MatchFactory(demand=world.demand, solution=SolutionFactory(provider=world.provider), state="introduced")
    return IntroductionFactory(match=match)


def waiting(world: World) -> None:
    """One more of each kind in the queue."""
    DemandFactory(body=PublicBodyFactory(), state="submitted", published_at=None)
    SolutionFactory(provider=world.other_provider, state="submitted", listed_at=None)
    PublicBodyFactory(organisation=OrganisationFactory(state="pending"))
    MatchFactory(demand=world.demand, solution=SolutionFactory(provider=world.other_provider))


def expert(world: World) -> Any:
    return ExpertFactory()


def advice(world: World) -> Any:
    AdviceFactory(demand=world.demand)
    return AdviceFactory(demand=None, match=MatchFactory(demand=world.demand, solution=SolutionFactory()))


def pooled(world: World) -> Any:
    return begin_pool(by=world.city_admin, demand=DemandFactory(body=world.city))


def complaint(world: World) -> Any:
    return ComplaintFactory(complainant=world.city_admin)


def override(world: World) -> Any:
    """One more of everything on the neutrality officer's page, but groups of providers."""
    match = MatchFactory(demand=world.demand, solution=SolutionFactory(provider=world.provider))
    who = {"kind": "match", "item": match.public_id}
    Override.objects.create(**who, by=world.moderator, decision="offer", what="weak", points=3, note="n")
    Recusal.objects.create(**who, user=world.moderator, tie="known")
    Decision.objects.create(match=match, move="offer", from_state="suggested", to_state="offered", by=world.moderator)
    return ComplaintFactory()


def noticed(world: World) -> None:
    params = {"demand": "d", "solution": "s", "name": "n", "date": ""}
    event = f"test:{world.city_admin.notices.count()}"
    notify(recipients=[world.city_admin], kind="demand_published", event=event, params=params, path="/my/")


LISTS: list[tuple[str, str, Add]] = [
    ("visitor", "/en/", demand),
    ("visitor", "/en/demands/", demand),
    ("visitor", "/en/demands/download.csv", demand),
    ("visitor", "/api/v1/demands/", demand),
    ("visitor", "/en/solutions/", solution),
    ("visitor", "/en/solutions/download.json", solution),
    ("visitor", "/api/v1/solutions/", solution),
    ("visitor", "/en/gap/", demand),
    ("city_admin", "/en/my/", demand),
    ("city_admin", "/en/my/", offered),
    ("city_admin", "/en/matches/", offered),
    ("city_admin", "/api/v1/matches/", offered),
    ("city_admin", "/en/introductions/", introduced),
    ("city_admin", "/en/my/notices/", noticed),
    ("provider_admin", "/en/my/", solution),
    ("provider_admin", "/en/my/", invited),
    ("provider_admin", "/en/matches/", invited),
    ("moderator", "/en/my/", waiting),
    ("moderator", "/en/queue/", waiting),
    ("moderator", "/en/experts/", expert),
    ("visitor", "/en/experts/", expert),
    ("moderator", "/en/advice/", advice),
    ("visitor", "/api/v1/experts/", expert),
    ("moderator", "/api/v1/advice/", advice),
    ("moderator", "/api/v1/pools/", pooled),
    ("city_admin", "/api/v1/notices/", noticed),
    ("city_admin", "/en/complaints/", complaint),
    ("neutrality", "/en/neutrality/", override),
]


@pytest.mark.parametrize(("who", "path", "add"), LISTS, ids=lambda value: getattr(value, "__name__", str(value)))
def test_list_asks_no_more_for_more_rows(
    who: str, path: str, add: Add, world: World, client_of: Callable[[Any], Client]
) -> None:
    client = client_of(world.users[who])
    add(world)

    def show() -> None:
        response = client.get(path)
        assert response.status_code == 200, response.status_code
        b"".join(response.streaming_content) if response.streaming else response.content

    assert_queries_constant(show, lambda: add(world))


def test_ranking_of_a_demand_asks_no_more_for_more_solutions(world: World, client_of: Callable[[Any], Client]) -> None:
    client, path = client_of(world.city_admin), f"/en/demands/{world.demand.public_id}/matches/"

    def add() -> None:
        from matching.ranking import rank_demand

        SolutionFactory(provider=world.provider)
        rank_demand(world.demand)

    add()
    assert_queries_constant(lambda: client.get(path), add)


def test_helper_notices_a_query_for_each_row(world: World) -> None:
    def show() -> None:
        from cities.models import Demand

        for row in Demand.objects.all():
            row.organisation.name  # noqa: B018  (the mistake it is there to find)

    with pytest.raises(AssertionError, match="queries, then"):
        assert_queries_constant(show, lambda: demand(world))
    assert len(queries_of(run_due)) >= 1
