"""Vectors of another space for every record that is matched, in small steps that may be broken off anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from catalog.models import Solution
from cities.models import Demand
from matching.encoder import EmbeddingBackend
from matching.vectors import encode_missing, wording_of_demand, wording_of_solution

AT_ONCE: Final = 8  # records of one step: seconds of work


@dataclass(frozen=True, slots=True)
class Step:
    """Records looked at, texts encoded, and where to go on: the kind of record and the key of the last one."""

    records: int
    encoded: int
    place: tuple[str, int]


def matched() -> dict[str, QuerySet]:
    """Every record whose meaning is compared, by kind of record, in the order of ``fill``."""
    return {"demand": Demand.objects.live(), "solution": Solution.objects.listed()}


def fill(encoder: EmbeddingBackend, place: tuple[str, int] = ("demand", 0)) -> Iterator[Step]:
    """Encode what has no vector of this space yet, from ``place`` on. What is stored is never done twice."""
    wording = {"demand": wording_of_demand, "solution": wording_of_solution}
    for name, records in matched().items():
        if name < place[0]:
            continue
        last = place[1] if name == place[0] else 0
        while chunk := list(records.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            last = chunk[-1].pk
            encoded = encode_missing(encoder, [wording[name](record) for record in chunk])
            yield Step(len(chunk), encoded, (name, last))
