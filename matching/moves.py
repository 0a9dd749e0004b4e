"""Why a solution stands off its place by score, as a sentence for its city, its provider and ICLEI."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from matching.engine.ordering import ORDER, OrderRules
from matching.words import Words

REASONS = {
    "provider": _("among any %(among)s places at most %(most)s belong to one provider."),
    "alike": _("a solution much like it stands above it."),
    "made_room": _("one place is kept for a solution that is new or hardly ever shown."),
    "explore": _("this place is kept for a solution that is new or hardly ever shown."),
    "others": _("solutions above it moved down or left the list."),
}


def move_text(move: Mapping[str, Any] | None) -> str:
    """The whole sentence; nothing for what stands at its place, or for a rule of an engine not known any more."""
    why = reason(move) if move else ""
    if move is None or not why:
        return ""
    values = {"end": move["end"], "start": move["start"], "reason": why}
    if move["end"] > ORDER.shown:
        return gettext("Place %(start)s by score, but not on the list: %(reason)s") % values
    return gettext("Stands at place %(end)s instead of %(start)s: %(reason)s") % values


def reason(move: Mapping[str, Any]) -> str:
    if move["rule"] == "congestion":
        lists = int(move["values"]["lists"])
        text = ngettext(
            "it is among the best on %(lists)s list, and leaves some to solutions that are nearly as good.",
            "it is among the best on %(lists)s lists, and leaves some to solutions that are nearly as good.",
            lists,
        )
        return text % {"lists": lists}
    text = REASONS.get(move["rule"])
    return str(text) % move["values"] if text else ""


def order_rules(words: Words, rules: OrderRules = ORDER) -> list[tuple[Any, str]]:
    """(rule, what it does with its figures), for the page on how ranking works."""
    points = {"points": words.number(100 * rules.alike_most), "loss": words.number(100 * rules.explore_loss)}
    figures = {
        "shown": rules.shown, "most": rules.most_of_provider, "among": rules.window, "place": rules.explore_place,
        "factor": words.number(rules.cap_factor), "least": rules.cap_least, "lists": rules.explore_lists,
        "days": rules.explore_days, **points,
    }  # fmt: skip
    texts = [
        (_("One provider"), _("At most %(most)s solutions of one provider stand among any %(among)s places.")),
        (
            _("Solutions much alike"),
            _("What is much like a solution above it stands as if it had up to %(points)s points less."),
        ),
        (
            _("Solutions that many lists want"),
            _(
                "A solution is wanted on no more lists than %(factor)s times the average, or %(least)s where that is"
                " more. Beyond that it leaves the lists on which others are nearly as good."
            ),
        ),
        (
            _("New and hardly ever shown solutions"),
            _(
                "Place %(place)s, or a later one, goes to a solution listed for at most %(days)s days or wanted on at"
                " most %(lists)s lists, if it is within %(loss)s points of the last one. Which one changes every week."
            ),
        ),
    ]
    return [(label, str(text) % figures) for label, text in texts]
