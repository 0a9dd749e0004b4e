"""An explained match as plain text: the card of the page for terminals, mails and documents."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.common.cards import Explanation, PointsRow
from portal.common.languages import format_number


def explained_text(card: Explanation, language: str) -> str:
    """Lines of text in the active language, which ``language`` names for the figures."""
    return "\n".join(_lines(card, language))


def _lines(card: Explanation, language: str) -> Iterator[str]:
    yield f"{format_number(card.score, language)} {_('out of 100 points')} · {card.band.label}"
    yield from (_line(row.label, f"{row.verdict.label}. {row.detail}".strip()) for row in card.verdicts)
    for row in card.rows:
        yield _line(_("%(label)s: %(sentence)s") % {"label": row.label, "sentence": _points(row, language)}, _said(row))
    for row in card.raises:
        gain = _("(+%(points)s points)") % {"points": format_number(row.points, language)}
        yield f"  → {row.text} {gain}"


def _line(label: str, text: str) -> str:
    return f"  {label} – {text}" if text else f"  {label}"


def _points(row: PointsRow, language: str) -> str:
    return _("not known") if row.points is None else format_number(row.points, language)


def _said(row: PointsRow) -> str:
    if row.detail:
        return row.detail
    return " ↔ ".join(filter(None, dict.fromkeys((row.asked, row.offered))))
