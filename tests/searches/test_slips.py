"""A slip finds what the right word finds: by words and by meaning, in the same order, with the same numbers."""

from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.utils import translation

from cities.actions import refresh_search
from cities.models import Demand
from portal.common.reading import read
from portal.searches import meaning
from portal.searches.meaning import widened
from portal.searches.word_actions import recount_words
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db

TITLES = {
    "en": ("Public lighting of squares", "Lighting of a park", "Electric buses"),
    "es": ("Alumbrado público en los barrios", "Iluminación de parques"),
    "ko": ("친환경 버스 도입", "가로등 교체"),
    "fr": ("Éclairage des rues",),
}
# Language of the reader, what was typed, the right word.
SLIPS = [
    ("en", "ligthing", "lighting"), ("en", "Lighting", "lighting"), ("en", "publik lighting", "public lighting"),
    ("es", "alumbardo", "alumbrado"), ("es", "alumbrado publico", "Alumbrado Público"),
    ("ko", "버쓰", "버스"), ("fr", "eclairage", "Éclairage"), ("pt", "iluminacao publica", "iluminação pública"),
]  # fmt: skip


@pytest.fixture
def _answered(settings: Any, monkeypatch: Any) -> None:
    """Everything is somewhat near; the order depends on the very text that the meaning is asked of."""
    cache.clear()
    for language, titles in TITLES.items():
        for title in titles:
            refresh_search(DemandFactory(language=language, title=title, summary="", problem="", outcome=""))
    recount_words()
    settings.SEARCH_PATIENCE_MS = 100
    monkeypatch.setattr(meaning.spaces, "current_id", lambda: "some space")
    monkeypatch.setattr(meaning, "vector_of", lambda text, _space: widened(np.frombuffer(text.encode(), np.uint8)))
    monkeypatch.setattr(meaning, "near_enough", _by_text)


def _by_text(vector: Any, _space: str, records: Any) -> list[int]:
    keys = list(records.order_by("pk").values_list("pk", flat=True))
    place = int(sum(number * at for at, number in enumerate(vector.to_list(), 1))) % len(keys)
    return keys[place:]


def choices_of(form: Any) -> dict[str, list[tuple[str, str]]]:
    fields = {name: form.fields[name] for name in form.counters if name in form.fields}
    return {
        name: [(str(code), str(label)) for code, label in getattr(field, "choices", [("", field.label)])]
        for name, field in fields.items()
    }


@pytest.mark.usefixtures("_answered")
@pytest.mark.parametrize(("language", "slip", "right"), SLIPS, ids=[slip for _language, slip, _right in SLIPS])
def test_slip_finds_what_the_right_word_finds(client: Any, language: str, slip: str, right: str) -> None:
    found = []
    for words in (slip, right):
        context = client.get(f"/{language}/demands/", {"q": words}).context
        found.append(([one.title for one in context["page_obj"]], context["count"], choices_of(context["form"])))
    assert found[0] == found[1]


def test_slip_beside_a_known_phrase_is_asked_of_meaning_as_the_right_words_are() -> None:
    refresh_search(DemandFactory(title="Gardens of the city"))
    recount_words()
    with translation.override("es"):
        slip = read("gardnes alumbrado publico", "es", Demand.objects.all())
        right = read("GARDENS  Alumbrado Público", "es", Demand.objects.all())
    assert slip is not None
    assert right is not None
    assert slip.said == right.said == "gardens alumbrado público"
