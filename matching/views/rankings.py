"""The engine's lists: of a demand, for its city and ICLEI; of a solution, for its provider and ICLEI."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import Solution
from cities.models import Demand
from matching.actions import add_match
from matching.alike import cities_alike
from matching.enums import MatchState
from matching.explain import explain, version_of
from matching.forms import AddMatchForm
from matching.models import Match, Ranking
from matching.ranked import (
    kept_out,
    left_out,
    lists_with,
    lists_without,
    missed,
    obstacles,
    place_of,
    ranked,
    result_of,
    standing,
)
from matching.views.access import inner_demand, moderators_only
from matching.words import Words
from portal.accounts.rules import is_member, is_moderator, is_staff_reader
from portal.common.errors import DomainError
from portal.common.views import render_form, turn_page


@login_required
@require_safe
def demand_matches(request: HttpRequest, public_id: str) -> HttpResponse:
    demand = inner_demand(request, public_id)
    context: dict[str, Any] = {"demand": demand, "can_add": is_moderator(request.user), "ranking": None}
    ranking = Ranking.objects.filter(demand=demand).first()
    if ranking is not None:
        words = Words()
        handled = Match.objects.visible_to(request.user)
        context |= {
            "ranking": ranking,
            "version": version_of(ranking),
            "rows": ranked(ranking, words, handled),
            "left_out": left_out(ranking, words),
            "misses": missed(ranking, words),
            "kept_out": kept_out(ranking),
        }
    return render(request, "matching/demand_matches.html", context)


@login_required
@require_safe
def demand_match(request: HttpRequest, public_id: str, solution_id: str) -> HttpResponse:
    """Every point of one pair of a demand's list, or of one of its near misses."""
    demand = inner_demand(request, public_id)
    solution = get_object_or_404(Solution.objects.listed().for_list(), public_id=solution_id)
    ranking = get_object_or_404(Ranking, demand=demand)
    return _pair(request, ranking, solution, "matching/demand_match.html")


def _pair(request: HttpRequest, ranking: Ranking, solution: Solution, template: str) -> HttpResponse:
    result = result_of(ranking, solution)
    if result is None:
        raise Http404
    words = Words(ranking.demand, solution)
    card = explain(result, words, version=version_of(ranking), computed_at=ranking.computed_at)
    place, moved = place_of(ranking, solution)
    context = {"demand": ranking.demand, "solution": solution, "ranking": ranking, "explanation": card}
    context["alike"] = cities_alike(ranking.demand, solution)
    return render(request, template, {**context, "position": place, "moved": moved})


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def match_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """A moderator puts a pair together by hand, with a reason."""
    demand = inner_demand(request, public_id)
    sent = request.method == "POST"
    form = AddMatchForm(request.POST) if sent else AddMatchForm(initial={"solution": request.GET.get("solution", "")})
    if sent and form.is_valid():
        try:
            match = add_match(by=request.user, demand=demand, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("matching:match-review", match.public_id)
    return render_form(request, "matching/match_add.html", form, {"demand": demand})


# --- From the solution's side ---------------------------------------------------------------------------------------


def _solution(request: HttpRequest, public_id: str) -> Solution:
    solution: Solution = get_object_or_404(Solution.objects.visible_to(request.user).for_list(), public_id=public_id)
    if not (is_staff_reader(request.user) or is_member(request.user, solution.provider.organisation_id)):
        raise Http404
    return solution


@login_required
@require_safe
def solution_demands(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a solution stands among public demands, and what keeps it from more. Other providers stay unnamed."""
    solution = _solution(request, public_id)
    words, demands = Words(), Demand.objects.public().live()
    page, hurdles = turn_page(request, lists_with(solution, demands)), obstacles(solution, demands, words)
    rows = [standing(row, words) for row in page]
    near = {near.demand.pk for hurdle in hurdles for near in hurdle.demands}
    context = {"solution": solution, "page_obj": page, "rows": rows, "obstacles": hurdles, "near": len(near)}
    context["left_out"] = lists_without(solution, demands, words) if page.number == 1 else []
    asked = Match.objects.filter(solution=solution, state=MatchState.REJECTED, interests__isnull=False)
    context["not_followed"] = asked.with_records().order_by("-state_since")[:10]
    return render(request, "matching/solution_demands.html", context)


@login_required
@require_safe
def solution_demand(request: HttpRequest, public_id: str, demand_id: str) -> HttpResponse:
    """Why a solution stands where it does on one public demand's list, or what one thing keeps it off."""
    solution = _solution(request, public_id)
    demand = get_object_or_404(Demand.objects.public().live().for_list(), public_id=demand_id)
    ranking = get_object_or_404(Ranking.objects.select_related("demand"), demand=demand)
    return _pair(request, ranking, solution, "matching/solution_demand.html")
