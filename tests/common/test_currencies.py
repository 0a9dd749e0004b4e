"""Currencies: names, formats and the reference rates."""

from decimal import Decimal

import pytest

from portal.common import currencies
from portal.common.languages import CODES


@pytest.mark.parametrize("language", CODES)
def test_currency_choices_name_every_currency_in_the_language(language):
    choices = dict(currencies.currency_choices(language))

    assert sorted(choices) == list(currencies.currency_codes())
    assert all(label.endswith(f" ({code})") and len(label) > len(f" ({code})") for code, label in choices.items())


def test_currency_codes_hold_todays_currencies_only():
    codes = set(currencies.currency_codes())

    assert {"EUR", "KRW", "XOF", "KES", "COP", "XCG"} <= codes
    assert not codes & {"HRK", "BGN", "DEM", "FRF"}


def test_currency_name_that_cldr_lacks_is_ours():
    assert currencies.currency_name("ZWG", "fr") == "or zimbabwéen"
    assert currencies.currency_name("KRW", "ja") == "韓国ウォン"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        (150421727, "EUR", "fr", "150\u202f421\u202f727\u00a0€"),
        (Decimal("12.50"), "EUR", "en", "€12.50"),
        (2_000_000_000, "KRW", "ko", "₩2,000,000,000"),
        (1_500_000, "COP", "en", "COP\u00a01,500,000"),
        (Decimal("1234567.891"), "JPY", "ja", "￥1,234,568"),
        (5, "BRL", "pt", "R$\u00a05"),
    ],
)
def test_format_amount_follows_the_language(amount, currency, language, text):
    assert currencies.format_amount(amount, currency, language) == text


def test_to_eur_divides_by_the_rate_and_rounds_to_cents():
    rate = currencies.rates()["USD"].per_euro

    assert currencies.to_eur(rate * 1000, "USD") == Decimal("1000.00")
    assert currencies.to_eur(Decimal("655.957"), "XOF") == Decimal("1.00")
    assert currencies.to_eur(7, "EUR") == Decimal("7.00")


def test_to_eur_of_a_currency_without_a_current_rate_is_unknown_not_zero():
    assert currencies.to_eur(100, "RUB") is None
    assert currencies.to_eur(100, "XYZ") is None


def test_market_rates_are_of_one_season():
    days = [rate.day for rate in currencies.rates().values() if not rate.is_fixed]

    assert max(days) == currencies.rates_date()
    assert (max(days) - min(days)).days <= 365
