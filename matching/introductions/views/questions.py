"""One question: the city answers, a moderator redacts, releases, sends back or refuses."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from matching.introductions import forms
from matching.introductions.models import Document, Question
from matching.introductions.question_actions import (
    answer_question,
    redact_question,
    refuse_question,
    release_answer,
    send_answer_back,
)
from matching.introductions.rules import (
    can_answer_question,
    can_moderate_question,
    can_read_asker,
    can_read_draft,
    can_read_note,
    is_asker,
)
from matching.introductions.states import QUESTION
from matching.views.access import staff_readers_only
from matching.views.decisions import Choice, Deciding
from matching.views.reviews import Desk
from matching.waiting import Kind
from portal.common.views import turn_page

_question = partial(Choice, table=QUESTION, subject="question")

CITY = (
    _question(
        code="answer", move="answer", kind="primary", label=_("Hand the answer to ICLEI"), form=forms.AnswerForm,
        act=answer_question, done=_("The answer is with ICLEI:"),
    ),
)  # fmt: skip
MODERATOR = (
    _question(
        code="release", move="release", key="a", kind="primary", label=_("Release to all invited"),
        form=forms.ReleaseForm, act=release_answer, done=_("Released to all invited:"),
        options=lambda question: {"initial": {"text": question.text, "answer": question.answer}},
    ),
    _question(
        code="redact", move="refuse", key="e", label=_("Change the question’s words"), form=forms.RedactForm,
        act=redact_question, done=_("Changed:"), options=lambda question: {"initial": {"text": question.text}},
    ),
    _question(
        code="back", move="send_back", key="i", label=_("Send the answer back"), form=forms.SendBackForm,
        act=send_answer_back, done=_("Sent back to the city:"),
    ),
    _question(
        code="refuse", move="refuse", key="r", kind="danger", label=_("Do not answer"), form=forms.RefuseQuestionForm,
        act=refuse_question, done=_("Not answered:"),
    ),
)  # fmt: skip


@staff_readers_only
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """What waits for release, then what waits for a city."""
    found = Question.objects.visible_to(request.user).with_records()
    context = {"page_obj": turn_page(request, found.to_release()), "waiting": found.waiting_for_city()[:50]}
    context["documents"] = Document.objects.held().select_related("demand")[:50]
    return render(request, "matching/introductions/question_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    question = get_object_or_404(Question.objects.visible_to(request.user).with_records(), public_id=public_id)
    moderates = can_moderate_question(request.user, question)
    deciding = Deciding.of(request, question, MODERATOR if moderates else _of_city(request, question))
    then = reverse("introductions:pack-detail", args=[question.demand.public_id])
    if request.method == "POST" and moderates:
        then = Desk.at(request, Kind.QUESTION, public_id).next_url  # before the decision takes it out of the queue
    if request.method == "POST" and deciding.carry_out():
        messages.success(request, deciding.done)
        return redirect(then)
    context = {
        "question": question,
        "may_know_asker": can_read_asker(request.user, question),
        "may_read_draft": can_read_draft(request.user, question),
        "may_read_note": can_read_note(request.user, question),
        "is_asker": is_asker(request.user, question),
    }
    return deciding.show("matching/introductions/question.html", context)


def _of_city(request: HttpRequest, question: Question) -> tuple[Choice, ...]:
    return CITY if can_answer_question(request.user, question) else ()
