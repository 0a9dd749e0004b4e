"""Matches as the parties see them: the list, one match with its answer form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from matching.alike import cities_alike
from matching.explain import explain_match, summarise
from matching.models import Introduction, Match
from matching.querysets import MatchQuerySet
from matching.rules import can_answer_for_city, can_answer_for_provider, can_decide_match, city_id, provider_id
from matching.states import INTRODUCED, MATCH
from matching.timeline import timeline
from matching.views import choices
from matching.views.decisions import Choice, Deciding
from matching.views.part import part_of
from matching.words import Words
from portal.accounts.rules import is_member
from portal.common.views import turn_page

ENDED = ("declined_by_city", "declined_by_provider", "none", "lost", "dropped", "stopped")
# Tab → its label and the states under it; the first waits for somebody's answer.
TABS = {
    "answer": (_("Waiting for an answer"), ("offered", "invited")),
    "introduced": (_("Introduced"), tuple(INTRODUCED - set(ENDED))),
    "ended": (_("Ended"), ENDED),
    "all": (_("All"), MATCH.states),
}


@login_required
@require_safe
def match_list(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in TABS else "all"
    mine = part_of(request.user).matches
    in_state = dict(mine.order_by().values_list("state").annotate(Count("pk")))
    counts = {code: sum(in_state.get(state, 0) for state in states) for code, (_label, states) in TABS.items()}
    tabs = [(label, f"?show={code}", counts[code], code == chosen) for code, (label, _states) in TABS.items()]
    found = mine.filter(state__in=TABS[chosen][1]).for_rows().order_by("respond_by", "-state_since", "pk")
    page = turn_page(request, found, count=counts[chosen])
    return render(request, "matching/match_list.html", {"page_obj": page, "tabs": tabs})


def visible(request: HttpRequest) -> MatchQuerySet:
    found: MatchQuerySet = Match.objects.visible_to(request.user).with_records()
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def match_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    match = get_object_or_404(visible(request), public_id=public_id)
    side = side_of(request, match)
    deciding = Deciding.of(request, match, answers(side))
    if request.method == "POST" and deciding.carry_out():
        messages.success(request, deciding.done)
        record: Introduction | Match = deciding.outcome
        return redirect(record.get_absolute_url())
    context = {**_context(request, match), "side": side}
    if not may_answer(request, match):
        deciding.options = [option for option in deciding.options if option.is_sent]
    return deciding.show("matching/match_detail.html", context)


def side_of(request: HttpRequest, match: Match) -> str:
    """city, provider, or nothing for ICLEI."""
    if is_member(request.user, city_id(match)):
        return "city"
    return "provider" if is_member(request.user, provider_id(match)) else ""


def answers(side: str) -> tuple[Choice, ...]:
    return {"city": choices.CITY, "provider": choices.PROVIDER}.get(side, ())


def may_answer(request: HttpRequest, match: Match) -> bool:
    return can_answer_for_city(request.user, match) or can_answer_for_provider(request.user, match)


def _context(request: HttpRequest, match: Match) -> dict[str, Any]:
    words = Words(match.demand, match.solution)
    return {
        "match": match,
        "summary": summarise(match.result, words),
        "explanation": explain_match(match, words),
        "alike": cities_alike(match.demand, match.solution),
        "timeline": timeline(match, request.user),
        "may_answer": may_answer(request, match),
        "can_decide": can_decide_match(request.user, match),
        "is_introduced": match.state in INTRODUCED,
    }
