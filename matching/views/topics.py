"""“Yes, that is what it is about”: the author of a demand or a solution takes over the topics put forward."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.models import Solution
from catalog.rules import can_edit_solution
from catalog.writing_actions import edit_solution
from cities.actions import edit_demand
from cities.models import Demand
from cities.rules import can_edit_demand
from matching.forms import TopicsTakenForm
from portal.common.errors import Conflict, NotAllowed


@login_required
@require_POST
def demand_topics(request: HttpRequest, public_id: str) -> HttpResponse:
    own = Demand.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
    demand = get_object_or_404(own.for_detail(), public_id=public_id)
    if not can_edit_demand(request.user, demand):
        text = _("This demand cannot be edited in its present state: “%(state)s”.")
        raise NotAllowed(text % {"state": demand.get_state_display()})
    return _take(request, "cities:demand-edit", demand, lambda **given: edit_demand(demand=demand, **given))


@login_required
@require_POST
def solution_topics(request: HttpRequest, public_id: str) -> HttpResponse:
    own = Solution.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
    solution = get_object_or_404(own.for_detail(), public_id=public_id)
    if not can_edit_solution(request.user, solution):
        text = _("This solution cannot be edited in its present state: “%(state)s”.")
        raise NotAllowed(text % {"state": solution.get_state_display()})
    return _take(request, "catalog:solution-edit", solution, lambda **given: edit_solution(solution=solution, **given))


def _take(request: HttpRequest, overview: str, record: Demand | Solution, edit: Callable[..., Any]) -> HttpResponse:
    form = TopicsTakenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("These topics could not be taken over. Choose them in their section."))
        return redirect(overview, record.public_id)
    try:
        edit(by=request.user, changes=form.changes(record), expected_version=form.cleaned_data["version"])
    except Conflict:
        messages.error(request, _("Somebody else has saved changes meanwhile. Look at them, then decide again."))
    else:
        messages.success(request, _("Focus areas and topics are noted. You can change them at any time."))
    return redirect(overview, record.public_id)
