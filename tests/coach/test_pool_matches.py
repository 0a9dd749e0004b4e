"""A proposal for a pooled demand: every city reads it, and none is bound by another's yes."""

from typing import Any

import pytest

from cities.coach.models import PoolMember
from cities.coach.pool_actions import begin_pool, invite_to_pool, join_pool, leave_pool
from cities.models import Demand
from matching.actions import accept_for_city, accept_for_provider, offer_match, post_message
from matching.introductions.clean_file import clean_file_of
from matching.introductions.clean_words import sections
from matching.introductions.models import Question
from matching.introductions.rules import can_see_clean_file, can_see_pack
from matching.models import Introduction, Match
from matching.pooling.answer_actions import answer_in_pool
from matching.rules import can_see_match
from matching.views.home import home_context
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import DemandFactory, MatchFactory
from tests.factories.introductions import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(world: World) -> PoolMember:
    """The other city has joined a public pooled demand that our city leads."""
    pool = begin_pool(by=world.city_approver, demand=world.demand)
    asked = invite_to_pool(by=world.city_approver, pool=pool, demand=DemandFactory(body=world.other_city))
    joined = join_pool(by=world.other_city_approver, member=asked)
    Demand.objects.filter(pk=pool.demand_id).update(state="published", published_at=pool.created_at)
    return joined


@pytest.fixture
def offered(world: World, member: PoolMember) -> Match:
    demand = Demand.objects.get(pk=member.pool.demand_id)
    return offer_match(by=world.moderator, match=MatchFactory(demand=demand, solution=world.solution))


def introduce(world: World, offered: Match) -> Introduction:
    answer_in_pool(by=world.other_city_approver, match=offered, agrees=True)
    invited = accept_for_city(by=world.city_approver, match=offered)
    return accept_for_provider(by=world.provider_approver, match=invited)


def test_lead_cannot_accept_before_every_city_has_agreed(world: World, offered: Match) -> None:
    for agrees in (None, False):
        if agrees is not None:
            answer_in_pool(by=world.other_city_approver, match=offered, agrees=agrees)
        with pytest.raises(Incomplete) as refused:
            accept_for_city(by=world.city_approver, match=offered)
        assert world.other_city.organisation.name in refused.value.message
    answer_in_pool(by=world.other_city_approver, match=offered, agrees=True)
    assert accept_for_city(by=world.city_approver, match=offered).state == "invited"


def test_answer_after_the_leads_yes_is_refused(world: World, offered: Match) -> None:
    introduce(world, offered)
    with pytest.raises(Conflict):
        answer_in_pool(by=world.other_city_approver, match=offered, agrees=False)


@pytest.mark.parametrize("person", ["other_city_editor", "city_approver", "provider_admin", "moderator"])
def test_only_who_speaks_for_a_joined_city_answers(world: World, offered: Match, person: str) -> None:
    with pytest.raises(NotAllowed):
        answer_in_pool(by=world.users[person], match=offered, agrees=True)


def test_city_that_has_left_is_neither_asked_nor_shown_anything(
    world: World, offered: Match, member: PoolMember
) -> None:
    leave_pool(by=world.other_city_approver, member=member)
    assert accept_for_city(by=world.city_approver, match=offered).state == "invited"
    assert not Match.objects.visible_to(world.other_city_admin).filter(pk=offered.pk).exists()
    assert not can_see_match(world.other_city_admin, Match.objects.get(pk=offered.pk))


def test_every_city_reads_what_the_lead_reads_and_the_lead_writes(world: World, offered: Match) -> None:
    introduction = introduce(world, offered)
    QuestionFactory(match=offered, state="asked")
    reader = world.other_city_editor
    assert Introduction.objects.visible_to(reader).get() == introduction
    assert (can_see_match(reader, introduction.match), can_see_pack(reader, offered.demand)) == (True, True)
    assert (Question.objects.visible_to(reader).count(), can_see_clean_file(reader, offered.demand)) == (1, False)
    assert can_see_clean_file(world.other_city_approver, offered.demand)
    with pytest.raises(NotAllowed):
        post_message(by=reader, introduction=introduction, body="Good morning.", language="en")


def test_every_city_is_asked_and_the_lead_hears_the_answers(world: World, offered: Match) -> None:
    run_due()
    asked = ["city_approver", "city_admin", "other_city_approver", "other_city_admin"]
    assert all(world.users[who].notices.filter(kind="match_offered").count() == 1 for who in asked)
    answer_in_pool(by=world.other_city_approver, match=offered, agrees=True)
    run_due()
    answer = world.city_approver.notices.get(kind="pool_answered", path=f"/matches/{offered.public_id}/")
    assert answer.params["city"] == world.other_city.organisation.name


def test_page_asks_the_city_and_keeps_its_answer(world: World, offered: Match, client_of: Any) -> None:
    page = f"/en/matches/{offered.public_id}/"
    client = client_of(world.other_city_approver)
    assert b"No answer yet" in client.get(page).content
    response = client.post(f"{page}pool/yes/", follow=True)
    assert (offered.pool_answers.get().agrees, b"No answer yet" in response.content) == (True, False)
    assert client_of(world.other_provider_admin).post(f"{page}pool/no/").status_code == 404


def test_introduction_page_opens_for_every_city(world: World, offered: Match, client_of: Any) -> None:
    introduction = introduce(world, offered)
    post_message(by=world.city_approver, introduction=introduction, body="Guten Tag.", language="de")
    page = client_of(world.other_city_editor).get(introduction.get_absolute_url())
    assert (page.status_code, b"Guten Tag." in page.content) == (200, True)
    assert b'name="body"' not in page.content


def test_home_asks_the_joined_citys_approver_until_there_is_an_answer(world: World, offered: Match) -> None:
    def asked(person: str) -> list[str]:
        return [need.url for need in home_context(world.users[person])["match_needs"]]

    assert offered.get_absolute_url() in asked("other_city_approver")
    assert offered.get_absolute_url() not in asked("other_city_editor")
    answer_in_pool(by=world.other_city_approver, match=offered, agrees=False)
    assert offered.get_absolute_url() not in asked("other_city_approver")


def test_clean_file_says_who_joined_and_who_agreed(world: World, offered: Match) -> None:
    answer_in_pool(by=world.other_city_approver, match=offered, agrees=True)
    file = clean_file_of(offered.demand)
    lead, other = world.city.organisation.name, world.other_city.organisation.name
    assert [(one["city"], one["leads"]) for one in file.content["pool"]["members"]] == [(lead, True), (other, False)]
    (answer,) = file.content["pool"]["answers"]
    assert (answer["city"], answer["match"], answer["agrees"]) == (other, offered.public_id, True)
    section = next(one for one in sections(file) if one.title == "Pooled demand")
    assert [row[1:] for row in section.rows][-1] == [other, "Yes", offered.public_id]


def test_clean_file_of_one_city_has_nothing_of_pools(world: World) -> None:
    assert "pool" not in clean_file_of(world.demand).content
