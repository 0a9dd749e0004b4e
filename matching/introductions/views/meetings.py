"""Meetings: propose times, pick one, move, cancel, and the file for a calendar."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from matching.introductions.calendars import calendar_of
from matching.introductions.forms import MeetingForm, NoteForm, TimesForm
from matching.introductions.meeting_actions import cancel_meeting, choose_time, move_meeting, propose_meeting
from matching.introductions.models import Meeting
from matching.introductions.rules import can_choose_time, can_take_part
from matching.introductions.times import in_words
from matching.introductions.views.acting import acted
from matching.models import Introduction
from portal.accounts.rules import is_member
from portal.common.errors import NotAllowed
from portal.common.forms import BaseForm
from portal.common.uploads import attachment
from portal.common.views import render_form


class ChooseForm(BaseForm):
    starts_at = forms.TypedChoiceField(label="", coerce=datetime.fromisoformat, widget=forms.RadioSelect)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].label = _("Which time suits you?")
        self.fields["starts_at"].choices = [
            (one.starts_at.isoformat(), in_words(one.starts_at, *zones_of(meeting))) for one in meeting.times.all()
        ]


def zones_of(meeting: Meeting) -> tuple[str, str]:
    city = meeting.introduction.match.demand.city
    return (city.time_zone if city else ""), meeting.zone


def _meeting(request: HttpRequest, public_id: str) -> Meeting:
    meeting: Meeting = get_object_or_404(Meeting.objects.visible_to(request.user).with_records(), public_id=public_id)
    return meeting


def _usual_zone(request: HttpRequest, introduction: Introduction) -> str:
    """The reader's own zone; somebody of the city who has chosen none means the city's."""
    city = introduction.match.demand.city
    is_of_city = is_member(request.user, introduction.match.demand.organisation_id)
    has_none = request.user.time_zone in ("", "UTC")
    return city.time_zone if city and is_of_city and has_none else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_propose(request: HttpRequest, public_id: str) -> HttpResponse:
    found = Introduction.objects.visible_to(request.user).with_records()
    introduction = get_object_or_404(found, match__public_id=public_id)
    if not can_take_part(request.user, introduction):
        raise NotAllowed
    form = MeetingForm(request.POST or None, zone=_usual_zone(request, introduction))
    if request.method == "POST" and acted(form, propose_meeting, by=request.user, introduction=introduction):
        messages.success(request, _("The times are proposed. The other side is told and picks one."))
        return redirect(f"{introduction.get_absolute_url()}#meetings")
    context = {"introduction": introduction, "back": introduction.get_absolute_url(), "is_new": True}
    return render_form(request, "matching/introductions/meeting_form.html", form, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page; a POST picks one of the times."""
    meeting = _meeting(request, public_id)
    form = ChooseForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and acted(form, choose_time, by=request.user, meeting=meeting):
        messages.success(request, _("The meeting is agreed. Both sides get it for their calendars."))
        return redirect(meeting.get_absolute_url())
    moments = [meeting.starts_at] if meeting.starts_at else [one.starts_at for one in meeting.times.all()]
    context = {
        "meeting": meeting,
        "times": [in_words(moment, *zones_of(meeting)) for moment in moments],
        "may_choose": meeting.state == "proposed" and can_choose_time(request.user, meeting),
        "may_change": meeting.state != "cancelled" and can_take_part(request.user, meeting.introduction),
    }
    return render_form(request, "matching/introductions/meeting.html", form, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_move(request: HttpRequest, public_id: str) -> HttpResponse:
    meeting = _meeting(request, public_id)
    if not can_take_part(request.user, meeting.introduction):
        raise NotAllowed
    form = TimesForm(request.POST or None, zone=meeting.zone)
    if request.method == "POST" and acted(form, move_meeting, by=request.user, meeting=meeting):
        messages.success(request, _("The new times are proposed. The old one stays in calendars until one is picked."))
        return redirect(meeting.get_absolute_url())
    context = {"introduction": meeting.introduction, "back": meeting.get_absolute_url(), "is_new": False}
    return render_form(request, "matching/introductions/meeting_form.html", form, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    meeting = _meeting(request, public_id)
    if not can_take_part(request.user, meeting.introduction):
        raise NotAllowed
    form = NoteForm(request.POST or None)
    if request.method == "POST" and acted(form, cancel_meeting, by=request.user, meeting=meeting):
        messages.success(request, _("The meeting is cancelled. Both sides are told."))
        return redirect(meeting.get_absolute_url())
    context = {
        "question": _("Cancel this meeting?"),
        "consequences": [_("Both sides are told, and it is taken out of their calendars.")],
        "action_label": _("Cancel the meeting"),
        "cancel_url": meeting.get_absolute_url(),
        "is_dangerous": True,
    }
    return render_form(request, "components/confirm_page.html", form, context)


@login_required
@require_safe
def meeting_calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    meeting = _meeting(request, public_id)
    if meeting.starts_at is None:
        raise Http404
    link = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    content = calendar_of(meeting, reader=request.user, link=link)
    return attachment(content, name="meeting.ics", kind="text/calendar; charset=utf-8")
