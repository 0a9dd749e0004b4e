"""The public version of a solution stays as it was until a moderator has approved its next one."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.differences import differences
from catalog.enums import ReviewCriterion
from catalog.listing_actions import archive_solution, renew_solution, review_solution
from catalog.models import Claim, Reference, Solution
from catalog.writing_actions import (
    begin_revision,
    discard_revision,
    edit_solution,
    set_claims,
    set_references,
    submit_solution,
)
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, NotAllowed
from portal.jobs.models import Job
from tests.conftest import World

pytestmark = pytest.mark.django_db
MARKS = dict.fromkeys(ReviewCriterion.values, 4)
CLAIMS = [
    {"dimension": name, "statement": f"It is {name}.", "evidence_url": ""}
    for name in ("efficient", "resilient", "sustainable")
]


@pytest.fixture
def listed(world: World) -> Solution:
    """A listed solution with a claim of each kind and a reference that its city has confirmed."""
    solution: Solution = world.solution
    for row in CLAIMS:
        Claim.objects.create(solution=solution, **row)
    Reference.objects.create(
        solution=solution, city_name="Turku", country="FI", grade="city_confirmed",
        confirmed_by="mayor@example.org", confirmed_at=timezone.now(),
    )  # fmt: skip
    return solution


def fresh(solution: Solution) -> Solution:
    return Solution.objects.get(pk=solution.pk)


def revise(world: World, listed: Solution, **changes: Any) -> Solution:
    draft = begin_revision(by=world.provider_editor, solution=listed)
    return edit_solution(by=world.provider_editor, solution=draft, changes=changes) if changes else draft


def approve(world: World, draft: Solution) -> Solution:
    draft = submit_solution(by=world.provider_admin, solution=draft)
    return review_solution(by=world.moderator, solution=draft, marks=MARKS, comment="Good.", approve=True)


def test_listed_solution_cannot_be_edited_in_place(world: World, listed: Solution) -> None:
    with pytest.raises(NotAllowed):
        edit_solution(by=world.provider_admin, solution=listed, changes={"tagline": "Another"})


def test_revision_begins_as_a_copy_and_only_once(world: World, listed: Solution) -> None:
    listed.topics.set(listed.focus_area.topics.all()[:2])
    first = revise(world, listed)
    assert begin_revision(by=world.provider_admin, solution=listed) == first
    assert (first.state, first.name, first.public_id != listed.public_id) == ("draft", listed.name, True)
    assert set(first.topics.all()) == set(listed.topics.all())
    assert [claim.statement for claim in first.claims.all()] == [claim["statement"] for claim in CLAIMS]
    assert [(row.city_name, row.grade) for row in first.references.all()] == [("Turku", "city_confirmed")]


def test_public_version_stays_until_approval_and_then_says_what_the_revision_said(
    world: World, listed: Solution
) -> None:
    before, version = listed.tagline, listed.version
    draft = revise(world, listed, tagline="Half the power, twice the light", regions=["FI"])
    assert fresh(listed).tagline == before
    result = approve(world, draft)
    assert (result.pk, result.state, result.version) == (listed.pk, "listed", version + 1)
    assert (fresh(listed).tagline, fresh(listed).regions) == ("Half the power, twice the light", ["FI"])
    assert not Solution.objects.filter(pk=draft.pk).exists()
    event = AuditEvent.objects.get(action="solution.revise")
    assert event.after["regions"] == ["FI"]
    assert Job.objects.filter(kind="matching.match_solution", subject=f"solution:{listed.pk}").exists()


def test_confirmation_given_meanwhile_survives_unless_the_fact_changed(world: World, listed: Solution) -> None:
    draft = revise(world, listed, tagline="New")
    approve(world, draft)
    assert listed.references.get().grade == "city_confirmed"
    draft = revise(world, listed)
    row = draft.references.get()
    facts = {"id": row.pk, "city_name": "Turku", "country": "FI", "status": "stopped", "evidence_url": ""}
    set_references(by=world.provider_editor, solution=draft, rows=[facts])
    assert listed.references.get().grade == "city_confirmed"
    pk = listed.references.get().pk
    approve(world, draft)
    found = listed.references.get()
    assert (found.pk, found.status, found.grade, found.confirmed_by) == (pk, "stopped", "declared", "")


def test_reference_left_out_of_the_revision_goes_with_its_approval(world: World, listed: Solution) -> None:
    draft = revise(world, listed)
    set_references(by=world.provider_editor, solution=draft, rows=[])
    approve(world, draft)
    assert listed.references.count() == 0


def test_changes_requested_keep_the_revision_and_the_listed_version(world: World, listed: Solution) -> None:
    draft = submit_solution(by=world.provider_admin, solution=revise(world, listed, tagline="Best in the world"))
    review_solution(by=world.moderator, solution=draft, marks=MARKS, comment="Say how.", approve=False)
    assert (fresh(draft).state, fresh(listed).state) == ("changes_requested", "listed")
    approve(world, edit_solution(by=world.provider_editor, solution=fresh(draft), changes={"tagline": "By half"}))
    assert [review.approved for review in listed.reviews.all()] == [True, False]


def test_second_approval_is_refused(world: World, listed: Solution) -> None:
    draft = revise(world, listed, tagline="New")
    approve(world, draft)
    with pytest.raises(Conflict):
        review_solution(by=world.moderator, solution=draft, marks=MARKS, comment="", approve=True)


def test_discarded_revision_leaves_no_trace_in_what_is_listed(world: World, listed: Solution) -> None:
    draft = revise(world, listed, tagline="New")
    with pytest.raises(NotAllowed):
        discard_revision(by=world.other_provider_admin, solution=draft)
    assert discard_revision(by=world.provider_editor, solution=draft) == listed
    assert (fresh(listed).tagline, fresh(listed).version) == (listed.tagline, listed.version)


def test_archiving_takes_an_open_revision_along(world: World, listed: Solution) -> None:
    draft = revise(world, listed)
    archive_solution(by=world.provider_admin, solution=listed)
    assert not Solution.objects.filter(pk=draft.pk).exists()


def test_renewal_needs_no_review_and_reaches_the_open_revision(world: World, listed: Solution) -> None:
    draft = revise(world, listed)
    day = timezone.localdate() + timedelta(days=365)
    renew_solution(by=world.provider_admin, solution=listed, expires_on=day)
    assert (fresh(listed).expires_on, fresh(draft).expires_on, fresh(listed).state) == (day, day, "listed")


def test_differences_name_each_changed_answer_once(world: World, listed: Solution) -> None:
    draft = revise(world, listed, tagline="New line")
    set_claims(by=world.provider_editor, solution=draft, rows=[{**CLAIMS[0], "statement": "Changed."}, *CLAIMS[1:]])
    found = [(str(label), was and was.value, now and now.value)
             for part in differences(fresh(listed), fresh(draft)) for label, was, now in part.rows]  # fmt: skip
    assert ("In one line", listed.tagline, "New line") in found
    assert [row for row in found if "Changed." in (row[2] or "")] != []
    assert len(found) == 2


def test_pages_lead_from_the_listed_solution_to_the_new_version_and_back(
    world: World, listed: Solution, client_of: Any
) -> None:
    client = client_of(world.provider_editor)
    page = client.get(f"/en/solutions/{listed.public_id}/edit/", follow=True)
    assert "Write a new version of this solution?" in page.content.decode()
    page = client.post(f"/en/solutions/{listed.public_id}/revise/", follow=True)
    draft = Solution.objects.get(revises=listed)
    assert page.redirect_chain[-1][0] == f"/en/solutions/{draft.public_id}/edit/"
    assert "until ICLEI has approved this version" in page.content.decode()
    assert f"/en/solutions/{draft.public_id}/" in client.get(f"/en/solutions/{listed.public_id}/").content.decode()
    stranger = client_of(world.other_provider_admin)
    assert stranger.get(f"/en/solutions/{draft.public_id}/").status_code == 404
    assert "A new version" not in stranger.get(f"/en/solutions/{listed.public_id}/").content.decode()


def test_moderator_reads_what_changes(world: World, listed: Solution, client_of: Any) -> None:
    draft = submit_solution(by=world.provider_admin, solution=revise(world, listed, tagline="A new line"))
    page = client_of(world.moderator).get(f"/en/queue/solutions/{draft.public_id}/").content.decode()
    assert "What changes" in page
    assert "A new line" in page


def test_discarding_asks_first(world: World, listed: Solution, client_of: Any) -> None:
    draft = revise(world, listed, tagline="New")
    client = client_of(world.provider_editor)
    url = f"/en/solutions/{draft.public_id}/discard/"
    assert "Discard this new version?" in client.get(url).content.decode()
    assert client.post(url).headers["Location"] == f"/en/solutions/{listed.public_id}/"
    assert not Solution.objects.filter(pk=draft.pk).exists()
