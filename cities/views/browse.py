"""Reading demands: the list and its downloads, and one demand."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cities.enums import DemandState
from cities.exports import COLUMNS, demand_rows
from cities.facts import facts_of
from cities.filters import DemandFilter
from cities.models import Demand
from cities.querysets import DemandQuerySet
from cities.rules import can_edit_demand, can_read_ranking, can_submit_demand, can_translate_demand
from cities.states import PUBLIC
from cities.templatetags.places import place
from cities.timeline import timeline
from cities.views.moves import offered_moves
from portal.common.currencies import rates_date
from portal.common.downloads import csv_response, json_response
from portal.common.listing import browse
from portal.common.social import picture_response
from portal.common.translated import shown
from portal.common.views import reading_context


def published_to(request: HttpRequest) -> DemandQuerySet:
    """What the lists show: public states only, also to those who may see drafts."""
    readable: DemandQuerySet = Demand.objects.published_to(request.user)
    return readable


@require_safe
def demand_list(request: HttpRequest) -> HttpResponse:
    readable = published_to(request)
    form = DemandFilter(request.GET, readable=readable)
    context = browse(request, form, readable.for_rows())
    return render(request, "cities/demand_list.html", {**context, "rates_date": rates_date()})


@require_safe
def demand_download(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """All demands that the filters leave, as CSV or JSON."""
    readable = published_to(request)
    chosen = DemandFilter(request.GET, readable=readable).apply(readable.for_list())
    language = get_language() or "en"
    rows = demand_rows(chosen.iterator(chunk_size=500), language)
    if kind == "csv":
        return csv_response("demands", COLUMNS, rows)
    if kind == "json":
        about = {"url": f"{settings.SITE_URL}{request.get_full_path()}", "language": language, "count": chosen.count()}
        return json_response("demands", rows, about=about)
    raise Http404


@require_safe
def demand_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    demand = get_object_or_404(Demand.objects.visible_to(request.user).for_detail(), public_id=public_id)
    is_inner = can_read_ranking(request.user, demand)
    context = {
        "demand": demand,
        **reading_context(request, demand, "title"),
        "facts": facts_of(demand),
        "musts": [item for item in demand.requirements.all() if item.is_mandatory],
        "wishes": [item for item in demand.requirements.all() if not item.is_mandatory],
        "steps": timeline(demand, is_inner=is_inner),
        "is_inner": is_inner,
        "is_public": demand.state in PUBLIC,
        "can_edit": can_edit_demand(request.user, demand),
        "can_submit": can_submit_demand(request.user, demand),
        "can_translate": can_translate_demand(request.user, demand),
        "moves": offered_moves(request.user, demand),
        "has_review_note": is_inner and demand.state in (DemandState.CHANGES_REQUESTED, DemandState.REJECTED),
    }
    return render(request, "cities/demand_detail.html", context)


@require_safe
def demand_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """The picture beside a link to a demand that everybody may read."""
    demand = get_object_or_404(Demand.objects.public().for_rows(), public_id=public_id)
    title = shown(demand, "title")
    about = [place(demand), demand.focus_area.label if demand.focus_area else ""]
    return picture_response(title.text, " · ".join(filter(None, about)), title.language)
