"""Who of a pool has agreed to a proposal, and who still has to."""

from typing import TYPE_CHECKING, NamedTuple

from cities.coach.partners import partners_of
from matching.enums import MatchState
from portal.accounts.rules import can_approve_for

if TYPE_CHECKING:
    from matching.models import Match
    from matching.pooling.models import PoolAnswer
    from portal.accounts.models import Organisation
    from portal.accounts.rules import Reader


class Consent(NamedTuple):
    """``answer`` None: this city has not answered yet."""

    organisation: "Organisation"
    answer: "PoolAnswer | None"
    may_answer: bool

    @property
    def agrees(self) -> bool:
        return self.answer is not None and self.answer.agrees


def consents(match: "Match", reader: "Reader | None" = None) -> list[Consent]:
    """A line for each city beside the lead that takes part now; none where the demand is not pooled."""
    partners = partners_of(match.demand)
    given = {one.organisation_id: one for one in match.pool_answers.select_related("by")} if partners else {}
    return [Consent(body, given.get(body.pk), may_answer_for(reader, match, body)) for body in partners]


def may_answer_for(reader: "Reader | None", match: "Match", body: "Organisation") -> bool:
    return reader is not None and match.state == MatchState.OFFERED and can_approve_for(reader, body.pk)


def not_agreed(match: "Match") -> list[str]:
    """The names of the cities without whose yes the lead cannot accept."""
    return [one.organisation.name for one in consents(match) if not one.agrees]
