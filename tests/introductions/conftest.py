"""Demands with invited and introduced providers, and what people write there."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.models import Demand
from matching.actions import accept_for_city, accept_for_provider, offer_match
from matching.models import Introduction, Match
from portal.common.uploads import Upload, checked
from portal.jobs.tasks import run_due
from tests.concurrency import committed
from tests.conftest import World
from tests.factories import MatchFactory, SolutionFactory

__all__ = ["committed"]


@dataclass
class Invited:
    """A demand to which ``provider`` and ``other_provider`` are invited; people by the names of the world."""

    world: World
    demand: Demand
    match: Match
    other_match: Match

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


def invite(world: World, solution: Any) -> Match:
    match = offer_match(by=world.moderator, match=MatchFactory(demand=world.demand, solution=solution))
    return accept_for_city(by=world.city_approver, match=match)


def make_invited(world: World) -> Invited:
    own, other = world.solution, SolutionFactory(provider=world.other_provider)
    found = Invited(world, world.demand, invite(world, own), invite(world, other))
    run_due()
    return found


def introduce(invited: Invited) -> Introduction:
    introduction = accept_for_provider(by=invited.provider_approver, match=invited.match)
    run_due()
    return introduction


@pytest.fixture
def invited(world: World) -> Invited:
    return make_invited(world)


@pytest.fixture
def introduction(invited: Invited) -> Introduction:
    return introduce(invited)


def upload(name: str = "plan.txt", content: bytes = b"A plan.") -> Upload:
    return checked(SimpleUploadedFile(name, content))
