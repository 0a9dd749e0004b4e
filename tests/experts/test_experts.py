"""How experts come here, who asks them, what they may answer, and what they keep out of."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from cities.coach.pool_actions import begin_pool, invite_to_pool, join_pool
from matching.experts.actions import (
    accept_advice,
    answer_advice,
    ask_for_advice,
    decline_advice,
    edit_expert,
    invitation_of,
    invite_expert,
    join_as_expert,
    leave_experts,
    parties,
    withdraw_advice,
)
from matching.experts.enums import AdviceState
from matching.experts.models import Advice, Expert
from matching.experts.rules import can_answer_advice, can_see_advice, is_tied_expert
from matching.models import Match
from portal.accounts.models import StaffRole
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.factories import (
    AdviceFactory,
    DemandFactory,
    ExpertFactory,
    ExpertInvitationFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=7)


@pytest.fixture
def expert(db: None) -> Expert:
    made: Expert = ExpertFactory()
    return made


def ask(by: Any, expert: Expert, **values: Any) -> Advice:
    return ask_for_advice(
        by=by, expert=expert, **{"question": "Is LED right?", "due_on": SOON, "language": "en", **values}
    )


@pytest.fixture
def asked(world: Any, expert: Expert) -> Advice:
    return ask(world.city_editor, expert, demand=world.demand)


def answered(advice: Advice, **values: Any) -> Advice:
    by = advice.expert.user
    accept_advice(by=by, advice=advice)
    given = {"answer": "Yes.", "language": "en", "has_interests": False, **values}
    return answer_advice(by=by, advice=Advice.objects.get(pk=advice.pk), **given)


# --- Coming and going ---


def test_invited_person_gets_a_mail_in_the_language_chosen_and_joins(world: Any) -> None:
    invitation = invite_expert(
        by=world.moderator, email="Ada@Example.org", name="Ada", affiliation="Institute", language="es"
    )
    run_due()
    (letter,) = mail.outbox
    link = re.search(r"/experts/join/([^/\s]+)/", letter.body)
    assert link is not None
    assert (letter.to, invitation_of(link[1])) == (["ada@example.org"], invitation)
    user = UserFactory(email="ada@example.org")
    expert = join_as_expert(by=user, invitation=invitation, consent=True)
    assert (expert.affiliation, expert in Expert.objects.public()) == ("Institute", True)


def test_invitation_is_for_its_address_only(expert: Expert) -> None:
    with pytest.raises(NotAllowed, match="another e-mail address"):
        join_as_expert(by=UserFactory(), invitation=ExpertInvitationFactory(), consent=True)


def test_invitation_works_once_and_until_its_day(db: None) -> None:
    late = ExpertInvitationFactory(expires_at=timezone.now() - timedelta(days=1))
    user = UserFactory(email=late.email)
    with pytest.raises(Conflict, match="no longer open"):
        join_as_expert(by=user, invitation=late, consent=True)


def test_forged_link_is_nobodys_invitation(db: None) -> None:
    assert invitation_of("WzEsIng") is None


@pytest.mark.parametrize("persona", ["city_admin", "provider_admin", "neutrality", "expert", "programme"])
def test_experts_are_invited_by_moderators_only(world: Any, persona: str) -> None:
    with pytest.raises(NotAllowed):
        invite_expert(by=getattr(world, persona), email="a@b.org", name="A", affiliation="B", language="en")


def test_expert_without_consent_is_in_no_directory(client: Any, world: Any, client_of: Any) -> None:
    hidden = ExpertFactory(consented_at=None)
    assert hidden.user.name not in client.get("/en/experts/").content.decode()
    assert hidden.user.name in client_of(world.moderator).get("/en/experts/").content.decode()


def test_directory_is_narrowed_by_topic_and_language(client: Any, db: None) -> None:
    from catalog.models import Topic

    topic = Topic.objects.first()
    fit, other = ExpertFactory(topics=[topic], languages=["ko"]), ExpertFactory(languages=["ko"])
    found = client.get(f"/en/experts/?topic={topic.code}&language=ko").context["page_obj"].object_list
    assert (list(found), other in found) == ([fit], False)


def test_withdrawn_consent_takes_effect_at_once(expert: Expert) -> None:
    edit_expert(by=expert.user, expert=expert, changes={}, topics=[], consent=False)
    assert not Expert.objects.public().exists()


def test_expert_who_leaves_gives_open_requests_back_and_loses_the_role(asked: Advice) -> None:
    leave_experts(by=asked.expert.user, expert=asked.expert)
    assert Advice.objects.get().state == "declined"
    assert not StaffRole.objects.filter(user=asked.expert.user).exists()


# --- Asking ---


def test_moderator_ends_the_part_of_an_expert(asked: Advice, world: Any, client_of: Any) -> None:
    page = f"/en/experts/{asked.expert.public_id}/"
    assert f"{page}remove/" not in client_of(world.city_admin).get(page).content.decode()
    moderator = client_of(world.moderator)
    assert f"{page}remove/" in moderator.get(page).content.decode()
    assert moderator.post(f"{page}remove/").status_code == 302
    asked.refresh_from_db()
    assert asked.state == "declined"
    assert asked.expert not in Expert.objects.active()


def test_city_asks_about_its_demand_and_the_expert_is_told(asked: Advice, world: Any) -> None:
    run_due()
    assert (asked.asked_for, asked.state) == (world.city.organisation, "asked")
    assert Notice.objects.get(recipient=asked.expert.user).kind == "advice_asked"


def test_moderator_asks_for_iclei(world: Any, expert: Expert) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution)
    assert ask(world.moderator, expert, match=Match.objects.with_records().get(pk=match.pk)).asked_for is None


@pytest.mark.parametrize("persona", ["provider_admin", "other_city_admin", "newcomer", "expert", "neutrality"])
def test_question_is_refused_to_whom_the_demand_does_not_belong(world: Any, expert: Expert, persona: str) -> None:
    with pytest.raises(NotAllowed):
        ask(getattr(world, persona), expert, demand=world.demand)


def test_expert_tied_by_membership_is_not_asked(world: Any, expert: Expert) -> None:
    MembershipFactory(user=expert.user, organisation=world.provider.organisation)
    match = Match.objects.with_records().get(pk=MatchFactory(demand=world.demand, solution=world.solution).pk)
    with pytest.raises(DomainError, match="tied to one of the parties"):
        ask(world.moderator, expert, match=match)


def test_expert_is_not_asked_about_their_employer(world: Any) -> None:
    expert = ExpertFactory(employer=world.city.organisation)
    with pytest.raises(DomainError, match="tied to one of the parties"):
        ask(world.city_admin, expert, demand=world.demand)


def test_expert_is_not_asked_about_a_demand_to_which_their_employer_is_invited(world: Any) -> None:
    employed = ExpertFactory(employer=world.provider.organisation)
    match = MatchFactory(demand=world.demand, solution=world.solution, state="offered")
    assert not is_tied_expert(employed, parties(world.demand, None))
    Match.objects.filter(pk=match.pk).update(state="invited")
    with pytest.raises(DomainError):
        ask(world.city_editor, employed, demand=world.demand)


def test_expert_of_another_city_of_the_pool_keeps_out(world: Any) -> None:
    pool = begin_pool(by=world.city_approver, demand=world.demand)
    asked = invite_to_pool(by=world.city_approver, pool=pool, demand=DemandFactory(body=world.other_city))
    join_pool(by=world.other_city_approver, member=asked)
    assert world.other_city.organisation.pk in parties(pool.demand, None)


def test_expert_who_is_paused_or_at_the_limit_is_not_asked(world: Any) -> None:
    paused = ExpertFactory(paused_until=timezone.localdate() + timedelta(days=3))
    with pytest.raises(DomainError, match="takes no requests"):
        ask(world.city_admin, paused, demand=world.demand)
    busy = ExpertFactory(most_requests=1)
    AdviceFactory(expert=busy)
    with pytest.raises(DomainError, match="as many requests as they can take"):
        ask(world.city_admin, busy, demand=world.demand)


def test_same_question_to_the_same_expert_is_refused_while_it_is_open(asked: Advice, world: Any) -> None:
    with pytest.raises(Conflict, match="asked about it already"):
        ask(world.city_admin, asked.expert, demand=world.demand)


@pytest.mark.parametrize("days", [0, 91])
def test_question_for_an_impossible_day_is_refused(world: Any, expert: Expert, days: int) -> None:
    with pytest.raises(Incomplete, match="within the next three months"):
        ask(world.city_admin, expert, demand=world.demand, due_on=timezone.localdate() + timedelta(days=days))


# --- Answering ---


def test_answer_carries_its_declaration_and_the_asker_is_told(asked: Advice, world: Any) -> None:
    row = answered(asked, has_interests=True, interests="I hold shares of a lamp maker.")
    run_due()
    assert (row.state, row.interests) == ("answered", "I hold shares of a lamp maker.")
    assert Notice.objects.filter(recipient=world.city_editor, kind="advice_answered").exists()


def test_interest_without_its_name_is_refused(asked: Advice) -> None:
    with pytest.raises(Incomplete, match="which interests"):
        answered(asked, has_interests=True)


def test_expert_who_became_tied_may_only_decline(asked: Advice, world: Any) -> None:
    user = asked.expert.user
    MembershipFactory(user=user, organisation=world.city.organisation)
    advice = Advice.objects.get(pk=asked.pk)
    with pytest.raises(NotAllowed, match="You are tied"):
        accept_advice(by=advice.expert.user, advice=advice)
    assert decline_advice(by=advice.expert.user, advice=advice, reason="interest").state == "declined"


@pytest.mark.parametrize("state", AdviceState.values)
def test_predicate_and_queryset_agree_in_every_state_for_everybody(asked: Advice, world: Any, state: str) -> None:
    Advice.objects.filter(pk=asked.pk).update(state=state)
    row = Advice.objects.with_records().get()
    for user in [*world.users.values(), asked.expert.user]:
        assert Advice.objects.visible_to(user).exists() == can_see_advice(user, row)


def test_advice_is_read_by_the_city_that_asked_the_expert_and_iclei(asked: Advice, world: Any) -> None:
    seen = {name for name, user in world.users.items() if can_see_advice(user, asked)}
    assert seen == {"city_editor", "city_approver", "city_admin", "moderator", "neutrality", "administrator"}


def test_advice_that_iclei_asked_for_is_not_the_citys(world: Any, expert: Expert) -> None:
    advice = ask(world.moderator, expert, demand=world.demand)
    assert not can_see_advice(world.city_admin, advice)


def test_only_the_expert_asked_answers(asked: Advice, world: Any) -> None:
    assert {name for name, user in world.users.items() if can_answer_advice(user, asked)} == set()
    assert can_answer_advice(asked.expert.user, asked)


def test_question_is_withdrawn_by_the_city_and_not_by_others(asked: Advice, world: Any) -> None:
    with pytest.raises(NotAllowed):
        withdraw_advice(by=world.other_city_admin, advice=asked)
    assert withdraw_advice(by=world.city_admin, advice=asked).state == "withdrawn"


def test_answer_stands_beside_the_demand_for_whoever_may_read_it(asked: Advice, world: Any, client_of: Any) -> None:
    answered(asked)
    link = f"/en/advice/{asked.public_id}/"
    page = f"/en/demands/{world.demand.public_id}/"
    assert link in client_of(world.city_admin).get(page).content.decode()
    assert link not in client_of(world.provider_admin).get(page).content.decode()


def test_employer_is_chosen_by_name_and_of_several_by_a_second_question(world: Any, client_of: Any) -> None:
    expert = ExpertFactory()
    one, other = (OrganisationFactory(name=f"Stadtwerke {place}", state="verified") for place in ("Aa", "Bb"))
    client, sent = client_of(expert.user), {"affiliation": "Here", "languages": ["en"], "most_requests": 2}
    page = client.post("/en/experts/me/", sent | {"employer": "stadtwerke"})
    assert page.status_code == 422
    assert [key for key, _label in page.context["form"].fields["which"].choices] == [one.public_id, other.public_id]
    client.post("/en/experts/me/", sent | {"employer": "stadtwerke", "which": one.public_id})
    expert.refresh_from_db()
    assert expert.employer == one


def test_employer_that_is_not_registered_is_refused_with_a_reason(client_of: Any) -> None:
    sent = {"affiliation": "Here", "languages": ["en"], "most_requests": 2, "employer": "Nowhere Ltd"}
    page = client_of(ExpertFactory().user).post("/en/experts/me/", sent)
    assert "No organisation of this name is registered here. Check the spelling." in page.content.decode()
