"""The editor: what there is in which language, and every text of one record beside its original."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from catalog.rules import can_revise_solution
from portal.accounts.rules import is_member, is_moderator
from portal.common.answers import Answer
from portal.common.context import language_tag
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.common.translated import GOOD, Piece
from portal.common.views import render_form
from portal.jobs.models import JobState
from portal.translating import machines
from portal.translating.actions import ask_machine, draft_job, to_draft, translate_text
from portal.translating.forms import TextsForm
from portal.translating.subjects import SUBJECTS, subject_of

# How long the page says what became of a draft.
TOLD_FOR = timedelta(minutes=30)


def readable(request: HttpRequest, kind: str, public_id: str) -> Any:
    """What the reader may translate, a record of own organisations, or any for moderators; 404 for everybody else."""
    subject, user = SUBJECTS.get(kind), request.user
    if subject is None:
        raise Http404
    record = get_object_or_404(subject.visible(user), **{subject.key: public_id})
    if not (is_moderator(user) or is_member(user, subject.owner(record)) or subject.may(user, record)):
        raise Http404
    return record


@signed_in_keeping_answers
@require_safe
def text_list(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The languages; of each, how many texts are left."""
    record = readable(request, kind, public_id)
    pieces = SUBJECTS[kind].pieces(record)
    rows = [
        (name, sum(piece.mark(code) not in GOOD for piece in pieces), _address(kind, record, code))
        for code, name in settings.LANGUAGES
        if code != record.original_language
    ]
    context = {
        "record": record, "title_field": SUBJECTS[kind].title, "rows": rows,
        "may": SUBJECTS[kind].may(request.user, record),
        "may_revise": kind == "solution" and can_revise_solution(request.user, record),
    }  # fmt: skip
    return render(request, "translating/texts.html", context)


@signed_in_keeping_answers
def text_edit(request: HttpRequest, kind: str, public_id: str, language: str) -> HttpResponse:
    record = readable(request, kind, public_id)
    if not SUBJECTS[kind].may(request.user, record):
        raise NotAllowed(gettext("These texts cannot be translated in their present state."))
    overview = reverse(f"translating:{kind}-texts", args=[record.public_id])
    tabs = [
        (code, name, _address(kind, record, code))
        for code, name in settings.LANGUAGES
        if code != record.original_language
    ]
    return edit_texts(request, record, language, {"overview": overview, "tabs": tabs})


def _address(kind: str, record: Any, language: str) -> str:
    return reverse(f"translating:{kind}-translate", args=[record.public_id, language])


def edit_texts(request: HttpRequest, record: Any, language: str, context: dict[str, Any]) -> HttpResponse:
    """The editor of any record that ``subjects`` know. ``context``: ``overview``, the address that Save leads to."""
    if language not in dict(settings.LANGUAGES) or language == record.original_language:
        raise Http404
    pieces = subject_of(record).pieces(record)
    kept = kept_answers(request)
    form = TextsForm(pieces, language, request.POST if request.method == "POST" else kept)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, record, language, form, context["overview"])
        except NotAllowed:
            raise
        except Conflict as quicker:
            conflict = quicker
            record.refresh_from_db()
            form.show_again(subject_of(record).pieces(record))
        except DomainError as refused:
            form.add_error(None, refused.message)
    page = {**context, **_page(request, record, language, form), "conflict": conflict, "kept": kept is not None}
    response = render_form(request, "translating/texts_form.html", form, page)
    if conflict:
        response.status_code = conflict.status
    return response


def _saved(request: HttpRequest, record: Any, language: str, form: TextsForm, overview: str) -> HttpResponse:
    """Stored; with the other button a machine is asked for what is left, and the page stays."""
    translate_text(by=request.user, subject=record, language=language, **form.sent())
    forget_answers(request)
    if "machine" in request.POST:
        ask_machine(by=request.user, subject=record, language=language)
        return redirect(request.path)
    messages.success(request, gettext("The translation is saved."))
    return redirect(overview)


def _page(request: HttpRequest, record: Any, language: str, form: TextsForm) -> dict[str, Any]:
    name = dict(settings.LANGUAGES)[language]
    return {
        "record": record,
        "title": gettext("Texts in another language: %(language)s") % {"language": name},
        "title_field": subject_of(record).title,
        "language": language,
        "here": request.path,
        "theirs": [_answer(piece, language) for piece in form.differing()] if form.is_bound and form.is_valid() else [],
        "machine": machine_state(record, language),
    }


def _answer(piece: Piece, language: str) -> Answer:
    label = piece.label or type(piece.row)._meta.get_field(piece.name).verbose_name
    return Answer(piece.key, label, piece.text(language), language_tag(language))


def machine_state(record: Any, language: str) -> str:
    """off, ready, complete (nothing left), working, failed, or left: the machine has left out some texts."""
    if not machines.is_on():
        return "off"
    job = draft_job(record, language)
    if job and job.state in (JobState.QUEUED, JobState.RUN):
        return "retrying" if job.attempts > 1 or (job.attempts and job.state == JobState.QUEUED) else "working"
    if not to_draft(record, language):
        return "complete"
    is_recent = job is not None and timezone.now() - job.created_at < TOLD_FOR
    if job and is_recent:
        return "failed" if job.state == JobState.DEAD else "left"
    return "ready"
