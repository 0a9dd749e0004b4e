"""Many at once: tick in the list, choose and see what would happen, confirm, read what came of it."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.views.access import moderators_only
from matching.views.decisions import Option
from matching.workbench.actions import snooze_item, take_item
from matching.workbench.bulk import PUT_OFF, TAKE, Picked, alone, choice_behind, decisions_for, kinds_of, picked
from matching.workbench.forms import SnoozeForm
from matching.workbench.models import Confirmation
from matching.workbench.road import offer_wordings, take_decision
from portal.common.errors import DomainError
from portal.common.forms import BaseForm


@moderators_only
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One page for all steps: `do` holds the decision, `confirm` stands in the last step."""
    code = request.POST.get("do", "")
    items = picked(request.POST.getlist("pick"), request.user, code)
    if not items:
        messages.warning(request, _("Choose at least two."))
        return redirect("matching:queue")
    codes = decisions_for(kinds_of(items))
    code = code if code in dict(codes) else ""
    form = _form(request, code, items)
    context: dict[str, Any] = {
        "items": items,
        "codes": codes,
        "alone": alone(kinds_of(items)),
        "code": code,
        "decision": dict(codes).get(code),
        "form": form,
    }
    if code and "confirm" in request.POST and (form is None or form.is_valid()):
        return _carry_out(request, context)
    wrong = [form] if form is not None and form.is_bound and not form.is_valid() else []
    context |= {
        "page_has_errors": bool(wrong),
        "error_forms": wrong,
        "possible": [one for one in items if one.is_possible],
    }
    return render(request, "matching/queue/bulk.html", context, status=422 if wrong else 200)


def _form(request: HttpRequest, code: str, items: list[Picked]) -> BaseForm | None:
    """The form of the decision, bound once it was shown."""
    data = request.POST if "confirm" in request.POST else None
    if code == PUT_OFF:
        return SnoozeForm(data)
    kind, choice = choice_behind(code)
    if choice is None:
        return None
    record = next((one.record for one in items if one.kind == kind and one.is_possible), None)
    form = choice.form(data, prefix=choice.code)
    if record is not None:
        offer_wordings(form, kind, choice.code, record)
    return form


def _carry_out(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Each item by itself: what one refuses does not keep the others from being done."""
    act = _act(request, context["code"], context["form"])
    done, waiting, refused = [], [], []
    for one in context["items"]:
        if not one.is_possible:
            refused.append((one, one.hurdle))
            continue
        try:
            outcome = act(one)
        except DomainError as error:
            refused.append((one, error.message))
        else:
            (waiting if isinstance(outcome, Confirmation) else done).append(one)
    results = {"done": done, "waiting": waiting, "refused": refused}
    return render(request, "matching/queue/bulk_done.html", {**context, **results}, status=409 if refused else 200)


def _act(request: HttpRequest, code: str, form: Any) -> Callable[[Picked], Any]:
    user, batch = request.user, token_hex(8)
    if code == TAKE:
        return lambda one: take_item(by=user, kind=one.kind, item=one.item)
    if code == PUT_OFF:
        return lambda one: snooze_item(by=user, kind=one.kind, item=one.item, **form.cleaned_data)
    _kind, choice = choice_behind(code)
    if choice is None:
        raise DomainError(_("Choose what to do with the items first."))
    return lambda one: take_decision(user, one.kind, one.record, Option(choice, form, True), batch)
