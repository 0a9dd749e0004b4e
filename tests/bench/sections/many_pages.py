"""Who asks for which pages of a large portal: every page of the access policy, and lists in many ways."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.db.models import Count
from django.test import Client

from catalog.models import Provider, Solution
from cities.models import City, Demand
from matching.adapters import solution_profiles, vocabulary
from matching.catalogue import Scored
from matching.engine import CandidateSet
from matching.models import Introduction, Match
from portal.accounts.models import Organisation, User
from tests.access.asking import client_of, path_of
from tests.access.policy import POLICY
from tests.access.test_query_bounds import readers
from tests.access.world import AccessWorld, make_access_world
from tests.bench.sections.many import Page

MANY = 24
# Common words, rare ones, parts of words, several, and scripts without spaces.
WORDS = (
    "street", "lighting", "alumbrado", "ônibus", "bus", "eau", "éclairage public", "solar", "data", "e", "a",
    "버스", "가로등", "照明", "路線バス", "公交", "水", "heat pumps for schools", "flood warning", "zzyzx", "lum",
    "Santiago", "서울", "performance contract",
)  # fmt: skip
FILTERS: tuple[dict[str, Any], ...] = (
    {"focus": "mobility"}, {"focus": ["smart_energy", "resilience"]}, {"place": "150"}, {"place": "KR"},
    {"language": "ko"}, {"focus": "mobility", "topic": "bus_systems"}, {"focus": "low_carbon", "place": "019"},
    {"sort": "newest"},
)  # fmt: skip
OF_DEMANDS: tuple[dict[str, Any], ...] = (
    {"stage": "design"}, {"budget": "1m-10m"}, {"budget": "to-100k"}, {"origin": "here"}, {"origin": "imported"},
    {"open": "on"}, {"sort": "decision"}, {"sort": "decision", "open": "on", "focus": "mobility"},
    {"budget": "100k-1m", "place": "150", "stage": "concept", "language": "es"},
)  # fmt: skip
OF_SOLUTIONS: tuple[dict[str, Any], ...] = (
    {"evidence": "documented"}, {"evidence": "third_party_verified", "place": "150"}, {"model": "lease"},
    {"reference": "on"}, {"reference": "on", "evidence": "city_confirmed", "focus": "mobility"},
)  # fmt: skip
DEEP = (1, 2, 3, 50, 1000, 3000, 4000, 99999)
People = dict[str, Client]


def asked_pages() -> tuple[People, list[Page]]:
    with patch("matching.ranking.catalogue", few):
        world = make_access_world()
    busy = _busy()
    people = {name: client_of(user) for name, user in {**world.people, **busy}.items()}
    return people, [*_lists(busy), *_details(), *_policy(world)]


def few() -> Scored:
    """The newest solutions as the whole catalogue: the world's few lists need no snapshot of a hundred thousand."""
    newest = Solution.objects.listed().order_by("-pk").values("pk")[:200]
    profiles = solution_profiles(Solution.objects.for_detail().filter(pk__in=list(newest.values_list("pk", flat=True))))
    return Scored((), CandidateSet.build(profiles, vocabulary()), without_meaning=False)


def _busy() -> dict[str, User]:
    """Who speaks for the city with the most demands, and for the provider with the most solutions."""
    city = Organisation.objects.annotate(n=Count("demands")).order_by("-n", "pk").first()
    provider = Provider.objects.annotate(n=Count("solutions")).order_by("-n", "pk").first()
    assert city is not None
    assert provider is not None
    handled = Introduction.objects.order_by("pk").first()
    found = {"busy city": city.members.first(), "busy provider": provider.organisation.members.first()}
    if handled is not None:
        found |= {"introduced city": handled.city_consent_by, "introduced provider": handled.provider_consent_by}
    return {name: user for name, user in found.items() if user is not None}


