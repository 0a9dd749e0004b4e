"""The road of a request for advice."""

from matching.experts.enums import AdviceState as S
from matching.experts.enums import DeclineReason
from portal.common.states import lifecycle

ADVICE = lifecycle(
    S.values,
    [
        ("accept", [S.ASKED], S.ACCEPTED),
        ("decline", [S.ASKED, S.ACCEPTED], S.DECLINED, DeclineReason.values),
        ("answer", [S.ACCEPTED], S.ANSWERED),
        ("withdraw", [S.ASKED, S.ACCEPTED], S.WITHDRAWN),
    ],
)

# What counts as work of an expert.
OPEN = frozenset({S.ASKED, S.ACCEPTED})
