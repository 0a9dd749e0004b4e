"""Asking a reference city: whom, how often, and what is kept of the address."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.confirmations.answer_actions import answer_question
from catalog.confirmations.asking_actions import MOST_A_DAY, ask_city, forget_addresses, renew_link, withdraw_question
from catalog.confirmations.facts import fingerprint, question_of, token_of
from catalog.confirmations.models import CityConfirmation
from catalog.confirmations.rules import is_public_zone
from catalog.models import Reference
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import MembershipFactory, OrganisationFactory, SolutionFactory, UserFactory

pytestmark = pytest.mark.django_db
CITY_MAIL = "obras@curitiba.pr.gov.br"


def reference(world: World, **values: Any) -> Reference:
    facts = {"city_name": "Curitiba", "country": "BR", "results": "40 % less electricity", **values}
    return Reference.objects.create(solution=world.solution, **facts)


def ask(world: World, *, email: str = CITY_MAIL, item: Reference | None = None) -> CityConfirmation:
    return ask_city(by=world.provider_approver, reference=item or reference(world), email=email, language="pt")


def later(question: CityConfirmation, **back: int) -> CityConfirmation:
    """As if the mail had gone out so long ago."""
    then = timedelta(**back)
    CityConfirmation.objects.filter(pk=question.pk).update(
        mailed_at=question.mailed_at - then, expires_at=question.expires_at - then
    )
    question.refresh_from_db()
    return question


def test_mail_in_the_citys_language_leads_to_a_page_without_an_account(
    world: World, mailoutbox: list[Any], client: Any
) -> None:
    ask(world)
    run_due()
    [mail] = mailoutbox
    assert (mail.to, mail.extra_headers["Content-Language"]) == ([CITY_MAIL], "pt")
    path = re.search(r"https?://[^/]+(/pt/confirm/\S+)", mail.body).group(1)
    page = client.get(path)
    assert (page.status_code, "40 % less electricity" in page.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("email", "code"),
    [("someone@gmail.com", "free_mail"), ("a@example.org", "free_mail"), ("sales@lampenwerk.de", "provider")],
)
def test_address_that_cannot_vouch_is_refused(world: World, email: str, code: str) -> None:
    world.provider.organisation.website = "https://www.lampenwerk.de"
    world.provider.organisation.save(update_fields=["website"])
    with pytest.raises(DomainError) as refused:
        ask(world, email=email)
    assert refused.value.code == code


def test_address_of_another_provider_is_refused(world: World) -> None:
    MembershipFactory(user=UserFactory(email="x@rivale.fr"), organisation=world.other_provider.organisation)
    with pytest.raises(DomainError) as refused:
        ask(world, email="y@rivale.fr")
    assert refused.value.code == "provider"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("curitiba.pr.gov.br", True), ("seoul.go.kr", True), ("city.fukuoka.lg.jp", True), ("nyc.gov", True),
        ("paris.gouv.fr", True), ("cdmx.gob.mx", True), ("ulm.de", False), ("gov.example", False),
        ("my-gov.br", False), ("go.com", False),
    ],
)  # fmt: skip
def test_zones_of_public_bodies_are_known(host: str, expected: bool) -> None:
    assert is_public_zone(host) is expected


def test_domain_of_a_verified_city_is_official_and_that_of_a_pending_one_is_not(world: World) -> None:
    OrganisationFactory(website="https://www.ulm.de")
    OrganisationFactory(website="https://www.bonn.de", state="pending")
    assert ask(world, email="x@ulm.de").is_official
    assert not ask(world, email="x@bonn.de").is_official


@pytest.mark.parametrize("person", ["provider_editor", "other_provider_admin", "city_admin", "moderator"])
def test_nobody_but_who_speaks_for_the_provider_asks(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        ask_city(by=world.users[person], reference=reference(world), email=CITY_MAIL, language="pt")


def test_copy_in_a_revision_is_not_asked_about(world: World) -> None:
    draft = SolutionFactory(provider=world.provider, revises=world.solution, state="draft", listed_at=None)
    with pytest.raises(NotAllowed):
        ask(world, item=Reference.objects.create(solution=draft, city_name="Curitiba", country="BR"))


def test_second_question_about_the_same_reference_is_refused(world: World) -> None:
    item = reference(world)
    ask(world, item=item)
    with pytest.raises(Conflict):
        ask(world, item=item, email="mayor@curitiba.pr.gov.br")


def test_after_withdrawing_somebody_else_may_be_asked(world: World) -> None:
    item = reference(world)
    first = ask(world, item=item)
    withdraw_question(by=world.provider_approver, question=first)
    first.refresh_from_db()
    assert first.email == ""
    assert ask(world, item=item, email="mayor@curitiba.pr.gov.br").is_waiting


def test_provider_that_asks_many_cities_a_day_is_slowed_down(world: World) -> None:
    for _time in range(MOST_A_DAY):
        ask(world)
    with pytest.raises(DomainError) as refused:
        ask(world)
    assert refused.value.code == "too_many"


def test_who_said_not_to_be_the_right_person_is_not_asked_again(world: World) -> None:
    question = ask(world)
    answer_question(question=question, answer="cannot_say", comment="", seen=fingerprint(question.reference))
    with pytest.raises(DomainError) as refused:
        ask(world, email=CITY_MAIL.upper())
    assert refused.value.code == "not_again"


def test_link_is_renewed_by_the_provider_at_most_twice_and_not_within_a_day(world: World) -> None:
    question = ask(world)
    with pytest.raises(DomainError) as soon:
        renew_link(by=world.provider_approver, question=question)
    assert soon.value.code == "too_soon"
    for _time in range(2):
        question = renew_link(by=world.provider_approver, question=later(question, days=2))
    with pytest.raises(DomainError) as often:
        renew_link(by=world.provider_approver, question=later(question, days=2))
    assert (question.mails, often.value.code) == (3, "too_many")


def test_reader_of_a_link_that_ran_out_gets_a_new_one_at_the_same_address(
    world: World, mailoutbox: list[Any], client: Any
) -> None:
    question = later(ask(world), days=31)
    page = f"/pt/confirm/{token_of(question)}/"
    assert not question.is_waiting
    assert client.post(f"{page}new-link/").status_code == 302
    run_due()
    question.refresh_from_db()
    assert (question.is_waiting, mailoutbox[-1].to) == (True, [CITY_MAIL])


def test_address_is_forgotten_long_after_the_link_ran_out(world: World) -> None:
    question, now = ask(world), timezone.now()
    assert forget_addresses(now=now + timedelta(days=89)) == 0
    assert forget_addresses(now=now + timedelta(days=91)) == 1
    question.refresh_from_db()
    assert (question.email, question.is_open) == ("", False)


def test_trace_holds_no_address(world: World) -> None:
    ask(world)
    event = AuditEvent.objects.get(action="reference.ask_city")
    assert "obras" not in str((event.after, event.before, event.note))


@pytest.mark.parametrize("token", ["", "nonsense", "IksxIg:1:abc"])
def test_forged_link_leads_nowhere(client: Any, token: str) -> None:
    assert question_of(token) is None
    assert client.get(f"/en/confirm/{token or 'x'}/").status_code == 404


def test_page_sends_the_mail_and_says_so(world: World, client_of: Any) -> None:
    item = reference(world)
    page = f"/en/solutions/{world.solution.public_id}/references/{item.pk}/ask/"
    client = client_of(world.provider_approver)
    assert client.get(page).context["form"]["language"].value() == "pt"
    assert client.post(page, {"email": "x@gmail.com", "language": "pt"}).status_code == 422
    assert client.post(page, {"email": CITY_MAIL, "language": "pt"}).status_code == 302
    assert CITY_MAIL in client.get(page).content.decode()
    assert client.post(f"{page}withdraw/").status_code == 302
    assert CITY_MAIL not in client.get(page).content.decode()


def test_solutions_page_offers_to_ask_only_to_who_may(world: World, client_of: Any) -> None:
    item = reference(world)
    link, page = f"/references/{item.pk}/ask/", f"/en/solutions/{world.solution.public_id}/"
    assert link in client_of(world.provider_admin).get(page).content.decode()
    assert link not in client_of(world.provider_editor).get(page).content.decode()
    assert link not in client_of(world.visitor).get(page).content.decode()
