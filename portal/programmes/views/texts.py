"""The manager's pages of translations: what there is, and every text of one record beside its original."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from portal.common.drafts import signed_in_keeping_answers
from portal.common.views import render_form
from portal.programmes.forms.texts import TextsForm
from portal.programmes.models import Event, Programme
from portal.programmes.rules import is_manager
from portal.programmes.text_actions import translate_text
from portal.programmes.texts import pieces_of, subjects_of
from portal.programmes.views.answering import is_done, only, said, sent
from portal.programmes.views.calls import managed_call
from portal.programmes.views.workspace import desk, managed


@login_required
@require_safe
def text_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """Programme, calls and events; of each, how far every language is."""
    programme = managed(request, public_id)
    languages = [(code, name) for code, name in settings.LANGUAGES if code != programme.original_language]
    rows = []
    for subject in subjects_of(programme):
        pieces = pieces_of(subject)
        left = {code: sum(piece.mark(code) != "human" for piece in pieces) for code, _name in languages}
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
    if language not in dict(settings.LANGUAGES) or language == programme.original_language:
        raise Http404
    form = TextsForm(pieces_of(subject), language, sent(request))

    def translate() -> None:
        translate_text(by=request.user, subject=subject, language=language, texts=form.cleaned_data)

    texts = reverse("programmes:programme-texts", args=[programme.public_id])
    if is_done(request, form, translate):
        said(request, gettext("The translation is saved."))
        return redirect(texts)
    title = gettext("Texts in another language: %(language)s") % {"language": dict(settings.LANGUAGES)[language]}
    context = {"title": title, "subject": subject, "back": desk(programme), "texts": texts}
    return render_form(request, "programmes/texts_form.html", form, context)
