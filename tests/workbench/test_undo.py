"""Every decision that can be taken back at once, generated: nobody hears of it, and the record is as it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from matching.views.choices import BY_KIND, choice_of
from matching.workbench.deciding_actions import UNDOABLE, Step, decide, undo_decision
from matching.workbench.models import Confirmation, Decided
from portal.audit.models import AuditEvent
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.conftest import World
from tests.factories import (
    DemandFactory,
    FlagFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    SolutionFactory,
)

pytestmark = pytest.mark.django_db
MARKS = dict.fromkeys(("fit", "clarity", "evidence", "limits"), 4)
# What each decision is taken with, and what it is taken on.
VALUES: dict[tuple[str, str], dict[str, Any]] = {
    ("organisation", "verify"): {"how": "registry", "detail": "Handelsregister HRB 1"},
    ("organisation", "refuse"): {"reason": "not_found", "note": "No such number."},
    ("demand", "publish"): {},
    ("demand", "ask"): {"note": "How many lamps?"},
    ("demand", "reject"): {"reason": "duplicate"},
    ("solution", "list"): {"marks": MARKS, "comment": ""},
    ("solution", "ask"): {"marks": MARKS, "comment": "How many watts?"},
    ("match", "offer"): {"note": ""},
    ("match", "shortlist"): {},
    ("match", "reject"): {"reason": "wrong_need", "note": "Lamps, not poles."},
    ("flag", "act"): {"answer": "The city mended it."},
    ("flag", "dismiss"): {"answer": "It is right as it stands."},
}
# Decided with a second moderator, or itself the taking back of a decision: undone by another decision, with a reason.
BY_A_DECISION = {
    ("organisation", "reverse"), ("demand", "reverse"), ("solution", "reverse"), ("solution", "suspend"),
    ("solution", "relist"), ("match", "withdraw"), ("match", "reconsider"), ("organisation", "suspend"),
    ("organisation", "reinstate"),
}  # fmt: skip
MAKERS: dict[str, Callable[[], Any]] = {
    "organisation": lambda: OrganisationFactory(state="pending"),
    "demand": lambda: DemandFactory(state="submitted", published_at=None, submitted_at=timezone.now()),
    "solution": lambda: SolutionFactory(state="submitted", listed_at=None),
    "match": MatchFactory,
    "flag": lambda: FlagFactory(state="open", settled_by=None, settled_at=None, answer=""),
}
# An undone decision on a match leaves the match with the moderators, who looked at it.
CHANGES_FOR_GOOD = {"updated_at", "state_since", "version"}


def facts_of(record: Any) -> dict[str, Any]:
    fresh = type(record)._base_manager.filter(pk=record.pk).values().get()
    return {name: value for name, value in fresh.items() if name not in CHANGES_FOR_GOOD}


def body_of(record: Any) -> Any:
    if hasattr(record, "solution"):
        return record.demand.organisation
    owner = getattr(record, "provider", record)
    return getattr(owner, "organisation", owner)


def test_every_decision_of_the_queue_is_undone_at_once_or_by_another() -> None:
    known = {(kind, choice.code) for kind, choices in BY_KIND.items() for choice in choices}
    at_once = {(kind, code) for kind, codes in UNDOABLE.items() for code in codes}
    assert (set(VALUES), known - at_once) == (at_once, BY_A_DECISION)


@pytest.mark.parametrize(("kind", "code"), VALUES)
def test_undone_decision_leaves_no_word_and_both_steps_in_the_trace(
    kind: str, code: str, ana: Any, world: World
) -> None:
    record = MAKERS[kind]()
    if kind != "flag":
        MembershipFactory(organisation=body_of(record), role="admin")
    before, choice = facts_of(record), choice_of(kind, code)
    assert choice is not None
    outcome = decide(
        by=ana, step=Step(kind, record, code, choice.act, {choice.subject: record, **VALUES[kind, code]})
    )  # fmt: skip
    assert not isinstance(outcome, Confirmation)
    undo_decision(by=ana, decided=Decided.objects.get())
    Job.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    run_due()
    after = facts_of(record)
    if kind == "match":
        assert (before.pop("state"), after.pop("state")) == ("suggested", "in_review")
    assert {name: after[name] for name in before if after[name] != before[name]} == {}
    assert (Notice.objects.count(), len(mail.outbox)) == (0, 0)
    own = AuditEvent.objects.filter(subject=f"{record._meta.model_name}:{record.pk}", actor=f"user:{ana.pk}")
    assert own.exclude(action="organisation.add_evidence").count() == 2
