"""The lives of programmes, applications and members of a cohort."""

from portal.common.states import lifecycle
from portal.programmes.enums import ApplicationState as A
from portal.programmes.enums import CohortMemberState as C
from portal.programmes.enums import DeclineReason, LeaveReason, ScreeningReason
from portal.programmes.enums import EventState as E
from portal.programmes.enums import ProgrammeState as P
from portal.programmes.enums import SeatState as S

PROGRAMME = lifecycle(
    P.values,
    [
        ("announce", [P.DRAFT], P.ANNOUNCED),
        ("open", [P.ANNOUNCED], P.OPEN),
        ("close", [P.OPEN], P.CLOSED),
        # A deadline extended after it had passed.
        ("reopen", [P.CLOSED], P.OPEN),
        ("start_screening", [P.CLOSED], P.SCREENING),
        ("start_jury", [P.SCREENING], P.JURY),
        ("publish_results", [P.JURY], P.RESULTS),
        # An activity without calls has nothing to judge.
        ("start_running", [P.RESULTS, P.ANNOUNCED], P.RUNNING),
        ("publish_report", [P.RUNNING], P.REPORTED),
    ],
)

APPLICATION = lifecycle(
    A.values,
    [
        ("submit", [A.DRAFT, A.WITHDRAWN], A.SUBMITTED),
        ("withdraw", [A.DRAFT, A.SUBMITTED, A.ADMITTED], A.WITHDRAWN),
        ("admit", [A.SUBMITTED], A.ADMITTED),
        ("screen_out", [A.SUBMITTED], A.SCREENED_OUT, ScreeningReason.values),
        ("check_again", [A.ADMITTED, A.SCREENED_OUT], A.SUBMITTED),
        ("accept", [A.ADMITTED], A.ACCEPTED),
        ("decline", [A.ADMITTED], A.DECLINED, DeclineReason.values),
        # After a complaint that was upheld: it is judged again.
        ("reopen", [A.SCREENED_OUT, A.DECLINED], A.ADMITTED),
    ],
)

COHORT = lifecycle(
    C.values,
    [
        ("complete", [C.ACTIVE], C.COMPLETED),
        ("leave", [C.ACTIVE], C.LEFT, LeaveReason.values),
        ("rejoin", [C.LEFT], C.ACTIVE),
    ],
)

EVENT = lifecycle(E.values, [("cancel", [E.PLANNED], E.CANCELLED)])

SEAT = lifecycle(
    S.values,
    [
        ("take", [S.WAITING, S.CANCELLED], S.REGISTERED),
        ("wait", [S.CANCELLED], S.WAITING),
        ("give_up", [S.REGISTERED, S.WAITING], S.CANCELLED),
    ],
)

PUBLIC = frozenset(P.values) - {P.DRAFT}
# Whoever applied learns what screening and jury found when the next stage begins, all in the same minute.
SECRET_WHILE = {P.SCREENING: frozenset({A.ADMITTED, A.SCREENED_OUT})}
DECIDED = frozenset({P.RESULTS, P.RUNNING, P.REPORTED})
# While one of these lasts, an application can be judged: after the results only one whose decision was reopened.
JUDGING = frozenset({P.JURY, P.RESULTS, P.RUNNING})
