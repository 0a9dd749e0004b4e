"""The moderation queue: one list of everything that waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching.filters import QueueFilter
from matching.queue import Queue, fetch, queue_for
from matching.views.access import moderators_only
from matching.waiting import Kind
from matching.workbench.forms import SavedViewForm
from matching.workbench.models import SavedView
from portal.common.views import turn_page

# These tabs stand there also while nothing of theirs waits.
USUAL = ("", "organisation", "demand", "solution", "match", "overdue")


@moderators_only
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    form = QueueFilter(request.GET)
    found = queue_for(request.user, form.chosen)
    page = turn_page(request, found.items)
    context = {"form": form, "queue": found, "kinds": _tabs(request, form, found), "page_obj": page}
    context |= {"views": _views(request), "view_form": SavedViewForm(auto_id="view_%s")}
    return render(request, "matching/queue/list.html", {**context, "rows": fetch(page.object_list)})


def _tabs(request: HttpRequest, form: QueueFilter, found: Queue) -> list[tuple[Any, str, int, bool]]:
    """Label, query, count, whether current: everything first, then each kind."""
    chosen = form.chosen.kind
    rows = [(_("Everything"), "", found.total), *((kind.label, kind.value, found.counts[kind]) for kind in Kind)]
    rows = [row for row in rows if row[1] in USUAL or row[2] or row[1] == chosen]
    tabs = []
    for label, code, count in rows:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("kind", None)
        if code:
            query["kind"] = code
        tabs.append((label, f"{request.path}?{query.urlencode()}", count, chosen == code))
    return tabs


def _views(request: HttpRequest) -> list[tuple[Any, str, bool]]:
    """The moderator's saved views: each with its address, and whether it is what is shown."""
    here = request.GET.urlencode()
    views = SavedView.objects.filter(user=request.user)
    return [(view, f"{request.path}?{view.query}", view.query == here) for view in views]
