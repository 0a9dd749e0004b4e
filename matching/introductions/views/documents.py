"""Files: handed in on the page of a pack or an introduction, taken back, and downloaded by those who may read them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from matching.introductions.enums import Shown
from matching.introductions.forms import DocumentForm
from matching.introductions.models import Document
from matching.introductions.pack_actions import add_shared_document, can_remove, note_opened, remove_document
from matching.introductions.rules import can_take_part
from matching.introductions.views.acting import acted
from matching.models import Introduction
from portal.common.errors import NotAllowed
from portal.common.uploads import attachment
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
