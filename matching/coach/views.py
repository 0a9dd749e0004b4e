"""The coach's answers while somebody types, and the council brief."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cities.forms.requirements import RequirementFormSet
from cities.models import Demand
from matching.coach.brief import brief_file, brief_of
from matching.templatetags.coach import passing_context
from matching.views.access import inner_demand


@login_required
@never_cache
@require_POST
def demand_passing(request: HttpRequest, public_id: str) -> HttpResponse:
    """The count for the lines as they are typed; nothing is saved."""
    own = Demand.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
    demand = get_object_or_404(own.for_detail(), public_id=public_id)
    formset = RequirementFormSet(demand, request.POST)
    formset.is_valid()
    return render(request, "matching/coach/_passing.html", passing_context(formset))


@login_required
@require_safe
def demand_brief(request: HttpRequest, public_id: str) -> HttpResponse:
    """One page to print for a council, in the language in which it is read."""
    demand = inner_demand(request, public_id)
    return render(request, "matching/coach/brief.html", {"demand": demand, "brief": brief_of(demand)})


@login_required
@require_safe
def demand_brief_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same as a PDF file."""
    return brief_file(inner_demand(request, public_id))
