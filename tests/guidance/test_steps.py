"""First steps are read from the records, lead to one next action, and leave when they are done or put away."""

from typing import Any

import pytest

from portal.accounts.models import User
from portal.guidance.actions import put_steps_away
from portal.mine import mine
from tests.factories import (
    DemandFactory,
    ExpertFactory,
    MembershipFactory,
    ProviderFactory,
    PublicBodyFactory,
    SolutionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def steps_of(user: User) -> Any:
    return mine(User.objects.get(pk=user.pk))["first_steps"]


def stages(user: User) -> list[str]:
    return [step.stage.value for step in steps_of(user).steps]


def member_of(organisation: Any) -> User:
    return MembershipFactory(organisation=organisation, role="admin").user


def test_newcomer_is_asked_whom_they_act_for() -> None:
    assert stages(UserFactory()) == ["done", "now", "later", "later"]


def test_city_that_waits_for_verification_is_led_to_its_first_demand() -> None:
    person = member_of(PublicBodyFactory(organisation__state="pending", organisation__verified_at=None).organisation)
    assert stages(person) == ["done", "done", "waiting", "now", "later", "later"]
    assert steps_of(person).action.url.endswith("/demands/new/")


def test_city_with_a_draft_is_led_back_to_it() -> None:
    body = PublicBodyFactory()
    draft = DemandFactory(body=body, state="draft", published_at=None)
    assert steps_of(member_of(body.organisation)).action.url.endswith(f"/demands/{draft.public_id}/edit/")


def test_city_with_a_published_demand_is_led_no_more() -> None:
    body = PublicBodyFactory()
    DemandFactory(body=body, submitted_at="2026-01-01T00:00Z")
    assert steps_of(member_of(body.organisation)) is None


def test_city_is_shown_a_public_demand_as_an_example() -> None:
    public = DemandFactory()
    assert steps_of(member_of(PublicBodyFactory().organisation)).example_url == public.get_absolute_url()


def test_provider_without_solutions_is_led_to_its_first() -> None:
    person = member_of(ProviderFactory().organisation)
    assert stages(person) == ["done", "done", "done", "now", "later", "later"]
    assert steps_of(person).action.url.endswith("/solutions/new/")


def test_provider_with_a_listed_solution_is_led_no_more() -> None:
    solution = SolutionFactory(submitted_at="2026-01-01T00:00Z", listed_at="2026-01-02T00:00Z")
    assert steps_of(member_of(solution.provider.organisation)) is None


def test_expert_without_topics_is_led_to_choose_some() -> None:
    expert = ExpertFactory()
    expert.topics.clear()
    assert steps_of(expert.user).action.url.endswith("/experts/me/")


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("moderator", "/queue/?tour=1"),
        ("programme", "/workspace/new/"),
        ("administrator", "/sample/"),
    ],
)
def test_staff_with_nothing_yet_are_led_to_where_they_begin(role: str, path: str) -> None:
    assert steps_of(StaffRoleFactory(role=role).user).action.url.endswith(path)


def test_steps_put_away_are_not_shown_until_they_are_brought_back(client_of: Any) -> None:
    person = UserFactory()
    put_steps_away(by=person, is_away=True)
    assert steps_of(person) is None
    client_of(person).post("/en/my/first-steps/", {"back": "on"})
    assert steps_of(person) is not None
