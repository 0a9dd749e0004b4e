"""What demands and solutions have in common on their way from a row to a checked record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from matching.guess import Guesser, Sample
from portal.common.geography import country_languages
from portal.common.languages import guess_language, normalise_language
from portal.imports.cleaning import clean_text, cut
from portal.imports.fields import Schema
from portal.imports.mapping import GuessLanguage, as_text
from portal.imports.reading import Reader

# A guess from a handful of letters is chance.
LEAST_TO_TELL = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """A row as far as it got: ``record`` is None where ``errors`` say why it is refused."""

    source_id: str
    title: str
    record: Any = None
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """The values of a row while they are completed and checked against each other."""

    values: dict[str, Any]
    reader: Reader
    title: str
    text: str

    @property
    def notes(self) -> list[str]:
        return self.reader.notes

    @property
    def errors(self) -> list[str]:
        return self.reader.errors


def read_values(reader: Reader, schema: Schema) -> dict[str, Any]:
    """Every field of the schema, read. A required one without a value is an error."""
    values = {wanted.name: reader.read(wanted) for wanted in schema.fields}
    for wanted in schema.required:
        if not values[wanted.name]:
            reader.errors.append(_("%(field)s: is empty, but every record needs it.") % {"field": wanted.name})
    return values


def settle_identity(draft: Draft, parts: tuple[str, ...]) -> None:
    """Where the source gives no id, what names the record stands for one, so that a second import finds it again."""
    values = draft.values
    if not values["source_id"]:
        named = "\0".join(str(values[name]) for name in parts)
        values["source_id"] = f"sha256:{hashlib.sha256(named.encode()).hexdigest()[:40]}"
    if not values["source"]:
        draft.errors.append(_("source: is empty. Say where the data come from with --source, a column or a mapping."))


def settle_language(draft: Draft, how: GuessLanguage, country: str) -> None:
    """The language given, or that of the text; where neither tells, the first of the country's that is ours."""
    given, whole = draft.values["language"], f"{draft.title}\n{draft.text}"[:3000]
    if given and how == "missing":
        return
    told = guess_language(whole) if len(whole.strip()) >= LEAST_TO_TELL or not given else None
    if given and told and told != given:
        draft.notes.append(
            _("language: the file says %(given)s, the text reads as %(told)s.") % {"given": given, "told": told}
        )
    if not given and not told:
        spoken = country_languages(country) if country else ()
        told = next(filter(None, map(normalise_language, spoken)), None)
        if told:
            draft.notes.append(
                _("language: cannot be told from the text; taken from the country: %(told)s.") % {"told": told}
            )
    draft.values["language"] = told or given
    if not draft.values["language"]:
        draft.errors.append(_("language: cannot be told from the text. Add a column “language”."))


def settle_focus(draft: Draft, guesser: Guesser, areas: Mapping[str, str]) -> None:
    """Focus area and topics as given; guessed from the words, and marked as guessed, where the file is silent."""
    values = draft.values
    if values["topics"] and not values["focus_area"]:
        values["focus_area"] = areas[values["topics"][0]]
    if not values["focus_area"]:
        guess = guesser.guess(Sample(draft.title, draft.text, values["language"], values["hints"]))
        values["focus_area"], values["topics"], values["more_focus_areas"] = guess.area, guess.topics, guess.more_areas
        values["focus_guessed"] = bool(guess.area)
    more = dict.fromkeys([*values["more_focus_areas"], *(areas[topic] for topic in values["topics"])])
    values["more_focus_areas"] = tuple(code for code in more if code != values["focus_area"])
    del values["hints"]


def settle_money(draft: Draft, low: str, high: str) -> None:
    """From and to in order, and a currency wherever there is an amount: without one an amount says nothing."""
    values = draft.values
    check_order(draft, low, high)
    if (values[low] is not None or values[high] is not None) and not values["currency"] and not draft.errors:
        draft.notes.append(_("%(field)s: there is no currency, so the amount is left out.") % {"field": high})
        values[low] = values[high] = None


def check_order(draft: Draft, low: str, high: str) -> None:
    smallest, largest = draft.values[low], draft.values[high]
    if smallest is not None and largest is not None and smallest > largest:
        draft.errors.append(
            _("%(low)s (%(smallest)s) is more than %(high)s (%(largest)s).")
            % {"low": low, "smallest": _plain(smallest), "high": high, "largest": _plain(largest)}
        )


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def keep_long_title(draft: Draft, schema: Schema, name: str, into: str) -> None:
    """A title that had to be cut is not lost: all of it opens the page where the source has no summary."""
    whole = clean_text(as_text(draft.reader.values.get(name)), lines=False).text
    if len(whole) > schema.field(name).limit and not draft.values[into]:
        draft.values[into] = cut(whole, schema.field(into).limit)
