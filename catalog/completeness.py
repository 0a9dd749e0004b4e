"""How complete a solution is: its sections, what is still owed before submission, and the next thing worth adding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.enums import ClaimDimension
from portal.common.translated import original

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrPromise

    from catalog.models import Solution


class Section(TextChoices):
    """The pages of the editor, in the order in which they are asked."""

    WHAT = "what", pgettext_lazy("section of a solution", "What it is")
    HOW = "how", pgettext_lazy("section of a solution", "How it works, and when it does not suit")
    FOCUS = "focus", pgettext_lazy("section of a solution", "Focus areas")
    TOPICS = "topics", pgettext_lazy("section of a solution", "Topics")
    WHERE = "where", pgettext_lazy("section of a solution", "Where you offer it")
    SIZE = "size", pgettext_lazy("section of a solution", "For which cities and projects")
    COST = "cost", pgettext_lazy("section of a solution", "What it costs")
    TERMS = "terms", pgettext_lazy("section of a solution", "Terms, time and maturity")
    FREEDOM = "freedom", pgettext_lazy("section of a solution", "How free a city stays")
    CAPABILITIES = "capabilities", pgettext_lazy("section of a solution", "What it can do")
    EFFICIENT = "efficient", pgettext_lazy("section of a solution", "How it makes infrastructure efficient")
    RESILIENT = "resilient", pgettext_lazy("section of a solution", "How it makes infrastructure resilient")
    SUSTAINABLE = "sustainable", pgettext_lazy("section of a solution", "How it makes infrastructure sustainable")
    REFERENCES = "references", pgettext_lazy("section of a solution", "References")
    VALIDITY = "validity", pgettext_lazy("section of a solution", "How long this holds")

    @property
    def is_needed(self) -> bool:
        """Whether the solution cannot be submitted without it."""
        return self in NEEDED

    @property
    def advice(self) -> StrPromise:
        return ADVICE[self]


NEEDED = frozenset(
    {
        Section.WHAT, Section.HOW, Section.FOCUS, Section.WHERE,
        Section.EFFICIENT, Section.RESILIENT, Section.SUSTAINABLE,
    }
)  # fmt: skip
# What gains most beyond the needed sections, in this order: what cities ask first, and what matching can use.
WORTH = (
    Section.CAPABILITIES, Section.REFERENCES, Section.TOPICS, Section.COST,
    Section.TERMS, Section.FREEDOM, Section.SIZE, Section.VALIDITY,
)  # fmt: skip
ADVICE = {
    Section.WHAT: _("Say in plain words what it is and what it solves."),
    Section.HOW: _("Say how it works and when it does not suit. Cities trust what names its limits."),
    Section.FOCUS: _("Choose the main focus area."),
    Section.TOPICS: _("Choose topics: demands on the same topics find you."),
    Section.WHERE: _("Say in which countries and languages you offer it."),
    Section.SIZE: _("Say for which size of city and project it suits."),
    Section.COST: _("Give a cost range, even a rough one. Demands with a budget are compared with it."),
    Section.FREEDOM: _("Say whose the data are, what others can connect to, and what happens at the end."),
    Section.TERMS: _("Say how cities can pay and how long it takes."),
    Section.CAPABILITIES: _("State what it can do on the criteria that cities use for their must-haves."),
    Section.EFFICIENT: _("Say how it makes infrastructure efficient, with a figure if you have one."),
    Section.RESILIENT: _("Say how it makes infrastructure resilient, with a figure if you have one."),
    Section.SUSTAINABLE: _("Say how it makes infrastructure sustainable, with a figure if you have one."),
    Section.REFERENCES: _("Name a city where it is at work. A reference convinces more than any text."),
    Section.VALIDITY: _("Say until when this information holds."),
}


def _texts(*names: str) -> Callable[[Solution], bool]:
    return lambda solution: all(original(solution, name) for name in names)


def _claim(dimension: str) -> Callable[[Solution], bool]:
    return lambda solution: any(claim.dimension == dimension for claim in solution.claims.all())


def _any_stated(*names: str) -> Callable[[Solution], bool]:
    return lambda solution: any(getattr(solution, name) not in (None, "", []) for name in names)


ANSWERED: dict[Section, Callable[[Solution], bool]] = {
    Section.WHAT: _texts("name", "tagline", "solves"),
    Section.HOW: _texts("how_it_works", "not_suitable"),
    Section.FOCUS: lambda solution: solution.focus_area_id is not None,
    Section.TOPICS: lambda solution: bool(solution.topics.all()),
    Section.WHERE: lambda solution: bool(solution.regions and solution.languages),
    Section.SIZE: _any_stated("city_population_min", "city_population_max", "quantity_min", "quantity_max"),
    Section.COST: _any_stated("cost_min", "cost_max"),
    Section.TERMS: lambda solution: bool(solution.business_models and solution.lead_time_months is not None),
    Section.FREEDOM: lambda solution: bool(solution.data_owner and solution.exit_terms),
    Section.CAPABILITIES: lambda solution: bool(solution.capabilities.all()),
    Section.EFFICIENT: _claim(ClaimDimension.EFFICIENT),
    Section.RESILIENT: _claim(ClaimDimension.RESILIENT),
    Section.SUSTAINABLE: _claim(ClaimDimension.SUSTAINABLE),
    Section.REFERENCES: lambda solution: bool(solution.references.all()),
    Section.VALIDITY: lambda solution: solution.expires_on is not None,
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """``done`` in the order of sections; ``owed`` are the needed ones that are not done."""

    done: tuple[Section, ...]
    owed: tuple[Section, ...]

    @property
    def count(self) -> int:
        return len(self.done)

    @property
    def of(self) -> int:
        return len(Section)

    @property
    def next_fix(self) -> Section | None:
        """What is owed first, then what gains most; None when nothing is missing."""
        return next((section for section in (*self.owed, *WORTH) if section not in self.done), None)

    def status(self, section: Section) -> str:
        if section in self.done:
            return "done"
        return "to_do" if section.is_needed else "optional"


def assess(solution: Solution) -> Completeness:
    """Of a solution loaded with ``for_list`` and its capabilities, or with ``for_detail``."""
    done = tuple(section for section in Section if ANSWERED[section](solution))
    return Completeness(done, tuple(section for section in Section if section.is_needed and section not in done))
