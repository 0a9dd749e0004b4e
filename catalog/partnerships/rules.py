from typing import TYPE_CHECKING

from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import has_staff_role, is_tied

if TYPE_CHECKING:
    from catalog.models import Provider
    from portal.accounts.rules import Reader


def can_record_agreements(user: "Reader", provider: "Provider") -> bool:
    """Programme managers and administrators who are not tied to the provider; nobody who decides on matches by role."""
    roles = (StaffRoleKind.PROGRAMME, StaffRoleKind.ADMINISTRATOR)
    return has_staff_role(user, *roles) and not is_tied(user, provider.organisation_id)