def _lists(busy: dict[str, User]) -> Iterator[Page]:
    for name, filters in (("demands", (*FILTERS, *OF_DEMANDS)), ("solutions", (*FILTERS, *OF_SOLUTIONS))):
        for who in ("visitor", "moderator", "busy city"):
            path = f"/en/{name}/"
            yield Page(f"{name}, any page", who, [f"{path}?page={page}" for page in DEEP])
            yield Page(f"{name}, filters", who, _asked(path, filters))
            yield Page(f"{name}, filters and late pages", who, _asked(path, [{**one, "page": 40} for one in filters]))
            yield Page(f"{name}, words", who, _asked(path, [{"q": word} for word in WORDS]))
            both = [{"q": word, **one} for word, one in zip(WORDS, itertools.cycle(filters), strict=False)]
            yield Page(f"{name}, words and filters", who, _asked(path, both))
        for code in ("ko", "ja"):
            yield Page(f"{name} in {code}", "visitor", [f"/{code}/{name}/", *_asked(f"/{code}/{name}/", filters)])
        for kind in ("csv", "json"):
            paths = _asked(f"/en/{name}/download.{kind}", [{}, *filters, {"q": "solar"}])
            yield Page(f"{name} as {kind}, first byte", "visitor", paths)
        api = f"/api/v1/{name}/"
        more = [{"page": page} for page in DEEP[:-1]] + [{"page_size": 100}, {"q": "bus"}, {"q": "버스"}, *FILTERS[:6]]
        yield Page(f"API {name}", "visitor", _asked(api, more))
    yield from _gap()
    yield from _queue()
    for who in busy:
        for path in ("/en/my/", "/en/matches/", "/en/introductions/", "/en/my/notices/", "/api/v1/matches/"):
            yield Page(path, who, [path])
    for path in ("/en/matches/", "/en/introductions/", "/api/v1/matches/", "/api/v1/introductions/"):
        yield Page(f"{path} any page", "moderator", [f"{path}?page={page}" for page in (1, 2, 20, 100)])


def _gap() -> Iterator[Page]:
    places = ("", "150", "019", "005", "155", "KR", "FR", "002")
    wide = [{"focus": area, "place": place} for area in ("", "mobility", "resilience") for place in places]
    wide += [{"language": "ko"}, {"focus": "smart_energy", "language": "es"}, {"place": "142", "language": "ja"}]
    for who, code in (("visitor", "en"), ("moderator", "en"), ("visitor", "ko")):
        yield Page(f"gap in {code}", who, _asked(f"/{code}/gap/", wide))
    yield Page("gap in the API", "visitor", _asked("/api/v1/gap/", wide))
    for kind in ("csv", "json"):
        yield Page(f"gap as {kind}, first byte", "visitor", _asked(f"/en/gap/download.{kind}", wide))


def _queue() -> Iterator[Page]:
    kinds = ("", "organisation", "demand", "solution", "match", "overdue")
    queries: list[dict[str, Any]] = [{"kind": kind, "page": page} for kind in kinds for page in (1, 2, 40)]
    queries += [{"language": "ko"}, {"place": "150"}, {"focus": "mobility"}, {"show": "late"}, {"show": "snoozed"}]
    yield Page("queue", "moderator", _asked("/en/queue/", queries))
    yield Page("home of a moderator", "moderator", ["/en/my/"])
    reviews = (
        ("demands", Demand.objects.waiting_for_review()), ("solutions", Solution.objects.waiting_for_review()),
        ("organisations", Organisation.objects.filter(state="pending")),
        ("matches", Match.objects.filter(state__in=("suggested", "in_review", "offered"))),
    )  # fmt: skip
    for name, records in reviews:
        ids = records.order_by("public_id").values_list("public_id", flat=True)[:MANY]
        yield Page(f"review of {name}", "moderator", [f"/en/queue/{name}/{one}/" for one in ids])


def _details() -> Iterator[Page]:
    demands = list(Demand.objects.live().order_by("public_id").values_list("public_id", flat=True)[:MANY])
    solutions = list(Solution.objects.listed().order_by("public_id").values_list("public_id", flat=True)[:MANY])
    providers = list(Organisation.objects.filter(kind="provider").values_list("public_id", flat=True)[:MANY])
    for who in ("visitor", "moderator"):
        yield Page("demand", who, [f"/en/demands/{one}/" for one in demands])
        yield Page("solution", who, [f"/en/solutions/{one}/" for one in solutions])
    yield Page("list of a demand", "moderator", [f"/en/demands/{one}/matches/" for one in demands])
    yield Page("demands of a solution", "moderator", [f"/en/solutions/{one}/demands/" for one in solutions])
    yield Page("provider", "visitor", [f"/en/providers/{one}/" for one in providers])
    for name, model in (("matches", Match), ("introductions", None)):
        records = (model or Match).objects.filter(state="dialogue").values_list("public_id", flat=True)[:MANY]
        yield Page(name, "moderator", [f"/en/{name}/{one}/" for one in records])
    busiest = City.objects.annotate(n=Count("demands")).order_by("-n")[:1]
    for city in busiest:
        yield Page("words of a city", "visitor", _asked("/en/demands/", [{"q": city.name}]))


def _policy(world: AccessWorld) -> Iterator[Page]:
    for route, variants in POLICY.items():
        for variant, line in variants.items():
            for who in readers(line)[:1]:
                name = f"{route} {variant}".strip()
                yield Page(name, who, [path_of(route, line.of(world))])


def _asked(path: str, queries: Iterable[dict[str, Any]]) -> list[str]:
    return [f"{path}?{urlencode(query, doseq=True)}".removesuffix("?") for query in queries]
