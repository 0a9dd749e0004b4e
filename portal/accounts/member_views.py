"""The people of an organisation: a list, invitations, roles, leaving; and the page behind the link of an invitation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.enums import MemberRole
from portal.accounts.forms import InvitationForm, RoleForm
from portal.accounts.member_actions import (
    accept_invitation,
    change_role,
    invitation_of,
    invite_member,
    remove_member,
    token_of,
    withdraw_invitation,
)
from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.rules import can_manage_organisation
from portal.accounts.views import readable_organisation
from portal.common.cards import Need
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.errors import DomainError
from portal.common.views import render_form


def _managed(request: HttpRequest, public_id: str) -> Organisation:
    organisation = readable_organisation(request, public_id)
    if not can_manage_organisation(request.user, organisation):
        raise Http404
    return organisation


def _people_page(organisation: Organisation) -> str:
    return reverse("accounts:member-list", args=[organisation.public_id])


@login_required
@require_safe
def member_list(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = _managed(request, public_id)
    waiting = organisation.invitations.filter(accepted_at=None, withdrawn_at=None).order_by("-pk")
    context = {
        "organisation": organisation,
        "memberships": organisation.membership_set.select_related("user").order_by("pk"),
        "invitations": waiting,
        "now": timezone.now(),
    }
    return render(request, "accounts/member_list.html", context)


@signed_in_keeping_answers
def member_invite(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = _managed(request, public_id)
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = InvitationForm(data, initial={"role": MemberRole.EDITOR, "language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite_member(by=request.user, organisation=organisation, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("email", refusal.message)
        else:
            forget_answers(request)
            messages.success(
                request, gettext("The invitation is on its way to %(email)s.") % {"email": invitation.email}
            )
            return redirect(_people_page(organisation))
    return render_form(request, "accounts/member_invite.html", form, {"organisation": organisation})


@signed_in_keeping_answers
def member_edit(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    organisation = _managed(request, public_id)
    membership = get_object_or_404(organisation.membership_set.select_related("user"), pk=pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            change_role(by=request.user, membership=membership, role=form.cleaned_data["role"])
        except DomainError as refusal:
            form.add_error("role", refusal.message)
        else:
            messages.success(request, gettext("The role of %(name)s is saved.") % {"name": membership.user})
            still = can_manage_organisation(request.user, organisation)
            return redirect(_people_page(organisation) if still else organisation.get_absolute_url())
    return render_form(
        request, "accounts/member_edit.html", form, {"organisation": organisation, "membership": membership}
    )


@signed_in_keeping_answers
def member_remove(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    organisation = _managed(request, public_id)
    membership = get_object_or_404(organisation.membership_set.select_related("user"), pk=pk)
    named = {"name": membership.user, "organisation": organisation}
    question = gettext("Take %(name)s out of %(organisation)s?") % named
    done = gettext("%(name)s does not belong to %(organisation)s any more.") % named
    return _removing(request, membership, question, done, _people_page(organisation))


@signed_in_keeping_answers
def member_leave(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = readable_organisation(request, public_id)
    membership = get_object_or_404(organisation.membership_set.select_related("user"), user=request.user)
    question = gettext("Leave %(organisation)s?") % {"organisation": organisation}
    done = gettext("You have left %(organisation)s.") % {"organisation": organisation}
    return _removing(request, membership, question, done, reverse("accounts:account-edit"))


def _removing(request: HttpRequest, membership: Membership, question: str, done: str, back: str) -> HttpResponse:
    if request.method == "POST":
        try:
            remove_member(by=request.user, membership=membership)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
        return redirect(back)
    context = {
        "question": question,
        "consequences": [
            gettext("What was written and decided stays with the organisation."),
            gettext("Whoever is to return needs a new invitation."),
        ],
        "action_label": gettext("Leave") if membership.user == request.user else gettext("Take out"),
        "cancel_url": back,
        "is_dangerous": True,
    }
    return render(request, "components/confirm_page.html", context)


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    organisation = _managed(request, public_id)
    withdraw_invitation(by=request.user, invitation=get_object_or_404(organisation.invitations, pk=pk))
    messages.success(request, gettext("The invitation is withdrawn. Its link does not work any more."))
    return redirect(_people_page(organisation))


def invitations_of(user: User) -> list[Need]:
    """What waits for somebody who signed in without the link, or signed up and lost it on the way."""
    waiting = Invitation.objects.filter(
        email__iexact=user.email, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).select_related("organisation")
    text = gettext("You are invited to join %(organisation)s")
    return [
        Need(
            text % {"organisation": item.organisation},
            reverse("accounts:invitation-accept", args=[token_of(item)]),
            "info",
        )
        for item in waiting.order_by("pk")
    ]


@never_cache
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Joining takes an account with the invited address, and a click. Only that account reads who invites."""
    invitation = invitation_of(token)
    if invitation is None:
        raise Http404
    user = request.user
    is_theirs = user.is_authenticated and user.email.lower() == invitation.email.lower()
    if request.method == "POST":
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        accept_invitation(by=user, invitation=invitation)
        messages.success(request, gettext("Welcome to %(organisation)s.") % {"organisation": invitation.organisation})
        return redirect("home-mine")
    back = urlencode({"next": request.path})
    context = {"invitation": invitation, "is_theirs": is_theirs, "back": back}
    return render(request, "accounts/invitation_accept.html", context)
