"""Which decisions need a second moderator, which need words, and who is kept out."""

from typing import TYPE_CHECKING, Any

from django.conf import settings

from matching.workbench.enums import Rule
from portal.accounts.rules import is_moderator
from portal.common.currencies import to_eur

if TYPE_CHECKING:
    from portal.accounts.models import User

# Decisions that put money in motion: nobody needs a second look at a rejection.
OF_BUDGET = {("demand", "publish"), ("match", "offer")}
# Taking back what others were told of; a request for changes or a silent rejection hurts nobody.
TOLD_OF = {
    "organisation": {"verified", "refused"},
    "demand": {"published", "rejected"},
    "solution": {"listed"},
    "match": {"offered"},
}
REVERSALS = {"reverse", "withdraw"}
REINSTATEMENTS = {("solution", "relist"), ("organisation", "reinstate")}


def budget_in_euros(demand: Any) -> float:
    """0 where none is stated, or in a currency without a rate."""
    if not demand.budget_max or not demand.currency:
        return 0
    return float(to_eur(demand.budget_max, demand.currency) or 0)


def fails_a_condition(match: Any) -> bool:
    return any(one["outcome"] == "fail" for one in match.result.get("verdicts", ()))


def override_of(kind: str, record: Any, decision: str) -> str:
    """How a decision goes against the engine: near_miss, weak or strong; empty where it does not."""
    if kind != "match":
        return ""
    if decision == "offer":
        if fails_a_condition(record):
            return "near_miss"
        return "weak" if record.band == "weak" else ""
    return "strong" if decision == "reject" and record.band == "strong" and not fails_a_condition(record) else ""


def rules_for(kind: str, record: Any, decision: str) -> list[str]:
    """The rules that ask for a second moderator; none where the settings switch them off."""
    demand = record.demand if kind == "match" else record
    limit = settings.FOUR_EYES_BUDGET
    asks = {
        Rule.BUDGET: (kind, decision) in OF_BUDGET and 0 < limit <= budget_in_euros(demand),
        Rule.OVERRIDE: override_of(kind, record, decision) == "near_miss",
        Rule.REVERSAL: decision in REVERSALS and record.state in TOLD_OF.get(kind, ()),
        Rule.REINSTATEMENT: (kind, decision) in REINSTATEMENTS,
    }
    return [rule.value for rule, holds in asks.items() if holds and (rule == Rule.BUDGET or rule in settings.FOUR_EYES)]


def is_kept_out(user: "User", kind: str, item: str, parties: frozenset[int]) -> bool:
    """Tied to a party, or stepped back by their own word."""
    if parties & user.tied_organisation_ids:
        return True
    return (kind, item) in user.recused_items


def can_confirm(user: "User", confirmation: Any) -> bool:
    return is_moderator(user) and confirmation.asked_by_id != user.pk and confirmation.state == "open"
