"""Values of criteria in words, as each language writes them."""

from decimal import Decimal

import pytest
from django.utils import translation

from catalog.criteria import measure, value_in_words
from catalog.models import Criterion

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "number", "language", "words"),
    [
        ("warranty_years", "10.000", "en", "10 years"),
        ("warranty_years", "1", "en", "1 year"),
        ("lead_time_months", "1.5", "en", "1.5 months"),
        ("min_temperature_c", "-20", "fr", "-20\u00a0°C"),
        ("min_temperature_c", "-20", "ko", "-20℃"),
        ("energy_saving_percent", "55.5", "en", "55.5%"),
        ("energy_saving_percent", "55.5", "es", "55,5\u00a0%"),
        ("ingress_protection", "65", "ja", "IP65"),
        ("trl", "7", "zh-hans", "TRL 7"),
        ("noise_db", "1200", "en", "1,200\u00a0dB(A)"),
    ],
)
def test_measure_writes_number_and_unit_as_the_language_does(code: str, number: str, language: str, words: str) -> None:
    with translation.override(language):
        assert measure(Decimal(number), Criterion.objects.get(code=code), language) == words


@pytest.mark.parametrize(("flag", "words"), [(True, "Yes"), (False, "No")])
def test_a_flag_is_yes_or_no(flag: bool, words: str) -> None:
    criterion = Criterion.objects.get(code="iso_9001")
    assert value_in_words(criterion, flag=flag, number=None, language="en") == words
