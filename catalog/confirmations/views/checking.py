"""The moderator's side: every document of a solution with a verdict, and answers of cities that want a look."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalog.confirmations.answer_actions import accept_confirmation, check_evidence
from catalog.confirmations.forms import AcceptForm, EvidenceCheckForm
from catalog.confirmations.rules import can_check_evidence
from catalog.confirmations.to_check import confirmations_of, items_of, solutions_to_check
from catalog.models import Solution
from portal.accounts.rules import is_moderator
from portal.common.drafts import signed_in_keeping_answers
from portal.common.errors import Conflict
from portal.common.views import render_form, turn_page

CITY = "city-"


@login_required
@require_safe
def evidence_list(request: HttpRequest) -> HttpResponse:
    """Solutions with evidence that nobody has looked at."""
    if not is_moderator(request.user):
        raise Http404
    waiting = solutions_to_check().for_list().order_by("listed_at", "pk")
    return render(request, "confirmations/evidence_list.html", {"page_obj": turn_page(request, waiting)})


@signed_in_keeping_answers
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """One form for each document. The one that was sent is read; the others stay as they are."""
    readable = Solution.objects.visible_to(request.user).for_detail()
    solution = get_object_or_404(readable, public_id=public_id)
    if not can_check_evidence(request.user, solution):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    items, answers = items_of(solution), confirmations_of(solution)
    rows = [(item, _form(EvidenceCheckForm, sent, item.code)) for item in items]
    cities = [(one, _form(AcceptForm, sent, f"{CITY}{one.pk}") if _is_open(one) else None) for one in answers]
    if sent is not None and _decided(request, rows, cities):
        return redirect("confirmations:evidence-check", public_id)
    forms = [form for _row, form in (*rows, *cities) if form is not None]
    bound = [form for form in forms if form.is_bound]
    context = {"solution": solution, "rows": rows, "cities": cities}
    return render_form(request, "confirmations/evidence_check.html", bound or forms or [AcceptForm(code="")], context)


def _is_open(question: Any) -> bool:
    return bool(question.answer == "confirm" and not question.is_official and question.accepted is None)


def _form(kind: Any, sent: Any, code: str) -> Any:
    return kind(sent if sent is not None and sent.get("item") == code else None, code=code)


def _decided(request: HttpRequest, rows: Any, cities: Any) -> bool:
    for row, form in (*rows, *cities):
        if form is None or not form.is_bound or not form.is_valid():
            continue
        answers = form.cleaned_data
        try:
            if isinstance(form, AcceptForm):
                kept = {"accept": answers["accept"], "note": answers["reasons"]}
                accept_confirmation(by=request.user, question=row, **kept)
            else:
                kept = {"verdict": answers["verdict"], "reasons": answers["reasons"]}
                check_evidence(by=request.user, item=row.record, **kept)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
            return False
        messages.success(request, gettext("Kept. The provider reads your words."))
        return True
    return False
