"""The codes a world is written in: the vocabulary that the portal ships, places, and how often each comes."""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from catalog.enums import BusinessModel
from matching.engine import GRADES, Vocabulary
from portal.common import geography
from portal.embedded.home import CHECKOUT

LANGUAGES = ("en", "es", "fr", "pt-br", "ko", "ja", "zh-hans")
LANGUAGE_SHARES = (0.40, 0.15, 0.15, 0.10, 0.07, 0.07, 0.06)
MODELS: tuple[str, ...] = tuple(BusinessModel.values)
# Where solutions work, with the frequencies of the demo: everywhere, not said, or one of its lists.
REGIONS: tuple[tuple[str, ...], ...] = (
    *(("001",), (), ("150",), ("JP",), ("005", "013"), ("KR", "035"), ("034", "035"), ("150", "CA"), ("154", "155")),
    *(("011", "015"), ("ES", "PT", "005", "013"), ("FR", "BE", "CH", "LU", "CA"), ("021", "154", "053"), ("039",)),
    *(("DE", "AT", "CH"), ("BR",), ("US", "CA"), ("CN",), ("IN", "034"), ("002",), ("FR",), ("MX", "013"), ("019",)),
)
EVERYWHERE, NOT_SAID = 0, 1
REGION_SHARES = np.array([0.14, 0.14, *([0.72 / (len(REGIONS) - 2)] * (len(REGIONS) - 2))])
COUNTRIES = ("FR", "ES", "BR", "KR", "JP", "CN", "US", "DE", "MX", "IN", "ZA", "CO", "PT", "IT", "KE", "CA", "PL", "MA")
GRADE_SHARES = (0.5, 0.3, 0.15, 0.05)
AREA_SHARES = (0.24, 0.20, 0.18, 0.15, 0.13, 0.10)
KOPPEN = ("Cfb", "Csa", "Cfa", "Dfb", "Aw", "Af", "BSk", "BWh")
STATUSES = ("scaled", "pilot", "replaced", "stopped")
UNITS = ("inhabitants", "lamps", "buildings", "vehicles")

assert len(GRADES) == len(GRADE_SHARES)


@dataclass(frozen=True)
class Codebook:
    """Areas, topics and criteria in a fixed order, so that columns may hold their numbers."""

    areas: tuple[str, ...]
    topics: tuple[str, ...]
    topic_area: npt.NDArray[np.int16]
    flags: tuple[str, ...]
    numbers: tuple[str, ...]
    operators: tuple[str, ...]
    certificates: frozenset[str]

    @property
    def criteria(self) -> tuple[str, ...]:
        return (*self.flags, *self.numbers)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        areas = [self.areas[number] for number in self.topic_area]
        return Vocabulary(topic_area=dict(zip(self.topics, areas, strict=True)), certificates=self.certificates)


@cache
def codebook() -> Codebook:
    data = CHECKOUT / "catalog" / "data"
    areas = sorted(path.stem for path in (data / "topics").glob("*.json"))
    topics = [(row["code"], n) for n, area in enumerate(areas) for row in _read(data / "topics" / f"{area}.json")]
    criteria = _read(data / "criteria.json")
    numbers = [row for row in criteria if row["kind"] == "number"]
    return Codebook(
        areas=tuple(areas),
        topics=tuple(code for code, _ in topics),
        topic_area=np.array([area for _, area in topics], np.int16),
        flags=tuple(row["code"] for row in criteria if row["kind"] == "flag"),
        numbers=tuple(row["code"] for row in numbers),
        operators=tuple(row["operator"] for row in numbers),
        certificates=frozenset(row["code"] for row in criteria if row["group"] == "certificate"),
    )


def _read(path: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


@cache
def countries_served() -> tuple[frozenset[str], ...]:
    """Of each list of REGIONS, the countries; empty for "everywhere" and for "not said"."""
    named = REGIONS[NOT_SAID + 1 :]
    return (frozenset(), frozenset(), *(geography.expand_regions(regions) for regions in named))


@cache
def reach() -> npt.NDArray[np.bool_]:
    """(REGIONS, COUNTRIES): whether the gate lets a city of that country pass; what is not said passes."""
    return np.array(
        [
            [number in (EVERYWHERE, NOT_SAID) or country in found for country in COUNTRIES]
            for number, found in enumerate(countries_served())
        ]
    )
