from cities.enums import ClosingOutcome, RejectionReason
from cities.enums import DemandState as S
from portal.common.states import lifecycle

DEMAND = lifecycle(
    S.values,
    [
        ("submit", [S.DRAFT, S.CHANGES_REQUESTED], S.SUBMITTED),
        ("request_changes", [S.SUBMITTED], S.CHANGES_REQUESTED),
        ("publish", [S.SUBMITTED], S.PUBLISHED),
        ("reject", [S.SUBMITTED], S.REJECTED, RejectionReason.values),
        ("start_dialogue", [S.PUBLISHED], S.IN_DIALOGUE),
        ("end_dialogue", [S.IN_DIALOGUE], S.PUBLISHED),
        ("hold", [S.PUBLISHED, S.IN_DIALOGUE], S.ON_HOLD),
        ("resume", [S.ON_HOLD], S.PUBLISHED),
        ("withdraw", [S.DRAFT, S.SUBMITTED, S.CHANGES_REQUESTED, S.PUBLISHED, S.ON_HOLD], S.WITHDRAWN),
        ("close", [S.PUBLISHED, S.IN_DIALOGUE], S.CLOSED, ClosingOutcome.values),
        ("merge", [S.PUBLISHED], S.MERGED),
        # A city goes its own way again, or what it was merged into has ended without a result.
        ("part", [S.MERGED], S.PUBLISHED),
        ("expire", [S.PUBLISHED], S.EXPIRED),
        ("renew", [S.EXPIRED], S.PUBLISHED),
        ("reopen", [S.REJECTED, S.WITHDRAWN], S.DRAFT),
        # A moderator takes a decision back, at once or later with a reason: it waits for review again.
        ("reconsider", [S.PUBLISHED, S.REJECTED, S.CHANGES_REQUESTED], S.SUBMITTED),
    ],
)

# What anybody may read about, what the matcher works for, and what its city may still edit.
PUBLIC = frozenset({S.PUBLISHED, S.IN_DIALOGUE, S.CLOSED})
LIVE = frozenset({S.PUBLISHED, S.IN_DIALOGUE})
# Whose translations ICLEI may write: not of a draft, nor of what has ended without having been public.
TRANSLATABLE = PUBLIC | {S.SUBMITTED, S.CHANGES_REQUESTED, S.ON_HOLD, S.EXPIRED}
EDITABLE = frozenset({S.DRAFT, S.CHANGES_REQUESTED, S.PUBLISHED})
