"""Who reads, asks for and activates configurations of the score."""

from typing import TYPE_CHECKING

from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import has_staff_role, is_staff_reader

if TYPE_CHECKING:
    from matching.learning.models import ScoringProfile
    from portal.accounts.rules import Reader


def can_read_profiles(user: "Reader") -> bool:
    return is_staff_reader(user)


def can_propose_profile(user: "Reader") -> bool:
    """Whoever decides on matches or watches over them may ask what their decisions teach."""
    return is_staff_reader(user)


def can_choose_profiles(user: "Reader") -> bool:
    """The neutrality officer and administrators: not those whose own decisions the weights were learned from."""
    return has_staff_role(user, StaffRoleKind.NEUTRALITY, StaffRoleKind.ADMINISTRATOR)


def can_activate_profile(user: "Reader", profile: "ScoringProfile") -> bool:
    """Four eyes: nobody activates what they asked for themselves."""
    return can_choose_profiles(user) and (profile.made_by_id is None or profile.made_by_id != getattr(user, "pk", None))
