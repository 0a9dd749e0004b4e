"""Places in words of the reader's language: countries, regions, cities."""

from collections.abc import Iterable

from babel.lists import format_list
from django import template
from django.utils.translation import get_language

from cities.models import City
from portal.common import geography
from portal.common.languages import babel_locale, format_place

register = template.Library()


def _language() -> str:
    return get_language() or "en"


@register.simple_tag
def country_name(code: str) -> str:
    """The country of an ISO 3166-1 alpha-2 code; the code itself where it is unknown (imports bring such)."""
    return geography.country_name(code, _language()) if code in geography.countries() else code


@register.simple_tag
def region_name(code: str) -> str:
    """A country or an M49 region; the code itself where it is unknown."""
    known = code in geography.regions() or code in geography.countries()
    return geography.region_name(code, _language()) if known else code


@register.simple_tag
def region_names(codes: Iterable[str]) -> str:
    """Countries and regions as a list in the grammar of the language: "Chile, Peru and Western Asia"."""
    names = [region_name(code) for code in codes]
    return format_list(names, locale=babel_locale(_language())) if names else ""


@register.simple_tag
def city_name(city: City | None) -> str:
    """The city's name for this reader; empty for None."""
    return city.name if city else ""


@register.simple_tag
def place(record: object) -> str:
    """City and country of a demand or of anything else with ``city`` and ``country``: "Suwon, South Korea"."""
    city = city_name(getattr(record, "city", None))
    country = country_name(getattr(record, "country", ""))
    return format_place(city, country, _language())


@register.simple_tag
def place_named(name: str, country: str) -> str:
    """As ``place``, of the name of a city and the code of its country."""
    return format_place(name, country_name(country), _language())


@register.simple_tag
def subdivision(city: City) -> str:
    """The state or land of a city where its code says something to people (US: "AK"); numbers of GeoNames do not."""
    code = city.subdivision
    return code if code.isalpha() and len(code) <= 3 else ""
