"""A provider asks to be considered: counted, limited, and then a match like any other."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Solution
from cities.models import Demand
from matching.enums import MatchState, Origin
from matching.introductions.contacts import refuse_contacts
from matching.introductions.models import Interest
from matching.introductions.rules import can_express_interest
from matching.models import Match
from matching.ranking import score_pair
from matching.states import PROVIDER_SEES
from portal.accounts.models import Organisation, User
from portal.accounts.rules import is_member, is_verified_organisation
from portal.audit.actions import record
from portal.common.errors import DomainError, Incomplete, NotAllowed


class Quota(NamedTuple):
    """How many interests are left this month, of how many, and when the count begins anew."""

    left: int
    most: int
    renews_at: datetime


def quota(organisation: Organisation) -> Quota:
    """By calendar months in UTC, for every provider alike."""
    month = timezone.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    used = Interest.objects.filter(organisation=organisation, at__gte=month).count()
    most = settings.INTERESTS_PER_MONTH
    return Quota(max(0, most - used), most, following)


@transaction.atomic
def express_interest(*, by: User, demand: Demand, solution: Solution, note: str) -> Interest:
    """Put the provider's own solution on the moderators' desk for this demand, in the same queue, by the same score.

    What the city or ICLEI did with the pair before is not told: the answer is the same for every pair that the
    provider does not see yet.
    """
    organisation = solution.provider.organisation
    if not can_express_interest(by, demand) or not is_member(by, organisation.pk):
        raise NotAllowed
    if not is_verified_organisation(organisation):
        raise DomainError(_("ICLEI has not verified your organisation yet. Try again after that."), code="not_verified")
    if not note.strip():
        raise Incomplete(_("Say in a few words why your solution fits this demand."), ("note",))
    if not (demand.is_live and solution.is_live):
        raise DomainError(_("Both the demand and the solution must be published first."), code="not_live")
    if demand.organisation_id is None:
        raise DomainError(
            _(
                "This demand was imported from a public source, and nobody on this portal can answer for it."
                " Follow its link."
            ),
            code="nobody_to_ask",
        )
    refuse_contacts(note, field="note")
    # Two clicks at the same moment count as two, or as one where they mean the same pair.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    _within_quota(organisation)
    match = _match_for(by, demand, solution, note)
    interest = Interest(match=match, organisation=organisation, solution=solution, by=by, note=note, at=timezone.now())
    interest.save(force_insert=True)
    after = {"match": match.pk, "demand": demand.pk, "solution": solution.pk}
    record(by=by, action="interest.express", subject=interest, after=after, note=note)
    return interest


def _within_quota(organisation: Organisation) -> None:
    found = quota(organisation)
    if found.left == 0:
        message = ngettext(
            "Your organisation has used its %(most)s interest of this month. The count begins anew on %(day)s.",
            "Your organisation has used its %(most)s interests of this month. The count begins anew on %(day)s.",
            found.most,
        )
        raise DomainError(message % {"most": found.most, "day": f"{found.renews_at:%Y-%m-%d}"}, code="quota")


def _match_for(by: User, demand: Demand, solution: Solution, note: str) -> Match:
    existing = Match.objects.select_for_update(no_key=True).filter(demand=demand, solution=solution).first()
    if existing is None:
        match = Match(
            demand=demand, solution=solution, origin=Origin.PROVIDER_INTEREST, origin_note=note,
            state=MatchState.SUGGESTED, state_since=timezone.now(), **score_pair(demand, solution),
        )  # fmt: skip
        try:
            with transaction.atomic():
                match.save(force_insert=True)
        except IntegrityError:  # the matcher was quicker by a moment
            existing = Match.objects.get(demand=demand, solution=solution)
        else:
            record(by=by, action="match.add", subject=match, after={"demand": demand.pk, "solution": solution.pk})
            return match
    if existing.state in PROVIDER_SEES:
        raise DomainError(_("You are invited to this demand already. Open it under “Matches”."), code="invited")
    if existing.interests.exists():
        raise DomainError(_("You have said so already. ICLEI has it in its queue."), code="said_already")
    if existing.origin == Origin.ENGINE and existing.state == MatchState.SUGGESTED:
        # What a person asked for is not dropped when the engine has found better ones.
        existing.origin, existing.origin_note = Origin.PROVIDER_INTEREST, note
        existing.save(update_fields=["origin", "origin_note", "updated_at"])
    return existing
