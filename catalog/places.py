"""Cities by name, for the references of solutions.

The catalogue stands below the cities, so whoever knows them hands the look-up down when the portal starts
(``use_finder``). Without one every typed name is taken as it stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from portal.common.geography import countries, country_name
from portal.common.languages import format_place


@dataclass(frozen=True, slots=True)
class Place:
    """A city that bears the typed name. ``name`` is in the reader's language; ``code`` stands for it in forms."""

    geonames_id: int
    name: str
    country: str

    @property
    def code(self) -> str:
        return str(self.geonames_id)

    @property
    def label(self) -> str:
        """As "Valencia, Spain"."""
        language = get_language() or "en"
        country = country_name(self.country, language) if self.country in countries() else self.country
        return format_place(self.name, country, language)


Finder = Callable[[str], Sequence[Place]]
Namer = Callable[[Iterable[int]], Mapping[int, str]]


def _nothing(name: str) -> Sequence[Place]:
    return ()


def _nameless(geonames_ids: Iterable[int]) -> Mapping[int, str]:
    return {}


_finder: Finder = _nothing
_namer: Namer = _nameless


def use_finder(finder: Finder, namer: Namer) -> None:
    """``finder`` takes what was typed and returns the cities of that name, the largest first, none twice.

    ``namer`` returns the names of cities in the reader's language by their GeoNames ids; unknown ones are left out.
    """
    global _finder, _namer
    _finder, _namer = finder, namer


def find_places(name: str) -> Sequence[Place]:
    return _finder(name)


def name_places(geonames_ids: Iterable[int]) -> Mapping[int, str]:
    return _namer(geonames_ids)
