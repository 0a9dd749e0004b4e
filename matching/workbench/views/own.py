"""What moderators set up for themselves and for each other: saved views, languages and regions, wordings."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.filters import QueueFilter
from matching.views.access import moderators_only
from matching.workbench.actions import delete_view, save_view, set_routing
from matching.workbench.forms import RoutingForm, SavedViewForm, WordingForm, places
from matching.workbench.models import Routing, SavedView
from matching.workbench.wording_actions import retire_wording, write_wording
from matching.workbench.wordings import sketched, wording_of, wordings
from portal.common.views import render_form


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def routing(request: HttpRequest) -> HttpResponse:
    row = Routing.objects.filter(user=request.user).first()
    initial = (
        {name: getattr(row, name) for name in ("languages", "regions", "scope")} if row else {"scope": "mine_first"}
    )
    form = RoutingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_routing(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Your queue follows it from now on."))
        return redirect("matching:queue")
    return render_form(request, "matching/queue/routing.html", form)


@moderators_only
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keeps the filters that the list shows, and nothing else of the address."""
    query = QueryDict(request.POST.get("query", "")[:1000])
    kept = {name: value for name, value in QueueFilter(query).valid().items() if value}
    found = QueryDict(mutable=True)
    found.update(kept)
    form = SavedViewForm(request.POST, auto_id="view_%s")
    if not form.is_valid():
        return render_form(request, "matching/queue/save_view.html", form, {"query": found.urlencode()})
    view = save_view(by=request.user, name=form.cleaned_data["name"], query=found.urlencode())
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect(f"{reverse('matching:queue')}?{view.query}")


@moderators_only
@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    delete_view(by=request.user, view=view)
    messages.success(request, _("Deleted: %(name)s") % {"name": view.name})
    return redirect("matching:queue")


@moderators_only
@require_safe
def wording_list(request: HttpRequest) -> HttpResponse:
    language, labels = get_language() or "en", dict(places())
    rows = [(one, labels.get(f"{one.kind}.{one.decision}", ""), sketched(one, language)) for one in wordings()]
    return render(request, "matching/queue/wordings.html", {"rows": rows})


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def wording_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    wording = wording_of(code) if code else None
    if code and wording is None:
        raise Http404
    form = WordingForm(request.POST or None, wording=wording)
    if request.method == "POST" and wording is not None and "retire" in request.POST:
        retire_wording(
            by=request.user, kind=wording.kind, decision=wording.decision, code=code, name=str(wording.name)
        )  # fmt: skip
        messages.success(request, _("Not offered any more: %(name)s") % {"name": wording.name})
        return redirect("matching:wording-list")
    if request.method == "POST" and form.is_valid():
        kind, _dot, decision = form.cleaned_data["where"].partition(".")
        name = form.cleaned_data["name"]
        write_wording(by=request.user, kind=kind, decision=decision, name=name, texts=form.texts, code=code)
        messages.success(request, _("Saved: %(name)s") % {"name": name})
        return redirect("matching:wording-list")
    return render_form(request, "matching/queue/wording.html", form, {"wording": wording})
