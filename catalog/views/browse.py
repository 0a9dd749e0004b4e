"""Reading the catalogue: the list and its downloads, one solution, one provider."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog.enums import SolutionState
from catalog.exports import COLUMNS, solution_rows
from catalog.filters import SolutionFilter
from catalog.models import Provider, Solution
from catalog.partnerships.rules import can_record_agreements
from catalog.querysets import SolutionQuerySet
from catalog.rules import (
    can_archive_solution,
    can_discard_revision,
    can_edit_solution,
    can_review_solution,
    can_revise_solution,
    can_submit_solution,
    can_translate_provider,
    can_translate_solution,
)
from catalog.states import LIVE
from catalog.timeline import timeline
from catalog.views.moves import offered_moves
from portal.accounts.rules import is_member, is_staff_reader
from portal.common.downloads import csv_response, json_response
from portal.common.listing import browse
from portal.common.social import picture_response
from portal.common.translated import shown
from portal.common.views import reading_context, turn_page

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


def listed_to(request: HttpRequest) -> SolutionQuerySet:
    """What the lists show: listed solutions only, also to those who may see drafts."""
    readable: SolutionQuerySet = Solution.objects.listed_to(request.user)
    return readable


@require_safe
def solution_list(request: HttpRequest) -> HttpResponse:
    form = SolutionFilter(request.GET)
    return render(request, "catalog/solution_list.html", browse(request, form, listed_to(request).for_rows()))


@require_safe
def solution_download(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """All solutions that the filters leave, as CSV or JSON."""
    chosen = SolutionFilter(request.GET).apply(listed_to(request).for_list())
    language = get_language() or "en"
    rows = solution_rows(chosen.iterator(chunk_size=500), language)
    if kind == "csv":
        return csv_response("solutions", COLUMNS, rows)
    if kind == "json":
        about = {"url": f"{settings.SITE_URL}{request.get_full_path()}", "language": language, "count": chosen.count()}
        return json_response("solutions", rows, about=about)
    raise Http404


@require_safe
def solution_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    solution = get_object_or_404(Solution.objects.visible_to(request.user).for_detail(), public_id=public_id)
    is_inner = is_staff_reader(request.user) or is_member(request.user, solution.provider.organisation_id)
    context = {
        **detail_context(solution, is_inner=is_inner),
        **reading_context(request, solution, "name"),
        "can_edit": can_edit_solution(request.user, solution),
        "can_translate": can_translate_solution(request.user, solution),
        "can_revise": can_revise_solution(request.user, solution),
        "can_discard": can_discard_revision(request.user, solution),
        "revision": getattr(solution, "revision", None) if is_inner else None,
        "can_submit": can_submit_solution(request.user, solution),
        "asks_cities": solution.revises_id is None and can_archive_solution(request.user, solution),
        "checks_evidence": solution.state in LIVE and can_review_solution(request.user, solution),
        "can_review": solution.state == SolutionState.SUBMITTED and can_review_solution(request.user, solution),
        "moves": offered_moves(request.user, solution),
        "review": solution.reviews.first() if is_inner else None,
    }
    return render(request, "catalog/solution_detail.html", context)


@require_safe
def solution_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """The picture beside a link to a listed solution."""
    solution = get_object_or_404(Solution.objects.listed().for_list(), public_id=public_id)
    name = shown(solution, "name")
    about = [solution.provider.organisation.name, solution.focus_area.label if solution.focus_area else ""]
    return picture_response(name.text, " · ".join(filter(None, about)), name.language)


def detail_context(solution: Solution, *, is_inner: bool) -> dict[str, Any]:
    """What the page of a solution needs, and its preview too; ``is_inner`` shows what the public is not shown."""
    return {
        "solution": solution,
        "provider": solution.provider,
        "organisation": solution.provider.organisation,
        "steps": timeline(solution, is_inner=is_inner),
        "is_inner": is_inner,
        "is_public": solution.state in LIVE,
        "links_provider": solution.provider.organisation.is_verified or solution.provider.is_imported or is_inner,
    }


@require_safe
def provider_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The public profile: what the organisation does and what it lists."""
    readable = Provider.objects.visible_to(request.user).select_related("organisation")
    provider = get_object_or_404(readable, organisation__public_id=public_id)
    listed = provider.solutions.filter(state__in=LIVE).for_list().order_by("-listed_at", "-pk")
    page = turn_page(request, listed)
    return render(request, "catalog/provider_detail.html", {**_profile(request.user, provider), "page_obj": page})


def _profile(user: "Reader", provider: Provider) -> dict[str, Any]:
    organisation = provider.organisation
    return {
        "provider": provider,
        "organisation": organisation,
        "is_member": is_member(user, organisation.pk),
        "may_translate": bool(provider.description) and can_translate_provider(user, provider),
        "agreements": list(provider.agreements.all()),
        "records_agreements": can_record_agreements(user, provider),
    }
