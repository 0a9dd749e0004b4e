"""While texts wait for the encoder every reader is told so, in every language, and nothing else stops."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from catalog.models import Solution
from cities.actions import create_demand, edit_demand, publish_demand, submit_demand
from cities.models import Demand
from matching import spaces
from matching.encoder import EncoderAway, backend
from matching.models import Match, Ranking
from matching.ranking import rank_demand
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from portal.jobs.actions import enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import run_due
from tests.factories import MatchFactory, SolutionFactory

Open = Callable[[Any], Any]


@pytest.fixture
def waiting(world: Any) -> Match:
    """A list made without meaning, and a match of it with both parties."""
    rank_demand(world.demand)
    Match.objects.all().delete()
    match: Match = MatchFactory(demand=world.demand, solution=world.solution, state="invited")
    return match


def pages(match: Match, persona: str) -> list[str]:
    demand, solution = match.demand.public_id, match.solution.public_id
    of_list = [f"demands/{demand}/matches/", f"demands/{demand}/matches/{solution}/"]
    return {
        "city_editor": [*of_list, f"matches/{match.public_id}/"],
        "moderator": [*of_list, f"queue/matches/{match.public_id}/"],
        "provider_editor": [
            f"solutions/{solution}/demands/",
            f"solutions/{solution}/demands/{demand}/",
            f"matches/{match.public_id}/",
        ],
    }[persona]


SENTENCES = ("Meaning not yet compared", "The texts have not been compared by meaning yet.")


def says_so(html: str) -> bool:
    return any(translation.gettext(sentence) in html for sentence in SENTENCES)


@pytest.mark.parametrize("persona", ["city_editor", "moderator", "provider_editor"])
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_page_of_a_pair_says_that_its_meaning_waits(
    client_of: Open, world: Any, waiting: Match, persona: str, language: str
) -> None:
    client = client_of(getattr(world, persona))
    with translation.override(language):
        silent = [
            url
            for url in pages(waiting, persona)
            if not says_so(client.get(f"/{language}/{url}", follow=True).content.decode())
        ]
    assert silent == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_sentences_are_translated(language: str) -> None:
    with translation.override(language):
        assert not set(SENTENCES) & {translation.gettext(sentence) for sentence in SENTENCES}


@pytest.mark.parametrize("persona", ["city_editor", "moderator", "provider_editor"])
def test_pages_of_an_encoded_pair_say_nothing_of_it(client_of: Open, world: Any, persona: str) -> None:
    ensure_vectors([wording_of_demand(world.demand), wording_of_solution(world.solution)])
    rank_demand(world.demand)
    Match.objects.all().delete()
    match = MatchFactory(demand=world.demand, solution=world.solution, state="invited")
    client = client_of(getattr(world, persona))
    loud = [url for url in pages(match, persona) if says_so(client.get(f"/en/{url}", follow=True).content.decode())]
    assert loud == []


class Fragile:
    """The fake encoder behind a switch."""

    id, dim = backend("fake").id, backend("fake").dim
    is_away = True

    def embed(self, texts: Any, kind: Any) -> Any:
        if self.is_away:
            raise EncoderAway("nobody answers")
        return backend("fake").embed(texts, kind)


def pass_time() -> None:
    """The workers do what is due, and what waits as if it had waited long enough."""
    run_due()
    Job.objects.filter(state=JobState.QUEUED).update(next_at="2020-01-01T00:00:00Z")
    run_due()


def file_and_publish(world: Any) -> Demand:
    """The whole road of a demand, as its editor, approver and a moderator go it."""
    demand = create_demand(
        by=world.city_editor, organisation=world.city.organisation, language="en", title="Lamps that need less power"
    )
    changes = {name: getattr(world.demand, name) for name in ("summary", "problem", "outcome", "focus_area", "stage")}
    demand = edit_demand(by=world.city_editor, demand=demand, changes=changes)
    demand = submit_demand(by=world.city_approver, demand=demand)
    return publish_demand(by=world.moderator, demand=demand)


def test_outage_of_the_encoder_delays_the_meaning_and_nothing_else(
    client_of: Open, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Fragile()
    monkeypatch.setattr(spaces, "wished", lambda: encoder)
    SolutionFactory(name="Lamps as a service")
    for solution in Solution.objects.listed():
        enqueue(kind="matching.match_solution", subject=f"solution:{solution.pk}")
    enqueue(kind="matching.match_demand", subject=f"demand:{world.demand.pk}")
    demand = file_and_publish(world)
    pass_time()
    ranking = Ranking.objects.get(demand=demand)
    assert not ranking.has_meaning
    assert set(ranking.solutions) == set(Solution.objects.listed().values_list("pk", flat=True))
    listed = f"/en/demands/{demand.public_id}/matches/"
    assert says_so(client_of(world.city_editor).get(listed).content.decode())
    assert client_of(world.newcomer).get("/en/demands/").status_code == 200
    encoder.is_away = False
    pass_time()
    assert set(Ranking.objects.values_list("has_meaning", flat=True)) == {True}
    assert not says_so(client_of(world.city_editor).get(listed).content.decode())
    assert not Job.objects.filter(state=JobState.DEAD).exists()
