"""The tour of the queue: a few sentences on each part of the real pages, one part at a time."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Stop:
    """``anchor`` is the id of the part it is about; ``on_item``: it is shown on the page of an item."""

    title: Any
    text: Any
    anchor: str
    on_item: bool = False


STOPS = (
    Stop(
        _("Everything that waits for ICLEI"),
        _("One list for all of you. What you are tied to is not in it: a colleague has it."),
        "tour-head",
    ),
    Stop(_("Kinds of work"), _("Each tab is one kind, with how many wait. Empty kinds hide."), "tour-kinds"),
    Stop(
        _("Your part of it"),
        _("Filters narrow the list and can be kept as a view. Your languages and regions come first if you say so."),
        "tour-filters",
    ),
    Stop(
        _("One item, and its clock"),
        _(
            "What it asks of you, where it comes from, since when. The mark says by when; red is late. A second mark "
            "is a risk that deserves the closer look."
        ),
        "tour-rows",
    ),
    Stop(
        _("Several at once"),
        _(
            "Tick items and decide on them together. You see what would happen to each; nothing happens "
            "before you confirm."
        ),
        "together",
    ),
    Stop(
        _("Take it, put it off, hand it over"),
        _(
            "“I am at it” tells colleagues, and runs out by itself. “Put off” brings it back on a day. If you are tied "
            "to a side, say so, and a colleague gets it."
        ),
        "tour-mine",
        on_item=True,
    ),
    Stop(
        _("Compare"),
        _("Read the must-haves first, then what is not known, then the points. The score orders; you decide."),
        "item",
        on_item=True,
    ),
    Stop(
        _("Decide, with a reason"),
        _(
            "The bar at the bottom holds every decision. A no asks for a reason, which is counted and sent in the "
            "recipient's language; ready wordings help."
        ),
        "tour-bar",
        on_item=True,
    ),
    Stop(
        _("Undo, and keys"),
        _(
            "For half a minute nobody is told and one button undoes it; later it can be taken back with a reason. "
            "Every button has a key: press ? to see them, or switch them off there."
        ),
        "tour-bar",
        on_item=True,
    ),
)
