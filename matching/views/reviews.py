"""The pages on which a moderator decides on one item of the queue after the other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.differences import differences
from catalog.models import Solution
from catalog.rules import can_review_solution
from cities.models import Demand
from cities.readiness import assess, facts_of
from cities.rules import can_review_demand
from matching.alike import cities_alike
from matching.explain import explain_match, summarise
from matching.filters import QueueFilter
from matching.models import Match, Ranking
from matching.queue import Chosen, queue_for, records_of
from matching.ranked import missed
from matching.rules import can_decide_match
from matching.similar import similar_demands
from matching.timeline import timeline
from matching.views import choices
from matching.views.access import moderators_only
from matching.views.decisions import Choice, Deciding
from matching.waiting import Kind
from matching.words import Words
from matching.workbench.deciding_actions import keep_recusal
from matching.workbench.models import Confirmation
from matching.workbench.road import offer_wordings, take_decision
from matching.workbench.sheet import sheet_of
from portal.accounts.models import Organisation
from portal.accounts.rules import can_verify_organisation

# The rest stands on the page of all explained matches of the demand.
NEAR_MISSES = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an item stands in the queue the moderator is working through; filters travel in the query string."""

    position: int | None
    total: int
    previous_url: str
    next_url: str
    list_url: str

    @classmethod
    def at(cls, request: HttpRequest, kind: str, public_id: str) -> "Desk":
        found = queue_for(request.user, QueueFilter(request.GET).chosen if request.GET else Chosen())
        place = found.place_of(kind, public_id)
        tail = f"?{request.GET.urlencode()}" if request.GET else ""
        home = reverse("matching:queue") + tail

        def url(index: int) -> str:
            within = 0 <= index < len(found.items)
            return f"{found.items[index].url}{tail}#item" if within else home

        here = -1 if place is None else place
        previous = home if place is None else url(here - 1)
        return cls(None if place is None else place + 1, len(found.items), previous, url(here + 1), home)


def review(
    request: HttpRequest, kind: Kind, record: Any, offered: Iterable[Choice], *, may: bool,
    context: Callable[[], Mapping[str, Any]],
) -> HttpResponse:  # fmt: skip
    """Show an item with its decisions, or take the one that was sent and go on to the next item.

    ``context`` is asked only for somebody who may decide; what it says of ``open_url`` goes before the record's own.
    """
    desk = Desk.at(request, kind, record.public_id)
    road = partial(take_decision, request.user, kind.value, record)
    deciding = Deciding.of(request, record, offered, road)
    for option in deciding.options:
        offer_wordings(option.form, kind.value, option.choice.code, record)
    if request.method == "POST" and deciding.carry_out():
        messages.success(request, _done(deciding))
        return redirect(desk.next_url)
    is_recused = keep_recusal(user=request.user, kind=kind.value, record=record) or not may
    shown = {"record": record, "kind": kind, "desk": desk, "is_recused": is_recused}
    shown |= {} if is_recused else context()
    shown = {"open_url": open_url(record), **shown, "sheet": sheet_of(kind.value, record.public_id, request.user)}
    if is_recused:
        deciding.options = []
    return deciding.show(f"matching/review/{kind.value}.html", shown)


def open_url(record: Any) -> str:
    """The page of the record that its own people see."""
    if isinstance(record, Organisation):
        return reverse("accounts:organisation-detail", args=[record.public_id])
    url: str = record.get_absolute_url()
    return url


def _done(deciding: Deciding) -> str:
    """What was decided, or that a second moderator has to look first."""
    if isinstance(deciding.outcome, Confirmation):
        return _("A second moderator has to confirm this first: %(record)s") % {"record": deciding.record}
    return deciding.done


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_review(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = get_object_or_404(records_of(Kind.ORGANISATION), public_id=public_id)

    def context() -> dict[str, Any]:
        people = organisation.membership_set.select_related("user").order_by("pk")
        twins = Organisation.objects.filter(name__iexact=organisation.name).exclude(pk=organisation.pk)
        return {"people": people, "twins": twins[:3]}

    may = can_verify_organisation(request.user, organisation)
    return review(request, Kind.ORGANISATION, organisation, choices.ORGANISATION, may=may, context=context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def demand_review(request: HttpRequest, public_id: str) -> HttpResponse:
    demand = get_object_or_404(Demand.objects.for_detail(), public_id=public_id)

    def context() -> dict[str, Any]:
        readiness = assess(facts_of(demand), today=timezone.localdate())
        return {"demand": demand, "readiness": readiness, "similar": similar_demands(demand)}

    may = can_review_demand(request.user, demand)
    return review(request, Kind.DEMAND, demand, choices.DEMAND, may=may, context=context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def solution_review(request: HttpRequest, public_id: str) -> HttpResponse:
    solution = get_object_or_404(Solution.objects.for_detail(), public_id=public_id)

    def context() -> dict[str, Any]:
        reviews = solution.reviews.select_related("by")[:3]
        changed = differences(solution.revises, solution) if solution.revises else None
        return {"solution": solution, "reviews": reviews, "changed": changed}

    may = can_review_solution(request.user, solution)
    return review(request, Kind.SOLUTION, solution, choices.SOLUTION, may=may, context=context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def match_review(request: HttpRequest, public_id: str) -> HttpResponse:
    match = get_object_or_404(Match.objects.with_records(), public_id=public_id)
    context = partial(_match_context, request, match)
    may = can_decide_match(request.user, match)
    return review(request, Kind.MATCH, match, choices.MATCH, may=may, context=context)


def _match_context(request: HttpRequest, match: Match) -> dict[str, Any]:
    words = Words(match.demand, match.solution)
    ranking = Ranking.objects.filter(demand=match.demand_id).first()
    return {
        "match": match,
        "summary": summarise(match.result, words),
        "explanation": explain_match(match, words),
        "alike": cities_alike(match.demand, match.solution),
        "near_misses": missed(ranking, words)[:NEAR_MISSES] if ranking else [],
        "timeline": timeline(match, request.user),
    }
