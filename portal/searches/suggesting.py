"""What may be meant while it is being typed: topics, titles that the reader may see, cities and providers."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_safe

from catalog.models import Provider
from cities.models import City
from portal.common.context import language_tag
from portal.common.reading import plain_reading
from portal.common.search import HEAD, WIDE, fold, simplified
from portal.common.throttling import Suggestions
from portal.common.translated import shown
from portal.searches import bridge
from portal.searches.enums import Subject
from portal.searches.listings import LISTINGS

SHORTEST, SHORTEST_WIDE, LONGEST = 2, 1, 60
SHORTEST_NAME = 3  # letters from which the index of names helps
MOST_SUBJECTS, MOST_TITLES, MOST_NAMES = 4, 4, 3
LOOKED_AT = 300  # titles with a common beginning, of which the newest are shown
KEEP = 60


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    return render(request, "searches/help.html", {"by_meaning": False})


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """{"spoken": "3 suggestions", "options": [{"text", "kind", "url", "lang"}]}; nothing for what is too short."""
    if not Suggestions().allow_request(request, None):  # type: ignore[arg-type]
        return JsonResponse({"spoken": "", "options": []}, status=429)
    subject, typed = request.GET.get("of", ""), request.GET.get("q", "").strip()[:LONGEST]
    options = list(_options(request.user, subject, typed)) if subject in LISTINGS and _is_long_enough(typed) else []
    number = len(options)
    spoken = ngettext("%(number)s suggestion", "%(number)s suggestions", number) % {"number": number} if options else ""
    response = JsonResponse({"spoken": spoken, "options": options})
    response["Cache-Control"] = f"private, max-age={KEEP}"
    return response


def _is_long_enough(typed: str) -> bool:
    shortest = SHORTEST_WIDE if WIDE.search(typed) else SHORTEST
    return len(typed) >= shortest and plain_reading(typed) is not None


def _options(user: Any, subject: str, typed: str) -> Iterator[dict[str, str]]:
    yield from _subjects(subject, simplified(fold(typed)))
    yield from _titles(user, subject, typed)
    if len(typed) >= SHORTEST_NAME or WIDE.search(typed):
        yield from _cities(user, typed) if subject == Subject.DEMANDS else _providers(user, typed)


def _option(text: str, kind: str, url: str, lang: str = "") -> dict[str, str]:
    return {"text": text, "kind": kind, "url": url, "lang": lang}


def _subjects(subject: str, typed: str) -> Iterator[dict[str, str]]:
    """Focus areas and topics with a word that begins so, in the reader's language: labels before synonyms."""
    language = get_language() or "en"
    found: list[tuple[bool, str, str]] = []
    for query, said in bridge.subjects().lines:
        lines = said.get(language) or said["en"]
        begun = next((line for line in lines if _begins(simplified(fold(line)), typed)), "")
        if begun:
            is_synonym = begun != lines[0]
            found.append((is_synonym, f"{lines[0]} ({begun})" if is_synonym else begun, query))
    for _is_synonym, text, query in sorted(found, key=lambda one: one[0])[:MOST_SUBJECTS]:
        kind = gettext("Topic") if "topic=" in query else gettext("Focus area")
        yield _option(text, kind, LISTINGS[subject].url(query))


def _begins(line: str, typed: str) -> bool:
    return typed in line if WIDE.search(typed) else f" {typed}" in f" {line}"


def _titles(user: Any, subject: str, typed: str) -> Iterator[dict[str, str]]:
    listing, reading = LISTINGS[subject], plain_reading(simplified(typed))
    readable = listing.readable(user)
    if reading is None:
        return
    keys = readable.order_by().filter(search=reading.exact(HEAD)).values("pk")[:LOOKED_AT]
    kind = gettext("Demand") if subject == Subject.DEMANDS else gettext("Solution")
    for record in readable.filter(pk__in=keys).order_by(f"-{listing.since}", "-pk")[:MOST_TITLES]:
        title = shown(record, listing.title)
        yield _option(
            title.text, kind, record.get_absolute_url(), language_tag(title.language) if title.is_foreign else ""
        )


def _cities(user: Any, typed: str) -> Iterator[dict[str, str]]:
    listing = LISTINGS[Subject.DEMANDS]
    with_demands = Exists(listing.readable(user).filter(city=OuterRef("pk")))
    for city in City.objects.spelled(typed).filter(with_demands)[:MOST_NAMES]:
        yield _option(city.name, gettext("City"), listing.url(urlencode({"q": city.name})))


def _providers(user: Any, typed: str) -> Iterator[dict[str, str]]:
    found = Provider.objects.visible_to(user).filter(organisation__name__icontains=typed).select_related("organisation")
    for provider in found.order_by("organisation__name", "pk")[:MOST_NAMES]:
        url = reverse("catalog:provider-detail", args=[provider.organisation.public_id])
        yield _option(provider.organisation.name, gettext("Provider"), url)
