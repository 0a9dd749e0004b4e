"""Organisations, and one's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.actions import ask_verification_again, edit_account, edit_organisation, set_language
from portal.accounts.enums import OrganisationState, RefusalReason
from portal.accounts.forms import AccountForm, OrganisationForm
from portal.accounts.models import Organisation
from portal.accounts.rules import (
    can_manage_organisation,
    can_read_evidence,
    can_rename_organisation,
    is_member,
    is_staff_reader,
)
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.views import render_form


def readable_organisation(request: HttpRequest, public_id: str) -> Organisation:
    organisation: Organisation = get_object_or_404(
        Organisation.objects.visible_to(request.user).select_related("provider", "public_body"), public_id=public_id
    )
    return organisation


@require_safe
def organisation_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who an organisation is, whether ICLEI has verified it, and, for its members, what waits."""
    organisation = readable_organisation(request, public_id)
    is_inner = is_member(request.user, organisation.pk)
    manages = can_manage_organisation(request.user, organisation)
    context = {
        "organisation": organisation,
        # What the apps above know of it, if they do: no import of theirs is needed to show it.
        "provider": getattr(organisation, "provider", None),
        "body": getattr(organisation, "public_body", None),
        "is_inner": is_inner,
        "manages": manages,
        "sees_reason": is_inner or is_staff_reader(request.user),
        "reads_evidence": can_read_evidence(request.user, organisation),
        "can_ask_again": manages and organisation.state == OrganisationState.REFUSED,
        "refusal": dict(RefusalReason.choices).get(organisation.refusal_reason, ""),
        "memberships": organisation.membership_set.select_related("user").order_by("pk") if manages else None,
    }
    return render(request, "accounts/organisation_detail.html", context)


@signed_in_keeping_answers
def organisation_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = readable_organisation(request, public_id)
    if not can_manage_organisation(request.user, organisation):
        raise Http404
    can_rename = can_rename_organisation(request.user, organisation)
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = OrganisationForm(organisation, data, can_rename=can_rename)
    if request.method == "POST" and form.is_valid():
        edit_organisation(by=request.user, organisation=organisation, changes=form.cleaned_data)
        forget_answers(request)
        messages.success(request, gettext("The facts about your organisation are saved."))
        return redirect(organisation)
    context = {"organisation": organisation, "can_rename": can_rename}
    return render_form(request, "accounts/organisation_edit.html", form, context)


@login_required
@require_POST
def verification_ask(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = readable_organisation(request, public_id)
    if not can_manage_organisation(request.user, organisation):
        raise Http404
    ask_verification_again(by=request.user, organisation=organisation)
    messages.success(request, gettext("ICLEI looks at your organisation again. You get a mail when it is done."))
    return redirect(organisation)


@login_required
@require_POST
def language_keep(request: HttpRequest) -> HttpResponse:
    """The language of this page becomes the account's, and the page stays."""
    set_language(by=request.user, language=get_language() or "en")
    messages.success(request, gettext("Your account is saved."))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "accounts:account-edit")


@signed_in_keeping_answers
def account_edit(request: HttpRequest) -> HttpResponse:
    """Name, language and time zone; the ways to e-mail address, password and second factor."""
    user = request.user
    initial = {name: getattr(user, name) for name in ("name", "language", "time_zone")}
    form = AccountForm(request.POST if request.method == "POST" else kept_answers(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        edit_account(by=user, changes=form.cleaned_data)
        forget_answers(request)
        with translation.override(user.language):  # the next page speaks the language just chosen
            messages.success(request, gettext("Your account is saved."))
            return redirect(reverse("accounts:account-edit"))
    return render_form(request, "accounts/account_edit.html", form, {"memberships": user.active_memberships})
