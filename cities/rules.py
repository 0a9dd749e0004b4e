from datetime import date
from typing import TYPE_CHECKING

from cities.states import EDITABLE, TRANSLATABLE
from portal.accounts.rules import (
    can_approve_for,
    is_administrator,
    is_city_member,
    is_member,
    is_moderator,
    is_staff_reader,
    is_tied,
)
from portal.common.working_days import working_days_after

if TYPE_CHECKING:
    from cities.models import Demand
    from portal.accounts.rules import Reader

# ICLEI's promise to cities: a submitted demand is read within this many working days.
REVIEW_WORKING_DAYS = 5


def review_due(submitted_on: date) -> date:
    """The working day of ICLEI by which a moderator has read a demand submitted on ``submitted_on``."""
    return working_days_after(submitted_on, REVIEW_WORKING_DAYS)


def can_edit_city(user: "Reader") -> bool:
    """Facts about cities are vocabulary: the back office of administrators."""
    return is_administrator(user)


def can_edit_demand(user: "Reader", demand: "Demand") -> bool:
    return is_member(user, demand.organisation_id) and demand.state in EDITABLE


def can_translate_demand(user: "Reader", demand: "Demand") -> bool:
    """Who may edit the text, and moderators, who help with languages that a city does not have. Never a draft."""
    helps = can_review_demand(user, demand) and demand.state in TRANSLATABLE
    return helps or can_edit_demand(user, demand)


def can_submit_demand(user: "Reader", demand: "Demand") -> bool:
    return can_approve_for(user, demand.organisation_id) and demand.state in {"draft", "changes_requested"}


def can_review_demand(user: "Reader", demand: "Demand") -> bool:
    """Moderators, except those tied to the body that filed it."""
    return is_moderator(user) and not is_tied(user, demand.organisation_id)


def can_direct_demand(user: "Reader", demand: "Demand") -> bool:
    """Hold, resume, withdraw, close: whoever speaks for the city, and moderators."""
    return can_approve_for(user, demand.organisation_id) or is_moderator(user)


def can_read_ranking(user: "Reader", demand: "Demand") -> bool:
    """The engine's list for a demand is for its cities and for ICLEI, not for the public or for competitors."""
    return is_staff_reader(user) or is_member(user, demand.organisation_id) or is_partner(user, demand)


def is_partner(user: "Reader", demand: "Demand") -> bool:
    """Of a city that has joined the demand to make it together with others; the one that leads is among them."""
    if not user.is_authenticated or not is_city_member(user):
        return False
    joined = type(demand).objects.filter(
        pk=demand.pk, pool__members__state="joined", pool__members__demand__organisation_id__in=user.organisation_ids
    )
    return bool(joined.exists())
