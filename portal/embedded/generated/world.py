"""What generated records are drawn from: cities by size, focus areas and topics, criteria, the day they end at."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from catalog.models import Criterion, FocusArea, Topic
from cities.models import City
from portal.common.languages import CODES
from portal.common.models import ALPHABET
from portal.common.translated import column
from portal.embedded.generated.texts import Corpus, read_corpus

# How often areas come, in their order; as demands of the demo and of the public notices fall.
AREA_SHARES = (24, 20, 18, 15, 13, 10)
SMALLEST_CITY = 15_000
OTHER_LANGUAGES = (40, 15, 15, 10, 7, 7, 6)  # of records whose country speaks none of ours: English mostly
SOURCE = "generated"
DOMAIN = "generated.urbanlink.example"


@dataclass
class World:
    """``chance`` decides everything. ``live_demands`` and ``listed`` grow while records are made: what lists need."""

    seed: int
    now: datetime
    chance: random.Random
    corpus: Corpus
    cities: list[dict[str, Any]]
    areas: list[FocusArea]
    topics: dict[int, list[Topic]]
    criteria: list[Criterion]
    weights: list[float] = field(default_factory=list)
    moderators: list[int] = field(default_factory=list)
    bodies: list[tuple[int, int, int]] = field(default_factory=list)  # organisation, user, index of the city
    providers: list[tuple[int, int, int, str, str]] = field(default_factory=list)  # provider, organisation, user, …
    live_demands: list[tuple[int, int, int, str]] = field(default_factory=list)  # pk, area, place in bodies, title
    listed: dict[int, list[tuple[int, int, str]]] = field(default_factory=lambda: defaultdict(list))
    ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.weights = list(accumulate((city["population"] or SMALLEST_CITY) ** 0.6 for city in self.cities))

    def public_id(self, prefix: str) -> str:
        while True:
            found = prefix + "".join(self.chance.choices(ALPHABET, k=8))
            if found not in self.ids:
                self.ids.add(found)
                return found

    def city(self) -> int:
        return self.chance.choices(range(len(self.cities)), cum_weights=self.weights)[0]

    def area(self) -> FocusArea:
        return self.chance.choices(self.areas, AREA_SHARES[: len(self.areas)])[0]

    def language(self, city: dict[str, Any]) -> str:
        spoken = [code for code in city["working_languages"] if code in CODES]
        if spoken and self.chance.random() < 0.9:
            return str(spoken[0])
        return self.chance.choices(CODES, OTHER_LANGUAGES)[0]

    def moment(self, most_days: int = 900) -> datetime:
        """A moment before now, the later the likelier."""
        return self.now - timedelta(minutes=int(most_days * 1440 * self.chance.random() ** 1.5) + 1)

    def maybe(self, share: float, value: Any, otherwise: Any = None) -> Any:
        return value if self.chance.random() < share else otherwise


def name_of(city: dict[str, Any], language: str) -> str:
    return str(city[column("name", language)] or city["name"])


def read_world(seed: int, now: datetime) -> World:
    names = [column("name", code) for code in CODES]
    cities = City.objects.filter(population__gte=SMALLEST_CITY).order_by("geonames_id")
    fields = ("pk", "geonames_id", "name", *names, "country", "population", "working_languages", "search")
    topics = defaultdict(list)
    for topic in Topic.objects.all():
        topics[topic.focus_area_id].append(topic)
    return World(
        seed=seed,
        now=now,
        chance=random.Random(seed),  # noqa: S311  (figures to measure with, no secrets)
        corpus=read_corpus(),
        cities=list(cities.values(*fields)),
        areas=list(FocusArea.objects.all()),
        topics=topics,
        criteria=list(Criterion.objects.all()),
    )
