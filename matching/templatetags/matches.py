"""Rows of the queue, parties and amounts of a match in the reader's words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.enums import BusinessModel
from catalog.models import Solution
from cities.models import Demand
from cities.templatetags.places import country_name, place
from matching.enums import Band, DropReason
from matching.gap_tables import Cell, small
from matching.models import Introduction, Match
from matching.moves import move_text
from matching.ranked import Places, Standing
from matching.waiting import Kind, Waiting
from matching.words import Words, requirement_text
from portal.common.context import language_tag
from portal.common.languages import format_day, language_name
from portal.common.templatetags.components import badge, status
from portal.common.templatetags.formats import ago, number
from portal.common.templatetags.formats import date as date_tag
from portal.common.templatetags.originals import user_text

register = template.Library()


@register.filter(is_safe=True)
def in_plain(title: str) -> str:
    """A title without its markup, for the window: of the sign between two and the word read for it, only the sign."""
    return str(strip_tags(title.replace(f'<span class="sr-only">{_("and")}</span>', "")))


@register.simple_tag
def pair_title(match: Match) -> SafeString:
    """Both titles in the reader's language where there is one, each with its own `lang` otherwise."""
    demand, solution = user_text(match.demand, "title", note=False), user_text(match.solution, "name", note=False)
    return format_html(
        '{} <span aria-hidden="true">×</span><span class="sr-only">{}</span> {}', demand, _("and"), solution
    )


@register.simple_tag
def record_title(record: Any, kind: str = "") -> SafeString | str:
    """The name of anything that waits in the queue."""
    if isinstance(record, Match):
        return pair_title(record)
    if isinstance(record, Demand):
        return user_text(record, "title", note=False)
    if isinstance(record, Solution):
        return user_text(record, "name", note=False)
    if kind == "application":
        return record_title(record.record)
    if kind in (Kind.QUESTION, Kind.FOLLOW_UP):
        return user_text(record.demand, "title", note=False) if kind == Kind.QUESTION else _of_follow_up(record)
    if named := getattr(record, "named", None):  # as lists fetch them; a page of its own shows the record beside
        title = record_title(named)
        return format_html("{} · {}", record.get_reason_display(), title) if kind == Kind.FLAG else title
    return str(record)


def _of_follow_up(record: Any) -> SafeString:
    found: SafeString = pair_title(record.introduction.match)
    return found


@register.simple_tag
def queue_title(item: Waiting, record: Any) -> SafeString | str:
    return record_title(record, item.kind)


