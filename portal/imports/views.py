"""A city's own list of projects: send the file, look at every row, take those that are ticked as drafts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.common.errors import DomainError
from portal.common.views import render_form
from portal.imports.draft_actions import take_rows
from portal.imports.forms import OwnListForm
from portal.imports.own_list import Looked, look, rows_of

KEPT = "own_list"


def _organisations(request: HttpRequest) -> list[Organisation]:
    return [item.organisation for item in request.user.memberships_of_kind(OrganisationKind.CITY)]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_list(request: HttpRequest) -> HttpResponse:
    organisations = _organisations(request)
    if not organisations:
        messages.info(request, gettext("Before you write a demand, tell us for which city."))
        return redirect("cities:body-register")
    is_sent = request.method == "POST"
    form = OwnListForm(
        request.POST if is_sent else None, request.FILES if is_sent else None,
        organisations=organisations, language=request.user.language,
    )  # fmt: skip
    if is_sent and form.is_valid():
        try:
            rows = rows_of(form.cleaned_data["file"])
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            kept = {"rows": rows, "organisation": form.chosen_organisation.public_id}
            request.session[KEPT] = {**kept, "language": form.cleaned_data["language"]}
            return redirect("imports:own-list-check")
    return render_form(request, "imports/own_list.html", form)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_list_check(request: HttpRequest) -> HttpResponse:
    """Every row with what is wrong, what was changed on the way, and a tick."""
    kept = request.session.get(KEPT)
    mine = {item.public_id: item for item in _organisations(request)}
    if kept is None or kept["organisation"] not in mine:
        return redirect("imports:own-list")
    organisation = mine[kept["organisation"]]
    rows = look(kept["rows"], organisation=organisation, language=kept["language"])
    if request.method == "POST":
        return _take(request, organisation, rows)
    return _page(request, organisation, rows, {row.number for row in rows if row.is_good and row.twin is None})


def _take(request: HttpRequest, organisation: Organisation, rows: list[Looked]) -> HttpResponse:
    ticked = {int(number) for number in request.POST.getlist("row") if number.isdecimal() and len(number) < 6}
    chosen = [row.record for row in rows if row.number in ticked and row.record is not None]
    if not chosen:
        messages.error(request, gettext("Tick at least one row, or go back and send another file."))
        return _page(request, organisation, rows, set(), status=422)
    made = take_rows(by=request.user, organisation=organisation, rows=chosen)
    request.session.pop(KEPT, None)
    text = ngettext("%(count)s draft is written.", "%(count)s drafts are written.", len(made))
    messages.success(request, text % {"count": len(made)})
    return redirect("home-mine")


def _page(
    request: HttpRequest, organisation: Organisation, rows: list[Looked], ticked: set[int], status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"organisation": organisation, "rows": rows, "ticked": ticked}
    context["bad"] = sum(not row.is_good for row in rows)
    return render(request, "imports/own_list_check.html", context, status=status)
