"""The provider's side: a page about one reference, from which its city is asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from catalog.confirmations.asking_actions import MOST_MAILS, ask_city, renew_link, withdraw_question
from catalog.confirmations.forms import AskCityForm
from catalog.confirmations.rules import can_ask_city
from catalog.models import Reference, Solution
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.errors import DomainError
from portal.common.views import render_form


def _own(request: HttpRequest, public_id: str, pk: int) -> Reference:
    """A reference of one of the reader's own solutions, for whoever speaks for the provider."""
    own = Solution.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
    solution = get_object_or_404(own, public_id=public_id)
    found = solution.references.select_related("solution__provider__organisation")
    reference: Reference = get_object_or_404(found, pk=pk)
    if not can_ask_city(request.user, reference):
        raise Http404
    return reference


@signed_in_keeping_answers
def reference_ask(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """What is claimed, what was asked before and answered, and a form to ask."""
    reference = _own(request, public_id, pk)
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = AskCityForm(data, reference=reference)
    if request.method == "POST" and form.is_valid() and _asked(request, form, reference):
        forget_answers(request)
        messages.success(request, gettext("The mail is on its way. You are told as soon as the city answers."))
        return redirect("confirmations:reference-ask", public_id, pk)
    questions = list(reference.confirmations.all())
    context = {
        "reference": reference,
        "solution": reference.solution,
        "questions": questions,
        "open_question": next((item for item in questions if item.is_open), None),
        "most_mails": MOST_MAILS,
    }
    return render_form(request, "confirmations/reference_ask.html", form, context)


def _asked(request: HttpRequest, form: AskCityForm, reference: Reference) -> bool:
    try:
        ask_city(by=request.user, reference=reference, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error("email", refusal.message)
        return False
    return True


@login_required
@require_POST
def question_renew(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    return _on_open(request, public_id, pk, is_renewal=True)


@login_required
@require_POST
def question_withdraw(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    return _on_open(request, public_id, pk, is_renewal=False)


def _on_open(request: HttpRequest, public_id: str, pk: int, *, is_renewal: bool) -> HttpResponse:
    reference = _own(request, public_id, pk)
    question = get_object_or_404(reference.confirmations.filter(answered_at=None, withdrawn_at=None))
    try:
        if is_renewal:
            renew_link(by=request.user, question=question)
            messages.success(request, gettext("The mail goes out once more. Its link works for thirty days."))
        else:
            withdraw_question(by=request.user, question=question)
            messages.success(request, gettext("The question is withdrawn. Its link does not work any more."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("confirmations:reference-ask", public_id, pk)
