"""Labels and figures of the explanation in the reader's language: criteria, topics, places, amounts."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from babel.lists import format_list
from babel.numbers import format_percent
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from catalog.enums import BusinessModel, EvidenceGrade, ReferenceStatus, ScaleUnit
from catalog.models import Criterion, FocusArea, Topic
from portal.common import currencies, geography, languages

UNIT_FIRST = {"ip_code": "{unit}{number}", "level": "{unit} {number}"}
UNSPACED = ("ko", "ja", "zh-hans")


class Words:
    """Made once for a page: reads the vocabulary's labels in the active language when the first is asked for."""

    def __init__(self) -> None:
        self.language = get_language() or "en"

    @cached_property
    def _areas(self) -> Mapping[str, str]:
        return {area.code: area.label for area in FocusArea.objects.all()}

    @cached_property
    def _topics(self) -> Mapping[str, str]:
        return {topic.code: topic.label for topic in Topic.objects.all()}

    @cached_property
    def _criteria(self) -> Mapping[str, Criterion]:
        return {criterion.code: criterion for criterion in Criterion.objects.all()}

    def list(self, words: Iterable[str]) -> str:
        """Words as a list in the grammar of the language; empty for none."""
        found = [word for word in words if word]
        return format_list(found, locale=languages.babel_locale(self.language)) if found else ""

    def areas(self, codes: Iterable[str]) -> str:
        return self.list(self._areas.get(code, code) for code in codes)

    def topics(self, codes: Iterable[str]) -> str:
        return self.list(self._topics.get(code, code) for code in codes)

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

    def euros(self, amount: float) -> str:
        """Whole euros: the figures come from rates of one day and are no more exact than that."""
        return currencies.format_amount(round(amount), "EUR", self.language)

    def quantity(self, amount: float, unit: str) -> str:
        return self._with_unit(self.number(amount), _label(ScaleUnit, unit))

    def people(self, count: float) -> str:
        return self.quantity(count, ScaleUnit.INHABITANTS)

    def measure(self, value: float, code: str) -> str:
        """A figure of a criterion with its unit: "5 years", "IP65", "−20 °C", "25%"."""
        criterion = self._criteria.get(code)
        if criterion is None or not criterion.unit:
            return self.number(value)
        if criterion.unit == "percent":
            # The pattern of CLDR, because some languages set a space before the sign and others do not.
            return format_percent(value / 100, locale=languages.babel_locale(self.language), decimal_quantization=False)
        if criterion.unit in UNIT_FIRST:
            return UNIT_FIRST[criterion.unit].format(unit=criterion.unit_label, number=self.number(value))
        return self._with_unit(self.number(value), criterion.unit_label)

    def requirement(self, code: str, operator: str, value: Any) -> str:
        """A must-have in words: "Open interfaces", "Warranty: at least 5 years"."""
        if isinstance(value, bool):
            return self.criterion(code)
        parts = {"criterion": self.criterion(code), "value": self.measure(value, code)}
        if operator == "le":
            return _("%(criterion)s: at most %(value)s") % parts
        return _("%(criterion)s: at least %(value)s") % parts

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

    def _with_unit(self, number: str, unit: str) -> str:
        gap = "" if self.language in UNSPACED else "\N{NO-BREAK SPACE}"
        return f"{number}{gap}{unit}"


def _label(enum: Any, code: str) -> str:
    return str(enum(code).label) if code in enum.values else code
