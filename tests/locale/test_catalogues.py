"""Seven languages always complete: every string stands in every catalogue, translated, with its placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from portal.common.extraction import FOLDERS, extracted, read_catalogue
from portal.common.languages import CODES

TRANSLATED = [code for code in CODES if code != "en"]
# %(name)s of Python and of blocktranslate. A bare % is data ("100 %") and may move.
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
SCRIPTS = {"ko": r"[\uac00-\ud7af]", "ja": r"[\u3040-\u30ff\u4e00-\u9fff]", "zh-hans": r"[\u4e00-\u9fff]"}
# Names, codes and signs that are the same word in every language.
NAMES = "ICLEI|UrbanLink|API|CSV|JSON|TRL|CO2|GeoNames|OpenAPI|TOTP|URL|QR|ISO|SDG|CPV|PDF"
SAME_EVERYWHERE = re.compile(rf"^(?:[\W\d_]|{NAMES}|%\(\w+\)[sd])*$")


@pytest.fixture(scope="module")
def sources() -> dict:
    return extracted()


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def test_catalogues_cover_the_languages_of_the_settings() -> None:
    assert set(FOLDERS) == set(CODES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_source_string_has_a_translation(language: str, sources: dict) -> None:
    catalogue = read_catalogue(language)
    missing = []
    for context, singular, plural in sources:
        found = catalogue.get((singular, plural) if plural else singular, context)
        if found is None or found.fuzzy or not all(texts(found)):
            missing.append(singular)
    assert not missing, f"{language}: {len(missing)} of {len(sources)} strings, for instance {missing[:5]}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_breaks_a_placeholder(language: str) -> None:
    broken = []
    for message in read_catalogue(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        allowed = set().union(*(set(PLACEHOLDER.findall(i)) for i in ids))
        for text in filter(None, texts(message)):
            used = set(PLACEHOLDER.findall(text))
            # A plural form may leave the number out ("one demand"); a single text may not.
            if used - allowed or (len(ids) == 1 and used != allowed):
                broken.append((ids[0], text))
    assert broken == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_translations_are_in_the_language_script(language: str) -> None:
    """Latin words alone are a translation forgotten; figures, signs, names and placeholders are not words."""
    foreign = [
        text
        for message in read_catalogue(language)
        for text in (texts(message) if message.id else [])
        if text and not SAME_EVERYWHERE.match(text) and not re.search(SCRIPTS[language], text)
    ]
    assert foreign == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_line_ends_and_outer_spaces_are_kept(language: str) -> None:
    wrong = []
    for message in read_catalogue(language):
        source = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
        wrong += [
            source
            for text in filter(None, texts(message) if source else [])
            if source.endswith("\n") != text.endswith("\n") or (text.strip(" ") != text and source.strip() == source)
        ]
    assert wrong == []


def test_percent_signs_of_the_sources_are_placeholders() -> None:
    """A stray %s would make a translation's word order impossible."""
    positional = [singular for _context, singular, _plural in extracted() if re.search(r"%[sd]", singular)]
    assert positional == []


def test_extraction_sees_python_and_templates(sources: dict) -> None:
    places = [place for found in sources.values() for place in found]
    assert any(Path(p.rpartition(":")[0]).suffix == ".py" for p in places)
    assert any(Path(p.rpartition(":")[0]).suffix == ".html" for p in places)
