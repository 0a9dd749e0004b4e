"""Guidance put away and taken out again, sample data in and out, the tour of the queue and its practice."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from matching.views.access import moderators_only
from portal.accounts.rules import is_administrator
from portal.common.views import render_form
from portal.guidance.actions import end_tour, put_steps_away
from portal.guidance.counting import counts_of, words_of
from portal.guidance.forms import PutAwayForm, RemoveSampleForm
from portal.guidance.models import SampleTable
from portal.guidance.practice import PracticeForm, answers_to
from portal.guidance.removal import plan_removal
from portal.guidance.resume_actions import mail_place
from portal.guidance.resuming import place_of, qr_of
from portal.guidance.sample_actions import LOAD, has_own_administrator, is_empty, order_sample, remove_sample
from portal.jobs.models import Job, JobState


@login_required
@require_POST
def first_steps_toggle(request: HttpRequest) -> HttpResponse:
    form = PutAwayForm(request.POST)
    is_away = not (form.is_valid() and form.cleaned_data["back"])
    put_steps_away(by=request.user, is_away=is_away)
    if is_away:
        messages.info(request, gettext("The first steps are put away. You find them again under Help."))
    return redirect("home-mine")


@login_required
def resume(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The way back to a step of a draft: as a link, as a picture for a telephone, and as a mail to oneself."""
    place = place_of(request, kind, public_id)
    if request.method == "POST":
        mail_place(by=request.user, place=place)
        messages.success(request, gettext("The link is on its way to %(email)s.") % {"email": request.user.email})
        return redirect(request.get_full_path())
    return render(request, "guidance/resume.html", {"place": place, "url": place.url(), "qr": qr_of(place.url())})


@login_required
def sample(request: HttpRequest) -> HttpResponse:
    """What is sample data here, what would go and what would stay; or the offer to load some."""
    if not is_administrator(request.user):
        raise Http404
    if not SampleTable.objects.exists():
        loading = Job.objects.filter(kind=LOAD, state__in=[JobState.QUEUED, JobState.RUN]).exists()
        return render(request, "guidance/sample_none.html", {"is_empty": is_empty(), "is_loading": loading})
    form = RemoveSampleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        plan = remove_sample(by=request.user, with_played=form.cleaned_data["with_played"])
        text = gettext("The sample data are removed.")
        messages.success(request, text if not plan.kept else f"{text} {gettext('What people added stayed.')}")
        return redirect("home")
    return render_form(request, "guidance/sample.html", form, _preview())


def _preview() -> dict[str, Any]:
    plan = plan_removal()
    added, played = words_of(plan.added), words_of(plan.played)
    counts = {"going": counts_of(plan.going), "kept": counts_of(plan.kept)}
    return {**counts, "added": added, "played": played, "is_alone": not has_own_administrator(plan)}


@login_required
@require_POST
def sample_load(request: HttpRequest) -> HttpResponse:
    if not is_administrator(request.user):
        raise Http404
    order_sample(by=request.user)
    messages.success(request, gettext("The sample data are on their way. It takes about a minute."))
    return redirect("guidance:sample")


@moderators_only
@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    """Made-up items to decide on. Nothing is written, not even that somebody was here."""
    form = PracticeForm(request.GET if "sent" in request.GET else None)
    form.is_valid()
    return render(request, "guidance/practice.html", {"form": form, "items": answers_to(form)})


@moderators_only
@require_POST
def tour_end(request: HttpRequest) -> HttpResponse:
    end_tour(by=request.user)
    return redirect("matching:queue")
