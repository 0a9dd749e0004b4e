"""What ICLEI keeps about organisations and about its own people: proofs of verification, and declared interests."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.conflict_actions import declare_conflict, end_conflict
from portal.accounts.domains import domain_of_email, domain_of_website
from portal.accounts.forms import ConflictForm, EvidenceForm
from portal.accounts.models import ConflictDeclaration, Organisation
from portal.accounts.rules import can_oversee_conflicts, can_read_evidence, can_verify_organisation
from portal.accounts.verification_actions import add_evidence
from portal.accounts.views import readable_organisation
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.uploads import attachment
from portal.common.views import render_form, turn_page


def _proven(request: HttpRequest, public_id: str) -> Organisation:
    organisation = readable_organisation(request, public_id)
    if not can_read_evidence(request.user, organisation):
        raise Http404
    return organisation


@signed_in_keeping_answers
def verification_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was kept as proof, what addresses and register say, and a form to keep more."""
    organisation = _proven(request, public_id)
    may_add = can_verify_organisation(request.user, organisation)
    if request.method == "POST" and not may_add:
        raise Http404
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = EvidenceForm(data, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        add_evidence(by=request.user, organisation=organisation, **form.cleaned_data)
        forget_answers(request)
        messages.success(request, gettext("The proof is kept."))
        return redirect("accounts:verification-detail", public_id)
    context = {"organisation": organisation, "may_add": may_add, "site": domain_of_website(organisation.website)}
    context["evidence"] = organisation.evidence.select_related("checked_by")
    context["people"] = _addresses(organisation)
    context["today"] = timezone.localdate()
    return render_form(request, "accounts/verification_detail.html", form, context)


def _addresses(organisation: Organisation) -> list[dict[str, str]]:
    """Who acts for it, with the domain of the address; empty where anybody could have such an address."""
    members = organisation.membership_set.select_related("user").order_by("pk")
    return [{"name": m.user.name, "email": m.user.email, "domain": domain_of_email(m.user.email)} for m in members]


@login_required
@require_safe
def evidence_file(request: HttpRequest, public_id: str, evidence_id: str) -> HttpResponse:
    organisation = _proven(request, public_id)
    evidence = get_object_or_404(organisation.evidence.exclude(file=""), public_id=evidence_id)
    with evidence.file.open("rb") as stored:
        return attachment(stored.read(), name=evidence.file_name, kind="application/octet-stream")


@signed_in_keeping_answers
def conflict_list(request: HttpRequest) -> HttpResponse:
    """One's own interests, and a form to declare one more."""
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = ConflictForm(data, organisations=Organisation.objects.visible_to(request.user))
    if request.method == "POST" and form.is_valid():
        declaration = declare_conflict(by=request.user, **form.answers())
        forget_answers(request)
        text = gettext("Declared. You are kept out of decisions about %(name)s.")
        messages.success(request, text % {"name": declaration.organisation})
        return redirect("accounts:conflict-list")
    own = request.user.declared_conflicts.select_related("organisation").order_by("-since", "-pk")
    context = {"conflicts": own, "today": timezone.localdate(), "oversees": can_oversee_conflicts(request.user)}
    return render_form(request, "accounts/conflict_list.html", form, context)


@login_required
@require_POST
def conflict_end(request: HttpRequest, pk: int) -> HttpResponse:
    declaration = get_object_or_404(request.user.declared_conflicts, pk=pk)
    end_conflict(by=request.user, declaration=declaration)
    messages.success(request, gettext("It ends today. What you declared stays on record."))
    return redirect("accounts:conflict-list")


@login_required
@require_safe
def conflict_overview(request: HttpRequest) -> HttpResponse:
    """What everybody has declared, for the neutrality officer and administrators."""
    if not can_oversee_conflicts(request.user):
        raise Http404
    found = ConflictDeclaration.objects.visible_to(request.user).select_related("user", "organisation")
    page = turn_page(request, found.order_by("-since", "-pk"))
    return render(request, "accounts/conflict_overview.html", {"page_obj": page, "today": timezone.localdate()})
