"""Figures of a programme in the reader's words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIGURES: dict[str, Promise] = {
    "applications": _("Applications"),
    "accepted": pgettext_lazy("figure", "Accepted"),
    "countries": _("Countries"),
    "completed": _("Completed the programme"),
    "demands": _("Demands"),
    "solutions": _("Solutions"),
    "matches": _("Matches"),
    "introduced": _("Introductions"),
    "results": _("Pilots, tenders and contracts"),
    "still_used": _("Follow-ups: still in use"),
    "events": _("Events"),
    "attended": _("Guests at events"),
}


def figures_in_words(figures: Mapping[str, int], *, with_zeros: bool = False) -> list[tuple[Promise, int]]:
    """Those of a report without what it never had: an activity without calls has no applications to speak of."""
    return [
        (label, figures[code]) for code, label in FIGURES.items() if code in figures and (figures[code] or with_zeros)
    ]


# Move → what the button says, and what happens then.
MOVES: dict[str, tuple[Promise, Promise]] = {
    "announce": (_("Announce"), _("Everybody can read it; nobody can apply yet.")),
    "open": (_("Open the calls"), _("Applications are taken until the deadline. The rules stand from now on.")),
    "close": (
        pgettext_lazy("step of a programme", "Close"),
        _("It closes by itself when the last deadline has passed."),
    ),
    "start_screening": (_("Begin to check applications"), _("You see whether each one is what the call asks for.")),
    "start_jury": (_("Hand over to the jury"), _("All applicants learn at once whether they go to the jury.")),
    "publish_results": (
        _("Publish the results"),
        _("All applicants learn verdict, score and reasons in the same minute."),
    ),
    "start_running": (pgettext_lazy("step of a programme", "Begin"), _("Those accepted work through the milestones.")),
    "publish_report": (_("Publish the report"), _("The figures are counted now and stand from then on.")),
}
