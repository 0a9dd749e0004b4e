"""The programme manager's desk: what is under way, what the next step needs, and every text and fact."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from portal.common.drafts import signed_in_keeping_answers
from portal.common.translated import original
from portal.common.views import turn_page
from portal.programmes.enums import ProgrammeState
from portal.programmes.figures import figures_of
from portal.programmes.forms.programmes import LinkForm, NoteForm, PartnerForm, ProgrammeForm, ReportForm
from portal.programmes.labels import MOVES, figures_in_words
from portal.programmes.models import Enquiry, Partner, Programme
from portal.programmes.neutrality import flags_of
from portal.programmes.obstacles import obstacles
from portal.programmes.programme_actions import (
    FIXED,
    add_partner,
    clear_neutrality,
    create_programme,
    edit_programme,
    move_programme,
    remove_partner,
)
from portal.programmes.record_actions import link_record, unlink_record
from portal.programmes.rules import is_manager, is_officer, reads_workspace
from portal.programmes.states import PROGRAMME
from portal.programmes.text_actions import write_report
from portal.programmes.views.answering import form_page, is_done, only, said, sent


def managed(request: HttpRequest, public_id: str) -> Programme:
    only(is_manager, request.user)
    found: Programme = get_object_or_404(Programme, public_id=public_id)
    return found


def desk(programme: Programme) -> tuple[str, str]:
    """The way back to the desk of a programme."""
    return str(programme), reverse("programmes:workspace-detail", args=[programme.public_id])


@login_required
@require_safe
def workspace_list(request: HttpRequest) -> HttpResponse:
    only(reads_workspace, request.user)
    page = turn_page(request, Programme.objects.for_list().order_by("-created_at", "-pk"))
    context = {"page_obj": page, "is_manager": is_manager(request.user)}
    context["enquiries"] = Enquiry.objects.filter(answer="").select_related("call__programme").order_by("asked_at")[:20]
    return render(request, "programmes/workspace_list.html", context)


@login_required
@require_safe
def workspace_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    only(reads_workspace, request.user)
    programme = get_object_or_404(Programme, public_id=public_id)
    moves = [move for move in PROGRAMME.allowed(programme.state) if move.name != "reopen"]
    context: dict[str, Any] = {
        "programme": programme,
        "next_moves": [(move.name, *MOVES[move.name], obstacles(programme, move.name)) for move in moves],
        "partners": programme.partners.select_related("organisation"),
        "flags": flags_of(programme),
        "calls": programme.calls.with_counts(),
        "events": programme.events.with_seats().select_related("programme"),
        "milestones": programme.milestones.select_related("programme"),
        "linked": [*programme.demands.all(), *programme.solutions.all()],
        "figures": figures_in_words(figures_of(programme), with_zeros=True),
        "matches": programme.match_links.select_related("match__demand", "match__solution"),
        "is_manager": is_manager(request.user),
        "can_edit_calls": programme.state not in FIXED,
        "can_extend": programme.state in (ProgrammeState.OPEN, ProgrammeState.CLOSED),
        "is_officer": is_officer(request.user),
    }
    return render(request, "programmes/workspace_detail.html", context)


@signed_in_keeping_answers
def programme_new(request: HttpRequest) -> HttpResponse:
    only(is_manager, request.user)
    form = ProgrammeForm(sent(request))
    made: list[Programme] = []

    def create() -> None:
        language, areas = form.cleaned_data["language"], form.cleaned_data["areas"]
        made.append(
            create_programme(by=request.user, language=language, texts=form.texts, facts=form.facts, areas=areas)
        )

    if is_done(request, form, create):
        said(request, gettext("The programme is there, as a draft that nobody outside sees."))
        return redirect(desk(made[0])[1])
    back = (gettext("Your programmes"), reverse("programmes:workspace-list"))
    return form_page(request, form, gettext("New programme"), back, action=gettext("Save as draft"))


@signed_in_keeping_answers
def programme_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    form = ProgrammeForm(sent(request), programme=programme)

    def edit() -> None:
        areas = form.cleaned_data["areas"]
        edit_programme(by=request.user, programme=programme, texts=form.texts, facts=form.facts, areas=areas)

    if is_done(request, form, edit):
        said(request, gettext("The programme is saved."))
        return redirect(desk(programme)[1])
    return form_page(request, form, gettext("Texts and facts"), desk(programme), action=gettext("Save"))


@login_required
@require_POST
def programme_move(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    moved = move_programme(by=request.user, programme=programme, move=request.POST.get("move", ""))
    said(request, gettext("Now: %(state)s") % {"state": moved.get_state_display()})
    return redirect(desk(programme)[1])


@signed_in_keeping_answers
def partner_add(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    form = PartnerForm(sent(request))

    def add() -> None:
        add_partner(by=request.user, programme=programme, organisation=form.organisation(), **form.cleaned_data)

    if is_done(request, form, add):
        return redirect(desk(programme)[1])
    lead = gettext("A funder or partner who may also apply or sell is flagged: the neutrality officer looks at it.")
    return form_page(
        request, form, gettext("Add a partner or funder"), desk(programme), action=gettext("Add"), lead=lead
    )


@signed_in_keeping_answers
def record_link(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    form = LinkForm(sent(request))
    if is_done(request, form, lambda: link_record(by=request.user, programme=programme, subject=form.subject)):
        said(request, gettext("It is linked and stands on the programme’s page."))
        return redirect(desk(programme)[1])
    title = gettext("Link a demand or solution")
    return form_page(request, form, title, desk(programme), action=pgettext("button", "Link"))


@login_required
@require_POST
def record_unlink(request: HttpRequest, public_id: str, reference: str) -> HttpResponse:
    programme = managed(request, public_id)
    unlink_record(by=request.user, programme=programme, reference=reference)
    return redirect(desk(programme)[1])


@login_required
@require_POST
def partner_remove(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    programme = managed(request, public_id)
    remove_partner(by=request.user, partner=get_object_or_404(Partner, pk=pk, programme=programme))
    return redirect(desk(programme)[1])


@signed_in_keeping_answers
def neutrality_note(request: HttpRequest, public_id: str) -> HttpResponse:
    only(is_officer, request.user)
    programme = get_object_or_404(Programme, public_id=public_id)
    form = NoteForm(sent(request))
    note = form.cleaned_data["note"] if form.is_valid() else ""
    if is_done(request, form, lambda: clear_neutrality(by=request.user, programme=programme, note=note)):
        said(request, gettext("Your note is kept. It stands on the programme’s desk."))
        return redirect(desk(programme)[1])
    more = {"flags": flags_of(programme), "include": "programmes/_flags.html", "action": gettext("Sign the note")}
    return form_page(request, form, gettext("Neutrality note"), desk(programme), **more)


@signed_in_keeping_answers
def report_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = managed(request, public_id)
    data = sent(request)
    form = ReportForm(data) if data is not None else ReportForm()
    form.initial["report"] = original(programme, "report")
    if is_done(
        request,
        form,
        lambda: write_report(by=request.user, programme=programme, text=form.cleaned_data["report"]),
    ):
        said(request, gettext("The report is saved. Publish it from the programme’s desk."))
        return redirect(desk(programme)[1])
    lead = gettext("The figures are counted by the portal when you publish it.")
    return form_page(request, form, gettext("Report"), desk(programme), action=gettext("Save"), lead=lead)
