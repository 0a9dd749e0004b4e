"""Which configuration of the score is in force. Everything that ranks asks here, and stores its id with the result."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from matching.engine import COMPONENTS, EXPERT, ScoringConfig
from matching.learning.models import ProfileActivation, ScoringProfile

logger = logging.getLogger(__name__)


def active_config() -> ScoringConfig:
    """The one a person activated; until then the one that came with this release. One small query."""
    current = ProfileActivation.objects.filter(ended_at=None, activated_by__isnull=False)
    profile_id = current.values_list("profile_id", flat=True).first()
    return EXPERT if profile_id in (None, EXPERT.id) else config_of(profile_id)


@lru_cache(maxsize=8)
def config_of(profile_id: str) -> ScoringConfig:
    """That of a stored profile, kept once read: a row never changes. Raises ScoringProfile.DoesNotExist."""
    return read_config(ScoringProfile.objects.values_list("content", flat=True).get(pk=profile_id))


def read_config(content: Mapping[str, Any]) -> ScoringConfig:
    """A stored configuration as this version of the engine reads it.

    A release may know components and figures that an older one did not: those take the shipped values, and the id
    tells it apart from the original.
    """
    try:
        return ScoringConfig.from_json(content)
    except (KeyError, TypeError, ValueError) as error:
        logger.warning("configuration %s is carried over to this engine: %s", content.get("version"), error)
    shipped = EXPERT.to_json()
    carried = {name: content.get(name, default) for name, default in shipped.items()}
    known = content.get("rules", {})
    carried["rules"] = {name: known.get(name, shipped["rules"][name]) for name in COMPONENTS}
    return ScoringConfig.from_json(carried)
