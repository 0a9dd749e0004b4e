"""A provider asks to be considered for a published demand."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.models import Solution
from cities.models import Demand
from matching.introductions.forms import InterestForm
from matching.introductions.interest_actions import express_interest, quota
from matching.introductions.rules import can_express_interest
from matching.introductions.views.acting import acted
from portal.accounts.enums import OrganisationKind
from portal.common.views import render_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def interest_express(request: HttpRequest, public_id: str) -> HttpResponse:
    demand = get_object_or_404(Demand.objects.visible_to(request.user).for_list(), public_id=public_id)
    if not can_express_interest(request.user, demand):
        raise Http404
    organisation = request.user.memberships_of_kind(OrganisationKind.PROVIDER)[0].organisation
    own = Solution.objects.listed().filter(provider__organisation_id__in=request.user.organisation_ids)
    form = InterestForm(request.POST or None, solutions=own.order_by("pk"))
    if request.method == "POST" and acted(form, express_interest, by=request.user, demand=demand):
        messages.success(request, _("ICLEI has it in its queue now, with the score that every pair gets."))
        return redirect(demand.get_absolute_url())
    context = {"demand": demand, "quota": quota(organisation), "has_solutions": own.exists()}
    return render_form(request, "matching/introductions/interest.html", form, context)
