"""The yes or no of a city that takes part in a pool."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import MatchState
from matching.models import Match
from matching.pooling.consents import consents
from matching.pooling.models import PoolAnswer
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, NotAllowed
from portal.jobs.actions import enqueue


@transaction.atomic
def answer_in_pool(*, by: User, match: Match, agrees: bool) -> list[PoolAnswer]:
    """For each city of the pool that ``by`` speaks for. Raises Conflict once the lead has answered."""
    # The lead's own answer takes this lock, too: it counts the yeses there are.
    row = Match.objects.select_for_update(of=("self",), no_key=True).with_records().get(pk=match.pk)
    if row.state != MatchState.OFFERED:
        raise Conflict(_("This was answered already."), when=row.state_since)
    mine = [one.organisation for one in consents(row, by) if one.may_answer]
    if not mine:
        raise NotAllowed
    return [_answer(by, row, body.pk, agrees) for body in mine]


def _answer(by: User, match: Match, organisation_id: int, agrees: bool) -> PoolAnswer:
    answer, _is_new = PoolAnswer.objects.update_or_create(
        match=match, organisation_id=organisation_id, defaults={"agrees": agrees, "by": by, "at": timezone.now()}
    )
    after = {"organisation": organisation_id, "agrees": agrees}
    record(by=by, action="match.answer_in_pool", subject=match, after=after)
    enqueue(kind="notices.pool_match_answered", subject=f"poolanswer:{answer.pk}", payload={"agrees": agrees})
    return answer
