"""Keyword search in all seven languages with PostgreSQL alone: folded words, and bigrams where nothing is spaced."""

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery
from django.db import connection

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_SPLIT = re.compile(rf"([{_CJK}]+)")
MAX_TOKENS = 4000


def fold(text: str) -> str:
    """Lower-case, compatibility-normalised, without accents: ``Éclairage`` → ``eclairage``."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    stripped = "".join(c for c in decomposed if not unicodedata.combining(c) or "\u3099" <= c <= "\u309a")
    return unicodedata.normalize("NFC", stripped)


def tokens(text: str) -> list[str]:
    """Words of Latin and other spaced scripts; overlapping character bigrams of Chinese, Japanese and Korean runs."""
    found: list[str] = []
    for run in re.findall(r"[^\W_]+", fold(text)):
        for part in filter(None, _SPLIT.split(run)):
            if _SPLIT.fullmatch(part):
                found += [part[i : i + 2] for i in range(len(part) - 1)] or [part]
            else:
                found.append(part[:60])
        if len(found) >= MAX_TOKENS:
            break
    return found[:MAX_TOKENS]


def search_vector(weighted: dict[str, str]) -> str:
    """The text form of a tsvector from weight letter (A best … D) → text; PostgreSQL casts it on assignment."""
    entries: dict[str, list[str]] = {}
    position = 0
    for weight, text in sorted(weighted.items()):
        for token in tokens(text):
            position = min(position + 1, 16383)  # tsvector keeps positions up to here
            places = entries.setdefault(token, [])
            if len(places) < 4:
                places.append(f"{position}{weight if weight != 'D' else ''}")
    return " ".join(f"'{token}':{','.join(places)}" for token, places in entries.items())


def search_query(text: str) -> SearchQuery | None:
    """All words must occur, the last one also as a beginning; None where nothing can be searched for."""
    found = tokens(text)[:30]
    if not found:
        return None
    last = found[-1]
    terms = [f"'{token}'" for token in found[:-1]]
    terms.append(f"'{last}'" if _SPLIT.fullmatch(last) and len(last) > 1 else f"'{last}':*")
    return SearchQuery(" & ".join(terms), search_type="raw", config="simple")


def set_search(table: str, pk: int, weighted: dict[str, str]) -> None:
    """Store the vector of one row. Raw SQL, because Django would pass the text through to_tsvector's own tokeniser."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {connection.ops.quote_name(table)} SET search = %s::tsvector WHERE id = %s",  # noqa: S608
            [search_vector(weighted), pk],
        )
