"""From both consents to the contract, questions answered to all alike, and the question months later."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from matching.actions import offer_match
from matching.introductions.follow_up_actions import ask_follow_ups
from matching.introductions.models import FollowUp, Meeting, Question
from matching.models import Introduction, Match
from portal.jobs.tasks import run_due
from tests.factories import DemandFactory, MatchFactory
from tests.introductions.conftest import Invited, introduce, make_invited
from tests.journeys.people import PHONE, People, decide, fits, follow, go, mails_to, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def invited(world: Any) -> Invited:
    return make_invited(world)


def test_two_consents_lead_to_a_talk_a_meeting_a_document_and_a_contract(
    people: People, site: str, world: Any, tmp_path: Path
) -> None:
    """The city in Spanish on a telephone, the provider in Japanese at a desk."""
    match = offer_match(by=world.moderator, match=MatchFactory(demand=world.demand, solution=world.solution))
    city, seller = people.page(world.city_approver, "es", PHONE), people.page(world.provider_approver, "ja")
    city.goto(f"{site}/es/my/")
    follow(city, f"/es/matches/{match.public_id}/")
    decide(city, "accept", note="Queremos hablar de los postes.")
    seller.goto(f"{site}/ja/matches/{match.public_id}/")
    expect(seller.locator("main")).to_contain_text("Queremos hablar de los postes.")
    decide(seller, "accept")
    room = f"/introductions/{match.public_id}/"
    expect(seller).to_have_url(f"{site}/ja{room}")
    send(seller, body="いつ会えますか。")
    city.goto(f"{site}/es{room}")
    expect(city.locator("#thread [lang=ja]")).to_have_text("いつ会えますか。")
    _meet(city, seller, room)
    _share(city, seller, site, room, tmp_path)
    assert fits(city)
    decide(city, "go_to_tender", tender_url="https://compras.example.org/7", ocid="ocds-213czf-000-00001")
    decide(city, "sign_contract", value="1.200.000", currency="EUR")
    seller.goto(f"{site}/ja{room}")
    expect(seller.locator("#outcome")).to_contain_text("ocds-213czf-000-00001")
    found = Introduction.objects.get()
    assert (found.match.state, found.outcome_value, found.outcome_currency) == ("contract", 1_200_000, "EUR")


def _meet(city: Page, seller: Page, room: str) -> None:
    follow(seller, f"/ja{room}meetings/")
    send(seller, subject="初回面談", place="市役所", minutes="45", zone="Asia/Tokyo", time1="2031-07-01T17:00")
    meeting = Meeting.objects.get()
    city.reload()
    follow(city, f"/es/meetings/{meeting.public_id}/")
    send(city, starts_at=meeting.times.get().starts_at.isoformat())
    with city.expect_download() as download:
        city.locator('main a[href$="/meeting.ics"]').click()
    assert "DTSTART:20310701T080000Z" in Path(download.value.path()).read_text(encoding="utf-8")


def _share(city: Page, seller: Page, site: str, room: str, folder: Path) -> None:
    file = folder / "postes.txt"
    file.write_text("Postes de 8 m.", encoding="utf-8")
    city.goto(f"{site}/es{room}documents/")
    send(city, file=str(file), note="Lista de postes")
    seller.goto(f"{site}/ja{room}")
    with seller.expect_download() as download:
        seller.locator("#documents a", has_text="postes.txt").first.click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == "Postes de 8 m."


def test_answer_reaches_every_invited_provider_without_the_askers_name(
    plain: People, site: str, world: Any, invited: Invited
) -> None:
    """Without scripts: one provider asks, the city answers in Portuguese, a moderator releases, the other reads."""
    type(world.provider_editor).objects.filter(pk=world.provider_editor.pk).update(name="Wilhelmina Pole")
    pack = f"/demands/{world.demand.public_id}/pack/"
    asker = plain.page(world.provider_editor, "en", PHONE)
    asker.goto(f"{site}/en/demands/{world.demand.public_id}/")
    follow(asker, f"/en{pack}")
    send(asker, body="May the poles of the old lamps stay?")
    question = Question.objects.get()
    city = plain.page(world.city_editor, "pt")
    city.goto(f"{site}/pt/demands/{world.demand.public_id}/")
    follow(city, f"/pt{pack}")
    follow(city, f"/pt/questions/{question.public_id}/")
    hidden = ["Wilhelmina", world.provider.organisation.name]
    assert [word for word in hidden if word in city.content()] == []
    decide(city, "answer", answer="Sim, todos os postes ficam.")
    other = plain.page(world.other_provider_editor, "fr")
    other.goto(f"{site}/fr{pack}")
    assert "Sim, todos" not in other.content()
    desk = plain.page(world.moderator, "zh-hans")
    desk.goto(f"{site}/zh-hans/questions/{question.public_id}/")
    decide(desk, "release")
    run_due()
    other.goto(f"{site}/fr{pack}")
    expect(other.locator("#questions [lang=pt]")).to_have_text("Sim, todos os postes ficam.")
    assert [word for word in hidden if word in other.content()] == []
    for reader in (world.provider_editor, world.other_provider_editor):
        assert any(question.public_id in letter.body for letter in mails_to(reader.email, mail.outbox))


def test_follow_up_is_answered_by_mailed_links_and_a_contradiction_reaches_the_desk(
    plain: People, site: str, world: Any, invited: Invited
) -> None:
    """No account, no scripts, a telephone; the city reads Korean, the provider Chinese."""
    for user, language in ((world.city_approver, "ko"), (world.provider_approver, "zh-hans")):
        type(user).objects.filter(pk=user.pk).update(language=language)
    introduce(invited)
    ask_follow_ups(today=date(2031, 1, 1))
    run_due()
    for user, stage in ((world.city_approver, "ended"), (world.provider_approver, "contract")):
        _answer(plain, site, user, stage)
    found = FollowUp.objects.with_records().get()
    assert found.is_conflict
    run_due()
    desk = plain.page(world.moderator, "en")
    desk.goto(f"{site}/en/queue/")
    go(desk, desk.locator(f'main a[href^="/en/follow-ups/{found.pk}/"]'))
    send(desk, note="The pilot ended, the contract is another one.")
    found.refresh_from_db()
    assert found.settled_by == world.moderator


def _answer(people: People, site: str, user: Any, stage: str) -> None:
    links = [re.search(r"https?://[^/]+(/\S+/follow-up/\S+)", one.body) for one in mails_to(user.email, mail.outbox)]
    page = people.page(None, "en", PHONE)
    page.goto(f"{site}{next(link.group(1) for link in links if link)}")
    assert fits(page)
    send(page, stage=stage, reached="partly", words="7")


def test_provider_reads_why_it_is_not_matched_and_shows_interest_within_the_quota(
    people: People, site: str, world: Any, settings: Any
) -> None:
    """In French: one condition keeps the solution off a list; interest goes to the queue until the month's count."""
    settings.INTERESTS_PER_MONTH = 1
    missed, second = _near_miss(world), DemandFactory()
    page = people.page(world.provider_approver, "fr", PHONE)
    page.goto(f"{site}/fr/solutions/{world.solution.public_id}/")
    follow(page, f"/fr/solutions/{world.solution.public_id}/demands/")
    page.locator("main details summary").first.click()
    follow(page, f"/fr/solutions/{world.solution.public_id}/demands/{missed.public_id}/")
    expect(page.locator("main")).to_contain_text("10")
    assert fits(page)
    page.goto(f"{site}/fr/demands/{missed.public_id}/")
    follow(page, f"/fr/demands/{missed.public_id}/interest/")
    send(page, solution=world.solution.public_id, note="La garantie monte à dix ans dès mai.")
    match = Match.objects.get(demand=missed)
    assert (match.origin, match.state) == ("provider_interest", "suggested")
    page.goto(f"{site}/fr/demands/{second.public_id}/interest/")
    send(page, solution=world.solution.public_id, note="Celle-ci aussi.")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[name=note]")).to_have_value("Celle-ci aussi.")
    assert not Match.objects.filter(demand=second).exists()
    desk = people.page(world.moderator, "en")
    desk.goto(f"{site}/en/queue/matches/{match.public_id}/")
    expect(desk.locator("main")).to_contain_text("La garantie monte à dix ans")


def _near_miss(world: Any) -> Any:
    from catalog.models import Capability, Criterion
    from cities.models import Requirement
    from matching.ranking import rank_demand
    from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution

    warranty = Criterion.objects.get(code="warranty_years")
    Requirement.objects.create(demand=world.demand, criterion=warranty, number=10)
    Capability.objects.create(solution=world.solution, criterion=warranty, number=5)
    ensure_vectors([wording_of_demand(world.demand), wording_of_solution(world.solution)])
    rank_demand(world.demand)
    return world.demand
