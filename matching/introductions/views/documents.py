"""Files: handed in on the page of a pack or an introduction, taken back, and downloaded by those who may read them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from matching.introductions.document_actions import hand_back_document, release_document
from matching.introductions.document_rules import findings
from matching.introductions.document_text import read_document
from matching.introductions.enums import Shown
from matching.introductions.forms import DocumentForm, HandBackForm
from matching.introductions.models import Document
from matching.introductions.pack_actions import add_shared_document, can_remove, note_opened, remove_document
from matching.introductions.people import names_behind
from matching.introductions.rules import can_look_at_document, can_take_part
from matching.introductions.views.acting import acted
from matching.models import Introduction
from matching.views.access import staff_readers_only
from matching.views.decisions import refusal_of
from matching.views.reviews import Desk
from matching.waiting import Kind
from portal.common.errors import Conflict, NotAllowed
from portal.common.uploads import Upload, attachment
from portal.common.views import render_form


def _visible(request: HttpRequest, public_id: str) -> Document:
    found = Document.objects.visible_to(request.user)
    document: Document = get_object_or_404(
        found.select_related("demand", "introduction__match").distinct(), public_id=public_id
    )
    return document


@login_required
@require_safe
def document_download(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rights are asked anew at every download; the first of an invited provider stands in the log."""
    document = _visible(request, public_id)
    if document.demand is not None and request.method == "GET":
        subject = f"document:{document.public_id}"
        note_opened(
            by=request.user, demand=document.demand, what=Shown.DOCUMENT, subject=subject, digest=document.sha256
        )
    with document.file.open("rb") as file:
        return attachment(file.read(), name=document.name, kind=document.kind)


@staff_readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def document_review(request: HttpRequest, public_id: str) -> HttpResponse:
    """A document that waits for a moderator: what was found in it, and the two ways it can go; then the next item."""
    ever_held = Document.objects.filter(demand__isnull=False).exclude(held_for="")
    document = get_object_or_404(ever_held.select_related("demand__organisation"), public_id=public_id)
    if not document.is_held and request.method != "POST":
        return redirect("introductions:pack-detail", document.demand.public_id)
    form = HandBackForm(request.POST if request.POST.get("decision") == "hand_back" else None)
    refusal = None
    # Asked before the decision takes it out of the queue; the page itself asks in its template.
    following = Desk.at(request, Kind.DOCUMENT, public_id).next_url if request.method == "POST" else ""
    try:
        if request.method == "POST" and _decided(request, document, form):
            messages.success(request, _("Thank you. The city and everybody invited are told what concerns them."))
            return redirect(following)
    except Conflict as error:
        refusal = refusal_of(error, document, request.user)
    context = {"document": document, "refusal": refusal, **_looked_at(request, document)}
    response = render_form(request, "matching/introductions/document_review.html", form, context)
    response.status_code = 409 if refusal else response.status_code
    return response


def _looked_at(request: HttpRequest, document: Document) -> dict[str, Any]:
    """What was found in it, while it is held; who may decide."""
    if not document.is_held:
        return {"found": [], "may_decide": False}
    found = findings(read_document(_stored(document)), names_behind(document.demand))[:50]
    return {"found": found, "may_decide": can_look_at_document(request.user, document)}


def _stored(document: Document) -> Upload:
    with document.file.open("rb") as file:
        return Upload(document.name, document.kind, file.read())


def _decided(request: HttpRequest, document: Document, form: HandBackForm) -> bool:
    if form.is_bound:
        if not form.is_valid():
            return False
        hand_back_document(by=request.user, document=document, **form.cleaned_data)
        return True
    release_document(by=request.user, document=document)
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    document = _visible(request, public_id)
    if not can_remove(request.user, document):
        raise NotAllowed(_("Only whoever shared a document takes it back."))
    back = document.demand.pack if document.demand else document.introduction
    if request.method == "POST":
        remove_document(by=request.user, document=document)
        messages.success(request, _("The document is taken back."))
        return redirect(back.get_absolute_url())
    context = {
        "question": _("Take “%(name)s” back?") % {"name": document.name},
        "consequences": [
            _("Nobody can open it any more."),
            _("The log still says that it was there, and who opened it."),
        ],
        "action_label": _("Take it back"),
        "cancel_url": back.get_absolute_url(),
        "is_dangerous": True,
    }
    return render(request, "components/confirm_page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shared_document_add(request: HttpRequest, public_id: str) -> HttpResponse:
    found = Introduction.objects.visible_to(request.user).with_records()
    introduction = get_object_or_404(found, match__public_id=public_id)
    if not can_take_part(request.user, introduction):
        raise NotAllowed
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and acted(form, add_shared_document, by=request.user, introduction=introduction):
        messages.success(request, _("The document is shared with both sides."))
        return redirect(f"{introduction.get_absolute_url()}#documents")
    return render_form(request, "matching/introductions/document_add.html", form, {"introduction": introduction})
