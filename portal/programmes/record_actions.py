"""Every write that ties demands, solutions and matches to a programme."""

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Solution
from cities.models import Demand
from matching.actions import add_match
from matching.enums import Origin
from matching.models import Match
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import DomainError
from portal.programmes.models import Programme, ProgrammeMatch
from portal.programmes.programme_actions import require_manager


@transaction.atomic
def link_match(*, by: User, programme: Programme, demand: Demand, solution: Solution, note: str) -> Match:
    """Put a pair that met in the programme on the moderators' desk. They decide on it as on any other."""
    require_manager(by)
    match = add_match(by=by, demand=demand, solution=solution, note=note, origin=Origin.PROGRAMME)
    if not ProgrammeMatch.objects.filter(programme=programme, match=match).exists():
        ProgrammeMatch(programme=programme, match=match, by=by).save(force_insert=True)
        record(by=by, action="programme.link_match", subject=programme, after={"match": match.pk}, note=note)
    return match


@transaction.atomic
def link_record(*, by: User, programme: Programme, subject: Demand | Solution) -> None:
    """A demand or solution that belongs to the programme without an application: it counts in the figures."""
    require_manager(by)
    if not subject.is_live:
        raise DomainError(_("Only what is published can be linked."), code="not_live")
    (programme.demands if isinstance(subject, Demand) else programme.solutions).add(subject)  # type: ignore[arg-type]
    record(by=by, action="programme.link", subject=programme, after={"record": subject.public_id})


@transaction.atomic
def unlink_record(*, by: User, programme: Programme, reference: str) -> None:
    require_manager(by)
    programme.demands.remove(*programme.demands.filter(public_id=reference))
    programme.solutions.remove(*programme.solutions.filter(public_id=reference))
    record(by=by, action="programme.unlink", subject=programme, after={"record": reference})
