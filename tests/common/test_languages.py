"""The seven languages: tags, names, order of words, guessing."""

from datetime import date
from decimal import Decimal

import pytest

from portal.common import languages


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("zh-CN", "zh-hans"),
        ("zh_Hans", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("pt-BR", "pt"),
        ("en_US.UTF-8", "en"),
        (" KO ", "ko"),
        ("jp", None),
        ("de", None),
        ("", None),
    ],
)
def test_normalise_language_of_any_spelling_gives_our_code(tag, code):
    assert languages.normalise_language(tag) == code


def test_languages_stand_in_the_order_of_the_portal_with_their_suffixes():
    assert [(language.code, language.suffix) for language in languages.LANGUAGES] == [
        ("en", "en"),
        ("es", "es"),
        ("fr", "fr"),
        ("pt", "pt"),
        ("ko", "ko"),
        ("ja", "ja"),
        ("zh-hans", "zh_hans"),
    ]


def test_endonym_is_the_name_that_cldr_gives_in_the_language_itself():
    for language in languages.LANGUAGES:
        names = languages.babel_locale(language.code).languages
        own = names.get(language.locale) or languages.language_name(language.code, language.code)
        own = languages.language_name("en", "en") if language.code == "en" else own  # en_GB is "British English"
        assert own.casefold() == language.endonym.casefold()


@pytest.mark.parametrize(
    ("tag", "in_language", "name"),
    [
        ("sw", "fr", "swahili"),
        ("sw-KE", "fr", "swahili"),
        ("pt-BR", "ko", "포르투갈어"),
        ("zh-Hant", "ja", "繁体中国語"),
        ("xx-none", "en", "xx-none"),
    ],
)
def test_language_name_of_a_tag_is_in_the_language_asked_for(tag, in_language, name):
    assert languages.language_name(tag, in_language) == name


def test_babel_locale_of_an_unknown_code_is_refused():
    with pytest.raises(KeyError):
        languages.babel_locale("de")


def test_format_number_uses_the_separators_of_the_language():
    assert languages.format_number(Decimal("1234567.5"), "pt") == "1.234.567,5"
    assert languages.format_number(1234567, "ko", decimals=2) == "1,234,567.00"
    assert languages.format_number(0.126, "en", decimals=0) == "0"


def test_format_day_writes_the_date_of_each_language():
    day = date(2026, 3, 9)
    assert languages.format_day(day, "ko") == "2026년 3월 9일"
    assert languages.format_day(day, "es", "medium") == "9 mar 2026"


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("fr", ["Égypte", "Émirats arabes unis", "Équateur", "Espagne", "États-Unis", "Finlande"]),
        ("es", ["Baréin", "Bélgica", "Belice", "Benín"]),
        ("ko", ["가나", "나이지리아", "대한민국", "홍콩"]),
        ("ja", ["オーストラリア", "ガーナ", "韓国", "北朝鮮", "タイ", "日本", "パナマ", "メキシコ"]),
        ("zh-hans", ["阿根廷", "巴西", "秘鲁", "德国", "法国", "韩国", "瑙鲁", "尼泊尔", "日本", "英国", "中国"]),
    ],
)
def test_sort_key_orders_names_as_readers_expect(language, ordered):
    assert sorted(set(ordered), key=lambda name: languages.sort_key(name, language)) == ordered


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Replace street lamps with LED lights", "en"),
        ("Renovación del alumbrado público con luminarias LED", "es"),
        ("Ampliación de carriles bici en el centro", "es"),
        ("Rénovation énergétique des écoles de la ville", "fr"),
        ("TRAVAUX DE VOIRIE ET D'ASSAINISSEMENT", "fr"),
        ("Modernização da iluminação pública do município", "pt"),
        ("Gestão de resíduos orgânicos nos mercados", "pt"),
        ("노후 가로등 LED 교체 사업", "ko"),
        ("BRT 도입", "ko"),
        ("公共施設のZEB化", "ja"),
        ("スマートシティ推進", "ja"),
        ("防災対策推進事業", "ja"),
        ("LED街路灯への更新", "ja"),
        ("路灯节能改造", "zh-hans"),
        ("老旧小区LED照明改造工程", "zh-hans"),
    ],
)
def test_guess_language_of_a_short_title_is_right(text, code):
    assert languages.guess_language(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "12 345 €",
        "Обновление уличного освещения",
        "إنارة الشوارع بالطاقة الشمسية",
        "ถนนในเมือง",
        "Straßenbeleuchtung in der Innenstadt erneuern",
        "Modernizacja oświetlenia ulicznego w mieście",
        "Q",
        "\ud800\udfff",
    ],
)
def test_guess_language_of_another_language_or_of_none_is_none(text):
    assert languages.guess_language(text) is None


def test_guess_language_of_a_latin_text_with_one_foreign_name_is_latin():
    assert languages.guess_language("Street lighting lessons learnt by the city of 서울") == "en"


def test_guess_language_of_hostile_text_ends_without_an_error():
    assert languages.guess_language("a\x00\ud800" + "ﷺ" * 10 + " lighting of the streets in our city") == "en"
