"""The clean file as a page, as JSON and as PDF."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from matching.introductions.clean_actions import hand_out_clean_file
from matching.introductions.clean_file import clean_file_of
from matching.introductions.clean_words import about, facts, printed, sections
from matching.introductions.rules import can_see_clean_file
from matching.introductions.views.acting import demand_for
from portal.common.pdf import pdf_response
from portal.common.uploads import attachment


@login_required
@require_safe
def clean_file(request: HttpRequest, public_id: str) -> HttpResponse:
    demand = demand_for(request, public_id, can_see_clean_file)
    found = clean_file_of(demand)
    context = {"demand": demand, "facts": facts(found), "sections": sections(found), "about": about()}
    return render(request, "matching/introductions/clean_file.html", context)


@login_required
@require_GET
def clean_file_download(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    demand = demand_for(request, public_id, can_see_clean_file)
    if kind not in ("json", "pdf"):
        raise Http404
    found = hand_out_clean_file(by=request.user, demand=demand, kind=kind)
    name = f"clean-file-{demand.public_id}"
    if kind == "json":
        return attachment(found.as_json(), name=f"{name}.json", kind="application/json")
    return pdf_response(name, printed(found))
