"""Follow every link as somebody, and find no word that was written for others, but those that were written for them."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import Resolver404, resolve, reverse

from tests.access.asking import Answer, Asker
from tests.access.test_matrix import leaks
from tests.access.world import AccessWorld

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crawl")]
STARTS = (
    "/en/", "/en/my/", "/en/demands/", "/en/solutions/", "/en/matches/", "/en/introductions/", "/en/my/notices/",
    "/en/account/", "/en/queue/", "/en/gap/", "/en/demands/download.json", "/en/solutions/download.csv",
    "/api/v1/demands/", "/api/v1/solutions/", "/api/v1/matches/",
)  # fmt: skip
LINK = re.compile(r'(?:href|"url"|"next"|action)\s*[=:]\s*"([^"]+)"')
MOST = 6  # of each kind of page: what each record shows to whom is asked in test_matrix
WALKERS = (
    "visitor", "newcomer", "city_admin", "other_city_admin", "pending_city_admin", "provider_admin",
    "other_provider_admin", "moderator",
)  # fmt: skip


@pytest.fixture(scope="session")
def seen() -> dict[str, set[str]]:
    """Word → who saw it; filled by the walks. Of the session: other modules' tests may run between two walks."""
    return {}


@pytest.fixture(scope="session")
def walked() -> set[str]:
    return set()


def links(answer: Answer, site: str) -> Iterator[str]:
    for link in LINK.findall(answer.body):
        path = link.removeprefix(site).partition("#")[0]
        # One language is enough: the others show the same records. Filters of lists repeat what the lists show.
        if path.startswith(("/en/", "/api/v1/")) and "logout" not in path and path.count("=") <= 1:
            yield path


def kind_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return path


def walk(asker: Asker, name: str, site: str) -> Iterator[tuple[str, Answer]]:
    known, waiting, kinds = set(STARTS), deque(STARTS), Counter(map(kind_of, STARTS))
    while waiting:
        path = waiting.popleft()
        answer = asker.ask(name, "GET", path)
        yield path, answer
        for found in dict.fromkeys(links(answer, site)):
            if found not in known and kinds[kind_of(found)] < MOST:
                known.add(found)
                kinds[kind_of(found)] += 1
                waiting.append(found)


@pytest.mark.parametrize("name", WALKERS)
def test_walk_shows_nothing_of_others_and_breaks_nowhere(
    name: str, asker: Asker, seen: dict[str, set[str]], walked: set[str], settings: Any
) -> None:
    wrong, pages, world = [], 0, asker.world
    walked.add(name)
    for path, answer in walk(asker, name, settings.SITE_URL):
        pages += 1
        wrong += [f"{path} shows {word}" for word in leaks(world, name, answer)]
        if answer.status >= 500 or (answer.status in (403, 404) and path not in STARTS):
            wrong.append(f"{path} leads to {answer.status}")
        for word in world.secrets_in(answer.body):
            seen.setdefault(word, set()).add(name)
    assert pages > 10
    assert not wrong, f"{pages} pages\n" + "\n".join(wrong[:30])


def test_every_secret_was_seen_by_somebody_it_is_for(asker: Asker, seen: dict[str, set[str]], walked: set[str]) -> None:
    """A word that is nowhere to be found cannot leak, and its test proves nothing."""
    if walked != set(WALKERS):
        pytest.skip("the walks come first: run this file as a whole")
    # Of people whom no page names: those who have done nothing, and moderators' colleagues.
    silent = (
        "Newcomer",
        "Deactivated",
        "Programme",
        "Expert",
        "Superuser",
        "BackOffice",
        "Administrator",
        "Neutrality",
    )
    hidden = re.compile("|".join(silent), re.IGNORECASE)
    for name, path in by_hand(asker.world):
        for word in asker.world.secrets_in(asker.ask(name, "GET", path).body):
            seen.setdefault(word, set()).add(name)
    assert [word for word in asker.world.secrets if word not in seen and not hidden.search(word)] == []


def by_hand(world: AccessWorld) -> Iterator[tuple[str, str]]:
    """Pages of people who do not walk, and some that lie beyond the most that a walk sees."""
    records = world.world.records
    asked = [world.solution.public_id, records["reference"].pk]
    yield "provider_approver", reverse("confirmations:reference-ask", args=asked)
    yield "moderator", reverse("accounts:verification-detail", args=[world.city.organisation.public_id])
    yield "neutrality", reverse("accounts:conflict-overview")
    yield "neutrality", reverse("matching:complaint-detail", args=[records["complaint"].public_id])
    yield "programme", reverse("programmes:workspace-enquiries", args=[records["call_open"].public_id])
    yield "city_admin", reverse("programmes:event-detail", args=[records["event"].public_id])


def test_provider_invited_but_not_introduced_finds_no_door_to_the_city(asker: Asker) -> None:
    """Each page of the match asked for by hand; what its own walk shows it of others is looked through above."""
    world = asker.world
    invited, city = world.world.records["invited"], world.city.organisation.public_id
    match, demand = invited.public_id, world.demand.public_id
    doors = [
        f"/en/matches/{match}/",
        f"/en/introductions/{match}/",
        f"/en/introductions/{match}/write/",
        f"/en/queue/matches/{match}/",
        f"/api/v1/matches/{match}/",
        f"/en/demands/{demand}/matches/",
        f"/en/demands/{demand}/edit/",
        f"/en/organisations/{city}/",
        f"/en/organisations/{city}/edit/",
        f"/admin/matching/match/{invited.pk}/change/",
    ]
    contacts = {world.people[name].email for name in ("city_editor", "city_approver", "city_admin")}
    contacts |= {world.people[name].name for name in ("city_editor", "city_approver", "city_admin")}
    for name in ("other_provider_editor", "other_provider_admin"):
        answers = [(path, asker.ask(name, method, path)) for path in doors for method in ("GET", "POST")]
        found = [(path, word) for path, answer in answers for word in contacts if word.lower() in answer.body.lower()]
        assert found == []


def test_mails_and_notices_name_nobody_of_the_other_side_before_the_introduction(
    world: AccessWorld, mailoutbox: list[Any]
) -> None:
    from portal.jobs.tasks import run_due

    run_due()
    mails = world.mails + mailoutbox
    people = {getattr(user, "email", ""): name for name, user in world.people.items()}
    wrong = []
    for mail in mails:
        (address,) = mail.to
        # Whoever has no account is a city that a provider asks to confirm: the mail may say what the provider knows.
        name = people.get(address, "provider_approver")
        text = f"{mail.subject}\n{mail.body}".replace(address, "")
        wrong += [f"mail to {name} shows {word}" for word in leaks(world, name, Answer("open", 200, text))]
    assert mails
    assert wrong == []
