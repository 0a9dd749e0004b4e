"""Words that a tender must not hold, or that keep good answers away: brands, trademarks, one provider's own terms.

Warnings only. An official may have a reason, and says so in the tender; nothing here blocks.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from catalog.models import Provider, Solution
from cities.models import Demand
from portal.common.languages import CODES
from portal.common.translated import column, original

TEXTS = ("title", "summary", "problem", "outcome")
# A sentence that names a brand with these words beside it knows what it does.
EQUIVALENT = {
    "en": r"or (?:an )?(?:equivalent|equal|similar)", "es": r"o (?:su )?(?:equivalente|similar)",
    "fr": r"ou (?:un )?(?:équivalent|similaire)", "pt": r"ou (?:seu )?(?:equivalente|similar)",
    "ko": r"(?:또는|혹은)\s*(?:동등|이와 동등|유사)", "ja": r"(?:または|又は|もしくは)?同等(?:品|以上)",
    "zh-hans": r"或(?:同等|等同|类似|相当)",
}  # fmt: skip
# One provider's own: patents, exclusive rights, "only from".
PROPRIETARY = {
    "en": r"patented|proprietary|exclusive(?:ly)? (?:from|by)|sole source|brand[- ]name|trademark(?:ed)?",
    "es": r"patentad[oa]s?|propietari[oa]s?|exclusiv[oa] de|proveedor único|marca registrada",
    "fr": r"breveté(?:e|s|es)?|propriétaires?|exclusif de|fournisseur unique|marque déposée",
    "pt": r"patentead[oa]s?|proprietári[oa]s?|exclusiv[oa] d[ae]|fornecedor único|marca registrada",
    "ko": r"특허\s*(?:제품|기술|받은)|독점|전용\s*제품|등록상표|상표명",
    "ja": r"特許(?:製品|技術|取得)|独占|専売|登録商標|商品名",
    "zh-hans": r"专利(?:产品|技术)|专有|独家|注册商标|品牌型号",
}
MARKS = re.compile(r"\S+\s?[®™]")
# "SGS-200X", "AB 1200": letters and figures as types are named. Standards and units are named so, too.
MODEL = re.compile(r"\b[A-Z]{2,}[- ]?\d{2,}[A-Z]{0,3}\b")
NOT_MODELS = re.compile(
    r"^(?:ISO|IEC|EN|DIN|BS|NF|UNE|ABNT|NBR|KS|JIS|GB|ASTM|ANSI|IEEE|IP|IK|CO|PM|NO|SO|CH|TRL|LED|PN|DN|NOM|CIE|RFC|"
    r"GDPR|SDG|ODS|ODD|CPV|COVID|UTF|USB|LTE|WCAG|MWH|KWH|KW|MW|EUR|USD|BRL|KRW|JPY|CNY)[- ]?\d",
    re.IGNORECASE,
)
SHORTEST_NAME = 5
# One word with a capital or a figure inside; PostgreSQL reads it as Python does.
BRAND = r"^[^ ]*([a-z][A-Z]|[A-Za-z][0-9])[^ ]*$"
WORD = re.compile(r"\w+")
WIDE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Warned:
    """``word`` as it stands in the text, and what to think of."""

    word: str
    advice: str


def warnings_of(demand: Demand) -> list[Warned]:
    """Each word once, in the order of the text; none where “or equivalent” stands beside it."""
    text = "\n".join(original(demand, name) for name in TEXTS)
    return list({found.word.casefold(): found for found in _warnings(text, demand.original_language)}.values())


def _warnings(text: str, language: str) -> Iterator[Warned]:
    equivalent = re.compile(EQUIVALENT[language], re.IGNORECASE)
    mild = re.compile(PROPRIETARY[language], re.IGNORECASE)
    names = known_names()
    for sentence in re.split(r"(?<=[.!?。！？\n])", text):
        if equivalent.search(sentence):
            continue
        for word in _found(MARKS, sentence):
            yield Warned(word, gettext("This looks like a trademark. Say what it must do, or add “or equivalent”."))
        for word in _found(mild, sentence):
            yield Warned(word, gettext("This may fit one provider only. Say what it must do instead."))
        for word in _named(sentence, *names):
            yield Warned(word, gettext("This is a name from the catalogue. Describe the need without naming anybody."))
        for word in _found(MODEL, sentence):
            if not NOT_MODELS.match(word):
                yield Warned(
                    word, gettext("This looks like a type of one maker. Say what it must do, or add “or equivalent”.")
                )


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group(0).strip() for match in pattern.finditer(text)]


def _named(sentence: str, by_word: dict[str, list[str]], wide: list[str]) -> list[str]:
    """Names that stand whole in the sentence, as it writes them."""
    lowered = sentence.lower() if len(sentence.lower()) == len(sentence) else sentence
    found = [sentence[place : place + len(name)] for name in wide if (place := lowered.find(name)) >= 0]
    for word in WORD.finditer(lowered):
        for name in by_word.get(word.group(), ()):
            end = word.start() + len(name)
            if lowered.startswith(name, word.start()) and not lowered[end : end + 1].isalnum():
                found.append(sentence[word.start() : end])
                break
    return found


# Changes are read from a little before the last one seen: of two at once the earlier may be the later to commit.
OVERLAP = timedelta(minutes=1)
# New names count at once. One that went out of use is warned of for so long at most: reading all takes a second.
READ_AGAIN = timedelta(hours=1)

Names = tuple[dict[str, list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class _Known:
    """Names as they were at ``read_at``, and those that came since; ``solved`` and ``provided``: the last changes."""

    solved: datetime
    provided: datetime
    read_at: datetime
    names: frozenset[str]
    ordered: Names


NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_known = _Known(NEVER, NEVER, NEVER, frozenset(), ({}, []))


def known_names() -> Names:
    """Names in lower case: by their first word, the longest first; and those of scripts without spaces."""
    global _known
    solutions, providers = Solution.objects.listed(), Provider.objects.all()
    solved = solutions.aggregate(at=Max("updated_at"))["at"] or NEVER
    provided = providers.aggregate(at=Max("updated_at"))["at"] or NEVER
    now = timezone.now()
    if solved < _known.solved or provided < _known.provided or not timedelta() <= now - _known.read_at < READ_AGAIN:
        names = _read(solutions, providers)
        _known = _Known(solved, provided, now, names, _ordered(names))
    elif (solved, provided) != (_known.solved, _known.provided):
        solutions = solutions.filter(updated_at__gte=_known.solved - OVERLAP)
        names = _known.names | _read(solutions, providers.filter(updated_at__gte=_known.provided - OVERLAP))
        ordered = _known.ordered if names == _known.names else _ordered(names)
        _known = _Known(solved, provided, _known.read_at, names, ordered)
    return _known.ordered


def _read(solutions: QuerySet[Any], providers: QuerySet[Any]) -> frozenset[str]:
    """Of solutions only what is written like a name: the catalogue holds “LED lighting”, and a demand may say that."""
    names = {name for name in providers.values_list("organisation__name", flat=True) if _is_a_name(name)}
    columns = [column("name", code) for code in CODES]
    like_names = reduce(or_, (Q(**{f"{name}__regex": BRAND}) for name in columns))
    for row in solutions.filter(like_names).order_by().values_list(*columns):
        names |= {name for name in row if name and _is_a_brand(name)}
    return frozenset(map(str.lower, names))


def _ordered(names: frozenset[str]) -> Names:
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if not WIDE.search(name) and (first := WORD.match(name)):
            by_word[first.group()].append(name)
    return dict(by_word), sorted(name for name in names if WIDE.search(name))


def _is_a_name(name: str) -> bool:
    return len(name) >= (3 if WIDE.search(name) else SHORTEST_NAME)


def _is_a_brand(name: str) -> bool:
    """One word with a capital or a figure inside, as “CoolRoof” or “Aqua360”: nothing that a dictionary holds."""
    return len(name) >= SHORTEST_NAME and bool(re.search(BRAND, name))
