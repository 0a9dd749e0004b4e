"""What can be decided on each page: the words, the keys, the forms and the actions behind them."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.listing_actions import relist_solution, review_solution, suspend_solution
from catalog.states import SOLUTION as SOLUTION_STATES
from cities.actions import publish_demand, reject_demand, request_changes
from cities.states import DEMAND as DEMAND_STATES
from matching import forms
from matching.actions import (
    OUTCOMES,
    accept_for_city,
    accept_for_provider,
    decline_for_city,
    decline_for_provider,
    offer_match,
    reconsider_match,
    record_outcome,
    reject_match,
    shortlist_match,
    withdraw_offer,
)
from matching.complaints.flag_actions import settle_flag
from matching.complaints.forms import FlagAnswerForm
from matching.complaints.states import FLAG as FLAG_STATES
from matching.models import Introduction, Match
from matching.states import MATCH as MATCH_STATES
from matching.views.decisions import Choice
from matching.workbench.reversing_actions import reverse_demand, reverse_organisation, reverse_solution
from portal.accounts.actions import refuse_organisation, verify_organisation
from portal.accounts.models import User
from portal.accounts.states import ORGANISATION as ORGANISATION_STATES
from portal.accounts.suspending_actions import reinstate_organisation, suspend_organisation
from portal.common import geography
from portal.common.geography import main_currency

_organisation = partial(Choice, table=ORGANISATION_STATES, subject="organisation")
_demand = partial(Choice, table=DEMAND_STATES, subject="demand")
_solution = partial(Choice, table=SOLUTION_STATES, subject="solution")
_match = partial(Choice, table=MATCH_STATES, subject="match")
_flag = partial(Choice, table=FLAG_STATES, subject="flag")

ORGANISATION = (
    _organisation(
        code="verify", move="verify", key="a", kind="primary", label=_("Verify"), form=forms.VerifyForm,
        act=verify_organisation, done=_("Verified:"),
    ),
    _organisation(
        code="refuse", move="refuse", key="r", kind="danger", label=_("Refuse"), form=forms.RefuseForm,
        act=refuse_organisation, done=_("Refused:"),
    ),
    _organisation(
        code="suspend", move="suspend", key="r", kind="danger", label=_("Suspend"),
        form=forms.SuspendOrganisationForm,
        act=suspend_organisation, done=_("Suspended:"),
    ),
    _organisation(
        code="reinstate", move="reinstate", key="a", kind="primary", label=_("Lift the suspension"),
        form=forms.InternalNoteForm, act=reinstate_organisation, done=_("Verified:"),
    ),
    _organisation(
        code="reverse", move="reconsider", key="z", label=_("Take the decision back"), form=forms.ReverseForm,
        act=reverse_organisation, done=_("Taken back:"),
    ),
)  # fmt: skip
DEMAND = (
    _demand(
        code="publish", move="publish", key="a", kind="primary", label=_("Publish"), act=publish_demand,
        done=_("Published:"),
    ),
    _demand(
        code="ask", move="request_changes", key="i", label=_("Ask for changes"), form=forms.AskChangesForm,
        act=request_changes, done=_("Changes requested:"),
    ),
    _demand(
        code="reject", move="reject", key="r", kind="danger", label=_("Reject"), form=forms.RejectDemandForm,
        act=reject_demand, done=_("Rejected:"),
    ),
    _demand(
        code="reverse", move="reconsider", key="z", label=_("Take the decision back"), form=forms.ReverseForm,
        act=reverse_demand, done=_("Taken back:"),
    ),
)  # fmt: skip
SOLUTION = (
    _solution(
        code="list", move="list", key="a", kind="primary", label=_("Mark and list"), form=forms.SolutionReviewForm,
        act=partial(review_solution, approve=True), done=_("Listed:"),
    ),
    _solution(
        code="ask", move="request_changes", key="i", label=_("Ask for changes"),
        form=partial(forms.SolutionReviewForm, approve=False), act=partial(review_solution, approve=False),
        done=_("Changes requested:"),
    ),
    _solution(
        code="suspend", move="suspend", key="r", kind="danger", label=_("Suspend"), form=forms.SuspendForm,
        act=suspend_solution, done=_("Suspended:"),
    ),
    _solution(
        code="relist", move="relist", key="a", kind="primary", label=_("List again"), act=relist_solution,
        done=_("Listed:"),
    ),
    _solution(
        code="reverse", move="reconsider", key="z", label=_("Take the decision back"), form=forms.ReverseForm,
        act=reverse_solution, done=_("Taken back:"),
    ),
)  # fmt: skip
MATCH = (
    _match(
        code="offer", move="offer", key="a", kind="primary", label=_("Offer to the city"), form=forms.OfferForm,
        act=offer_match, done=_("Offered to the city:"),
    ),
    _match(
        code="shortlist", move="shortlist", key="l", label=_("Shortlist"), form=forms.InternalNoteForm,
        act=shortlist_match, done=_("Shortlisted:"),
    ),
    _match(
        code="reject", move="reject", key="r", kind="danger", label=_("Reject"), form=forms.RejectMatchForm,
        act=reject_match, done=_("Rejected:"),
    ),
    _match(
        code="withdraw", move="withdraw_offer", key="z", label=_("Withdraw the offer"), form=forms.WithdrawForm,
        act=withdraw_offer, done=_("Offer withdrawn:"),
    ),
    _match(
        code="reconsider", move="reconsider", key="z", label=_("Take it up again"), form=forms.InternalNoteForm,
        act=reconsider_match, done=_("Taken up again:"),
    ),
)  # fmt: skip
CITY = (
    _match(
        code="accept", move="accept_by_city", kind="primary", label=_("Yes, we want to talk"),
        form=forms.CityAcceptForm, act=accept_for_city, done=_("Accepted. The provider is invited now:"),
    ),
    _match(
        code="decline", move="decline_by_city", label=_("No, not this one"), form=forms.CityDeclineForm,
        act=decline_for_city, done=_("Declined:"),
    ),
)  # fmt: skip
PROVIDER = (
    _match(
        code="accept", move="accept_by_provider", kind="primary", label=_("Yes, we want to talk"),
        form=forms.ProviderAcceptForm, act=accept_for_provider, done=_("Accepted. You are introduced to each other:"),
    ),
    _match(
        code="decline", move="decline_by_provider", label=_("No, not this one"), form=forms.ProviderDeclineForm,
        act=decline_for_provider, done=_("Declined:"),
    ),
)  # fmt: skip


FLAG = (
    _flag(
        code="act", move="act", key="a", kind="primary", label=_("Something was done"), form=FlagAnswerForm,
        act=partial(settle_flag, acted=True), done=_("Recorded:"),
    ),
    _flag(
        code="dismiss", move="dismiss", key="r", label=_("Nothing had to be done"), form=FlagAnswerForm,
        act=partial(settle_flag, acted=False), done=_("Recorded:"),
    ),
)  # fmt: skip


def _record(match: Match, *, by: User, move: str, **values: Any) -> Introduction:
    return record_outcome(by=by, introduction=match.introduction, move=move, **values)


def _currencies(match: Match) -> dict[str, Any]:
    """Those that the two sides are likely to have signed in; all hundred and fifty would bury them."""
    countries = (match.demand.country, match.solution.provider.organisation.country)
    local = [main_currency(code) for code in countries if code in geography.countries()]
    found = dict.fromkeys(filter(None, [match.demand.currency, *local, match.solution.currency, "EUR", "USD"]))
    return {"currencies": list(found)}


OUTCOME = tuple(
    _match(
        code=move, move=move, label=forms.OUTCOME_LABELS[move], form=partial(forms.OutcomeForm, move=move),
        act=partial(_record, move=move), done=_("Recorded:"), options=_currencies,
    )
    for move in OUTCOMES
)  # fmt: skip

# What a moderator decides in the queue, by the kind of item.
BY_KIND = {"organisation": ORGANISATION, "demand": DEMAND, "solution": SOLUTION, "match": MATCH, "flag": FLAG}


def choice_of(kind: str, decision: str) -> Choice | None:
    return next((choice for choice in BY_KIND.get(kind, ()) if choice.code == decision), None)
