"""Seven languages always complete: every string stands in every catalogue, translated, and as its language writes."""

import re
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command

from portal.common import catalogue_checks
from portal.common.catalogue_checks import TRANSLATED, Fault, all_faults, differing_labels, faults_of, gaps, terms
from portal.common.extraction import FOLDERS, extracted, read_catalogue
from portal.common.languages import CODES

NNBSP, NBSP = "\u202f", "\u00a0"


@pytest.fixture(scope="module")
def sources() -> dict:
    return extracted()


def test_catalogues_cover_the_languages_of_the_settings() -> None:
    assert set(FOLDERS) == set(CODES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_source_string_has_a_translation_and_no_other_is_kept(language: str, sources: dict) -> None:
    found = [str(fault) for fault in gaps(language, read_catalogue(language), sources)]
    assert not found, f"{len(found)} of {len(sources)} strings, for instance {found[:5]}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_is_in_order(language: str) -> None:
    assert [str(fault) for fault in all_faults([language], only_present=True)] == []


def test_percent_signs_of_the_sources_are_placeholders(sources: dict) -> None:
    """A stray %s would make a translation's word order impossible."""
    positional = [singular for _context, singular, _plural in sources if re.search(r"%[sd]", singular)]
    assert positional == []


def test_extraction_sees_python_and_templates(sources: dict) -> None:
    places = [place for found in sources.values() for place in found]
    assert any(Path(p.rpartition(":")[0]).suffix == ".py" for p in places)
    assert any(Path(p.rpartition(":")[0]).suffix == ".html" for p in places)


@pytest.mark.parametrize(
    ("language", "source", "translation", "check"),
    [
        ("es", "%(count)s lamps", "%(cuenta)s farolas", "placeholder"),
        ("es", "%(count)s lamps", "farolas", "placeholder"),
        ("es", "%(count)s lamps", "%(count) farolas", "placeholder"),
        ("es", "<strong>Lamps</strong>", "<strong>Farolas", "markup"),
        ("es", "Lamps", "Farolas ", "edges"),
        ("es", "Really?", "De verdad?", "typography"),
        ("es", "Wait...", "Espere...", "typography"),
        ("fr", "Really?", "Vraiment ?", "typography"),
        ("fr", "Really?", f"Vraiment{NBSP}?", "typography"),
        ("fr", "Place: here", "Lieu : ici", "typography"),
        ("fr", "Place: here", f"Lieu{NNBSP}: ici", "typography"),
        ("fr", "“Here”", "« Ici »", "typography"),
        ("fr", "the lamp", "l'ampoule", "typography"),
        ("ko", "Lamps.", "가로등。", "typography"),
        ("ja", "Lamps.", "街灯.", "typography"),
        ("ja", "Lamps (new)", "街灯(新)", "typography"),
        ("zh-hans", "3 lamps", "路灯 3盏", "typography"),
        ("ja", "Street lamps", "Street lamps", "script"),
        ("ja", "%(count)s demands", "%(count)s件の需要", "term"),
        ("fr", "%(count)s demands", "%(count)s demandes", "term"),
    ],
)
def test_each_fault_is_found(language: str, source: str, translation: str, check: str) -> None:
    catalogue = Catalog(locale=FOLDERS[language])
    message = catalogue.add(source, translation)
    assert [fault.check for fault in faults_of(language, message, 1)] == [check]


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("fr", "Really? “Yes”: 12:30", f"Vraiment{NNBSP}? «{NNBSP}Oui{NNBSP}»{NBSP}: 12:30"),
        ("fr", "See https://example.org/?a=1;b", "Voir https://example.org/?a=1;b"),
        ("ja", "Lamps (IP65): 3.", "街灯（IP65）：3。"),
        ("zh-hans", '{"columns": 1}', '列：{"columns": 1}'),
        ("ko", "A city's demands?", "지자체의 수요입니까?"),
        ("ko", "Technology readiness level", "기술성숙도(TRL)"),
    ],
)
def test_good_type_is_no_fault(language: str, source: str, translation: str) -> None:
    message = Catalog(locale=FOLDERS[language]).add(source, translation)
    assert list(faults_of(language, message, 1)) == []


def test_plural_with_a_form_too_few_is_found() -> None:
    message = Catalog(locale="fr").add(("%(n)s lamp", "%(n)s lamps"), ("%(n)s lampe",))
    assert [fault.check for fault in faults_of("fr", message, 2)] == ["plural"]


def test_guess_of_a_tool_is_found() -> None:
    message = Catalog(locale="es").add("Lamps", "Farolas", flags=["fuzzy"])
    assert [fault.check for fault in faults_of("es", message, 2)] == ["fuzzy"]


def test_missing_and_unused_strings_are_found() -> None:
    catalogue = Catalog(locale="es")
    catalogue.add("Old lamps", "Farolas viejas")
    found = list(gaps("es", catalogue, {(None, "New lamps", None): []}))
    assert found == [Fault("es", "missing", "New lamps"), Fault("es", "obsolete", "Old lamps")]


def test_label_that_differs_from_the_glossary_is_found() -> None:
    catalogue = Catalog(locale="ja")
    catalogue.add("Withdrawn", "撤回")
    assert list(differing_labels("ja", catalogue)) == [("Withdrawn", "撤回 instead of 取下げ")]


def test_terms_name_a_stem_for_every_language() -> None:
    assert [code for code, term in terms().items() if not all(term.get(language) for language in TRANSLATED)] == []


def test_exceptions_of_a_term_are_still_strings_of_the_interface(sources: dict) -> None:
    strings = [singular for _context, singular, _plural in sources]
    free = [start for term in terms().values() for start in term.get("free", ())]
    assert [start for start in free if not any(one.startswith(start) for one in strings)] == []


def test_command_names_what_is_wrong_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_checks, "gaps", lambda *_: [Fault("ja", "missing", "New lamps")])
    out = StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("check_translations", "ja", stdout=out)
    assert out.getvalue() == "ja: missing: 'New lamps'\n"


def test_command_knows_its_languages() -> None:
    with pytest.raises(CommandError, match="xx"):
        call_command("check_translations", "xx")
