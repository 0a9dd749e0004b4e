"""Who may do what, as predicates on a reader. ``visible_to`` of each queryset says who may see."""

from typing import TYPE_CHECKING, TypeAlias

from django.contrib.auth.models import AnonymousUser

from portal.accounts.enums import MemberRole, OrganisationKind, OrganisationState, StaffRoleKind

if TYPE_CHECKING:
    from portal.accounts.models import Organisation, User

    Reader: TypeAlias = "User | AnonymousUser"

READERS = frozenset({StaffRoleKind.MODERATOR, StaffRoleKind.NEUTRALITY, StaffRoleKind.ADMINISTRATOR})


def has_staff_role(user: "Reader", *roles: str) -> bool:
    return user.is_authenticated and user.is_active and bool(user.staff_roles & set(roles))


def is_moderator(user: "Reader") -> bool:
    return has_staff_role(user, StaffRoleKind.MODERATOR)


def is_administrator(user: "Reader") -> bool:
    return has_staff_role(user, StaffRoleKind.ADMINISTRATOR)


def is_staff_reader(user: "Reader") -> bool:
    """ICLEI staff who see records in every state: moderators, the neutrality officer and administrators."""
    return has_staff_role(user, *READERS)


def is_member(user: "Reader", organisation_id: int | None, *roles: str) -> bool:
    if not user.is_authenticated or not user.is_active or organisation_id is None:
        return False
    role = user.role_in(organisation_id)
    return role is not None and (not roles or role in roles)


def can_approve_for(user: "Reader", organisation_id: int | None) -> bool:
    """Approvers and administrators speak for their organisation: they publish, decide on matches and consent."""
    return is_member(user, organisation_id, MemberRole.APPROVER, MemberRole.ADMIN)


def can_manage_organisation(user: "Reader", organisation: "Organisation") -> bool:
    return is_member(user, organisation.pk, MemberRole.ADMIN)


def can_rename_organisation(user: "Reader", organisation: "Organisation") -> bool:
    """Not once it is verified: the name is what was checked."""
    return can_manage_organisation(user, organisation) and organisation.state in {
        OrganisationState.PENDING,
        OrganisationState.REFUSED,
    }


def can_verify_organisation(user: "Reader", organisation: "Organisation") -> bool:
    return is_moderator(user) and not is_tied(user, organisation)


def is_tied(user: "Reader", organisation: "Organisation | int | None") -> bool:
    """Whether the person must keep out of what concerns the organisation.

    Tied are: members and former members; whoever has an e-mail address of the domain that a member's address or the
    website has, free mail left out (``portal.accounts.domains``); and whoever declared a conflict that has not ended.
    Takes a record or its key. All of a person's ties are read in one query and kept on the instance.
    """
    if not user.is_authenticated or organisation is None:
        return False
    key = organisation if isinstance(organisation, int) else organisation.pk
    return key in user.tied_organisation_ids


def can_read_evidence(user: "Reader", organisation: "Organisation") -> bool:
    """What proved an organisation holds names and papers: for ICLEI's readers who are not tied to it."""
    return is_staff_reader(user) and not is_tied(user, organisation)


def can_oversee_conflicts(user: "Reader") -> bool:
    """The neutrality officer and administrators read what everybody declared."""
    return has_staff_role(user, StaffRoleKind.NEUTRALITY, StaffRoleKind.ADMINISTRATOR)


def is_city_member(user: "Reader") -> bool:
    return user.is_authenticated and bool(user.memberships_of_kind(OrganisationKind.CITY))


def is_provider_member(user: "Reader") -> bool:
    return user.is_authenticated and bool(user.memberships_of_kind(OrganisationKind.PROVIDER))


def is_verified_organisation(organisation: "Organisation | None") -> bool:
    return organisation is not None and organisation.state == OrganisationState.VERIFIED
