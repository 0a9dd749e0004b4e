"""What may not be in a message catalogue: gaps, guesses, broken placeholders and markup, loose type, stray words.

No Django and no gettext tools: sources and catalogues are read with Babel (portal.common.extraction).
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message

from portal.common import extraction
from portal.common.extraction import LOCALE, ROOT, read_catalogue
from portal.common.languages import CODES

TRANSLATED = tuple(code for code in CODES if code != "en")
# %(name)s of Python and of blocktranslate. A bare % is data ("100 %") and may move.
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^<>]*>|&\w+;")
SCRIPTS = {"ko": r"[\uac00-\ud7af]", "ja": r"[\u3040-\u30ff\u4e00-\u9fff]", "zh-hans": r"[\u4e00-\u9fff]"}
# Names, codes and signs that are the same word in every language.
NAMES = "ICLEI|UrbanLink|API|CSV|JSON|TRL|CO2|GeoNames|OpenAPI|TOTP|URL|QR|ISO|SDG|CPV|PDF"
SAME_EVERYWHERE = re.compile(rf"^(?:[\W\d_]|{NAMES}|%\(\w+\)[sd])*$")
# What is written for machines keeps its own signs: addresses, tags, names of fields, examples in code.
_CODE = re.compile(r"https?://\S+|<[^<>]+>|%\(\w+\)[sd]|\{[^{}]*\}|\"[^\"]*\"|\w+(?:\.\w+)+|\.\w+")
_HAN = r"[\u3040-\u30ff\u4e00-\u9fff]"
# Language → (what is wrong, where it is found). Sources: Imprimerie nationale; RAE; JIS X 4051; GB/T 15834.
TYPOGRAPHY = {
    "es": (("a ? without ¿, or a ! without ¡", None),),
    "fr": (
        ("no narrow no-break space (U+202F) before ; ! ?", re.compile(r"[^\u202f\s\w;!?][;!?]|[\w \u00a0][;!?](?!\w)")),
        ("no no-break space (U+00A0) before :", re.compile(r"[ \u202f\w]:(?=\s|$)")),
        ("no narrow no-break space inside « »", re.compile(r"«(?!\u202f)|(?<!\u202f)»")),
        ("a straight apostrophe", re.compile(r"\w'\w")),
    ),
    "ko": (("full-width punctuation", re.compile(r"[，。；：！？（）]")),),
    "ja": (
        ("half-width punctuation", re.compile(rf"{_HAN}[,.;:!?](?!\ufffc)|[,;!?]{_HAN}")),
        ("half-width brackets", re.compile(rf"{_HAN}\(|\){_HAN}")),
        ("a space between characters", re.compile(rf"{_HAN} {_HAN}")),
    ),
    "zh-hans": (
        ("half-width punctuation", re.compile(rf"{_HAN}[,.;:!?](?!\ufffc)|[,;!?]{_HAN}")),
        ("half-width brackets", re.compile(rf"{_HAN}\(|\){_HAN}")),
        ("a space between characters or before a figure", re.compile(rf"{_HAN} (?:{_HAN}|\d)|\d {_HAN}")),
    ),
}
EVERYWHERE = (("three dots for …", re.compile(r"\.\.\.")), ("two spaces", re.compile(r"  ")))
# Words of the glossary's tables that English uses for two things: a label of the interface may be the other.
HOMONYMS = frozenset({"reference", "report", "accept", "advice", "appeal"})
_ROW = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)


class Fault(NamedTuple):
    """One string of one catalogue that is not as it must be."""

    language: str
    check: str
    text: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.language}: {self.check}: {self.text[:90]!r}{f' ({self.why})' if self.why else ''}"


def all_faults(languages: Collection[str] = TRANSLATED, *, only_present: bool = False) -> list[Fault]:
    """``only_present``: do not ask whether every string of the sources is there and no other."""
    sources = {} if only_present else extraction.extracted()
    found: list[Fault] = []
    for language in languages:
        catalogue = read_catalogue(language)
        if not only_present:
            found += gaps(language, catalogue, sources)
        for message in catalogue:
            if message.id:
                found += faults_of(language, message, catalogue.num_plurals)
        found += [Fault(language, "glossary", *pair) for pair in differing_labels(language, catalogue)]
    return found


def gaps(language: str, catalogue: Catalog, sources: Collection[extraction.Message]) -> Iterator[Fault]:
    for context, singular, plural in sources:
        found = catalogue.get((singular, plural) if plural else singular, context)
        if found is None or not all(texts(found)):
            yield Fault(language, "missing", singular)
    known = {(context, singular) for context, singular, _plural in sources}
    for message in catalogue:
        if message.id and (message.context, source_of(message)) not in known:
            yield Fault(language, "obsolete", source_of(message))
    yield from (Fault(language, "obsolete", str(key)) for key in catalogue.obsolete)


def faults_of(language: str, message: Message, forms: int) -> Iterator[Fault]:
    """What is wrong with one entry, empty translations apart. ``forms``: how many plural forms the language has."""
    source, given = source_of(message), [text for text in texts(message) if text]
    if message.fuzzy:
        yield Fault(language, "fuzzy", source)
    if isinstance(message.id, tuple | list) and len(texts(message)) != forms:
        yield Fault(language, "plural", source, f"{len(texts(message))} forms instead of {forms}")
    for check, why in (
        ("placeholder", _placeholders(message, given)),
        ("markup", _markup(message, given)),
        ("edges", _edges(source, given)),
        ("script", _script(language, given)),
        ("typography", _typography(language, given)),
        ("term", _terms(language, source, given)),
    ):
        if why:
            yield Fault(language, check, source, why)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def source_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _sources(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _placeholders(message: Message, given: list[str]) -> str:
    """A plural form may leave the number out ("one demand"); a single text may not."""
    allowed = {name for source in _sources(message) for name in PLACEHOLDER.findall(source)}
    for text in given:
        used = set(PLACEHOLDER.findall(text))
        if used - allowed or (isinstance(message.id, str) and used != allowed):
            return ", ".join(sorted(used ^ allowed))
        if re.search(r"%\s*\(\w*\)?(?![sd\w])|%\(\w+\)(?![sd])", PLACEHOLDER.sub("", text)):
            return "half a placeholder"
    return ""


def _markup(message: Message, given: list[str]) -> str:
    allowed = [sorted(TAG.findall(source)) for source in _sources(message)]
    return next((text for text in given if sorted(TAG.findall(text)) not in allowed), "")


def _edges(source: str, given: list[str]) -> str:
    for text in given:
        if source.endswith("\n") != text.endswith("\n") or (text.strip(" ") != text and source.strip() == source):
            return "line ends or outer spaces"
    return ""


def _script(language: str, given: list[str]) -> str:
    """Latin words alone are a translation forgotten; figures, signs, names and placeholders are not words."""
    if language not in SCRIPTS:
        return ""
    return next((t for t in given if not SAME_EVERYWHERE.match(t) and not re.search(SCRIPTS[language], t)), "")


def _typography(language: str, given: list[str]) -> str:
    for text in given:
        plain = _CODE.sub("\ufffc", text)
        if language == "es" and (plain.count("?") != plain.count("¿") or plain.count("!") != plain.count("¡")):
            return TYPOGRAPHY["es"][0][0]
        for why, pattern in (*EVERYWHERE, *TYPOGRAPHY.get(language, ())):
            if pattern and pattern.search(plain):
                return why
    return ""


# --- Terms -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def terms() -> dict[str, dict[str, Any]]:
    """locale/glossary.toml; ``english`` as a compiled pattern of whole words."""
    found = tomllib.loads((LOCALE / "glossary.toml").read_text("utf-8"))
    for term in found.values():
        term["english"] = re.compile(rf"(?<![\w-])(?:{term['english']})(?![\w-])", re.IGNORECASE)
    return found


def _terms(language: str, source: str, given: list[str]) -> str:
    """The term whose word a translation lacks. Several plural forms say it together."""
    plain = PLACEHOLDER.sub("", source)
    folded = [_folded(text) for text in given]
    for code, term in terms().items():
        if not given or not term["english"].search(plain) or source.startswith(tuple(term.get("free", ()))):
            continue
        if not any(_folded(stem) in text for stem in term[language] for text in folded):
            return f"{code}: {', '.join(term[language])}"
    return ""


def _folded(text: str) -> str:
    """Without case and accents; kana and Hangul as they are."""
    apart = "".join(char for char in unicodedata.normalize("NFKD", text) if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", apart.casefold())


def glossary_tables() -> list[tuple[str, dict[str, str]]]:
    """Code and words of every row of docs/glossary.md."""
    rows = _ROW.findall((ROOT / "docs" / "glossary.md").read_text("utf-8"))
    return [(code, dict(zip(CODES, map(str.strip, cells.split(" | ")), strict=True))) for code, cells in rows]


def differing_labels(language: str, catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Rows of the glossary whose English is a string of the interface, which says something else in the language."""
    said: dict[str, Counter[str]] = {}
    for message in catalogue:
        if isinstance(message.id, str) and message.id and message.string:
            said.setdefault(message.id.casefold(), Counter())[_label(message.string)] += 1
    for code, words in glossary_tables():
        found = said.get(re.sub(r" \(.*", "", words["en"]).casefold())
        if found and code not in HOMONYMS and _label(words[language]) not in found:
            yield words["en"], f"{', '.join(found)} instead of {words[language]}"


def _label(text: str) -> str:
    return text.casefold().replace("’", "'")
