"""The road of a match from a suggestion to a result, and who is told of it from which step on."""

from matching.enums import CityDeclineReason, DropReason, ProviderDeclineReason, RejectReason
from matching.enums import MatchState as S
from portal.common.states import lifecycle

# What a complaint may be about, and where a match returns to when the complaint changes nothing.
CONTESTED = (S.REJECTED, S.OFFERED, S.DECLINED_BY_CITY, S.INTRODUCED, S.DIALOGUE)

MATCH = lifecycle(
    S.values,
    [
        ("take_up", [S.SUGGESTED], S.IN_REVIEW),
        ("shortlist", [S.SUGGESTED, S.IN_REVIEW], S.SHORTLISTED),
        ("reject", [S.SUGGESTED, S.IN_REVIEW, S.SHORTLISTED], S.REJECTED, RejectReason.values),
        ("reconsider", [S.REJECTED, S.RECUSED, S.SHORTLISTED], S.IN_REVIEW),
        ("offer", [S.SUGGESTED, S.IN_REVIEW, S.SHORTLISTED], S.OFFERED),
        ("withdraw_offer", [S.OFFERED], S.IN_REVIEW),
        ("decline_by_city", [S.OFFERED], S.DECLINED_BY_CITY, CityDeclineReason.values),
        ("accept_by_city", [S.OFFERED], S.ACCEPTED_BY_CITY),
        ("invite", [S.ACCEPTED_BY_CITY], S.INVITED),
        ("decline_by_provider", [S.INVITED], S.DECLINED_BY_PROVIDER, ProviderDeclineReason.values),
        ("accept_by_provider", [S.INVITED], S.ACCEPTED_BY_PROVIDER),
        ("introduce", [S.ACCEPTED_BY_PROVIDER], S.INTRODUCED),
        ("start_dialogue", [S.INTRODUCED, S.STALLED], S.DIALOGUE),
        ("start_pilot", [S.INTRODUCED, S.DIALOGUE], S.PILOT),
        ("go_to_tender", [S.INTRODUCED, S.DIALOGUE, S.PILOT], S.TENDER),
        ("end_without_result", [S.INTRODUCED, S.DIALOGUE, S.PILOT, S.TENDER], S.NONE, DropReason.values),
        ("sign_contract", [S.INTRODUCED, S.DIALOGUE, S.PILOT, S.TENDER], S.CONTRACT),
        ("lose", [S.TENDER], S.LOST, DropReason.values),
        ("drop", [S.INTRODUCED, S.DIALOGUE, S.PILOT, S.TENDER, S.STALLED, S.CONTRACT], S.DROPPED, DropReason.values),
        ("start_operation", [S.CONTRACT, S.PILOT], S.OPERATING),
        ("stop_operation", [S.OPERATING], S.STOPPED, DropReason.values),
        ("recuse", [S.SUGGESTED, S.IN_REVIEW, S.SHORTLISTED], S.RECUSED),
        ("stall", [S.INTRODUCED, S.DIALOGUE], S.STALLED),
        ("complain", CONTESTED, S.UNDER_COMPLAINT),
        ("settle_complaint", [S.UNDER_COMPLAINT], S.IN_REVIEW),
        *((f"restore_{state}", [S.UNDER_COMPLAINT], state) for state in CONTESTED),
    ],
)

# A rerun of the matcher rescores these; everything else was decided by a person and is left alone.
UNDECIDED = frozenset({S.SUGGESTED, S.IN_REVIEW, S.SHORTLISTED})
# From here on the city sees the match; from here on the provider does. Neither sees the other before INTRODUCED.
CITY_SEES = frozenset(S.values) - UNDECIDED - {S.REJECTED, S.RECUSED, S.UNDER_COMPLAINT}
PROVIDER_SEES = CITY_SEES - {S.OFFERED, S.DECLINED_BY_CITY, S.ACCEPTED_BY_CITY}
INTRODUCED = frozenset(
    {
        S.INTRODUCED,
        S.DIALOGUE,
        S.PILOT,
        S.TENDER,
        S.NONE,
        S.CONTRACT,
        S.LOST,
        S.DROPPED,
        S.OPERATING,
        S.STOPPED,
        S.STALLED,
    }
)
