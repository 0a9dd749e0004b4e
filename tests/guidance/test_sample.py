"""Sample data: what the demo made is known for certain, goes as a whole, and takes nothing of anybody's with it."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.introductions.models import Showing
from matching.models import Decision, Match
from portal.accounts.models import Organisation, User
from portal.audit.actions import verify_chain
from portal.common.errors import Conflict, DomainError
from portal.guidance.marking_actions import marking
from portal.guidance.models import SampleTable
from portal.guidance.removal import plan_removal
from portal.guidance.sample_actions import LOAD, order_sample, remove_sample
from portal.jobs.models import Job
from portal.jobs.registry import HANDLERS
from tests.factories import (
    DemandFactory,
    MatchFactory,
    MembershipFactory,
    SolutionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_admin() -> User:
    return StaffRoleFactory(role="administrator").user


@pytest.fixture
def sample(own_admin: User) -> dict[str, Any]:
    """A demand with its city's account, a solution, and a match of the two."""
    with marking():
        demand, solution = DemandFactory(), SolutionFactory()
        member = MembershipFactory(organisation=demand.organisation).user
        match = MatchFactory(demand=demand, solution=solution)
    return {"demand": demand, "solution": solution, "match": match, "member": member}


def labels(rows: Any) -> set[str]:
    return {row.table._meta.label for row in rows}


def test_marking_names_what_came_inside_and_nothing_else(own_admin: User) -> None:
    before = DemandFactory()
    with marking():
        inside = DemandFactory()
    after = DemandFactory()
    keys = SampleTable.objects.get(label="cities.Demand").keys
    assert keys == [inside.pk]
    assert {before.pk, after.pk}.isdisjoint(keys)


def test_removal_takes_all_that_the_demo_made_and_leaves_the_rest(own_admin: User, sample: Any) -> None:
    own = DemandFactory()
    plan = remove_sample(by=own_admin)
    assert not plan.kept
    assert list(Demand.objects.all()) == [own]
    assert list(Organisation.objects.all()) == [own.organisation]
    assert not Solution.objects.exists()
    assert not Match.objects.exists()
    assert not User.objects.filter(pk=sample["member"].pk).exists()
    assert not SampleTable.objects.exists()


def test_removal_takes_what_the_engine_made_since_with_it(own_admin: User, sample: Any) -> None:
    own = SolutionFactory()
    MatchFactory(demand=sample["demand"], solution=own)
    assert not plan_removal().kept
    remove_sample(by=own_admin)
    assert list(Solution.objects.all()) == [own]


def test_removal_keeps_what_somebody_decided_with_all_that_it_needs(own_admin: User, sample: Any) -> None:
    own = SolutionFactory()
    match = MatchFactory(demand=sample["demand"], solution=own)
    Decision.objects.create(match=match, from_state="suggested", to_state="in_review", by=own_admin)
    plan = remove_sample(by=own_admin)
    assert labels(plan.added) == {"matching.Decision"}
    assert list(Match.objects.all()) == [match]
    assert list(Demand.objects.all()) == [sample["demand"]]
    assert list(Solution.objects.all()) == [own]
    assert SampleTable.objects.get(label="cities.Demand").keys == [sample["demand"].pk]


def test_page_names_what_keeps_sample_records_here(own_admin: User, sample: Any, client_of: Any) -> None:
    match = MatchFactory(demand=sample["demand"], solution=SolutionFactory())
    Decision.objects.create(match=match, from_state="suggested", to_state="in_review", by=own_admin)
    page = client_of(own_admin).get("/en/sample/").content.decode()
    assert match.get_absolute_url() in page


def test_page_removes_only_what_was_read(own_admin: User, sample: Any, client_of: Any) -> None:
    client = client_of(own_admin)
    assert client.post("/en/sample/", {}).status_code == 422
    assert client.post("/en/sample/", {"understood": "on"}).status_code == 302
    assert not Demand.objects.exists()


def test_removal_closes_sample_accounts_that_stay(own_admin: User, sample: Any) -> None:
    match = sample["match"]
    Decision.objects.create(match=match, from_state="suggested", to_state="in_review", by=sample["member"])
    remove_sample(by=own_admin)
    stayed = User.objects.get(pk=sample["member"].pk)
    assert (stayed.is_active, stayed.has_usable_password()) == (False, False)


@pytest.mark.parametrize("with_played", [False, True])
def test_what_was_written_with_sample_accounts_goes_only_if_asked(
    own_admin: User, sample: Any, with_played: bool
) -> None:
    DemandFactory(body=sample["demand"].organisation.public_body)
    plan = remove_sample(by=own_admin, with_played=with_played)
    assert labels(plan.played) == {"cities.Demand"}
    assert Demand.objects.count() == (0 if with_played else 1)
    assert Organisation.objects.count() == (0 if with_played else 1)


def test_records_of_a_real_organisation_stay_whoever_of_the_samples_verified_it(own_admin: User) -> None:
    with marking():
        moderator = StaffRoleFactory(role="moderator").user
    own = DemandFactory()
    Organisation.objects.filter(pk=own.organisation_id).update(verified_by=moderator)
    plan = remove_sample(by=own_admin, with_played=True)
    assert Demand.objects.filter(pk=own.pk).exists()
    assert "accounts.User" in labels(plan.kept)


def test_log_of_who_was_told_lets_only_samples_go(own_admin: User, sample: Any) -> None:
    shown = Showing.objects.create(
        demand=sample["demand"], organisation=sample["solution"].provider.organisation, act="given", what="facts",
        at=timezone.now(),
    )  # fmt: skip
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        shown.delete()
    remove_sample(by=own_admin, with_played=True)
    assert not Showing.objects.exists()


def test_chain_of_the_audit_trail_still_holds_after_removal(own_admin: User, sample: Any) -> None:
    remove_sample(by=own_admin)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert verify_chain().broken is None


def test_removal_is_refused_where_only_sample_accounts_could_sign_in() -> None:
    with marking():
        admin = StaffRoleFactory(role="administrator").user
    with pytest.raises(DomainError, match="administrator of your own"):
        remove_sample(by=admin)


def test_removal_is_refused_to_others(sample: Any) -> None:
    with pytest.raises(DomainError):
        remove_sample(by=UserFactory())


def test_sample_data_are_loaded_into_an_empty_portal_only(own_admin: User) -> None:
    order_sample(by=own_admin)
    assert Job.objects.filter(kind=LOAD).count() == 1
    assert LOAD in HANDLERS
    DemandFactory()
    with pytest.raises(Conflict):
        order_sample(by=own_admin)
