"""Labels and figures of the explanation in the reader's language: criteria, topics, places, amounts."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from babel.lists import format_list
from babel.numbers import format_percent
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from catalog.criteria import UNSPACED, measure
from catalog.enums import BusinessModel, EvidenceGrade, ReferenceStatus, ScaleUnit
from catalog.models import Criterion, FocusArea, Solution, Topic
from cities.models import Demand
from matching.concepts import lexicon
from matching.engine.wording import folded
from portal.common import currencies, geography, languages
from portal.common.translated import original

# The texts whose words the engine compares.
TEXTS: dict[type, tuple[str, ...]] = {
    Demand: ("title", "summary", "problem", "outcome"),
    Solution: ("name", "tagline", "solves", "how_it_works"),
}
_WORD = re.compile(r"[^\W_]+")


class Words:
    """Made once for a page: reads the vocabulary's labels in the active language when the first is asked for.

    ``records`` are those that the page is about; words that the engine found in them are shown as they write them.
    """

    def __init__(self, *records: Demand | Solution) -> None:
        self.language = get_language() or "en"
        self._records = records

    @cached_property
    def _areas(self) -> Mapping[str, str]:
        return {area.code: area.label for area in FocusArea.objects.all()}

    @cached_property
    def _topics(self) -> Mapping[str, str]:
        return {topic.code: topic.label for topic in Topic.objects.all()}

    @cached_property
    def _criteria(self) -> Mapping[str, Criterion]:
        return {criterion.code: criterion for criterion in Criterion.objects.all()}

    @cached_property
    def _written(self) -> Mapping[str, str]:
        written: dict[str, str] = {}
        for record in self._records:
            for name in TEXTS[type(record)]:
                for word in _WORD.findall(unicodedata.normalize("NFC", original(record, name))):
                    written.setdefault(folded(word), word.lower())
        return written

    def as_written(self, word: str) -> str:
        """ "inversión" for the engine's "inversion"."""
        return self._written.get(word, word)

    def list(self, words: Iterable[str]) -> str:
        """Words as a list in the grammar of the language; empty for none."""
        found = [word for word in words if word]
        return format_list(found, locale=languages.babel_locale(self.language)) if found else ""

    def areas(self, codes: Iterable[str]) -> str:
        return self.list(self._areas.get(code, code) for code in codes)

    def topics(self, codes: Iterable[str]) -> str:
        return self.list(self._topics.get(code, code) for code in codes)

    def concepts(self, codes: Iterable[str]) -> str:
        return self.list(lexicon().label(code, self.language) for code in codes)

    def criterion(self, code: str) -> str:
        return self._criteria[code].label if code in self._criteria else code

    def criteria(self, codes: Iterable[str]) -> str:
        return self.list(self.criterion(code) for code in codes)

    def country(self, code: str | None) -> str:
        known = code in geography.countries()
        return geography.country_name(str(code), self.language) if known else str(code or "")

    def languages(self, tags: Iterable[str]) -> str:
        return self.list(languages.language_name(tag, self.language) for tag in tags)

    def models(self, codes: Iterable[str]) -> str:
        return self.list(_label(BusinessModel, code) for code in codes)

    def grade(self, code: str | None) -> str:
        return _label(EvidenceGrade, code or "")

    def reference_status(self, code: str) -> str:
        return _label(ReferenceStatus, code)

    def number(self, value: float) -> str:
        return languages.format_number(value, self.language)

    def percent(self, share: float) -> str:
        return format_percent(round(share, 2), locale=languages.babel_locale(self.language))

    def euros(self, amount: float) -> str:
        """Three significant digits: the figures come from the rates of one day and are no more exact than that."""
        digits = len(str(int(abs(amount))))
        return currencies.format_amount(round(round(amount), min(0, 3 - digits)), "EUR", self.language)

    def quantity(self, amount: float, unit: str) -> str:
        gap = "" if self.language in UNSPACED else "\N{NO-BREAK SPACE}"
        return f"{self.number(amount)}{gap}{_label(ScaleUnit, unit)}"

    def people(self, count: float) -> str:
        return self.quantity(count, ScaleUnit.INHABITANTS)

    def measure(self, value: float, code: str) -> str:
        """A figure of a criterion with its unit: "5 years", "IP65", "−20 °C", "25%"."""
        if code not in self._criteria:
            return self.number(value)
        return measure(Decimal(str(value)), self._criteria[code], self.language)

    def requirement(self, code: str, operator: str, value: Any) -> str:
        """A must-have in words: "Open interfaces", "Warranty: at least 5 years"."""
        if isinstance(value, bool) or code not in self._criteria:
            return self.criterion(code)
        return requirement_text(self._criteria[code], operator, Decimal(str(value)), self.language)

    def day(self, ordinal: int) -> str:
        return languages.format_day(date.fromordinal(ordinal), self.language)

    def span(self, low: float | None, high: float | None, say: Callable[[float], str]) -> str:
        """An interval, one end of which may be open; empty where both are."""
        if low is None and high is None:
            return ""
        if low is None:
            return _("up to %(most)s") % {"most": say(high or 0)}
        if high is None:
            return _("from %(least)s") % {"least": say(low)}
        if low == high:
            return say(low)
        return pgettext("interval", "%(least)s to %(most)s") % {"least": say(low), "most": say(high)}


def requirement_text(criterion: Criterion, operator: str, number: Decimal | None, language: str) -> str:
    if number is None:
        return criterion.label
    parts = {"criterion": criterion.label, "value": measure(number, criterion, language)}
    if operator == "le":
        return _("%(criterion)s: at most %(value)s") % parts
    return _("%(criterion)s: at least %(value)s") % parts


def _label(enum: Any, code: str) -> str:
    return str(enum(code).label) if code in enum.values else code
