"""Who belongs to an organisation, and as what: inviting, joining, changing roles, leaving.

An organisation is never left without somebody who can let others in: its last administrator hands over first.
"""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.actions import DECIDING, forget_roles
from portal.accounts.enums import MemberRole, OrganisationKind
from portal.accounts.models import FormerMembership, Invitation, Membership, Organisation, User
from portal.accounts.rules import can_manage_organisation
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.jobs.actions import enqueue

VALID = timedelta(days=14)
# Invitations are mails to strangers in our name: more than this a day is no team but a mailing.
MOST_A_DAY = 30
_SALT = "portal.accounts.invitation"


def token_of(invitation: Invitation) -> str:
    """What the mailed link carries. It says which invitation, and that this portal wrote it to that address."""
    return signing.dumps([invitation.pk, invitation.email], salt=_SALT)


def invitation_of(token: str) -> Invitation | None:
    """The invitation of a link, whatever became of it; None for a link that this portal did not write."""
    try:
        pk, email = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk, email=email).first()


@transaction.atomic
def invite_member(*, by: User, organisation: Organisation, email: str, role: str, language: str) -> Invitation:
    """Offer a role to an address. One that is open for the address already is renewed with the new role.

    Raises DomainError for somebody who belongs already, and above MOST_A_DAY.
    """
    row = _managed(by, organisation)
    email = email.strip().lower()
    if Membership.objects.filter(organisation=row, user__email=email).exists():
        raise DomainError(_("This person belongs to your organisation already."), code="member")
    since = timezone.now() - timedelta(days=1)
    if Invitation.objects.filter(organisation=row, updated_at__gte=since).count() >= MOST_A_DAY:
        raise DomainError(_("You have sent many invitations today. Send the next ones tomorrow."), code="too_many")
    invitation = Invitation.objects.filter(
        organisation=row, email__iexact=email, accepted_at=None, withdrawn_at=None
    ).first() or Invitation(organisation=row, email=email)
    invitation.role, invitation.language, invitation.invited_by = role, language, by
    invitation.expires_at = timezone.now() + VALID
    invitation.save()  # a new row, or all columns of a renewed one
    record(by=by, action="invitation.send", subject=row, after={"invitation": invitation.pk, "role": role})
    enqueue(
        kind="notices.invitation_sent",
        subject=f"invitation:{invitation.pk}",
        dedupe=f"invitation/{invitation.pk}/{invitation.expires_at.isoformat()}",
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, by: User, invitation: Invitation) -> None:
    row = _managed(by, invitation.organisation)
    open_ones = Invitation.objects.filter(pk=invitation.pk, organisation=row, accepted_at=None, withdrawn_at=None)
    if not open_ones.update(withdrawn_at=timezone.now(), updated_at=timezone.now()):
        raise Conflict(_("This invitation was accepted or withdrawn meanwhile."))
    record(by=by, action="invitation.withdraw", subject=row, before={"invitation": invitation.pk})


@transaction.atomic
def accept_invitation(*, by: User, invitation: Invitation) -> Membership:
    """Join. Only with the invited address, and only while the invitation is open."""
    row = Invitation.objects.select_for_update(no_key=True).select_related("organisation").get(pk=invitation.pk)
    if by.email.lower() != row.email.lower():
        raise NotAllowed(_("This invitation was sent to another e-mail address than yours."))
    if not row.is_open:
        raise Conflict(_("This invitation is no longer open. Ask your colleague for a new one."))
    organisation = row.organisation
    if organisation.kind == OrganisationKind.PROVIDER and by.staff_roles & DECIDING:
        raise DomainError(
            _("A moderator cannot belong to a provider. Use an account of your own for that organisation."),
            code="conflict_of_roles",
        )
    row.accepted_by, row.accepted_at = by, timezone.now()
    row.save(update_fields=["accepted_by", "accepted_at", "updated_at"])
    membership, _created = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"role": row.role}
    )
    record(by=by, action="membership.join", subject=organisation, after={"user": by.pk, "role": membership.role})
    forget_roles(by)
    enqueue(kind="notices.member_joined", subject=f"membership:{membership.pk}")
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: str) -> Membership:
    organisation = _managed(by, membership.organisation)
    row = _membership(membership)
    if row.role == role:
        return row
    if row.role == MemberRole.ADMIN:
        _keep_an_administrator(organisation, without=row)
    before, row.role = row.role, role
    row.save(update_fields=["role", "updated_at"])
    record(
        by=by,
        action="membership.change_role",
        subject=organisation,
        before={"user": row.user_id, "role": before},
        after={"user": row.user_id, "role": role},
    )
    forget_roles(by)
    enqueue(kind="notices.role_changed", subject=f"membership:{row.pk}")
    return row


@transaction.atomic
def remove_member(*, by: User, membership: Membership) -> None:
    """Take somebody out, or leave. What the person wrote and decided stays with the organisation."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
    row = _membership(membership)
    if row.user_id != by.pk and not can_manage_organisation(by, organisation):
        raise NotAllowed
    if row.role == MemberRole.ADMIN:
        _keep_an_administrator(organisation, without=row)
    FormerMembership(
        user_id=row.user_id, organisation=organisation, role=row.role, since=row.created_at, until=timezone.now()
    ).save(force_insert=True)
    row.delete()
    left = row.user_id == by.pk
    record(
        by=by,
        action="membership.leave" if left else "membership.remove",
        subject=organisation,
        before={"user": row.user_id, "role": row.role},
    )
    forget_roles(by)
    if not left:
        enqueue(kind="notices.member_removed", subject=f"organisation:{organisation.pk}", payload={"user": row.user_id})


def _managed(by: User, organisation: Organisation) -> Organisation:
    """The organisation, locked: two changes of its members come one after the other."""
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if not can_manage_organisation(by, row):
        raise NotAllowed
    return row


def _membership(membership: Membership) -> Membership:
    row = Membership.objects.select_for_update(no_key=True).filter(pk=membership.pk).first()
    if row is None:
        raise Conflict(_("This person does not belong to the organisation any more."))
    return row


def _keep_an_administrator(organisation: Organisation, *, without: Membership) -> None:
    others = Membership.objects.filter(organisation=organisation, role=MemberRole.ADMIN, user__is_active=True)
    if not others.exclude(pk=without.pk).exists():
        raise DomainError(
            _("The organisation needs an administrator. Make a colleague administrator first."),
            code="last_administrator",
        )
