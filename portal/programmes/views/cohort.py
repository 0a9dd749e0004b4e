"""The manager's pages of those who take part, of matches that come about, and of events."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Solution
from cities.models import Demand
from portal.common.drafts import signed_in_keeping_answers
from portal.programmes.cohort_actions import add_milestone, move_member
from portal.programmes.enums import CohortMemberState, SeatState
from portal.programmes.event_actions import cancel_event, create_event, edit_event, mark_attendance
from portal.programmes.figures import pairable
from portal.programmes.forms.cohort import LeaveForm, MatchForm, MilestoneForm
from portal.programmes.forms.events import EventForm
from portal.programmes.models import CohortMember, Event, Programme
from portal.programmes.record_actions import link_match
from portal.programmes.rules import is_manager, reads_workspace
from portal.programmes.views.answering import form_page, is_done, only, said, sent
from portal.programmes.views.workspace import desk, managed


@login_required
@require_safe
def cohort(request: HttpRequest, public_id: str) -> HttpResponse:
    only(reads_workspace, request.user)
    programme = get_object_or_404(Programme, public_id=public_id)
    members = CohortMember.objects.filter(application__call__programme=programme).select_related(
        "application__organisation", "application__call"
    )
    milestones = list(programme.milestones.select_related("programme"))
    rows = [
        (member, CohortMemberState(member.state), {reached.milestone_id for reached in member.reached.all()})
        for member in members.prefetch_related("reached", "follow_ups").order_by(
            "application__organisation__name", "pk"
        )
    ]
    context = {"programme": programme, "rows": rows, "milestones": milestones, "back": desk(programme)}
    return render(request, "programmes/workspace_cohort.html", {**context, "is_manager": is_manager(request.user)})


@signed_in_keeping_answers
def milestone_add(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    form = MilestoneForm(sent(request))
    if is_done(request, form, lambda: add_milestone(by=request.user, programme=programme, **form.cleaned_data)):
        return redirect("programmes:workspace-cohort", programme.public_id)
    return form_page(request, form, gettext("New milestone"), desk(programme), action=gettext("Add"))


def _member(request: HttpRequest, pk: int) -> CohortMember:
    only(is_manager, request.user)
    found: CohortMember = get_object_or_404(
        CohortMember.objects.select_related("application__call__programme", "application__organisation"), pk=pk
    )
    return found


@login_required
@require_POST
def member_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Completed, or back again; leaving needs a reason and has a page."""
    member = _member(request, pk)
    move_member(by=request.user, member=member, move=request.POST.get("move", ""))
    return redirect("programmes:workspace-cohort", member.application.call.programme.public_id)


@signed_in_keeping_answers
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    programme = member.application.call.programme
    form = LeaveForm(sent(request))
    if is_done(request, form, lambda: move_member(by=request.user, member=member, move="leave", **form.cleaned_data)):
        return redirect("programmes:workspace-cohort", programme.public_id)
    title = gettext("%(name)s leaves the programme") % {"name": member.application.organisation}
    return form_page(request, form, title, desk(programme), action=gettext("Save"))


@signed_in_keeping_answers
def match_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Of the demands and solutions that were accepted or are linked."""
    programme = managed(request, public_id)
    demands, solutions = pairable(programme, Demand).live(), pairable(programme, Solution).listed()
    form = MatchForm(demands, solutions, sent(request))
    if is_done(request, form, lambda: link_match(by=request.user, programme=programme, **form.cleaned_data)):
        said(request, gettext("The pair is on the moderators’ desk. They decide on it as on any other."))
        return redirect(desk(programme)[1])
    return form_page(request, form, gettext("Propose a match"), desk(programme), action=gettext("Propose"))


@signed_in_keeping_answers
def event_new(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    form = EventForm(sent(request))

    def create() -> None:
        create_event(by=request.user, programme=programme, texts=form.texts, facts=form.facts)

    if is_done(request, form, create):
        return redirect(desk(programme)[1])
    return form_page(request, form, gettext("New event"), desk(programme), action=gettext("Save"))


def _event(request: HttpRequest, public_id: str) -> Event:
    only(is_manager, request.user)
    found: Event = get_object_or_404(Event.objects.select_related("programme"), public_id=public_id)
    return found


@signed_in_keeping_answers
def event_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    event = _event(request, public_id)
    form = EventForm(sent(request), event=event)

    def edit() -> None:
        edit_event(by=request.user, event=event, texts=form.texts, facts=form.facts)

    if is_done(request, form, edit):
        return redirect("programmes:workspace-event", event.public_id)
    return form_page(request, form, gettext("Event"), desk(event.programme), action=gettext("Save"))


@login_required
@require_POST
def event_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    event = _event(request, public_id)
    cancel_event(by=request.user, event=event)
    said(request, gettext("The event is cancelled; everybody registered is told."))
    return redirect("programmes:workspace-event", event.public_id)


@login_required
@require_safe
def event_guests(request: HttpRequest, public_id: str) -> HttpResponse:
    event = _event(request, public_id)
    seats = event.seats.exclude(state=SeatState.CANCELLED).select_related("user")
    rows = [(seat, SeatState(seat.state)) for seat in seats]
    has_begun = event.starts_at <= timezone.now()
    context = {"event": event, "rows": rows, "has_begun": has_begun, "back": desk(event.programme)}
    return render(request, "programmes/workspace_event.html", context)


@login_required
@require_POST
def event_attendance(request: HttpRequest, public_id: str) -> HttpResponse:
    event = _event(request, public_id)
    present = {int(pk) for pk in request.POST.getlist("present") if pk.isascii() and pk.isdigit() and len(pk) < 10}
    came = mark_attendance(by=request.user, event=event, present=present)
    said(request, gettext("Guests noted as present: %(count)s") % {"count": came})
    return redirect("programmes:workspace-event", event.public_id)
