"""Declared interests: whose, about whom, until when; and who reads them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.conflict_actions import declare_conflict, end_conflict
from portal.accounts.models import ConflictDeclaration
from portal.accounts.rules import is_tied
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, NotAllowed
from tests.conftest import World
from tests.factories import OrganisationFactory, UserFactory
from tests.queries import assert_queries_constant

pytestmark = pytest.mark.django_db
PAGE = "/en/account/interests/"


def declared(world: World, person: str = "moderator", **values: Any) -> ConflictDeclaration:
    fields = {"kind": "family", "since": timezone.localdate() - timedelta(days=30), **values}
    return declare_conflict(by=world.users[person], organisation=world.provider.organisation, **fields)


def answers(**values: Any) -> dict[str, Any]:
    return {"name": "Lampenwerk", "kind": "advice", "since": "2026-01-01", "until": "", "note": "", **values}


def test_declaring_ties_at_once_and_leaves_a_trace(world: World) -> None:
    declared(world)
    assert is_tied(world.moderator, world.provider.organisation)
    event = AuditEvent.objects.get(action="conflict.declare")
    assert event.after["user"] == world.moderator.pk


def test_interest_in_an_organisation_that_one_may_not_see_is_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        declare_conflict(
            by=world.newcomer, organisation=OrganisationFactory(state="pending"), kind="work",
            since=timezone.localdate(),
        )  # fmt: skip


def test_days_in_the_wrong_order_are_refused(world: World) -> None:
    with pytest.raises(DomainError, match="before it starts"):
        declared(world, until=timezone.localdate() - timedelta(days=60))


def test_interest_that_ends_today_ties_until_midnight(world: World) -> None:
    end_conflict(by=world.moderator, declaration=declared(world))
    assert is_tied(world.moderator, world.provider.organisation)
    assert ConflictDeclaration.objects.get().until == timezone.localdate()


def test_ended_interest_is_not_ended_again(world: World) -> None:
    declaration = declared(world, until=timezone.localdate() - timedelta(days=2))
    with pytest.raises(Conflict):
        end_conflict(by=world.moderator, declaration=declaration)


def test_interest_of_somebody_else_is_not_ended(world: World) -> None:
    with pytest.raises(NotAllowed):
        end_conflict(by=world.neutrality, declaration=declared(world))


def test_page_takes_an_interest_in_the_organisation_that_was_named(world: World, client_of: Any) -> None:
    organisation = OrganisationFactory(name="Lampenwerk GmbH")
    assert client_of(world.expert).post(PAGE, answers()).status_code == 302
    assert world.expert.declared_conflicts.get().organisation == organisation


def test_page_asks_which_of_several_organisations_is_meant(world: World, client_of: Any) -> None:
    OrganisationFactory(name="Lampenwerk Nord"), OrganisationFactory(name="Lampenwerk Süd")
    client = client_of(world.expert)
    asked = client.post(PAGE, answers())
    assert (asked.status_code, "Lampenwerk Süd" in asked.content.decode()) == (422, True)
    chosen = OrganisationFactory._meta.model.objects.get(name="Lampenwerk Süd")
    assert client.post(PAGE, answers(organisation=chosen.public_id)).status_code == 302
    assert world.expert.declared_conflicts.get().organisation == chosen


def test_page_does_not_tell_of_organisations_that_the_reader_may_not_see(world: World, client_of: Any) -> None:
    OrganisationFactory(name="Lampenwerk GmbH", state="pending")
    asked = client_of(world.expert).post(PAGE, answers())
    assert (asked.status_code, "GmbH" in asked.content.decode()) == (422, False)


def test_only_oversight_reads_what_others_declared(world: World, client_of: Any) -> None:
    declared(world, note="My brother sells for them")
    page = f"{PAGE}everybody/"
    assert "My brother" in client_of(world.neutrality).get(page).content.decode()
    assert client_of(world.moderator).get(page).status_code == 404
    assert "My brother" not in client_of(UserFactory()).get(PAGE).content.decode()


def test_list_for_oversight_asks_as_often_for_one_as_for_three(world: World, client_of: Any) -> None:
    declared(world)
    client = client_of(world.neutrality)
    assert_queries_constant(lambda: client.get(f"{PAGE}everybody/"), lambda: declared(world, "expert"))
