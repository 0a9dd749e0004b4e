"""A decision that needs two: asked for by one moderator, confirmed or not by another."""

from matching.workbench.enums import ConfirmationState as S
from portal.common.states import lifecycle

CONFIRMATION = lifecycle(
    S.values,
    [
        ("confirm", [S.OPEN], S.CONFIRMED),
        ("refuse", [S.OPEN], S.REFUSED),
        ("overtake", [S.OPEN], S.OVERTAKEN),
        ("withdraw", [S.OPEN], S.WITHDRAWN),
    ],
)
