from typing import TYPE_CHECKING

from cities.states import EDITABLE
from portal.accounts.rules import can_approve_for, is_member, is_moderator, is_staff_reader

if TYPE_CHECKING:
    from cities.models import Demand
    from portal.accounts.rules import Reader


def can_edit_demand(user: "Reader", demand: "Demand") -> bool:
    return is_member(user, demand.organisation_id) and demand.state in EDITABLE


def can_submit_demand(user: "Reader", demand: "Demand") -> bool:
    return can_approve_for(user, demand.organisation_id) and demand.state in {"draft", "changes_requested"}


def can_review_demand(user: "Reader", demand: "Demand") -> bool:
    """Moderators, except of their own organisation's demands."""
    return is_moderator(user) and not is_member(user, demand.organisation_id)


def can_direct_demand(user: "Reader", demand: "Demand") -> bool:
    """Hold, resume, withdraw, close: whoever speaks for the city, and moderators."""
    return can_approve_for(user, demand.organisation_id) or is_moderator(user)


def can_read_ranking(user: "Reader", demand: "Demand") -> bool:
    """The engine's list for a demand is for its city and for ICLEI, not for the public or for competitors."""
    return is_staff_reader(user) or is_member(user, demand.organisation_id)
