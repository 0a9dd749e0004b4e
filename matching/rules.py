from typing import TYPE_CHECKING

from cities.rules import is_partner
from matching.states import CITY_SEES, INTRODUCED, PROVIDER_SEES
from portal.accounts.rules import can_approve_for, is_member, is_moderator, is_staff_reader, is_tied

if TYPE_CHECKING:
    from matching.models import Introduction, Match
    from portal.accounts.rules import Reader


def city_id(match: "Match") -> int | None:
    return match.demand.organisation_id


def provider_id(match: "Match") -> int:
    return match.solution.provider.organisation_id


def is_of_city(user: "Reader", match: "Match") -> bool:
    """Of the city that filed the demand, or of one that makes it together with others. They read; the lead writes."""
    return is_member(user, city_id(match)) or is_partner(user, match.demand)


def is_party(user: "Reader", match: "Match") -> bool:
    return is_member(user, city_id(match)) or is_member(user, provider_id(match))


def is_recused(user: "Reader", match: "Match") -> bool:
    """Whoever is tied to either party does not decide, whatever their manners; nor who stepped back by their word."""
    if not user.is_authenticated:
        return False
    if is_tied(user, city_id(match)) or is_tied(user, provider_id(match)):
        return True
    return ("match", match.public_id) in user.recused_items


def can_decide_match(user: "Reader", match: "Match") -> bool:
    return is_moderator(user) and not is_recused(user, match)


def can_answer_for_city(user: "Reader", match: "Match") -> bool:
    return can_approve_for(user, city_id(match)) and match.state in CITY_SEES


def can_answer_for_provider(user: "Reader", match: "Match") -> bool:
    return can_approve_for(user, provider_id(match)) and match.state in PROVIDER_SEES


def can_see_match(user: "Reader", match: "Match") -> bool:
    """The single-record twin of MatchQuerySet.visible_to; a test holds them together."""
    if is_staff_reader(user):
        return True
    if is_member(user, provider_id(match)):
        return match.state in PROVIDER_SEES or (is_of_city(user, match) and match.state in CITY_SEES)
    return match.state in CITY_SEES and is_of_city(user, match)


def can_see_contact(user: "Reader", match: "Match") -> bool:
    """Names of people and addresses are shown only after both sides said yes."""
    return match.state in INTRODUCED and can_see_match(user, match)


def can_write_in(user: "Reader", introduction: "Introduction") -> bool:
    match = introduction.match
    return can_decide_match(user, match) or is_party(user, match)


def can_record_outcome(user: "Reader", introduction: "Introduction") -> bool:
    match = introduction.match
    return (
        can_decide_match(user, match)
        or can_approve_for(user, city_id(match))
        or can_approve_for(user, provider_id(match))
    )
