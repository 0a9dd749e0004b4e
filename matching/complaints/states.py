"""The road of a complaint: filed, examined, answered, appealed once, closed. A report ends in one step."""

from matching.complaints.enums import ComplaintState as S
from matching.complaints.enums import Finding, FlagState
from portal.common.states import lifecycle

COMPLAINT = lifecycle(
    S.values,
    [
        ("assign", [S.FILED], S.IN_HAND),
        ("answer", [S.IN_HAND], S.ANSWERED, Finding.values),
        ("appeal", [S.ANSWERED], S.APPEALED),
        ("answer_appeal", [S.APPEALED], S.CLOSED, Finding.values),
        ("close", [S.ANSWERED], S.CLOSED),
        ("withdraw", [S.FILED, S.IN_HAND, S.APPEALED], S.WITHDRAWN),
    ],
)
FLAG = lifecycle(
    FlagState.values,
    [
        ("act", [FlagState.OPEN], FlagState.ACTED),
        ("dismiss", [FlagState.OPEN], FlagState.DISMISSED),
        # Within the seconds in which nobody was told.
        ("reopen", [FlagState.ACTED, FlagState.DISMISSED], FlagState.OPEN),
    ],
)

# While it stands here somebody at ICLEI owes a word.
OPEN = frozenset({S.FILED, S.IN_HAND, S.APPEALED})
