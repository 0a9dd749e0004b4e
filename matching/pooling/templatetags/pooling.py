from typing import Any

from django import template

from matching.enums import MatchState
from matching.models import Match
from matching.pooling.consents import consents

register = template.Library()


@register.inclusion_tag("matching/pooling/_consents.html", takes_context=True)
def pool_consents(context: template.Context, match: Match) -> dict[str, Any]:
    """What each city of the pool says to the proposal, with the buttons of one's own; nothing for other demands."""
    reader = context["request"].user
    lines = consents(match, reader)
    lead = match.demand.organisation
    return {"match": match, "lines": lines, "lead": lead, "is_open": match.state == MatchState.OFFERED,
            "csrf_token": context.get("csrf_token")}  # fmt: skip
