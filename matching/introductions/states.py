from matching.enums import MatchState
from matching.introductions.enums import MeetingState as M
from matching.introductions.enums import QuestionRefusal
from matching.introductions.enums import QuestionState as Q
from matching.states import PROVIDER_SEES
from portal.common.states import lifecycle

QUESTION = lifecycle(
    Q.values,
    [
        ("answer", [Q.ASKED], Q.ANSWERED),
        ("send_back", [Q.ANSWERED], Q.ASKED),
        ("release", [Q.ANSWERED], Q.RELEASED),
        ("refuse", [Q.ASKED, Q.ANSWERED], Q.REFUSED, QuestionRefusal.values),
    ],
)
MEETING = lifecycle(
    M.values,
    [
        ("choose", [M.PROPOSED], M.AGREED),
        ("move", [M.AGREED], M.PROPOSED),
        ("cancel", [M.PROPOSED, M.AGREED], M.CANCELLED),
    ],
)
# From the invitation on a provider belongs to those who are all told the same, until it says no.
INVITED = PROVIDER_SEES - {MatchState.DECLINED_BY_PROVIDER}
