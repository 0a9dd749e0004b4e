"""Demands with invited and introduced providers, and what people write there."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.models import Demand
from matching.actions import accept_for_city, accept_for_provider, offer_match
from matching.models import Introduction, Match
from portal.common.uploads import Upload, checked
from portal.jobs.tasks import run_due
from tests.concurrency import committed
from tests.conftest import MakeMould, World, make_world
from tests.factories import MatchFactory, SolutionFactory
from tests.mould import Mould

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


@pytest.fixture(scope="session")
def _invited_mould(make_mould: MakeMould) -> Mould:
    return make_mould(lambda: _parts(make_invited(make_world())))


@pytest.fixture(scope="session")
def _introduced_mould(make_mould: MakeMould) -> Mould:
    def make() -> dict[str, Any]:
        invited = make_invited(make_world())
        introduction = introduce(invited)
        return {**_parts(invited), "introduction": introduction}

    return make_mould(make)


def _parts(invited: Invited) -> dict[str, Any]:
    world = {"users": invited.world.users, "records": invited.world.records}
    return {"world": world, "match": invited.match, "other_match": invited.other_match, "outbox": list(mail.outbox)}


@dataclass(frozen=True, slots=True)
class _Cast:
    invited: Invited
    introduction: Introduction | None


@pytest.fixture
def _cast(request: pytest.FixtureRequest, db: None, _invited_mould: Mould, _introduced_mould: Mould) -> _Cast:
    """What a test asks for of these is of one piece."""
    parts = (_introduced_mould if "introduction" in request.fixturenames else _invited_mould).cast()
    mail.outbox += parts["outbox"]
    world = World(**parts["world"])
    return _Cast(Invited(world, world.demand, parts["match"], parts["other_match"]), parts.get("introduction"))


@pytest.fixture
def invited(_cast: _Cast) -> Invited:
    return _cast.invited


@pytest.fixture
def introduction(_cast: _Cast) -> Introduction:
    assert _cast.introduction is not None
    return _cast.introduction


def upload(name: str = "plan.txt", content: bytes = b"A plan.") -> Upload:
    return checked(SimpleUploadedFile(name, content))
