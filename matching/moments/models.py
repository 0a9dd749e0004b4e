"""What workers counted of a large portal, as pages read it."""

from collections import Counter
from typing import Any

from django.db import models

from matching.gap_counting import FIGURES, Need, Needs, Offers, Steps


class Counted(models.Model):
    """Figures of a moment. Only the newest row is kept.

    ``stamp``: of the records that they were counted from, so that they are not counted again while nothing changes.
    """

    counted_at = models.DateTimeField()
    stamp = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.counted_at}"


class ExposureMoment(Counted):
    """``content``: matching.exposures.listed_now()."""


class GapMoment(Counted):
    """``content``: cells of needs and of offers by scope."""

    rankings_of = models.DateTimeField(null=True)

    def tables(self) -> tuple[Needs, Offers, Steps]:
        return (
            {scope: {(row[0], row[1]): _need(row) for row in rows} for scope, rows in self.content["needs"].items()},
            {
                scope: {(tuple(regions), tuple(languages)): number for regions, languages, number in rows}
                for scope, rows in self.content["offers"].items()
            },
            {
                scope: {(country, language): numbers for country, language, numbers in rows}
                for scope, rows in self.content["steps"].items()
            },
        )


def content_of(needs: Needs, offers: Offers, steps: Steps) -> dict[str, Any]:
    """Tables as JSON: a need is country, language, its figures in order, failures, criteria, spots."""
    return {
        "needs": {
            scope: [
                [*place, *(getattr(need, name) for name in FIGURES), need.failures, need.criteria, _listed(need)]
                for place, need in cells.items()
            ]
            for scope, cells in needs.items()
        },
        "offers": {scope: [[*key, number] for key, number in rows.items()] for scope, rows in offers.items()},
        "steps": {scope: [[*place, numbers] for place, numbers in rows.items()] for scope, rows in steps.items()},
    }


def _listed(need: Need) -> list[list[int]]:
    return [[*spot, number] for spot, number in need.spots.items()]


def _need(row: list[Any]) -> Need:
    *figures, failures, criteria, spots = row[2:]
    places = Counter({(x, y): number for x, y, number in spots})
    return Need(*figures, failures=Counter(failures), criteria=Counter(criteria), spots=places)
