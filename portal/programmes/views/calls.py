"""The manager's pages of one call: its rules, its deadline, what is asked about it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from portal.common.drafts import signed_in_keeping_answers
from portal.programmes.call_actions import (
    Asked,
    Weighted,
    answer_enquiry,
    create_call,
    edit_call,
    extend_deadline,
    set_rules,
)
from portal.programmes.forms.calls import AnswerForm, CallForm, ExtensionForm, RulesForm
from portal.programmes.models import Call
from portal.programmes.rules import is_manager
from portal.programmes.views.answering import form_page, is_done, only, said, sent
from portal.programmes.views.workspace import desk, managed


def managed_call(request: HttpRequest, public_id: str) -> Call:
    only(is_manager, request.user)
    found: Call = get_object_or_404(Call.objects.select_related("programme"), public_id=public_id)
    return found


def _answered(
    request: HttpRequest, about: Call, form: Any, work: Callable[[], object], title: str, **more: Any
) -> HttpResponse:
    if is_done(request, form, work):
        said(request, gettext("The call is saved."))
        return redirect(desk(about.programme)[1])
    return form_page(request, form, title, desk(about.programme), **{"action": gettext("Save"), **more})


@signed_in_keeping_answers
def call_new(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    form = CallForm(sent(request))

    def create() -> None:
        create_call(by=request.user, programme=programme, texts=form.texts, facts=form.facts)

    return _answered(request, Call(programme=programme), form, create, gettext("New call"))


@signed_in_keeping_answers
def call_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    call = managed_call(request, public_id)
    form = CallForm(sent(request), call=call)

    def edit() -> None:
        edit_call(by=request.user, call=call, texts=form.texts, facts=form.facts)

    return _answered(request, call, form, edit, gettext("Call"))


@signed_in_keeping_answers
def call_rules(request: HttpRequest, public_id: str) -> HttpResponse:
    call = managed_call(request, public_id)
    form = RulesForm(call, sent(request))

    def write() -> None:
        criteria = [Weighted(*row) for row in form.criteria]
        set_rules(by=request.user, call=call, criteria=criteria, questions=[Asked(*row) for row in form.questions])

    lead = gettext(
        "What the jury judges by, and what every applicant answers. Both are public, and fixed once it opens."
    )
    return _answered(request, call, form, write, gettext("Criteria and questions"), lead=lead)


@signed_in_keeping_answers
def call_extend(request: HttpRequest, public_id: str) -> HttpResponse:
    call = managed_call(request, public_id)
    form = ExtensionForm(call, sent(request))

    def extend() -> None:
        found = form.cleaned_data
        extend_deadline(by=request.user, call=call, deadline=found["deadline"], reason=found["reason"])

    lead = gettext("For everybody. Whoever started an application or asked about the call gets a mail at once.")
    more = {"lead": lead, "call": call, "include": "programmes/_deadline.html", "action": gettext("Extend")}
    return _answered(request, call, form, extend, gettext("More time"), **more)


@signed_in_keeping_answers
def enquiry_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """Questions about a call, the unanswered first; one answer at a time."""
    call = managed_call(request, public_id)
    enquiries = call.enquiries.order_by("answered_at", "asked_at")
    chosen = enquiries.filter(pk=_number(request.POST.get("enquiry", "")), answer="").first()
    form = AnswerForm(sent(request) if chosen or request.method == "GET" else None)

    def answer() -> None:
        if chosen is not None:
            answer_enquiry(by=request.user, enquiry=chosen, answer=form.cleaned_data["answer"])

    if chosen is not None and is_done(request, form, answer):
        said(request, gettext("The answer is public now, without who asked."))
        return redirect("programmes:workspace-enquiries", call.public_id)
    refused = bool(form.is_bound and form.errors)
    context = {"call": call, "enquiries": enquiries, "form": form, "chosen": chosen, "back": desk(call.programme)}
    context |= {"page_has_errors": refused, "error_forms": [form] if refused else []}
    return render(request, "programmes/workspace_enquiries.html", context, status=422 if refused else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
