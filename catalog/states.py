from catalog.enums import SolutionState as S
from catalog.enums import SuspensionReason
from portal.common.states import lifecycle

SOLUTION = lifecycle(
    S.values,
    [
        ("submit", [S.DRAFT, S.CHANGES_REQUESTED], S.SUBMITTED),
        ("request_changes", [S.SUBMITTED], S.CHANGES_REQUESTED),
        ("list", [S.SUBMITTED], S.LISTED),
        ("suspend", [S.LISTED], S.SUSPENDED, SuspensionReason.values),
        ("relist", [S.SUSPENDED], S.LISTED),
        ("expire", [S.LISTED], S.EXPIRED),
        ("renew", [S.EXPIRED], S.LISTED),
        ("archive", [S.DRAFT, S.CHANGES_REQUESTED, S.LISTED, S.SUSPENDED, S.EXPIRED], S.ARCHIVED),
        ("restore", [S.ARCHIVED], S.DRAFT),
        # A moderator takes a decision back, at once or later with a reason: it waits for review again.
        ("reconsider", [S.LISTED, S.CHANGES_REQUESTED], S.SUBMITTED),
    ],
)

LIVE = frozenset({S.LISTED})
# What stands or stood in the catalogue is changed by a revision only.
EDITABLE = frozenset({S.DRAFT, S.CHANGES_REQUESTED})
REVISABLE = frozenset({S.LISTED, S.SUSPENDED, S.EXPIRED})
# Whose translations ICLEI may write.
TRANSLATABLE = REVISABLE | {S.SUBMITTED, S.CHANGES_REQUESTED}
