"""What everybody reads: programmes, calls, results, and what is asked about a call."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from catalog.models import Solution
from cities.models import Demand
from portal.common.downloads import csv_response
from portal.common.drafts import signed_in_keeping_answers
from portal.common.pdf import pdf_response
from portal.common.views import turn_page
from portal.programmes.calendar import calendar_of_programme
from portal.programmes.call_actions import ask_about_call
from portal.programmes.enums import ApplicationState
from portal.programmes.figures import matches_of, records_of
from portal.programmes.forms.calls import EnquiryForm
from portal.programmes.forms.programmes import ProgrammeFilter
from portal.programmes.labels import figures_in_words
from portal.programmes.models import Application, Call, Programme
from portal.programmes.reporting import RESULT_COLUMNS, report_of, result_rows
from portal.programmes.results import criteria_of, standings
from portal.programmes.rules import can_ask, is_open, reads_workspace
from portal.programmes.states import DECIDED
from portal.programmes.timeline import steps_of
from portal.programmes.views.answering import form_page, is_done, said, sent


def readable(request: HttpRequest, public_id: str) -> Programme:
    found: Programme = get_object_or_404(Programme.objects.visible_to(request.user), public_id=public_id)
    return found


def readable_call(request: HttpRequest, public_id: str) -> Call:
    calls = Call.objects.visible_to(request.user).select_related("programme")
    found: Call = get_object_or_404(calls, public_id=public_id)
    return found


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    form = ProgrammeFilter(request.GET)
    found = form.apply(Programme.objects.public()).for_list().order_by("-announced_at", "-pk")
    page = turn_page(request, found)
    calls = Call.objects.open()
    context = {"form": form, "page_obj": page, "count": page.paginator.count, "open_calls": calls}
    return render(request, "programmes/programme_list.html", {**context, "manages": reads_workspace(request.user)})


@require_safe
def programme_help(request: HttpRequest) -> HttpResponse:
    return render(request, "programmes/programme_help.html")


@require_safe
def programme_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = readable(request, public_id)
    context: dict[str, Any] = {
        "programme": programme,
        "partners": programme.partners.select_related("organisation"),
        "calls": programme.calls.select_related("programme"),
        "events": programme.events.select_related("programme"),
        "areas": programme.focus_areas.all(),
        "demands": records_of(programme, Demand).visible_to(request.user).select_related("city"),
        "solutions": records_of(programme, Solution).visible_to(request.user).select_related("provider__organisation"),
        "match_count": matches_of(programme).count() if programme.state in DECIDED else 0,
        "steps": steps_of(programme),
        "is_decided": programme.state in DECIDED,
        "figures": figures_in_words(programme.report_figures),
        "manages": reads_workspace(request.user),
    }
    return render(request, "programmes/programme_detail.html", context)


@require_safe
def programme_results(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who was accepted, with the score; who was not is told that themselves and stands here as a number only."""
    programme = readable(request, public_id)
    if programme.state not in DECIDED:
        raise Http404
    calls = [
        {
            "call": call,
            "accepted": [row for row in standings(call) if row.application.state == ApplicationState.ACCEPTED],
            "judged": call.applications.filter(state__in=["accepted", "declined"]).count(),
            "handed_in": call.applications.handed_in().count(),
            "criteria": criteria_of(call),
        }
        for call in programme.calls.select_related("programme")
    ]
    return render(request, "programmes/programme_results.html", {"programme": programme, "calls": calls})


@require_safe
def programme_calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = readable(request, public_id)
    return ics(calendar_of_programme(programme), programme.public_id)


@require_safe
def results_file(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    programme = readable(request, public_id)
    if programme.state not in DECIDED:
        raise Http404
    return csv_response(f"results-{programme.public_id}", RESULT_COLUMNS, result_rows(programme))


@require_safe
def report_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The published report to print, in the reader's language as far as it is written in it."""
    programme = readable(request, public_id)
    if programme.reported_at is None:
        raise Http404
    return pdf_response(f"report-{programme.public_id}", report_of(programme, get_language() or "en"))


def ics(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


@require_safe
def call_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    call = readable_call(request, public_id)
    mine = Application.objects.none()
    if request.user.is_authenticated:
        mine = Application.objects.filter(call=call, organisation__in=request.user.organisation_ids).with_records()
    context = {
        "call": call,
        "programme": call.programme,
        "criteria": criteria_of(call),
        "questions": call.questions.select_related("call__programme"),
        "enquiries": call.enquiries.exclude(answer=""),
        "extensions": call.extensions.all(),
        "is_open": is_open(call, timezone.now()),
        "can_ask": can_ask(call, timezone.now()),
        "applications": mine,
    }
    return render(request, "programmes/call_detail.html", context)


@signed_in_keeping_answers
def enquiry_write(request: HttpRequest, public_id: str) -> HttpResponse:
    call = readable_call(request, public_id)
    form = EnquiryForm(sent(request))
    language = get_language() or "en"
    if is_done(
        request,
        form,
        lambda: ask_about_call(by=request.user, call=call, text=form.cleaned_data["text"], language=language),
    ):
        said(
            request, gettext("Your question is with ICLEI. The answer appears here for everybody, and you get a mail.")
        )
        return redirect(call)
    back = (str(call), reverse("programmes:call-detail", args=[call.public_id]))
    return form_page(request, form, gettext("Ask about this call"), back, action=gettext("Send question"))
