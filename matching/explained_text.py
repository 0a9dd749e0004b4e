"""An explained match as plain text: the card of the page for terminals, mails and documents."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.cards import Explanation, PointsRow
from portal.common.languages import format_number


def explained_text(card: Explanation, language: str) -> str:
    """Lines of text in the active language, which ``language`` names for the figures."""
    return "\n".join(_lines(card, language))


def _lines(card: Explanation, language: str) -> Iterator[str]:
    yield f"{format_number(card.score, language)}/100 · {card.band.label}"
    for verdict in card.verdicts:
        yield _line(verdict.label, str(verdict.verdict.label), verdict.detail)
    for row in card.rows:
        yield _line(row.label, _points(row, language), _said(row))
    for row in card.raises:
        gain = ngettext("(+%(points)s point)", "(+%(points)s points)", row.points)
        gain %= {"points": format_number(row.points, language)}
        yield f"  → {row.text} {gain}"


def _line(label: str, short: str, text: str) -> str:
    head = _("%(label)s: %(sentence)s") % {"label": label, "sentence": short}
    return f"  {head} – {text}" if text else f"  {head}"


def _points(row: PointsRow, language: str) -> str:
    return _("not known") if row.points is None else format_number(row.points, language)


def _said(row: PointsRow) -> str:
    if row.detail:
        return row.detail
    return " ↔ ".join(filter(None, dict.fromkeys((row.asked, row.offered))))
