"""A person's saved searches."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.templatetags.filtering import active_filters
from portal.common.views import render_form
from portal.searches.forms import SavedSearchForm
from portal.searches.listings import LISTINGS, form_of
from portal.searches.models import SavedSearch
from portal.searches.saving_actions import delete_search, edit_search, save_search


def _mine(request: HttpRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch, user=request.user, pk=pk)


def filters_of(subject: str, query: str, user: Any) -> list[str]:
    """What narrows a list, in words: "Focus area: Mobility"."""
    form = form_of(subject, query, user)
    form.is_valid()
    return [": ".join(filter(None, (chip["label"], chip["value"]))) for chip in active_filters(form, QueryDict(query))]


@login_required
@require_safe
def search_list(request: HttpRequest) -> HttpResponse:
    searches = SavedSearch.objects.filter(user=request.user)
    return render(request, "searches/search_list.html", {"searches": searches})


@signed_in_keeping_answers
def search_new(request: HttpRequest, subject: str) -> HttpResponse:
    """The query of the list to save is the query of this page."""
    if subject not in LISTINGS:
        raise Http404
    query = form_of(subject, request.GET.urlencode(), request.user).normal_query()
    filters = filters_of(subject, query, request.user)
    first = {"name": ", ".join(part.partition(": ")[2] or part for part in filters)[:80], "cadence": "daily"}
    form = SavedSearchForm(request.POST if request.method == "POST" else kept_answers(request), initial=first)
    if request.method == "POST" and form.is_valid():
        language = get_language() or "en"
        save_search(by=request.user, subject=subject, query=query, language=language, **form.cleaned_data)
        forget_answers(request)
        messages.success(request, gettext("The search is saved."))
        return redirect("searches:search-list")
    context = {"filters": filters, "back_url": LISTINGS[subject].url(query)}
    return render_form(request, "searches/search_new.html", form, context)


@login_required
@require_safe
def search_open(request: HttpRequest, pk: int) -> HttpResponse:
    search = _mine(request, pk)
    return redirect(LISTINGS[search.subject].url(search.query))


@signed_in_keeping_answers
def search_edit(request: HttpRequest, pk: int) -> HttpResponse:
    search = _mine(request, pk)
    form = SavedSearchForm(request.POST if request.method == "POST" else kept_answers(request), instance=search)
    if request.method == "POST" and form.is_valid():
        edit_search(by=request.user, search=search, **form.cleaned_data)
        forget_answers(request)
        messages.success(request, gettext("The search is saved."))
        return redirect("searches:search-list")
    context = {"search": search, "filters": filters_of(search.subject, search.query, request.user)}
    return render_form(request, "searches/search_edit.html", form, context)


@login_required
def search_delete(request: HttpRequest, pk: int) -> HttpResponse:
    search = _mine(request, pk)
    if request.method == "POST":
        delete_search(by=request.user, search=search)
        messages.success(request, gettext("The search is removed."))
        return redirect("searches:search-list")
    context = {
        "question": gettext("Remove the search “%(name)s”?") % {"name": search.name},
        "consequences": [gettext("You will not hear of new results of it any more.")],
        "action_label": gettext("Remove"),
        "cancel_url": LISTINGS[search.subject].url(search.query),
        "is_dangerous": True,
    }
    return render(request, "components/confirm_page.html", context)
