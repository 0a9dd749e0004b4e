"""Evidence of a solution: what a grade rests on, what is audited, what stays when something else changes."""

from typing import Any

import pytest

from catalog.models import Capability, Criterion, Solution
from catalog.revisions import take_over
from catalog.writing_actions import begin_revision, set_capabilities, set_claims, set_references
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, NotAllowed
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: Any) -> Solution:
    solution: Solution = SolutionFactory(provider=world.provider, state="draft", listed_at=None)
    return solution


def row(code: str = "trl", **fields: Any) -> dict[str, Any]:
    return {"criterion": Criterion.objects.get(code=code), "flag": None, "number": 8, "evidence_url": "", **fields}


@pytest.mark.parametrize(("url", "grade"), [("", "declared"), ("https://a.example/r", "documented")])
def test_a_grade_is_earned_by_a_link(world: Any, draft: Solution, url: str, grade: str) -> None:
    set_capabilities(by=world.provider_editor, solution=draft, rows=[row(evidence_url=url)])
    assert draft.capabilities.get().grade == grade


def test_a_link_taken_away_takes_its_grade_along(world: Any, draft: Solution) -> None:
    for url in ("https://a.example/r", ""):
        set_capabilities(by=world.provider_editor, solution=draft, rows=[row(evidence_url=url)])
    assert draft.capabilities.get().grade == "declared"


def test_what_somebody_else_verified_survives_a_new_link(world: Any, draft: Solution) -> None:
    Capability.objects.create(solution=draft, **row(grade="third_party_verified"))
    set_capabilities(by=world.provider_editor, solution=draft, rows=[row(evidence_url="https://a.example/r")])
    assert draft.capabilities.get().grade == "third_party_verified"


def test_a_changed_figure_is_audited_and_makes_a_new_version(world: Any, draft: Solution) -> None:
    claim = {"dimension": "efficient", "statement": "Saves.", "value": 30}
    set_claims(by=world.provider_editor, solution=draft, rows=[claim])
    version = draft.version
    set_claims(by=world.provider_editor, solution=draft, rows=[{**claim, "value": 40}])
    event = AuditEvent.objects.filter(action="solution.set_claims").latest("pk")
    assert Solution.objects.get(pk=draft.pk).version == version + 1
    assert (event.before, event.after) == (
        {"claims": {"efficient: Saves.": {"value": "30.000"}}}, {"claims": {"efficient: Saves.": {"value": 40}}},
    )  # fmt: skip


def test_what_filters_ask_of_evidence_follows_every_change(world: Any, draft: Solution) -> None:
    city = {"city_name": "Ulm", "country": "DE", "status": "operating"}
    found = []
    for set_rows, rows in (
        (set_claims, [{"dimension": "efficient", "statement": "Saves.", "evidence_url": "https://a.example/r"}]),
        (set_references, [{**city, "grade": "city_confirmed"}]),
        (set_references, []),
        (set_claims, []),
    ):
        set_rows(by=world.provider_editor, solution=draft, rows=rows)
        found.append(Solution.objects.values_list("proven", "has_reference").get(pk=draft.pk))
    assert found == [(1, False), (2, True), (1, False), (0, False)]


def test_listed_solution_is_as_well_proven_as_its_approved_revision(world: Any) -> None:
    listed = world.solution
    revision = begin_revision(by=world.provider_editor, solution=listed)
    rows = [{"city_name": "Ulm", "country": "DE", "status": "operating", "grade": "documented"}]
    set_references(by=world.provider_editor, solution=revision, rows=rows)
    was, _now = take_over(listed, Solution.objects.get(pk=revision.pk))
    listed.save()
    listed.refresh_from_db()
    assert (listed.proven, listed.has_reference) == (0, True)
    assert not was.keys() & {"proven", "has_reference", "reach"}


def test_saving_the_same_again_changes_nothing(world: Any, draft: Solution) -> None:
    set_capabilities(by=world.provider_editor, solution=draft, rows=[row()])
    version, key = draft.version, draft.capabilities.get().pk
    set_capabilities(by=world.provider_editor, solution=draft, rows=[row()])
    assert (Solution.objects.get(pk=draft.pk).version, draft.capabilities.get().pk) == (version, key)
    assert AuditEvent.objects.filter(action="solution.set_capabilities").count() == 1


def test_a_new_sentence_loses_its_translations(world: Any, draft: Solution) -> None:
    set_claims(by=world.provider_editor, solution=draft, rows=[{"dimension": "efficient", "statement": "Saves."}])
    draft.claims.update(statement_ko="절약합니다.")
    set_claims(by=world.provider_editor, solution=draft, rows=[{"dimension": "efficient", "statement": "Saves half."}])
    assert (draft.claims.get().statement_en, draft.claims.get().statement_ko) == ("Saves half.", None)


def test_an_old_version_is_a_conflict_with_name_and_time(world: Any, draft: Solution) -> None:
    set_capabilities(by=world.provider_admin, solution=draft, rows=[row()])
    with pytest.raises(Conflict) as refused:
        set_capabilities(by=world.provider_editor, solution=draft, rows=[], expected_version=1)
    assert (refused.value.who, refused.value.when is None) == ("provider admin", False)
    assert draft.capabilities.count() == 1


def test_strangers_and_submitted_solutions_are_refused(world: Any, draft: Solution) -> None:
    with pytest.raises(NotAllowed):
        set_capabilities(by=world.other_provider_admin, solution=draft, rows=[row()])
    Solution.objects.filter(pk=draft.pk).update(state="submitted")
    with pytest.raises(NotAllowed, match="present state: “Submitted”"):
        set_capabilities(by=world.provider_editor, solution=draft, rows=[row()])
