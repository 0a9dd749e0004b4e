"""The look-up of cities that the catalogue is handed: it stands below the cities and may not ask for them itself."""

from collections.abc import Iterable

from catalog.places import Place
from cities.models import City

MOST = 8


def places_named(name: str) -> list[Place]:
    """Cities that bear the name in any language; where none does, those whose name holds it. The largest first."""
    found = list(City.objects.spelled(name)[:MOST])
    whole = [city for city in found if city.place == 0]
    return [Place(city.geonames_id, city.name, city.country) for city in whole or found]


def names_of(geonames_ids: Iterable[int]) -> dict[int, str]:
    """Names in the reader's language by GeoNames id."""
    return {city.geonames_id: city.name for city in City.objects.filter(geonames_id__in=set(geonames_ids))}
