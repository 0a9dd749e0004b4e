"""What came of a programme, counted from the records it is linked to. Contracts are counted, never named."""

from collections import Counter
from typing import Any

from django.db.models import Q

from catalog.models import Solution
from cities.models import Demand
from matching.models import Match
from matching.states import INTRODUCED
from portal.programmes.enums import ApplicationState, SeatState
from portal.programmes.models import Application, CohortFollowUp, CohortMember, Programme, Seat
from portal.programmes.states import DECIDED

HANDED_IN = Q(state__in=set(ApplicationState.values) - {ApplicationState.DRAFT, ApplicationState.WITHDRAWN})
RESULTS = ("pilot", "tender", "contract", "operating")


def matches_of(programme: Programme) -> Any:
    """Matches that came about in it, and those between a demand and a solution that it accepted."""
    accepted = Application.objects.filter(call__programme=programme, state=ApplicationState.ACCEPTED)
    both = Q(demand__in=accepted.values("demand"), solution__in=accepted.values("solution"))
    return Match.objects.filter(Q(programme_links__programme=programme) | both).distinct()


def records_of(programme: Programme, model: type[Demand] | type[Solution]) -> Any:
    """What is linked to it and, once the results are known, what was accepted."""
    accepted = Application.objects.filter(call__programme=programme, state=ApplicationState.ACCEPTED)
    return _linked(programme, model, accepted if programme.state in DECIDED else accepted.none())


def pairable(programme: Programme, model: type[Demand] | type[Solution]) -> Any:
    """What is linked to it or was accepted, known to all or not yet."""
    accepted = Application.objects.filter(call__programme=programme, state=ApplicationState.ACCEPTED)
    return _linked(programme, model, accepted)


def _linked(programme: Programme, model: type[Demand] | type[Solution], accepted: Any) -> Any:
    """By their keys: two joins with “or” between them would have the database read every record there is."""
    side = str(model._meta.model_name)
    keys = set(getattr(programme, f"{side}s").values_list("pk", flat=True))
    keys |= set(accepted.exclude(**{side: None}).values_list(side, flat=True))
    return model.objects.filter(pk__in=keys).order_by("pk")


def figures_of(programme: Programme) -> dict[str, int]:
    """Counts by code; programmes.labels says them in words."""
    applications = Application.objects.filter(call__programme=programme)
    members = CohortMember.objects.filter(application__call__programme=programme)
    states = Counter(matches_of(programme).order_by().values_list("state", flat=True))
    accepted = applications.filter(state=ApplicationState.ACCEPTED)
    return {
        "applications": applications.filter(HANDED_IN).count(),
        "accepted": accepted.count(),
        "countries": accepted.values("organisation__country").distinct().count(),
        "completed": members.filter(state="completed").count(),
        "demands": records_of(programme, Demand).count(),
        "solutions": records_of(programme, Solution).count(),
        "matches": sum(states.values()),
        "introduced": sum(states[state] for state in INTRODUCED),
        "results": sum(states[state] for state in RESULTS),
        "still_used": CohortFollowUp.objects.filter(member__in=members, used__in=["yes", "partly"]).count(),
        "events": programme.events.filter(state="planned").count(),
        "attended": Seat.objects.filter(event__programme=programme, attended=True, state=SeatState.REGISTERED).count(),
    }
