from portal.accounts.enums import OrganisationState as S
from portal.accounts.enums import RefusalReason
from portal.common.states import lifecycle

ORGANISATION = lifecycle(
    S.values,
    [
        ("verify", [S.PENDING, S.REFUSED], S.VERIFIED),
        ("refuse", [S.PENDING], S.REFUSED, RefusalReason.values),
        ("suspend", [S.VERIFIED], S.SUSPENDED),
        ("reinstate", [S.SUSPENDED], S.VERIFIED),
        # What proved it has run out.
        ("lapse", [S.VERIFIED], S.PENDING),
        ("ask_again", [S.REFUSED], S.PENDING),
        # A moderator takes a decision back, at once or later with a reason: it waits for verification again.
        ("reconsider", [S.VERIFIED, S.REFUSED], S.PENDING),
    ],
)
