"""How far demands have come, from publication to a result: counts of those that reached at least each step."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from matching.gap import Moment, Slice
from matching.gap_tables import small

# In the order of gap_counting.count_steps.
STEPS = (
    _("Published"),
    _("At least one solution fits"),
    _("ICLEI offered a match to the city"),
    _("City and provider were introduced"),
    _("Came to a pilot, a tender or a contract"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """``number`` demands reached it, of ``most`` that were published."""

    label: Any
    number: int
    most: int

    @property
    def is_small(self) -> bool:
        return small(self.number)


def funnel(moment: Moment, chosen: Slice) -> list[Step]:
    """The steps of all public demands of the slice, closed ones too; each step counts those of the next as well."""
    rows = moment.steps.get(chosen.scope, {}).items()
    numbers = [steps for place, steps in rows if chosen.admits(*place)]
    totals = [sum(column) for column in zip(*numbers, strict=True)] or [0] * len(STEPS)
    return [Step(label, number, totals[0]) for label, number in zip(STEPS, totals, strict=True)]
