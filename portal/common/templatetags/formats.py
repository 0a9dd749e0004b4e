"""Dates, numbers, amounts and language names as the reader's language writes them (Unicode CLDR through Babel)."""

import datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal, format_percent
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.common import currencies, languages

register = template.Library()


def active_locale() -> Locale:
    return languages.babel_locale(get_language() or "en")


def day_and_hour(value: datetime.datetime, locale: Locale) -> str:
    """The day in words and the hour of a 24-hour clock, as deadlines and meetings give it in every language."""
    day = format_date(value, "long", locale=locale)
    return str(locale.datetime_formats["medium"]).replace("{1}", day).replace("{0}", f"{value:%H:%M}")


@register.simple_tag
def date(value: datetime.date | datetime.datetime | None, style: str = "long") -> SafeString | str:
    """`<time>` with the day, with style "datetime" also the hour, with "clock" hour, minute and second alone."""
    if value is None:
        return ""
    locale = active_locale()
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        if style == "clock":
            shown = f"{value:%H:%M:%S}"
            return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), shown)
        if style == "datetime":
            shown = day_and_hour(value, locale)
            return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="minutes"), shown)
        value = value.date()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), format_date(value, style, locale=locale))


@register.simple_tag
def ago(value: datetime.datetime | None) -> SafeString | str:
    """How long ago (or until when), in words: "3 days ago"."""
    if value is None:
        return ""
    words = format_timedelta(value - timezone.now(), add_direction=True, locale=active_locale())
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="minutes"), words)


@register.simple_tag
def number(value: float | Decimal | None, digits: int = 1) -> str:
    """A number with the separators of the language, at most `digits` after the point; empty for None."""
    if value is None:
        return ""
    rounded, language = round(Decimal(str(value)), digits), get_language() or "en"
    grouped = languages.is_grouped(rounded, language)
    said = format_decimal(rounded, format="#,##0.######", locale=active_locale(), group_separator=grouped)
    return said.replace("-", "\N{MINUS SIGN}")


@register.simple_tag
def percent(value: float | None) -> str:
    """0.25 → 25 %."""
    return "" if value is None else format_percent(value, locale=active_locale())


@register.simple_tag
def money(amount: float | Decimal | None, currency: str) -> str:
    """An amount with its ISO 4217 currency, with decimals only where it has some. Empty for None."""
    if amount is None:
        return ""
    return currencies.format_amount(amount, currency, get_language() or "en")


@register.simple_tag
def money_range(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    """A budget from and to; one end alone is said as such."""
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return money(high if low is None else low, currency)
    return languages.format_range(money(low, currency), money(high, currency), get_language() or "en")


@register.simple_tag
def from_to(low: str, high: str) -> str:
    """Two dates as ``date`` shows them, or words in place of one, as the language writes a range."""
    return format_html(languages.format_range("{}", "{}", get_language() or "en"), low, high)


@register.simple_tag
def language_name(code: str) -> str:
    """The name of a language in the reader's language: "ko" → Korean, coreano, 韓国語."""
    return languages.language_name(code, get_language() or "en")
