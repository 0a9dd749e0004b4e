"""Introductions: the list, and the page on which both sides see each other, write, and say what came of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.actions import post_message
from matching.forms import MessageForm
from matching.introductions.rules import can_take_part
from matching.models import Introduction
from matching.rules import can_record_outcome, can_see_contact, can_write_in
from matching.timeline import timeline
from matching.views import choices
from matching.views.decisions import Deciding
from matching.views.part import part_of
from portal.common.errors import Incomplete
from portal.common.views import turn_page


@login_required
@require_safe
def introduction_list(request: HttpRequest) -> HttpResponse:
    found = part_of(request.user).introductions.for_rows().order_by("-introduced_at", "-pk")
    return render(request, "matching/introduction_list.html", {"page_obj": turn_page(request, found)})


def _visible(request: HttpRequest, public_id: str) -> Introduction:
    people = ("city_consent_by", "provider_consent_by", "introduced_by", "outcome_by", "tender")
    readable = Introduction.objects.visible_to(request.user).with_records().select_related(*people)
    introduction: Introduction = get_object_or_404(readable, match__public_id=public_id)
    return introduction


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page; a POST says what came of the introduction."""
    introduction = _visible(request, public_id)
    deciding = Deciding.of(request, introduction.match, choices.OUTCOME)
    if request.method == "POST" and deciding.carry_out():
        messages.success(request, _("Thank you. Both sides and ICLEI see it now."))
        return redirect(introduction.get_absolute_url())
    return _page(request, introduction, MessageForm(), deciding)


@login_required
@require_POST
def message_write(request: HttpRequest, public_id: str) -> HttpResponse:
    introduction = _visible(request, public_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            post_message(by=request.user, introduction=introduction, **form.cleaned_data)
        except Incomplete as error:
            form.add_error("body", error.message)
        else:
            messages.success(request, _("Your message is sent."))
            return redirect(f"{introduction.get_absolute_url()}#thread")
    return _page(request, introduction, form, Deciding.of(request, introduction.match, choices.OUTCOME))


def _page(request: HttpRequest, introduction: Introduction, form: MessageForm, deciding: Deciding) -> HttpResponse:
    match, reader = introduction.match, request.user
    if not can_record_outcome(reader, introduction):
        deciding.options = []
    context: dict[str, Any] = {
        "introduction": introduction,
        "match": match,
        "thread": introduction.messages.select_related("author", "organisation"),
        "message_form": form if can_write_in(reader, introduction) else None,
        "timeline": timeline(match, reader),
        "shows_contacts": can_see_contact(reader, match),
        "mine": reader.organisation_ids,
        "ocid": introduction.tender.ocid if hasattr(introduction, "tender") else "",
        "may_take_part": can_take_part(reader, introduction),
        "meetings": introduction.meetings.with_records(),
        "documents": introduction.documents.present().select_related("organisation"),
        "follow_ups": introduction.follow_ups.prefetch_related("answers"),
    }
    return deciding.show("matching/introduction_detail.html", context, also=[form])
