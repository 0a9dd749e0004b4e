"""Dates, numbers, amounts, lists and plurals in each language, and names in alphabetical order."""

import datetime
from decimal import Decimal
from unittest import mock

import pytest
from django.utils import timezone, translation
from django.utils.translation import ngettext

from portal.accounts.models import Organisation
from portal.common.answers import joined
from portal.common.languages import CODES, format_place
from portal.common.ordering import by_name
from portal.common.templatetags import formats
from tests.factories.accounts import OrganisationFactory

N, B = "\u202f", "\xa0"
MOMENT = datetime.datetime(2027, 3, 9, 14, 5, tzinfo=datetime.UTC)


def bare(html: str) -> str:
    return html.rpartition("</time>")[0].partition(">")[2]


@pytest.mark.parametrize(
    ("language", "long", "short", "hour"),
    [
        ("en", "9 March 2027", "9 Mar 2027", "9 March 2027, 14:05"),
        ("es", "9 de marzo de 2027", "9 mar 2027", "9 de marzo de 2027, 14:05"),
        ("fr", "9 mars 2027", "9 mars 2027", "9 mars 2027, 14:05"),
        ("pt", "9 de março de 2027", "9 de mar. de 2027", "9 de março de 2027 14:05"),
        ("ko", "2027년 3월 9일", "2027. 3. 9.", "2027년 3월 9일 14:05"),
        ("ja", "2027年3月9日", "2027/03/09", "2027年3月9日 14:05"),
        ("zh-hans", "2027年3月9日", "2027年3月9日", "2027年3月9日 14:05"),
    ],
)
def test_days_and_hours(language: str, long: str, short: str, hour: str) -> None:
    with translation.override(language), timezone.override("UTC"):
        found = [bare(formats.date(MOMENT, style)) for style in ("long", "medium", "datetime")]
    assert found == [long, short, hour]


@pytest.mark.parametrize(
    ("language", "budget", "place"),
    [
        ("en", "€1,500 – €2,000", "Suwon, South Korea"), ("es", f"1500{B}€ – 2000{B}€", "Suwon, South Korea"),
        ("ko", "€1,500~€2,000", "Suwon, South Korea"), ("ja", "€1,500～€2,000", "Suwon（South Korea）"),
        ("zh-hans", "€1,500～€2,000", "Suwon（South Korea）"),
    ],
)  # fmt: skip
def test_ranges_and_places_are_written_as_the_language_does(language: str, budget: str, place: str) -> None:
    with translation.override(language):
        assert formats.money_range(Decimal(1500), Decimal(2000), "EUR") == budget
    assert format_place("Suwon", "South Korea", language) == place
    assert format_place("", "South Korea", language) == "South Korea"


@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [
        ("Asia/Seoul", "21:00", "21:00"),
        ("America/Sao_Paulo", "09:00", "09:00"),
        ("Europe/Paris", "14:00", "13:00"),
        ("America/New_York", "08:00", "07:00"),
    ],
)
def test_hours_are_those_of_the_zone_on_the_day(zone: str, summer: str, winter: str) -> None:
    with translation.override("fr"), timezone.override(zone):
        found = [
            bare(formats.date(datetime.datetime(2027, month, 1, 12, tzinfo=datetime.UTC), "datetime"))[-5:]
            for month in (7, 1)
        ]
    assert found == [summer, winter]


@pytest.mark.parametrize(
    ("language", "past", "future"),
    [
        ("en", "3 days ago", "in 2 hours"),
        ("es", "hace 3 días", "dentro de 2 horas"),
        ("fr", "il y a 3 jours", "dans 2 heures"),
        ("pt", "há 3 dias", "em 2 horas"),
        ("ko", "3일 전", "2시간 후"),
        ("ja", "3 日前", "2 時間後"),
        ("zh-hans", "3天前", "2小时后"),
    ],
)
def test_time_from_now(language: str, past: str, future: str) -> None:
    with translation.override(language), mock.patch.object(timezone, "now", return_value=MOMENT):
        deltas = (-datetime.timedelta(days=3), datetime.timedelta(hours=2))
        found = [bare(formats.ago(MOMENT + delta)) for delta in deltas]
    assert found == [past, future]


