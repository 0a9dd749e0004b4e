"""Scoring profiles: what decisions teach, beside what is in force, and the choice that a person makes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matching.configuration import active_config
from matching.forms import ActivateProfileForm, BareForm
from matching.learning import pages
from matching.learning.actions import activate_profile, may_come_into_force
from matching.learning.report import FEWEST
from matching.learning.rules import can_activate_profile, can_choose_profiles, can_propose_profile
from matching.models import ProfileActivation, ScoringProfile
from matching.views.access import staff_readers_only
from portal.common.errors import DomainError
from portal.common.views import render_form
from portal.jobs.actions import enqueue


@staff_readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def profile_list(request: HttpRequest) -> HttpResponse:
    """What is in force, what was, what waits; and the button that asks for new weights."""
    if request.method == "POST" and can_propose_profile(request.user):
        with transaction.atomic():
            enqueue(kind="matching.fit_profile", subject="everything", payload={"by": request.user.pk})
        messages.success(request, _("New weights are being learned. Reload this page in a minute."))
        return redirect("matching:profile-list")
    context = {
        "config": active_config(),
        "history": ProfileActivation.objects.select_related("profile", "activated_by"),
        "proposals": ScoringProfile.objects.filter(is_shipped=False, activations=None).select_related("made_by"),
        "judged": pages.judged_count(),
        "fewest": FEWEST,
    }
    return render_form(request, "matching/profiles/list.html", BareForm(), context)


@staff_readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def profile_detail(request: HttpRequest, profile_id: str) -> HttpResponse:
    profile = get_object_or_404(ScoringProfile.objects.select_related("made_by", "parent"), pk=profile_id)
    if request.method == "POST" and not can_choose_profiles(request.user):
        raise PermissionDenied
    form = ActivateProfileForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            activate_profile(by=request.user, profile=profile, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("These weights are in force. Every list is being made again with them."))
            return redirect(profile)
    return render_form(request, "matching/profiles/detail.html", form, _detail(request, profile))


def _detail(request: HttpRequest, profile: ScoringProfile) -> dict[str, Any]:
    is_active = profile.pk == active_config().id
    may_come = not is_active and may_come_into_force(profile)
    return {
        "profile": profile,
        "is_active": is_active,
        "was_active": profile.activations.exists(),
        "may_come": may_come,
        "is_own": can_choose_profiles(request.user) and not can_activate_profile(request.user, profile),
        "can_activate": may_come and can_activate_profile(request.user, profile),
        "weights": pages.weights(profile),
        "measures": pages.measures(profile.report),
        "curve": profile.report.get("curve", []),
        "lists": pages.lists(profile.report),
        "report": profile.report,
    }