@register.simple_tag(takes_context=True)
def queue_url(context: Context, item: Waiting) -> str:
    """The item's page; the filters go along, so that the next item is the next of the same list."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return f"{item.url}{'?' if query else ''}{query.urlencode()}#item"


@register.simple_tag
def queue_meta(item: Waiting, record: Any) -> list[Any]:
    """What it asks of the moderator, where it comes from, how long it has waited."""
    return [item.kind.task, *_origin(item, record), ago(item.since)]


def _origin(item: Waiting, record: Any) -> list[str]:
    language = get_language() or "en"
    if isinstance(record, Match):
        return [place(record.demand), record.solution.provider.organisation.name]
    if item.kind == Kind.ORGANISATION:
        return [str(record.get_kind_display()), country_name(record.country)]
    if not isinstance(record, Demand | Solution):
        return [country_name(item.facts.country)] if item.facts.country else []
    name = language_name(record.original_language, language)
    if item.kind == Kind.DEMAND:
        return [place(record), name]
    return [record.provider.organisation.name, country_name(record.provider.organisation.country), name]


@register.simple_tag
def queue_badges(item: Waiting, record: Any) -> SafeString:
    """Deadline, risk, and where a match stands."""
    marks = []
    if isinstance(record, Match):
        marks.append(band_badge(record.points, Band(record.band)))
        if item.kind == Kind.OVERDUE or record.state != "suggested":
            marks.append(status(record))
    if item.due is not None:
        marks.append(due_badge(item.due))
    if item.risk > 1:
        marks.append(badge(item.kind.risk, "warning"))
    return format_html('<span class="badges">{}</span>', format_html_join(" ", "{}", ((mark,) for mark in marks)))


@register.simple_tag
def match_meta(match: Match) -> list[Any]:
    return [place(match.demand), match.solution.provider.organisation.name, ago(match.state_since)]


@register.simple_tag
def match_badges(match: Match) -> SafeString:
    """Where it stands, and by when an answer is due while one is awaited."""
    marks = [status(match), due_badge(match.respond_by)]
    return format_html('<span class="badges">{}</span>', format_html_join(" ", "{}", ((mark,) for mark in marks)))


@register.simple_tag
def introduction_meta(introduction: Introduction) -> list[Any]:
    match = introduction.match
    return [place(match.demand), match.solution.provider.organisation.name, date_tag(introduction.introduced_at)]


@register.simple_tag
def band_badge(score: int, band: Band) -> SafeString:
    return badge(_("%(points)s points, %(band)s") % {"points": score, "band": band.label}, band.tone)


@register.simple_tag
def match_word(match: Match | None) -> SafeString | str:
    """Where a listed pair stands with people, for its city and ICLEI; nothing while nobody has taken it up."""
    return status(match) if match is not None else ""


@register.simple_tag
def move_words(match: Match) -> str:
    """Why the match stands off its place by score; nothing where it does not."""
    return move_text(match.moved)


@register.simple_tag
def standing_meta(standing: Standing) -> list[str]:
    parts = {"position": standing.position, "among": standing.among}
    return [_("Place %(position)s of %(among)s") % parts, place(standing.demand)]


@register.simple_tag
def outcome_reason(introduction: Introduction) -> str:
    labels = dict(DropReason.choices)
    return str(labels.get(introduction.outcome_reason, introduction.outcome_reason))


@register.simple_tag
def tag_of(language: str) -> str:
    """The BCP 47 tag for a `lang` attribute."""
    return language_tag(language)


@register.simple_tag
def due_badge(day: date | None) -> SafeString | str:
    """A date to act by, marked when it is near or has passed; nothing for None."""
    if day is None:
        return ""
    shown = format_day(day, get_language() or "en", "medium")
    left = (day - timezone.localdate()).days
    if left < 0:
        return badge(_("Overdue since %(day)s") % {"day": shown}, "danger")
    return badge(_("Due by %(day)s") % {"day": shown}, "warning" if left <= 1 else "neutral")


@register.simple_tag
def requirements_of(demand: Demand) -> list[tuple[str, list[str]]]:
    """Must-haves and nice-to-haves in words, each group under its name; empty groups are left out."""
    language = get_language() or "en"
    groups: dict[bool, list[str]] = {True: [], False: []}
    for row in demand.requirements.all():
        text = requirement_text(row.criterion, row.criterion.operator, row.number, language)
        groups[row.is_mandatory].append(text)
    names = {True: _("Must-haves"), False: _("Nice-to-haves")}
    return [(names[mandatory], items) for mandatory, items in groups.items() if items]


@register.simple_tag
def names_of(records: Iterable[Any]) -> str:
    return _joined(str(record) for record in records)


@register.simple_tag
def languages_list(tags: Iterable[str]) -> str:
    return _joined(language_name(tag, get_language() or "en") for tag in tags)


@register.simple_tag
def models_of(record: Any) -> str:
    labels = dict(BusinessModel.choices)
    return _joined(str(labels.get(code, code)) for code in record.business_models)


@register.simple_tag
def size_of(record: Demand | Solution) -> str:
    """The size of a project asked for or made for, with its unit; empty where none is stated."""
    words = Words()
    if not record.scale_unit:
        return ""
    low, high = (record.quantity,) * 2 if isinstance(record, Demand) else (record.quantity_min, record.quantity_max)
    return words.span(low, high, lambda amount: words.quantity(amount, record.scale_unit))


@register.simple_tag
def months_of(count: int | None) -> str:
    if count is None:
        return ""
    return ngettext("%(number)s month", "%(number)s months", count) % {"number": number(count)}


def _joined(words: Iterable[str]) -> str:
    return Words().list(words)


# --- Figures of the gap ----------------------------------------------------------------------------------


@register.simple_tag
def figure(value: float | None) -> SafeString | str:
    """A count; None is one that is too small to show."""
    return _not_shown() if value is None else number(value, 0)


@register.simple_tag
def small_number(value: int) -> SafeString | str:
    return _not_shown() if small(value) else number(value)


@register.simple_tag
def figure_money(euros: float | None) -> SafeString | str:
    return _not_shown() if euros is None else Words().euros(euros)


@register.simple_tag
def heat_words(cell: Cell) -> SafeString | str:
    """As "3 of 12": demands without a match, of open ones."""
    if cell.open is None:
        return _not_shown()
    if cell.without is None:
        return format_html("{} / {}", _not_shown(), number(cell.open))
    return _("%(without)s of %(open)s") % {"without": number(cell.without), "open": number(cell.open)}


def _not_shown() -> SafeString:
    return format_html('<span aria-hidden="true">–</span><span class="sr-only">{}</span>', _("not shown"))


@register.simple_tag
def lack_meaning(rows: Iterable[Any]) -> bool:
    """Whether the texts of any of these pairs still wait for the encoder."""
    return any(row.summary.without_meaning for row in rows)


@register.inclusion_tag("matching/_places.html")
def places_of(places: Mapping[int, Places], solution: Solution, title: str) -> dict[str, Any]:
    """For how many demands a solution of the reader's own stands on the list, and what one thing more would bring."""
    return {"places": places.get(solution.pk), "solution": solution, "title": title}
