"""From the click to the labelled draft: through the job, against a real server."""

from typing import Any

import pytest

from cities.models import Demand
from portal.common.errors import DomainError
from portal.common.translated import shown
from portal.jobs.actions import claim, give_back
from portal.jobs.models import Job
from portal.jobs.tasks import perform
from portal.translating.actions import DRAFT, ask_machine, translate_text
from portal.translating.machines import TranslatorAway
from portal.translating.views import machine_state
from tests.conftest import World
from tests.translating.played import Server

pytestmark = pytest.mark.django_db


def work(language: str = "ko") -> None:
    job = Job.objects.get(kind=DRAFT, state="queued", payload__language=language)
    claimed = claim(job.pk)
    assert claimed is not None
    perform(claimed)


def test_machine_drafts_what_nobody_has_translated_and_says_so(world: World, machine: Server) -> None:
    demand = world.demand
    translate_text(by=world.moderator, subject=demand, language="ko", texts={"title": "사람의 말"})
    ask_machine(by=world.moderator, subject=demand, language="ko")
    assert machine_state(demand, "ko") == "working"
    work()
    fresh = Demand.objects.get(pk=demand.pk)
    assert [shown(fresh, name, "ko").status for name in ("title", "summary")] == ["human", "machine"]
    assert fresh.summary_ko == f"ko: {fresh.summary_en}"
    assert machine_state(fresh, "ko") == "complete"


def test_only_what_the_public_page_shows_is_sent(world: World, machine: Server) -> None:
    name = world.demand.organisation.name
    Demand.objects.filter(pk=world.demand.pk).update(problem_en=f"{name} pays. Ask ana@ciudad.example.")
    ask_machine(by=world.moderator, subject=world.demand, language="ko")
    work()
    sent = str(machine.asked)
    assert [word in sent for word in (name, "ana@ciudad.example", world.moderator.email)] == [False, False, False]
    assert Demand.objects.get(pk=world.demand.pk).problem_ko == f"ko: {name} pays. Ask ana@ciudad.example."


def test_second_click_owes_nothing_more(world: World, machine: Server) -> None:
    for _click in range(2):
        ask_machine(by=world.moderator, subject=world.demand, language="ko")
    assert Job.objects.filter(kind=DRAFT).count() == 1


def test_failing_service_is_asked_again_and_the_editor_says_so(world: World, machine: Server) -> None:
    machine.failures = [503] * 10
    ask_machine(by=world.moderator, subject=world.demand, language="ko")
    job = claim(Job.objects.get(kind=DRAFT).pk)
    assert job is not None
    with pytest.raises(TranslatorAway):
        perform(job)
    give_back(job, "TranslatorAway")
    assert machine_state(world.demand, "ko") == "retrying"
    Job.objects.filter(pk=job.pk).update(state="dead")
    assert machine_state(world.demand, "ko") == "failed"
    assert shown(Demand.objects.get(pk=world.demand.pk), "title", "ko").is_foreign


def test_languages_that_the_machine_does_not_know_are_left_to_people(world: World, machine: Server) -> None:
    ask_machine(by=world.moderator, subject=world.demand, language="pt")
    work("pt")
    assert machine_state(world.demand, "pt") == "left"


def test_nothing_is_asked_where_no_machine_is_set_up(world: World) -> None:
    with pytest.raises(DomainError, match="No machine translator"):
        ask_machine(by=world.moderator, subject=world.demand, language="ko")
    assert machine_state(world.demand, "ko") == "off"


def test_record_that_is_gone_is_nobodys_draft(world: World, machine: Server) -> None:
    ask_machine(by=world.moderator, subject=world.demand, language="ko")
    Job.objects.filter(kind=DRAFT).update(subject="demand:0")
    work()
    assert machine.asked == []


def page(client: Any, world: World, method: str = "get", data: dict[str, str] | None = None) -> Any:
    return getattr(client, method)(f"/en/demands/{world.demand.public_id}/texts/ko/", data or {})


def test_button_saves_what_was_typed_and_asks_for_the_rest(client_of: Any, world: World, machine: Server) -> None:
    answer = page(client_of(world.moderator), world, "post", {"title": "사람의 말", "machine": "1"})
    assert answer.headers["Location"] == f"/en/demands/{world.demand.public_id}/texts/ko/"
    assert Demand.objects.get(pk=world.demand.pk).title_ko == "사람의 말"
    assert "The machine is at work" in page(client_of(world.moderator), world).content.decode()


def test_button_is_not_there_without_a_machine(client_of: Any, world: World) -> None:
    assert 'name="machine"' not in page(client_of(world.moderator), world).content.decode()
