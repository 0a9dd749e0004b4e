"""The neutrality officer's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching.complaints.models import Complaint
from matching.views.access import neutrality_only
from matching.workbench import neutrality as figures
from portal.common.working_days import office_day

RECENT = 20


@neutrality_only
@require_safe
def neutrality(request: HttpRequest) -> HttpResponse:
    seed = request.GET.get("seed", "")[:40]
    lines = figures.exposures()
    tables = [
        (_("By size of the provider"), lines["size"]),
        (_("By region of the provider"), lines["region"]),
        (_("By partner status"), lines["partnership"]),
    ]
    context = {
        "tables": tables,
        "overrides": figures.overrides()[:RECENT],
        "by_hand": figures.by_hand()[:RECENT],
        "recusals": figures.recusals()[:RECENT],
        "complaints": Complaint.objects.visible_to(request.user)
        .waiting()
        .select_related("owner")
        .order_by("due_on")[:RECENT],
        "sample": figures.sample(seed, until=office_day()),
        "seed": seed,
    }
    return render(request, "matching/queue/neutrality.html", context)
