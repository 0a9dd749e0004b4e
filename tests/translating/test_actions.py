"""Who writes translations, what they are marked as, and what becomes of them when the original changes."""

from typing import Any

import pytest

from catalog.listing_actions import review_solution
from catalog.models import Claim, Solution
from catalog.writing_actions import begin_revision, submit_solution
from cities.actions import edit_demand
from cities.models import Demand
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.common.translated import shown
from portal.translating.actions import mark_of_sight, put_drafts, translate_text
from portal.translating.subjects import subject_of
from tests.conftest import World

pytestmark = pytest.mark.django_db


def mark(record: Any, name: str, language: str = "ko") -> str:
    return shown(type(record).objects.get(pk=record.pk), name, language).status


def seen(record: Any, language: str = "ko") -> dict[str, str]:
    return {piece.key: mark_of_sight(piece, language) for piece in subject_of(record).pieces(record)}


def by_machine(world: World, demand: Any) -> None:
    sight = {"title": demand.title_en}
    put_drafts(by=world.city_editor, subject=demand, language="ko", drafts={"title": "가로등"}, seen=sight)


def test_what_a_person_writes_is_theirs_and_traced(world: World) -> None:
    demand = world.demand
    translate_text(by=world.moderator, subject=demand, language="ko", texts={"title": "가로등 교체"})
    assert shown(Demand.objects.get(pk=demand.pk), "title", "ko")[::3] == ("가로등 교체", "human")
    event = AuditEvent.objects.filter(action="demand.translate").latest("pk")
    assert event.after == {"language": "ko", "texts": ["title"], "checked": []}


def test_translation_is_found_by_its_words(world: World) -> None:
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "해안도로 조명"})
    assert Demand.objects.filter(pk=world.demand.pk, search__isnull=False).count() == 1
    assert "해안" in str(Demand.objects.values_list("search", flat=True).get(pk=world.demand.pk))


def test_saving_what_is_there_changes_no_mark_and_leaves_no_trace(world: World) -> None:
    by_machine(world, world.demand)
    events = AuditEvent.objects.count()
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "가로등", "summary": ""})
    assert (mark(world.demand, "title"), AuditEvent.objects.count()) == ("machine", events)


def test_matches_stand_when_a_translation_is_written(world: World) -> None:
    version = Demand.objects.get(pk=world.demand.pk).version
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "가로등"})
    assert Demand.objects.get(pk=world.demand.pk).version == version


@pytest.mark.parametrize(("written", "older"), [("human", "stale"), ("checked", "stale"), ("machine", "stale_machine")])
def test_changed_original_leaves_its_translations_behind(world: World, written: str, older: str) -> None:
    demand = world.demand
    Demand.objects.filter(pk=demand.pk).update(title_ko="가로등", translations={"title": {"ko": written}})
    edit_demand(by=world.city_editor, demand=demand, changes={"title": "Renew all street lights"})
    assert mark(demand, "title") == older


@pytest.mark.parametrize(
    ("before", "after"), [("machine", "checked"), ("stale_machine", "checked"), ("stale", "human")]
)
def test_text_found_right_is_a_persons_word(world: World, before: str, after: str) -> None:
    Demand.objects.filter(pk=world.demand.pk).update(title_ko="가로등", translations={"title": {"ko": before}})
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={}, right=["title"])
    assert mark(world.demand, "title") == after


def test_somebody_else_was_quicker_and_nothing_is_overwritten(world: World) -> None:
    sight = seen(world.demand)
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "먼저"})
    with pytest.raises(Conflict) as refused:
        translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "나중"}, seen=sight)
    assert refused.value.who == str(world.moderator)
    assert Demand.objects.get(pk=world.demand.pk).title_ko == "먼저"


def test_two_people_on_different_texts_are_no_conflict(world: World) -> None:
    sight = seen(world.demand)
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "먼저"})
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"summary": "요약"}, seen=sight)
    fresh = Demand.objects.get(pk=world.demand.pk)
    assert (fresh.title_ko, fresh.summary_ko) == ("먼저", "요약")


@pytest.mark.parametrize("language", ["en", "xx"])
def test_only_other_languages_of_the_portal_are_written(world: World, language: str) -> None:
    with pytest.raises(DomainError):
        translate_text(by=world.moderator, subject=world.demand, language=language, texts={"title": "x"})


@pytest.mark.parametrize("persona", ["other_city_editor", "provider_editor", "programme", "newcomer"])
def test_nobody_else_translates_a_demand(world: World, persona: str) -> None:
    with pytest.raises(NotAllowed):
        translate_text(by=world.users[persona], subject=world.demand, language="ko", texts={"title": "x"})


def test_provider_does_not_change_what_is_listed_in_any_language(world: World) -> None:
    with pytest.raises(NotAllowed):
        translate_text(by=world.provider_editor, subject=world.solution, language="ko", texts={"name": "조명"})


def test_translation_of_a_new_version_is_read_once_it_is_approved(world: World) -> None:
    draft = begin_revision(by=world.provider_editor, solution=world.solution)
    translate_text(by=world.provider_editor, subject=draft, language="ko", texts={"name": "조명"})
    assert mark(world.solution, "name") == "original"
    approve(world, draft)
    assert mark(world.solution, "name") == "human"


def test_what_iclei_translates_meanwhile_survives_the_new_version(world: World) -> None:
    draft = begin_revision(by=world.provider_editor, solution=world.solution)
    translate_text(by=world.moderator, subject=world.solution, language="ko", texts={"name": "조명"})
    approve(world, draft)
    assert Solution.objects.get(pk=world.solution.pk).name_ko == "조명"


def approve(world: World, draft: Solution) -> None:
    for dimension in ("efficient", "resilient", "sustainable"):
        Claim.objects.get_or_create(solution=draft, dimension=dimension, defaults={"statement_en": "It does."})
    submit_solution(by=world.provider_admin, solution=draft)
    draft = Solution.objects.get(pk=draft.pk)
    marks = dict.fromkeys(("fit", "clarity", "evidence", "limits"), 4)
    review_solution(by=world.moderator, solution=draft, marks=marks, comment="", approve=True)


def test_claim_keeps_its_marks_with_the_solution(world: World) -> None:
    claim = Claim.objects.create(solution=world.solution, dimension="resilient", statement_en="It stays lit.")
    put_drafts(
        by=world.moderator, subject=world.solution, language="ko", drafts={"claim-resilient": "꺼지지 않는다."},
        seen={"claim-resilient": "It stays lit."},
    )  # fmt: skip
    assert mark(claim, "statement") == "machine"


def test_machine_never_writes_over_a_person(world: World) -> None:
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "사람"})
    by_machine(world, world.demand)
    assert Demand.objects.get(pk=world.demand.pk).title_ko == "사람"


def test_draft_of_an_original_that_has_changed_since_is_dropped(world: World) -> None:
    put_drafts(by=world.moderator, subject=world.demand, language="ko", drafts={"title": "옛"}, seen={"title": "Older"})
    assert shown(Demand.objects.get(pk=world.demand.pk), "title", "ko").is_foreign
