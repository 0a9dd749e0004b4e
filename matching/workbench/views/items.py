"""Buttons beside an item: take it, put it off, step back, undo."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from matching.views.access import moderators_only
from matching.views.decisions import name_of
from matching.waiting import ROUTES
from matching.workbench.actions import release_item, snooze_item, step_back, take_item, wake_item
from matching.workbench.deciding_actions import undo_decision
from matching.workbench.forms import SnoozeForm, StepBackForm
from matching.workbench.models import Decided
from matching.workbench.records import is_for, record_of
from portal.common.errors import Conflict, Incomplete
from portal.common.views import render_form


def item_or_404(request: HttpRequest, kind: str, public_id: str) -> Any:
    """The record behind an item of the queue, for those who may decide on it."""
    record = record_of(kind, public_id)
    if record is None or not is_for(request.user, kind, public_id, record):
        raise Http404
    return record


def back_to(request: HttpRequest, kind: str, public_id: str) -> str:
    """The item's page, or where the button stood; only addresses of this portal."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return f"{reverse(ROUTES[kind], args=[public_id])}#item"


@moderators_only
@require_POST
def item_take(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    item_or_404(request, kind, public_id)
    try:
        take_item(by=request.user, kind=kind, item=public_id, over="over" in request.POST)
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(
            request, _("Your colleagues see for %(minutes)s minutes that you are at it.")
            % {"minutes": settings.WORKBENCH_TAKEN_FOR},
        )  # fmt: skip
    return redirect(back_to(request, kind, public_id))


@moderators_only
@require_POST
def item_release(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    item_or_404(request, kind, public_id)
    release_item(by=request.user, kind=kind, item=public_id)
    messages.success(request, _("Free for your colleagues again."))
    return redirect(back_to(request, kind, public_id))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def item_snooze(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    record = item_or_404(request, kind, public_id)
    form = SnoozeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            snooze_item(by=request.user, kind=kind, item=public_id, **form.cleaned_data)
        except Incomplete as error:
            form.add_error(error.missing[0], error.message)
        else:
            messages.success(request, _("Put off. It comes back by itself."))
            return redirect(_onwards(request))
    return render_form(request, "matching/queue/snooze.html", form, _about(request, kind, public_id, record))


def _about(request: HttpRequest, kind: str, public_id: str, record: Any) -> dict[str, Any]:
    return {"kind": kind, "record": record, "back_url": back_to(request, kind, public_id)}


def _onwards(request: HttpRequest) -> str:
    """The next item of the list one was working through, else the list."""
    wanted = request.GET.get("then", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("matching:queue")


@moderators_only
@require_POST
def item_wake(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    item_or_404(request, kind, public_id)
    wake_item(by=request.user, kind=kind, item=public_id)
    messages.success(request, _("Back in the queue."))
    return redirect(back_to(request, kind, public_id))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def item_step_back(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    record = item_or_404(request, kind, public_id)
    form = StepBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step_back(by=request.user, kind=kind, item=public_id, record=record, note=form.cleaned_data["note"])
        messages.success(request, _("Kept. It waits for your colleagues now."))
        return redirect("matching:queue")
    return render_form(request, "matching/queue/step_back.html", form, _about(request, kind, public_id, record))


@moderators_only
@require_POST
def decision_undo(request: HttpRequest, pk: int) -> HttpResponse:
    decided = get_object_or_404(Decided, pk=pk, by=request.user)
    together = (
        Decided.objects.filter(by=request.user, batch=decided.batch, undone_at=None) if decided.batch else [decided]
    )
    undone, refused = 0, []
    for one in list(together):
        try:
            undo_decision(by=request.user, decided=one)
            undone += 1
        except Conflict as error:
            refused.append((one, error))
    if undone:
        messages.success(request, _("Undone. Nobody was told of it."))
    if refused:
        one, error = refused[0]
        context = {"decided": one, "error": error, "who": name_of(error.who), "undone": undone, "number": len(refused)}
        return render(request, "matching/queue/not_undone.html", context, status=409)
    if decided.batch:
        return redirect("matching:queue")
    return redirect(f"{reverse(ROUTES[decided.kind], args=[decided.item])}#item")
