"""The pack of a demand: what everybody invited is told alike."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.models import Demand
from matching.introductions.forms import AskForm, PackDocumentForm, QuestionDateForm
from matching.introductions.models import Document, Pack, Question, Showing
from matching.introductions.opening import note_pack_opened
from matching.introductions.pack_actions import add_pack_document, invited_organisations, set_question_date
from matching.introductions.question_actions import ask_question
from matching.introductions.rules import (
    can_ask,
    can_fill_pack,
    can_moderate_demand,
    can_see_clean_file,
    can_see_pack,
    can_set_question_date,
)
from matching.introductions.views.acting import acted, demand_for
from portal.accounts.rules import is_staff_reader
from portal.common.errors import NotAllowed
from portal.common.forms import BaseForm
from portal.common.views import render_form


@login_required
@require_safe
def pack_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    demand = demand_for(request, public_id, can_see_pack)
    note_pack_opened(by=request.user, demand=demand)
    return _page(request, demand)


def _page(request: HttpRequest, demand: Demand, **forms: BaseForm) -> HttpResponse:
    """``forms``: the one that was sent, by the name it has on the page."""
    reader = request.user
    pack = Pack.objects.filter(demand=demand).first()
    zone = pack.zone if pack else demand.city.time_zone if demand.city else ""
    is_inside = is_staff_reader(reader) or can_fill_pack(reader, demand)
    questions = Question.objects.visible_to(reader).filter(demand=demand)
    context: dict[str, Any] = {
        "demand": demand,
        "pack": pack,
        "documents": Document.objects.visible_to(reader).filter(demand=demand).select_related("organisation", "demand"),
        "released": questions.released(),
        "waiting": questions.exclude(state="released"),
        "ask_form": forms.get("ask") or (AskForm() if can_ask(reader, demand) else None),
        "document_form": forms.get("document") or (PackDocumentForm() if can_fill_pack(reader, demand) else None),
        "date_form": forms.get("date")
        or (QuestionDateForm(zone=zone) if can_set_question_date(reader, demand) else None),
        "may_fill": can_fill_pack(reader, demand),
        "may_moderate": can_moderate_demand(reader, demand),
        "may_read_clean_file": can_see_clean_file(reader, demand),
        "showings": _log(demand, None if is_inside else reader.organisation_ids),
        "is_inside": is_inside,
        "invited": len(invited_organisations(demand)),
    }
    sent = list(forms.values())
    return render_form(request, "matching/introductions/pack.html", sent or [AskForm()], context)


def _log(demand: Demand, mine: frozenset[int] | None) -> Any:
    """ICLEI and the city read the whole log; a provider its own lines, and so learns of no competitor."""
    lines = Showing.objects.filter(demand=demand).select_related("organisation")
    return lines if mine is None else lines.filter(organisation_id__in=mine)


@login_required
@require_POST
def question_ask(request: HttpRequest, public_id: str) -> HttpResponse:
    demand, form = demand_for(request, public_id, can_see_pack), AskForm(request.POST)
    if not can_ask(request.user, demand):
        raise NotAllowed(_("Only providers that are invited to this demand can ask."))
    if not acted(form, ask_question, by=request.user, demand=demand):
        return _page(request, demand, ask=form)
    messages.success(request, _("Your question is with ICLEI and the city. You are told when it is answered."))
    return redirect("introductions:pack-detail", public_id)


@login_required
@require_POST
def document_add(request: HttpRequest, public_id: str) -> HttpResponse:
    demand, form = demand_for(request, public_id, can_see_pack), PackDocumentForm(request.POST, request.FILES)
    if not can_fill_pack(request.user, demand):
        raise NotAllowed(_("Only the city puts documents into the pack."))
    if not acted(form, add_pack_document, by=request.user, demand=demand):
        return _page(request, demand, document=form)
    newest = Document.objects.filter(demand=demand, added_by=request.user).order_by("-pk").first()
    if newest is not None and newest.is_held:
        messages.success(request, _("ICLEI looks at it first. Every invited provider gets it once it is released."))
    else:
        messages.success(request, _("The document is given to every invited provider, now and at the same moment."))
    return redirect("introductions:pack-detail", public_id)


@login_required
@require_POST
def question_date(request: HttpRequest, public_id: str) -> HttpResponse:
    demand, form = demand_for(request, public_id, can_see_pack), QuestionDateForm(request.POST)
    if not can_set_question_date(request.user, demand):
        raise NotAllowed(_("Who speaks for the city, or a moderator without ties, sets this date."))
    if not acted(form, set_question_date, by=request.user, demand=demand):
        return _page(request, demand, date=form)
    messages.success(request, _("The date is set. Every invited provider is told."))
    return redirect("introductions:pack-detail", public_id)
