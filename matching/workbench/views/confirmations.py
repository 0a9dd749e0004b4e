"""The page on which a second moderator confirms a decision, or does not."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matching.views.access import moderators_only
from matching.views.choices import choice_of
from matching.views.decisions import refusal_of
from matching.views.reviews import Desk
from matching.workbench.deciding_actions import (
    close_overtaken,
    confirm_decision,
    refuse_decision,
    withdraw_request,
)
from matching.workbench.enums import Rule
from matching.workbench.forms import WordsForm
from matching.workbench.models import Confirmation
from matching.workbench.records import parties_of_record, record_of
from matching.workbench.road import asked_step, bound_form
from matching.workbench.rules import is_kept_out
from portal.common.errors import Conflict, Incomplete
from portal.common.views import render_form


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation_review(request: HttpRequest, public_id: str) -> HttpResponse:
    asked = get_object_or_404(Confirmation.objects.select_related("asked_by", "answered_by"), public_id=public_id)
    form, refusal = WordsForm(request.POST if request.POST.get("answer") == "refuse" else None), None
    desk = Desk.at(request, "confirm", public_id)
    if request.method == "POST":
        try:
            if _answer(request, asked, form):
                return redirect(desk.next_url)
        except Conflict as error:
            refusal = refusal_of(error, asked, request.user)
            close_overtaken(by=request.user, confirmation=asked)
    context = {**_shown(request, asked), "desk": desk, "refusal": refusal}
    response = render_form(request, "matching/review/confirm.html", form, context)
    if refusal:
        response.status_code = 409
    return response


def _answer(request: HttpRequest, asked: Confirmation, form: WordsForm) -> bool:
    """Whether the answer that was sent is taken."""
    answer = request.POST.get("answer")
    if answer == "confirm":
        record = record_of(asked.kind, asked.item)
        step = asked_step(asked, record) if record is not None else None
        if step is None:
            raise Conflict(_("What was asked for is not possible any more: the record has changed."))
        confirm_decision(by=request.user, confirmation=asked, step=step)
        messages.success(request, _("Confirmed and done: %(record)s") % {"record": record})
        return True
    if answer == "withdraw":
        withdraw_request(by=request.user, confirmation=asked)
        messages.success(request, _("Withdrawn. Nothing was decided."))
        return True
    if answer != "refuse" or not form.is_valid():
        return False
    try:
        refuse_decision(by=request.user, confirmation=asked, note=form.cleaned_data["note"])
    except Incomplete as error:
        form.add_error("note", error.message)
        return False
    messages.success(request, _("Not confirmed. Your colleague is told why."))
    return True


def _shown(request: HttpRequest, asked: Confirmation) -> dict[str, Any]:
    record, choice = record_of(asked.kind, asked.item), choice_of(asked.kind, asked.decision)
    said = []
    if record is not None and choice is not None:
        form = bound_form(choice, asked.kind, record, asked.values)
        form.is_valid()
        said = [(form.fields[name].label, _in_words(form, name)) for name in form.fields if form.cleaned_data.get(name)]
    kept_out = record is not None and is_kept_out(
        request.user, asked.kind, asked.item, parties_of_record(asked.kind, record)
    )
    return {
        "asked": asked, "record": record, "choice": choice, "said": said, "rules": [Rule(rule) for rule in asked.rules],
        "is_own": asked.asked_by_id == request.user.pk, "is_recused": kept_out,
    }  # fmt: skip


def _in_words(form: Any, name: str) -> str:
    """A chosen code by its label, everything else as it was written."""
    value = form.cleaned_data[name]
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))
