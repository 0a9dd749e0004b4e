"""Matches of one demand in columns, for moderators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import Demand
from matching.models import Match
from matching.rules import is_recused
from matching.views.access import staff_readers_only
from matching.words import Words
from matching.workbench.comparing import FEWEST, MOST, compare


@staff_readers_only
@require_safe
def match_compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """``?match=M1&match=M2``: those; without any, the best of the demand."""
    demand = get_object_or_404(Demand.objects.for_detail(), public_id=public_id)
    wanted = request.GET.getlist("match")[:MOST]
    rows = Match.objects.filter(demand=demand).with_records().order_by("position", "-probability", "pk")
    handled = list(rows)
    chosen = [match for match in handled if match.public_id in wanted] if wanted else handled[: FEWEST + 1]
    if any(is_recused(request.user, match) for match in chosen):
        messages.warning(request, _("You are tied to one of the parties, so a colleague has to compare these."))
        return redirect("matching:queue")
    context = {"demand": demand, "handled": handled, "chosen": {match.public_id for match in chosen}, "most": MOST}
    if len(chosen) >= FEWEST:
        context["comparison"] = compare(chosen, Words())
    return render(request, "matching/review/compare.html", context)
