"""Who may object to what, who examines it, and who reads it."""

from typing import TYPE_CHECKING, Any

from matching.complaints.subjects import SUBJECTS, Concern
from matching.enums import MatchState
from matching.states import CITY_SEES, PROVIDER_SEES
from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import has_staff_role, is_member, is_moderator

if TYPE_CHECKING:
    from matching.complaints.models import Complaint
    from portal.accounts.rules import Reader

# The states in which a decision of ICLEI stands that its author can object to.
CONTESTED_STATES = {
    "organisation": {"refused", "suspended"},
    "demand": {"rejected", "changes_requested", "on_hold", "merged"},
    "solution": {"changes_requested", "suspended"},
}


def is_neutrality_officer(user: "Reader") -> bool:
    return has_staff_role(user, StaffRoleKind.NEUTRALITY)


def owner_of(kind: str, record: Any) -> int | None:
    """The organisation whose record it is; a match has two."""
    if kind in SUBJECTS:
        return SUBJECTS[kind].owner_of(record)
    found = {
        "organisation": lambda: record.pk,
        "demand": lambda: record.organisation_id,
        "solution": lambda: record.provider.organisation_id,
    }[kind]()
    return int(found) if found is not None else None


def can_complain(user: "Reader", kind: str, record: Any) -> bool:
    """A member of either party of a match that they see; of other records the author's members while a no stands."""
    if kind == "match":
        if is_member(user, record.demand.organisation_id) and record.state in CITY_SEES:
            return True
        is_provider = is_member(user, record.solution.provider.organisation_id)
        return is_provider and (record.state in PROVIDER_SEES or is_interest_not_followed(record))
    stands = SUBJECTS[kind].is_contestable(record) if kind in SUBJECTS else record.state in CONTESTED_STATES[kind]
    return stands and is_member(user, owner_of(kind, record))


def is_interest_not_followed(match: Any) -> bool:
    """The provider asked for this match and was told that ICLEI does not propose it."""
    return match.state == MatchState.REJECTED and bool(match.interests.exists())


def can_see_complaint(user: "Reader", complaint: "Complaint") -> bool:
    """The single-record twin of ComplaintQuerySet.visible_to."""
    if not user.is_authenticated:
        return False
    owns = complaint.owner_id == user.pk and is_moderator(user)
    return is_neutrality_officer(user) or complaint.complainant_id == user.pk or owns


def can_answer(user: "Reader", complaint: "Complaint") -> bool:
    """Its owner, or a neutrality officer; an appeal a neutrality officer who did not answer before."""
    if complaint.contested_by_id == user.pk or not user.is_authenticated:
        return False
    if complaint.state == "appealed":
        return is_neutrality_officer(user) and complaint.answered_by_id != user.pk
    owns = complaint.owner_id == user.pk and is_moderator(user)
    return complaint.state == "in_hand" and (owns or is_neutrality_officer(user))


def has_part(user: "Reader", concern: Concern) -> bool:
    """Tied to a party, or one of those who judged."""
    return user.is_authenticated and bool(user.pk in concern.people or concern.parties & user.tied_organisation_ids)


def can_own(user: "Reader", complaint: "Complaint", concern: Concern) -> bool:
    """Not who took the decision, not who had a part in it, not who stepped back from it."""
    if not user.is_authenticated or not (is_moderator(user) or is_neutrality_officer(user)):
        return False
    if ("complaint", complaint.public_id) in user.recused_items:
        return False
    return complaint.contested_by_id != user.pk and not has_part(user, concern)


def can_report(user: "Reader") -> bool:
    return user.is_authenticated and user.is_active
