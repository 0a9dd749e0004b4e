"""Which strings the interface has, read from the sources with Babel: no gettext tools are needed."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "locale"
SOURCES = ("portal", "catalog", "cities", "matching")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FOLDERS = {"en": "en", "es": "es", "fr": "fr", "pt": "pt", "ko": "ko", "ja": "ja", "zh-hans": "zh_Hans"}
# What templatize makes of {% translate %}, {% blocktranslate %} and _("…"): calls among blanked-out text.
_STRING = r"""(?:u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")
_PARTS = re.compile(_STRING)

Message = tuple[str | None, str, str | None]


def extracted() -> dict[Message, list[str]]:
    """(context, singular, plural) → the places that use it, as ``path:line``."""
    found: dict[Message, list[str]] = {}
    for path in sorted(p for folder in SOURCES for p in (ROOT / folder).rglob("*.py")):
        for line, message in _from_python(path):
            found.setdefault(message, []).append(f"{path.relative_to(ROOT)}:{line}")
    for path in sorted(p for pattern in ("*.html", "*.txt") for p in (ROOT / "templates").rglob(pattern)):
        for line, message in _from_template(path):
            found.setdefault(message, []).append(f"{path.relative_to(ROOT)}:{line}")
    return found


def _from_python(path: Path) -> Iterator[tuple[int, Message]]:
    with path.open("rb") as source:
        for line, function, arguments, _comments in extract_python(source, KEYWORDS, [], {}):
            parts = [a for a in (arguments if isinstance(arguments, tuple) else (arguments,)) if isinstance(a, str)]
            if parts and parts[0]:
                yield line, _message(function or "_", parts)


def _from_template(path: Path) -> Iterator[tuple[int, Message]]:
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in _CALL.finditer(code):
        parts = [ast.literal_eval(part) for part in _PARTS.findall(call[2])]
        # Python's %% in a msgid is what a template writes as %.
        yield code.count("\n", 0, call.start()) + 1, _message(call[1], parts)


def _message(function: str, parts: list[str]) -> Message:
    context = parts.pop(0) if "pgettext" in function else None
    plural = parts[1] if function.startswith(("ngettext", "npgettext")) and len(parts) > 1 else None
    return context, parts[0], plural


def catalogue_path(language: str) -> Path:
    return LOCALE / FOLDERS[language] / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    path = catalogue_path(language)
    with path.open("rb") as file:
        return read_po(file, locale=FOLDERS[language])


def template_catalogue() -> Catalog:
    """All strings, without translations, with the places that use them."""
    catalogue = Catalog(project="UrbanLink", charset="utf-8")
    for (context, singular, plural), places in extracted().items():
        locations = [(place.rpartition(":")[0], 0) for place in dict.fromkeys(places)][:3]
        flags = ["python-format"] if "%(" in singular else []
        catalogue.add((singular, plural) if plural else singular, locations=locations, flags=flags, context=context)
    return catalogue


def write_catalogue(language: str, catalogue: Catalog) -> None:
    """Sorted, without line numbers and dates of the day: a catalogue changes in git only where its strings change."""
    catalogue.fuzzy = False
    catalogue.header_comment = "# UrbanLink, Apache-2.0. Terms: docs/glossary.md."
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=120, sort_output=True, ignore_obsolete=True, omit_header=False, include_lineno=False
        )
