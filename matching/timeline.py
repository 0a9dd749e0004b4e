"""What happened to a match, as each side may know it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from matching.enums import CityDeclineReason, DropReason, ProviderDeclineReason, RejectReason
from matching.models import Decision, Match
from matching.rules import can_see_contact, city_id, is_of_city, provider_id
from matching.states import CONTESTED
from portal.accounts.rules import is_member, is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader

STEPS = {
    "take_up": pgettext_lazy("step of a match", "Taken up for review"),
    "shortlist": pgettext_lazy("step of a match", "Shortlisted"),
    "reject": pgettext_lazy("step of a match", "Rejected by ICLEI"),
    "reconsider": pgettext_lazy("step of a match", "Taken up again"),
    "offer": pgettext_lazy("step of a match", "Endorsed by ICLEI and offered to the city"),
    "withdraw_offer": pgettext_lazy("step of a match", "Offer withdrawn by ICLEI"),
    "decline_by_city": pgettext_lazy("step of a match", "Declined by the city"),
    "accept_by_city": pgettext_lazy("step of a match", "Accepted by the city"),
    "invite": pgettext_lazy("step of a match", "Provider invited"),
    "decline_by_provider": pgettext_lazy("step of a match", "Declined by the provider"),
    "accept_by_provider": pgettext_lazy("step of a match", "Accepted by the provider"),
    "introduce": pgettext_lazy("step of a match", "Introduced to each other"),
    "start_dialogue": pgettext_lazy("step of a match", "Dialogue started"),
    "start_pilot": pgettext_lazy("step of a match", "Pilot started"),
    "go_to_tender": pgettext_lazy("step of a match", "Tender opened"),
    "end_without_result": pgettext_lazy("step of a match", "Ended without a result"),
    "sign_contract": pgettext_lazy("step of a match", "Contract signed"),
    "lose": pgettext_lazy("step of a match", "Tender went to another bidder"),
    "drop": pgettext_lazy("step of a match", "Given up"),
    "start_operation": pgettext_lazy("step of a match", "In operation"),
    "stop_operation": pgettext_lazy("step of a match", "Out of operation"),
    "recuse": pgettext_lazy("step of a match", "Moderator recused"),
    "stall": pgettext_lazy("step of a match", "No sign from either side"),
    "complain": pgettext_lazy("step of a match", "Complaint filed"),
    "settle_complaint": pgettext_lazy("step of a match", "Complaint answered: looked at again"),
    **dict.fromkeys(
        (f"restore_{state}" for state in CONTESTED),
        pgettext_lazy("step of a match", "Complaint answered: stands as before"),
    ),
}
# Until the introduction each side learns of what was said to it, and of nothing else.
PROVIDER_KNOWS = {"accept_by_city", "invite", "accept_by_provider", "decline_by_provider"}
CITY_KNOWS = PROVIDER_KNOWS | {"offer", "withdraw_offer", "decline_by_city"}
BOTH_KNOW = {
    "introduce", "start_dialogue", "start_pilot", "go_to_tender", "end_without_result", "sign_contract", "lose", "drop",
    "start_operation", "stop_operation", "stall",
}  # fmt: skip
REASONS = {
    code: label
    for choices in (RejectReason, CityDeclineReason, ProviderDeclineReason, DropReason)
    for code, label in choices.choices
}
OWN_REASONS = {
    "reject": RejectReason,
    "decline_by_city": CityDeclineReason,
    "decline_by_provider": ProviderDeclineReason,
}


@dataclass(frozen=True, slots=True)
class Step:
    title: Any
    when: datetime
    who: str
    reason: Any = ""
    note: str = ""
    shown: str = ""


def timeline(match: Match, reader: "Reader") -> list[Step]:
    """The decisions that concern the reader, oldest first, with names only where the reader may know them."""
    staff = is_staff_reader(reader)
    return [_step(one, match, reader, staff=staff) for one in concerning(match, reader)]


def concerning(match: Match, reader: "Reader") -> list[Decision]:
    """What each side was told, and everything for ICLEI."""
    known, staff = set(BOTH_KNOW), is_staff_reader(reader)
    if not staff and is_of_city(reader, match):
        known |= CITY_KNOWS
    if is_member(reader, provider_id(match)):
        known |= PROVIDER_KNOWS
    decisions = match.decisions.select_related("by", "organisation")
    return [one for one in decisions if staff or one.move in known]


def _step(one: Decision, match: Match, reader: "Reader", *, staff: bool) -> Step:
    return Step(
        title=STEPS.get(one.move, one.move),
        when=one.at,
        who=person_for(reader, match, one),
        reason=reason_label(one.move, one.reason),
        note=one.note,
        shown=_shown(one) if staff else "",
    )


def _shown(one: Decision) -> str:
    """What the person saw when deciding, for those who look into decisions later."""
    if one.by is None or one.points_shown is None:
        return ""
    if one.position_shown is None:
        return _("%(points)s points were shown.") % {"points": one.points_shown}
    parts = {"points": one.points_shown, "place": one.position_shown}
    return _("%(points)s points and place %(place)s were shown.") % parts


def reason_label(move: str, code: str) -> Any:
    """Codes repeat between lists ("too expensive" for a moderator and for a city), so the step says which list."""
    choices: Any = OWN_REASONS.get(move, DropReason)
    return choices(code).label if code in choices.values else REASONS.get(code, code)


def person_for(reader: "Reader", match: Match, decision: Decision) -> str:
    """A name for those who may know it, else the side that decided; empty for what the portal did by itself."""
    if decision.by is None:
        return ""
    own = decision.organisation_id is not None and is_member(reader, decision.organisation_id)
    side = _side(match, decision)
    if own or is_staff_reader(reader) or can_see_contact(reader, match):
        return f"{decision.by.name}, {decision.organisation.name if decision.organisation else side}"
    return side


def side_of(match: Match, decision: Decision) -> str:
    """Who took the step: city, provider, iclei, or portal for what follows by itself."""
    if decision.by is None:
        return "portal"
    if decision.organisation_id is None:
        return "iclei"
    return "city" if decision.organisation_id == city_id(match) else "provider"


def _side(match: Match, decision: Decision) -> str:
    words = {"city": _("The city"), "provider": _("The provider"), "iclei": "ICLEI", "portal": ""}
    return words[side_of(match, decision)]
