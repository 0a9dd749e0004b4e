"""Documents that moderators judge: which wait, what a verdict does, and when it ends."""

from typing import Any

import pytest

from catalog.confirmations.answer_actions import check_evidence
from catalog.confirmations.models import EvidenceCheck
from catalog.confirmations.to_check import items_of, solutions_to_check
from catalog.models import Claim, Reference
from catalog.writing_actions import set_claims
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import SolutionFactory
from tests.queries import assert_queries_constant

pytestmark = pytest.mark.django_db
URL = "https://example.org/report.pdf"


def claim(solution: Any, **values: Any) -> Claim:
    fields = {"dimension": "efficient", "statement": "Half.", "grade": "documented", "evidence_url": URL, **values}
    return Claim.objects.create(solution=solution, **fields)


def judge(world: World, item: Any, verdict: str = "shown", reasons: str = "Read it.") -> EvidenceCheck:
    return check_evidence(by=world.moderator, item=item, verdict=verdict, reasons=reasons)


@pytest.mark.parametrize(("values", "waits"), [({}, True), ({"evidence_url": ""}, False)])
def test_document_that_nobody_judged_waits(world: World, values: dict[str, Any], waits: bool) -> None:
    claim(world.solution, **values)
    assert solutions_to_check().exists() is waits


@pytest.mark.parametrize("values", [{"state": "draft"}, {"state": "archived"}, {"source": "x", "source_id": "1"}])
def test_what_is_not_listed_or_was_imported_does_not_wait(values: dict[str, Any]) -> None:
    claim(SolutionFactory(**values))
    assert not solutions_to_check().exists()


@pytest.mark.parametrize(
    ("present", "verdict", "expected"),
    [
        ("documented", "shown", "documented"),
        ("declared", "shown", "documented"),
        ("documented", "third_party", "third_party_verified"),
        ("documented", "not_shown", "declared"),
        ("documented", "out_of_reach", "declared"),
        ("third_party_verified", "not_shown", "declared"),
        ("city_confirmed", "not_shown", "city_confirmed"),
        ("city_confirmed", "third_party", "third_party_verified"),
    ],
)
def test_verdict_sets_the_grade(world: World, present: str, verdict: str, expected: str) -> None:
    item = Reference.objects.create(
        solution=world.solution, city_name="Ulm", country="DE", grade=present, evidence_url=URL
    )
    judge(world, item, verdict)
    item.refresh_from_db()
    assert item.grade == expected
    assert not solutions_to_check().exists()


def test_verdict_without_reasons_is_refused(world: World) -> None:
    with pytest.raises(Incomplete):
        judge(world, claim(world.solution), reasons="  ")


def test_document_that_was_taken_away_is_not_judged(world: World) -> None:
    item = claim(world.solution)
    Claim.objects.update(evidence_url="")
    with pytest.raises(Conflict):
        judge(world, item)


@pytest.mark.parametrize("person", ["provider_admin", "city_admin", "expert", "administrator"])
def test_nobody_but_moderators_judges(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        check_evidence(by=world.users[person], item=claim(world.solution), verdict="shown", reasons="x")


@pytest.mark.parametrize(
    ("changes", "holds"),
    [({}, True), ({"statement": "A third."}, False), ({"evidence_url": "https://example.org/new"}, False)],
)
def test_verdict_holds_until_the_words_or_the_document_change(
    world: World, changes: dict[str, Any], holds: bool
) -> None:
    draft = SolutionFactory(provider=world.provider, state="draft", listed_at=None)
    judge(world, claim(draft))
    row = {"dimension": "efficient", "statement": "Half.", "evidence_url": URL, **changes}
    set_claims(by=world.provider_admin, solution=draft, rows=[row])
    assert EvidenceCheck.objects.get().is_current is holds


def test_second_verdict_replaces_the_first_and_keeps_it(world: World) -> None:
    item = claim(world.solution)
    judge(world, item)
    judge(world, item, "not_shown")
    assert list(EvidenceCheck.objects.values_list("verdict", "is_current")) == [("not_shown", True), ("shown", False)]


def test_provider_is_told_once_of_a_sitting(world: World) -> None:
    judge(world, claim(world.solution))
    judge(world, claim(world.solution, dimension="resilient"))
    run_due()
    assert world.provider_admin.notices.filter(kind="evidence_checked").count() == 1


def test_page_keeps_the_verdict_of_the_form_that_was_sent(world: World, client_of: Any) -> None:
    first, second = claim(world.solution), claim(world.solution, dimension="resilient")
    page = f"/en/solutions/{world.solution.public_id}/evidence/"
    sent = {"item": f"claim-{second.pk}", "verdict": "not_shown", "reasons": "It speaks of another product."}
    client = client_of(world.moderator)
    assert client.post(page, {**sent, "reasons": ""}).status_code == 422
    assert client.post(page, sent).status_code == 302
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.grade, second.grade) == ("documented", "declared")
    assert [item.check is None for item in items_of(world.solution)] == [True, False]
    html = client.get(page).content.decode()
    assert [word in html for word in ("another product", "Resilient", "Half.")] == [True] * 3


def test_list_of_solutions_to_check_asks_as_often_for_one_as_for_three(world: World, client_of: Any) -> None:
    claim(world.solution)
    client = client_of(world.moderator)
    assert_queries_constant(
        lambda: client.get("/en/evidence/"), lambda: claim(SolutionFactory(provider=world.provider))
    )
