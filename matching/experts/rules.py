"""Who may ask whom for advice, and who keeps out."""

from typing import TYPE_CHECKING, Any

from matching.rules import can_decide_match, can_see_match
from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import has_staff_role, is_member, is_moderator, is_staff_reader

if TYPE_CHECKING:
    from matching.experts.models import Advice, Expert
    from portal.accounts.rules import Reader


def is_expert(user: "Reader") -> bool:
    return has_staff_role(user, StaffRoleKind.EXPERT)


def can_invite_experts(user: "Reader") -> bool:
    return is_moderator(user)


def city_of(demand: Any, match: Any) -> int | None:
    found: int | None = (demand or match.demand).organisation_id
    return found


def can_ask(user: "Reader", demand: Any, match: Any) -> bool:
    """A moderator who is not tied to a party; a member of the city on its own demand, or on a match that it sees."""
    if match is not None:
        own = is_member(user, match.demand.organisation_id) and can_see_match(user, match)
        return own or can_decide_match(user, match)
    own = is_member(user, demand.organisation_id)
    return own or (is_moderator(user) and demand.organisation_id not in user.tied_organisation_ids)


def is_tied_expert(expert: "Expert", parties: frozenset[int]) -> bool:
    """An expert never advises on what concerns their employer, or anybody else they are tied to."""
    return expert.employer_id in parties or bool(parties & expert.user.tied_organisation_ids)


def can_see_advice(user: "Reader", advice: "Advice") -> bool:
    """The single-record twin of AdviceQuerySet.visible_to."""
    if is_staff_reader(user):
        return True
    if not user.is_authenticated:
        return False
    return advice.expert.user_id == user.pk or advice.asked_by_id == user.pk or is_member(user, advice.asked_for_id)


def can_answer_advice(user: "Reader", advice: "Advice") -> bool:
    return user.is_authenticated and advice.expert.user_id == user.pk and is_expert(user)


def can_withdraw_advice(user: "Reader", advice: "Advice") -> bool:
    asked = user.is_authenticated and advice.asked_by_id == user.pk
    return asked or is_member(user, advice.asked_for_id)