@pytest.mark.parametrize(
    ("language", "large", "thousands", "share"),
    [
        ("en", "1,234,567.3", "4,800", "26%"),
        # CLDR: Spanish parts thousands from five digits on.
        ("es", "1.234.567,3", "4800", f"26{B}%"),
        ("fr", f"1{N}234{N}567,3", f"4{N}800", f"26{B}%"),
        ("pt", "1.234.567,3", "4.800", "26%"),
        ("ko", "1,234,567.3", "4,800", "26%"),
        ("ja", "1,234,567.3", "4,800", "26%"),
        ("zh-hans", "1,234,567.3", "4,800", "26%"),
    ],
)
def test_numbers_and_shares(language: str, large: str, thousands: str, share: str) -> None:
    with translation.override(language):
        assert [formats.number(1234567.28), formats.number(4800), formats.percent(0.256)] == [large, thousands, share]


@pytest.mark.parametrize(
    ("language", "euros", "won", "yen", "cents"),
    [
        ("en", "€1,234,567", "₩5,000", "JP¥5,000", "R$12.50"),
        ("es", f"1.234.567{B}€", f"5000{B}KRW", f"5000{B}JPY", f"12,50{B}BRL"),
        ("fr", f"1{N}234{N}567{B}€", f"5{N}000{B}₩", f"5{N}000{B}JPY", f"12,50{B}R$"),
        ("pt", f"€{B}1.234.567", f"₩{B}5.000", f"JP¥{B}5.000", f"R${B}12,50"),
        ("ko", "€1,234,567", "₩5,000", "JP¥5,000", "R$12.50"),
        ("ja", "€1,234,567", "₩5,000", "￥5,000", "R$12.50"),
        ("zh-hans", "€1,234,567", "₩5,000", "JP¥5,000", "R$12.50"),
    ],
)
def test_amounts(language: str, euros: str, won: str, yen: str, cents: str) -> None:
    amounts = [(1234567, "EUR"), (5000, "KRW"), (5000, "JPY"), (Decimal("12.5"), "BRL")]
    with translation.override(language):
        assert [formats.money(amount, code) for amount, code in amounts] == [euros, won, yen, cents]


@pytest.mark.parametrize(
    ("language", "three"),
    [("en", "a, b and c"), ("es", "a, b y c"), ("fr", "a, b et c"), ("pt", "a, b e c"), ("ko", "a, b 및 c"),
     ("ja", "a、b、c"), ("zh-hans", "a、b和c")],
)  # fmt: skip
def test_lists(language: str, three: str) -> None:
    with translation.override(language):
        assert joined(["a", "b", "c"]) == three


@pytest.mark.parametrize("language", CODES)
def test_one_and_many_differ_where_the_language_tells_them_apart(language: str) -> None:
    """French counts nothing as one; Korean, Japanese and Chinese have one form."""
    with translation.override(language):
        forms = [ngettext("%(shown)s demand", "%(shown)s demands", count) % {"shown": "#"} for count in (0, 1, 2)]
    expected = {"en": 2, "es": 2, "fr": 2, "pt": 2}.get(language, 1)
    assert len(set(forms)) == expected
    assert (forms[0] == forms[1]) is (language not in ("en", "es", "pt"))


@pytest.mark.django_db
def test_names_stand_in_alphabetical_order_whatever_their_accents() -> None:
    names = ["zurich", "Éole", "ecole", "Ångström", "Amt", "서울", "Eolia", "부산"]
    for name in names:
        OrganisationFactory(name=name)
    found = Organisation.objects.filter(name__in=names).order_by(*by_name()).values_list("name", flat=True)
    assert list(found) == ["Amt", "Ångström", "ecole", "Éole", "Eolia", "zurich", "부산", "서울"]


def test_number_below_zero_has_the_sign_of_arithmetic_not_a_hyphen() -> None:
    with translation.override("en"):
        assert formats.number(-38) == "\N{MINUS SIGN}38"
