"""Objecting to a decision, following it, and answering it; reporting a record and looking into it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import Solution
from cities.models import Demand
from matching.complaints.actions import (
    answer_complaint,
    appeal_complaint,
    assign_complaint,
    file_complaint,
    pause_match,
    withdraw_complaint,
)
from matching.complaints.flag_actions import report_record
from matching.complaints.forms import AnswerForm, AppealForm, ComplaintForm, FlagForm, OwnerForm
from matching.complaints.models import Complaint, Flag
from matching.complaints.parties import concern_of, record_of
from matching.complaints.rules import can_answer, can_complain, has_part, is_neutrality_officer
from matching.queue import records_of
from matching.rules import can_see_match
from matching.states import CONTESTED
from matching.views.access import moderators_only
from matching.views.choices import FLAG
from matching.views.reviews import open_url, review
from matching.waiting import Kind
from portal.accounts.models import Organisation
from portal.accounts.rules import is_member
from portal.common.errors import Conflict, Incomplete
from portal.common.views import render_form, turn_page

PUBLIC = {"demand": Demand, "solution": Solution, "organisation": Organisation}


@login_required
@require_safe
def complaint_list(request: HttpRequest) -> HttpResponse:
    """One's own, those one has to answer, and all for the neutrality officer."""
    found = Complaint.objects.visible_to(request.user).select_related("owner").order_by("-filed_at")
    flags = Flag.objects.filter(by=request.user).order_by("-created_at")[:20]
    return render(request, "complaints/list.html", {"page_obj": turn_page(request, found), "flags": flags})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_new(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    record = record_of(kind, public_id)
    if record is None or not can_complain(request.user, kind, record):
        raise Http404
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            complaint = file_complaint(by=request.user, kind=kind, record=record, **form.cleaned_data)
        except Conflict as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Filed. You see here what becomes of it."))
            return redirect(complaint.get_absolute_url())
    context = {"kind": kind, "record": record, "record_url": _page_of(request.user, kind, record)}
    return render_form(request, "complaints/new.html", form, context)


def _page_of(user: Any, kind: str, record: Any) -> str:
    """Where the complainant reads about it: nowhere while it is paused, and a match only asked for has no page."""
    if record is None:
        return ""
    if kind != "match" or can_see_match(user, record):
        url: str = record.get_absolute_url()
        return url
    if not is_member(user, record.solution.provider.organisation_id):
        return ""
    return reverse("matching:solution-demands", args=[record.solution.public_id])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    found = Complaint.objects.visible_to(request.user).select_related(
        "owner", "complainant", "organisation", "contested_by", "answered_by", "appeal_answered_by"
    )
    complaint = get_object_or_404(found, public_id=public_id)
    forms = _forms(request, complaint)
    if request.method == "POST" and _act(request, complaint, forms):
        return redirect(complaint.get_absolute_url())
    record, concern = record_of(complaint.about, complaint.item), concern_of(complaint.about, complaint.item)
    context = {
        "complaint": complaint, "record": record, **forms,
        "record_url": _page_of(request.user, complaint.about, record),
        "is_complainant": complaint.complainant_id == request.user.pk,
        "may_answer": can_answer(request.user, complaint) and not has_part(request.user, concern),
        "is_neutrality": is_neutrality_officer(request.user),
        "can_pause": complaint.about == "match" and record is not None and record.state in CONTESTED,
    }  # fmt: skip
    return render_form(request, "complaints/detail.html", list(forms.values()), context)


def _forms(request: HttpRequest, complaint: Complaint) -> dict[str, Any]:
    """Each form of the page, bound where it is the one that was sent."""
    sent = request.POST.get("do")
    data = {name: request.POST if sent == name else None for name in ("answer", "appeal", "assign")}
    return {
        "answer_form": AnswerForm(data["answer"], prefix="answer", complaint=complaint),
        "appeal_form": AppealForm(data["appeal"], prefix="appeal"),
        "owner_form": OwnerForm(data["assign"], prefix="assign", complaint=complaint),
    }


def _act(request: HttpRequest, complaint: Complaint, forms: dict[str, Any]) -> bool:
    """Whether what was sent is done."""
    values, sent = {"by": request.user, "complaint": complaint}, request.POST.get("do", "")
    plain = {
        "withdraw": (withdraw_complaint, _("Withdrawn.")),
        "pause": (pause_match, _("Paused until the complaint is answered.")),
    }
    formed = {
        "answer": (answer_complaint, forms["answer_form"], _("Answered.")),
        "appeal": (appeal_complaint, forms["appeal_form"], _("Your appeal went to the neutrality officer.")),
        "assign": (assign_complaint, forms["owner_form"], _("Assigned.")),
    }
    if sent in plain:
        act, said = plain[sent]
        act(**values)  # type: ignore[operator]
        messages.success(request, said)
        return True
    if sent not in formed or not formed[sent][1].is_valid():
        return False
    act, form, said = formed[sent]
    try:
        act(**values, **form.cleaned_data)  # type: ignore[operator]
    except Incomplete as error:
        form.add_error(error.missing[0], error.message)
        return False
    messages.success(request, said)
    return True


# --- Reports of records ----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def flag_new(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    if kind not in PUBLIC:
        raise Http404
    record: Any = get_object_or_404(PUBLIC[kind].objects.visible_to(request.user), public_id=public_id)
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report_record(by=request.user, kind=kind, item=public_id, **form.cleaned_data)
        except Conflict as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Thank you. A moderator looks into it and writes to you."))
            return redirect(record.get_absolute_url())
    return render_form(request, "complaints/report.html", form, {"kind": kind, "record": record})


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def flag_review(request: HttpRequest, public_id: str) -> HttpResponse:
    flag = get_object_or_404(records_of(Kind.FLAG), public_id=public_id)
    subject = record_of(flag.about, flag.item)

    def context() -> dict[str, Any]:
        return {"flag": flag, "subject": subject, "open_url": open_url(subject) if subject is not None else ""}

    return review(request, Kind.FLAG, flag, FLAG, may=flag.by_id != request.user.pk, context=context)
