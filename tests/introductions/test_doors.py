"""A provider tries every door to a city's contact before both have said yes, and finds none; nor does the city."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import get_resolver, reverse
from django.utils import timezone

from matching.actions import accept_for_city, accept_for_provider, decline_for_provider, offer_match
from matching.introductions.pack_actions import add_pack_document, set_question_date
from matching.introductions.question_actions import answer_question, ask_question, release_answer
from portal.accounts.models import User
from portal.common.errors import Incomplete
from portal.jobs.tasks import run_due
from tests.access import asking
from tests.factories import MatchFactory
from tests.introductions.conftest import Invited, invite, upload

pytestmark = pytest.mark.django_db
SIDES = {"city": ("city_editor", "city_approver", "city_admin"),
         "provider": ("provider_editor", "provider_approver", "provider_admin")}  # fmt: skip


@pytest.fixture
def marked(world: Any) -> Any:
    """Everybody of both sides has a name and an address that nothing else on the portal resembles."""
    for names in SIDES.values():
        for name in names:
            user = world.users[name]
            code = name.title().replace("_", "")
            user.name, user.email = f"Canary {code}", f"canary.{code.lower()}@hidden.example.net"
            user.save(update_fields=["name", "email"])
    return world


@pytest.fixture
def busy(marked: Any) -> Invited:
    """Invited, with a document, an answer and a date in the pack; everything has been told to everybody."""
    found = Invited(marked, marked.demand, invite(marked, marked.solution), None)  # type: ignore[arg-type]
    add_pack_document(by=marked.city_admin, demand=found.demand, file=upload("plan.txt"), note="The plan")
    question = ask_question(by=marked.provider_editor, demand=found.demand, body="Which poles?", language="en")
    question = answer_question(by=marked.city_editor, question=question, answer="All poles.", language="en")
    release_answer(by=marked.moderator, question=question)
    until = timezone.now() + timedelta(days=9)
    set_question_date(by=marked.city_approver, demand=found.demand, until=until, zone="UTC")
    run_due()
    return found


def marks(world: Any, side: str) -> re.Pattern[str]:
    people = [world.users[name] for name in SIDES[side]]
    words = [re.escape(word) for user in people for word in (user.name, user.email, user.email.split("@")[0])]
    return re.compile("|".join(words), re.IGNORECASE)


def doors(found: Invited, side: str) -> Iterator[str]:
    """Every address that a person of that side can be given: pages, downloads, feeds, calendars, the API."""
    demand, match = found.demand, found.match
    question = demand.questions.get()
    document = demand.pack_documents.get()
    other = found.city if side == "provider" else found.provider
    records = {
        "demand": demand.public_id, "match": match.public_id, "solution": match.solution.public_id,
        "question": question.public_id, "document": document.public_id, "organisation": other.organisation.public_id,
    }  # fmt: skip
    for route in _routes(get_resolver()):
        yield from _arguments(route, records)
    yield from (
        "/en/matches/",
        "/en/introductions/",
        "/en/notifications/",
        "/en/my/",
        "/api/v1/matches/",
        "/api/v1/demands/",
    )


def _routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        name = getattr(pattern, "name", None)
        if hasattr(pattern, "url_patterns"):
            space = pattern.namespace
            if space != "admin":
                yield from _routes(pattern, f"{prefix}{space}:" if space else prefix)
        elif name:
            yield f"{prefix}{name}"


def _arguments(route: str, records: dict[str, str]) -> Iterator[str]:
    """The route with no argument, and with each of the records."""
    tries: list[dict[str, str]] = [{}, *({"public_id": pk} for pk in records.values())]
    tries += [{"public_id": records["demand"], "solution_id": records["solution"]}]
    tries += [{"public_id": records["solution"], "demand_id": records["demand"]}]
    tries += [{"public_id": records["demand"], "kind": kind} for kind in ("json", "pdf", "csv")]
    for kwargs in tries:
        try:
            yield reverse(route, kwargs=kwargs)
        except Exception:  # noqa: S112  (this route takes other arguments)
            continue


@pytest.mark.parametrize(("side", "hidden"), [("provider", "city"), ("city", "provider")])
def test_no_page_download_or_api_names_the_other_side_s_people(busy: Invited, side: str, hidden: str) -> None:
    secret, opened = marks(busy.world, hidden), 0
    client = asking.client_of(busy.world.users[SIDES[side][1]])

    def ask(path: str) -> int:
        response = client.get(path)
        found = secret.search(asking.body_of(response) + str(response.headers))
        assert found is None, f"{path} tells of {found}"
        assert response.status_code < 500, path
        return response.status_code

    assert ask("/en/demands/D00000000/") == 404
    with asking.without_page_for_absent():  # it is the same page at a thousand doors
        for path in dict.fromkeys(doors(busy, side)):
            if "logout" not in path and "/account" not in path:
                opened += ask(path) == 200
    assert opened > 40


@pytest.mark.parametrize(("side", "hidden"), [("provider", "city"), ("city", "provider")])
def test_no_mail_names_the_other_side_s_people(busy: Invited, side: str, hidden: str) -> None:
    secret = marks(busy.world, hidden)
    own = {busy.world.users[name].email for name in SIDES[side]}
    sent = [letter for letter in mail.outbox if set(letter.to) & own]
    assert sent
    for letter in sent:
        whole = letter.message().as_string() + letter.body + str(letter.alternatives)
        assert secret.search(whole) is None


def test_after_both_have_said_yes_the_contacts_are_there(busy: Invited, client_of: Any) -> None:
    introduction = accept_for_provider(by=busy.provider_approver, match=busy.match)
    text = client_of(busy.provider_editor).get(introduction.get_absolute_url()).content.decode()
    assert busy.city_approver.email in text


@pytest.mark.parametrize("words", ["Call Canary CityAdmin", "canary.cityadmin@hidden.example.net", "+34 600 123 456"])
def test_the_city_s_yes_carries_no_contact(marked: Any, words: str) -> None:
    match = offer_match(by=marked.moderator, match=MatchFactory(demand=marked.demand, solution=marked.solution))
    with pytest.raises(Incomplete, match="Take this out"):
        accept_for_city(by=marked.city_approver, match=match, note=words)
    match.refresh_from_db()
    assert match.state == "offered"


def test_a_provider_s_no_carries_no_contact(marked: Any) -> None:
    match = invite(marked, marked.solution)
    with pytest.raises(Incomplete, match="Take this out"):
        decline_for_provider(by=marked.provider_approver, match=match, reason="region", note="Call +34 600 123 456")


def test_people_are_counted(marked: Any) -> None:
    assert User.objects.filter(name__startswith="Canary").count() == 6
