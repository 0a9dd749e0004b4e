"""The manager's pages of translations: what there is, and every text of one record beside its original."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.common.drafts import signed_in_keeping_answers
from portal.common.translated import GOOD
from portal.programmes.models import Event, Programme
from portal.programmes.rules import is_manager
from portal.programmes.texts import pieces_of, subjects_of
from portal.programmes.views.answering import only
from portal.programmes.views.calls import managed_call
from portal.programmes.views.workspace import desk, managed
from portal.translating.views import edit_texts


@login_required
@require_safe
def text_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """Programme, calls and events; of each, how far every language is."""
    programme = managed(request, public_id)
    languages = [(code, name) for code, name in settings.LANGUAGES if code != programme.original_language]
    rows = []
    for subject in subjects_of(programme):
        pieces = pieces_of(subject)
        left = {code: sum(piece.mark(code) not in GOOD for piece in pieces) for code, _name in languages}
        address = f"programmes:{subject._meta.model_name}-translate"
        rows.append((
            subject,
            [(code, name, left[code], reverse(address, args=[subject.public_id, code])) for code, name in languages],
        ))  # fmt: skip
    context = {"programme": programme, "rows": rows, "back": desk(programme)}
    return render(request, "programmes/workspace_texts.html", context)


@signed_in_keeping_answers
def programme_translate(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    programme = managed(request, public_id)
    return _translate(request, programme, programme, language)


@signed_in_keeping_answers
def call_translate(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    call = managed_call(request, public_id)
    return _translate(request, call, call.programme, language)


@signed_in_keeping_answers
def event_translate(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    only(is_manager, request.user)
    event = get_object_or_404(Event.objects.select_related("programme"), public_id=public_id)
    return _translate(request, event, event.programme, language)


def _translate(request: HttpRequest, subject: Any, programme: Programme, language: str) -> HttpResponse:
    overview = reverse("programmes:programme-texts", args=[programme.public_id])
    address = f"programmes:{subject._meta.model_name}-translate"
    tabs = [
        (code, name, reverse(address, args=[subject.public_id, code]))
        for code, name in settings.LANGUAGES
        if code != programme.original_language
    ]
    return edit_texts(request, subject, language, {"overview": overview, "tabs": tabs, "back": desk(programme)})
