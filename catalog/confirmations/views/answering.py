"""The city's side: a page behind a mailed link, without an account. To open it does nothing; programmes open links."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalog.confirmations.answer_actions import answer_question
from catalog.confirmations.asking_actions import renew_link
from catalog.confirmations.facts import question_of
from catalog.confirmations.forms import CityAnswerForm
from catalog.confirmations.models import CityConfirmation
from portal.common.errors import Conflict, DomainError
from portal.common.views import render_form


def _question(token: str) -> CityConfirmation:
    question = question_of(token)
    if question is None:
        raise Http404
    return question


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def city_answer(request: HttpRequest, token: str) -> HttpResponse:
    question = _question(token)
    reference, status = question.reference, 200
    form = CityAnswerForm(request.POST if request.method == "POST" else None, reference=reference)
    context: dict[str, Any] = {"question": question, "reference": reference, "token": token}
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(question=question, **form.cleaned_data)
        except Conflict as refusal:
            question.refresh_from_db()
            form, status = _again(form, reference), refusal.status
            context |= {"refusal": refusal.message}
        else:
            return redirect("confirmations:city-answer", token)
    response = render_form(request, "confirmations/city_answer.html", form, context)
    response.headers["X-Robots-Tag"] = "noindex"
    response.status_code = status if status != 200 else response.status_code
    return response


def _again(form: CityAnswerForm, reference: Any) -> CityAnswerForm:
    """The same words under the facts as they are now."""
    kept = {name: form.cleaned_data[name] for name in ("answer", "comment")}
    fresh = CityAnswerForm(reference=reference)
    fresh.initial |= kept
    return fresh


@never_cache
@require_POST
def link_renew(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever opens a link that ran out may have a new one, at the address to which the first was sent."""
    try:
        renew_link(by=None, question=_question(token))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, gettext("A new link is on its way to the same address."))
    return redirect("confirmations:city-answer", token)
