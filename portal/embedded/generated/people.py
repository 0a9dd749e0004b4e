"""Organisations with one person each: bodies of cities and providers, most of them verified."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from catalog.enums import ProviderKind
from catalog.models import Provider
from cities.models import PublicBody
from portal.accounts.enums import OrganisationKind, OrganisationState, StaffRoleKind
from portal.accounts.models import Membership, Organisation, StaffRole, User
from portal.common.translated import column
from portal.embedded.demo.people import NAMES
from portal.embedded.generated.copying import batched, copy_rows, next_pks
from portal.embedded.generated.texts import BODIES, brand
from portal.embedded.generated.world import DOMAIN, World, name_of

AT_ONCE = 5000
MODERATORS = 6
REGIONS = (["001"], [], ["150"], ["019"], ["142"], ["002"], ["030", "035"], ["150", "021"], ["005", "013"])
KINDS = list(ProviderKind.values)
PARTS_OF_PROVIDER = ("summary", "solves")


def make_moderators(world: World) -> None:
    """Who verified and decided. Their accounts are closed: nobody may ever come in by them."""
    rows = _people(world, [f"moderator{number}" for number in range(MODERATORS)], ["en"] * MODERATORS, is_active=False)
    copy_rows(StaffRole, [{"user_id": row["id"], "role": StaffRoleKind.MODERATOR.value} for row in rows])
    world.moderators = [row["id"] for row in rows]


def make_bodies(world: World, count: int) -> None:
    for numbers in batched(range(count), AT_ONCE):
        places = [world.city() for _ in numbers]
        cities = [world.cities[place] for place in places]
        languages = [world.language(city) for city in cities]
        names = [BODIES[code].format(city=name_of(city, code)) for city, code in zip(cities, languages, strict=True)]
        people = _people(world, [f"city{number}" for number in numbers], languages)
        countries = [city["country"] for city in cities]
        organisations = _organisations(world, OrganisationKind.CITY, names, countries, people)
        copy_rows(
            PublicBody,
            [
                {"organisation_id": pk, "city_id": city["pk"], "department": ""}
                for pk, city in zip(organisations, cities, strict=True)
            ],
        )
        world.bodies += zip(organisations, [row["id"] for row in people], places, strict=True)


def make_providers(world: World, count: int) -> None:
    for numbers in batched(range(count), AT_ONCE):
        cities = [world.cities[world.city()] for _ in numbers]
        languages = [world.language(city) for city in cities]
        brands = [brand(world.chance) for _ in numbers]
        names = [f"{one} {world.chance.choice(('GmbH', 'SA', 'Ltd', 'Inc.', 'Lda', 'AB'))}" for one in brands]
        people = _people(world, [f"provider{number}" for number in numbers], languages)
        countries = [city["country"] for city in cities]
        organisations = _organisations(world, OrganisationKind.PROVIDER, names, countries, people)
        pks = next_pks(Provider, len(numbers))
        made = zip(pks, organisations, languages, strict=True)
        copy_rows(Provider, [_provider(world, *one) for one in made])
        users = [row["id"] for row in people]
        world.providers += zip(pks, organisations, users, languages, brands, strict=True)


def _provider(world: World, pk: int, organisation: int, language: str) -> dict[str, Any]:
    text = world.corpus.text(world.chance, "solves", language, "", 2)
    return {
        "id": pk,
        "organisation_id": organisation,
        "kind": world.chance.choice(KINDS),
        "original_language": language,
        "description": text,
        column("description", language): text,
        "regions": world.chance.choice(REGIONS),
        "languages": sorted({language, "en"}),
    }


def _people(world: World, locals_: list[str], languages: list[str], **more: Any) -> list[dict[str, Any]]:
    """Accounts without a password, at addresses of a domain that no mail can reach."""
    closed = make_password(None)
    rows = [
        {
            "id": pk,
            "email": f"{local}.{world.seed}.{pk}@{DOMAIN}",
            "name": world.chance.choice(NAMES[language]),
            "language": language,
            "password": closed,
            **more,
        }
        for pk, local, language in zip(next_pks(User, len(locals_)), locals_, languages, strict=True)
    ]
    copy_rows(User, rows)
    addresses = [{"user_id": row["id"], "email": row["email"], "verified": True, "primary": True} for row in rows]
    copy_rows(EmailAddress, addresses)
    return rows


def _organisations(
    world: World, kind: str, names: list[str], countries: list[str], people: list[dict[str, Any]]
) -> list[int]:
    pks = next_pks(Organisation, len(names))
    rows = [
        _organisation(world, pk, str(kind.value if hasattr(kind, "value") else kind), name, country)
        for pk, name, country in zip(pks, names, countries, strict=True)
    ]
    copy_rows(Organisation, rows)
    ties = zip(pks, people, strict=True)
    copy_rows(Membership, [{"user_id": row["id"], "organisation_id": pk, "role": "admin"} for pk, row in ties])
    return pks


def _organisation(world: World, pk: int, kind: str, name: str, country: str) -> dict[str, Any]:
    at = world.moment(1200)
    is_pending = world.chance.random() < 0.01
    verified = {
        "state": OrganisationState.VERIFIED.value,
        "verified_by_id": world.chance.choice(world.moderators),
        "verified_at": at,
        "verified_how": "known",
    }
    return {
        "id": pk,
        "public_id": world.public_id("O"),
        "kind": kind,
        "name": name,
        "country": country,
        "website": f"https://o{pk}.example" if world.chance.random() < 0.8 else "",
        "created_at": at,
        "updated_at": at,
        **({"state": OrganisationState.PENDING.value} if is_pending else verified),
    }
