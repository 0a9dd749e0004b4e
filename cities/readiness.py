"""How ready a demand is for providers: named checks, 0 to 100 points, and the one fix that gains most.

Pure: plain facts in, a result out. ``facts_of`` reads a demand; nothing here asks the database otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.translated import original

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from cities.models import Demand

ENOUGH_WORDS = 80  # characters of an outcome below which providers ask back; half of it in scripts without spaces


class Check(TextChoices):
    """What is looked at, in the order in which equal gains are offered."""

    OUTCOME = "outcome", pgettext_lazy("readiness", "Outcome described")
    FIGURES = "figures", pgettext_lazy("readiness", "Figures: size, today and target")
    BUDGET = "budget", pgettext_lazy("readiness", "Budget")
    FOCUS = "focus", pgettext_lazy("readiness", "Focus area and topics")
    MUST_HAVES = "must_haves", pgettext_lazy("readiness", "Must-haves")
    DECISION_DATE = "decision_date", pgettext_lazy("readiness", "Decision date")
    ROUTE = "route", pgettext_lazy("readiness", "Procurement route")
    MANDATE = "mandate", pgettext_lazy("readiness", "Mandate")
    OWNER = "owner", pgettext_lazy("readiness", "Verified organisation")
    DATA = "data", pgettext_lazy("readiness", "Data about the problem")
    LANGUAGES = "languages", pgettext_lazy("readiness", "Languages of work")

    @property
    def weight(self) -> int:
        """Points of the 100."""
        return WEIGHTS[self.value]

    @property
    def section(self) -> str:
        """The section of the demand in which it is fixed; empty for what only ICLEI can do."""
        return SECTIONS[self.value]

    @property
    def advice(self) -> StrPromise:
        return ADVICE[self.value]


WEIGHTS = {
    "outcome": 15,
    "figures": 10,
    "budget": 15,
    "focus": 10,
    "must_haves": 10,
    "decision_date": 10,
    "route": 5,
    "mandate": 10,
    "owner": 5,
    "data": 5,
    "languages": 5,
}
SECTIONS = {
    "outcome": "outcome",
    "figures": "size",
    "budget": "budget",
    "focus": "focus",
    "must_haves": "requirements",
    "decision_date": "timing",
    "route": "timing",
    "mandate": "mandate",
    "owner": "",
    "data": "mandate",
    "languages": "working",
}
ADVICE = {
    "outcome": _("Say in a few sentences what will be better when the project is done."),
    "figures": _("Give figures: how large the project is, and one indicator today and as a target."),
    "budget": _("Give a budget, even a rough one, and say how certain it is."),
    "focus": _("Choose the main focus area and at least one topic."),
    "must_haves": _("Name at least one must-have, so that unsuitable solutions fall away."),
    "decision_date": _("Say when you expect to decide. Providers plan by this date."),
    "route": _("Say how you will buy. “Open tender” is enough."),
    "mandate": _("Say who has said yes to the project. Providers ask this first."),
    "data": _("Say which data about the problem there are, and who may read them."),
    "owner": _("ICLEI still has to verify your organisation. You need do nothing now."),
    "languages": _("Say in which languages you can work."),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks look at. ``figures`` counts which of size, indicator, today, target are stated (0 to 4)."""

    is_verified: bool = False
    outcome: str = ""
    figures: int = 0
    has_budget: bool = False
    budget_certainty: str = ""
    decision_on: date | None = None
    procurement_route: str = ""
    mandate: str = ""
    data_access: str = ""
    must_haves: int = 0
    has_focus: bool = False
    topics: int = 0
    focus_guessed: bool = False
    languages: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """``points`` earned of ``check.weight``."""

    check: Check
    points: int

    @property
    def is_met(self) -> bool:
        return self.points == self.check.weight

    @property
    def gain(self) -> int:
        return self.check.weight - self.points


@dataclass(frozen=True, slots=True)
class Readiness:
    results: tuple[Result, ...]

    @property
    def score(self) -> int:
        """0 to 100."""
        return sum(result.points for result in self.results)

    @property
    def fixes(self) -> tuple[Result, ...]:
        """What is open, the largest gain first; what the city itself can do before what it waits for."""
        still = [result for result in self.results if not result.is_met]
        return tuple(sorted(still, key=lambda result: (not result.check.section, -result.gain)))

    @property
    def next_fix(self) -> Result | None:
        return self.fixes[0] if self.fixes else None


def assess(facts: Facts, *, today: date) -> Readiness:
    """Every check with the points it earns. A date that has passed is no date: nobody can plan by it."""
    shares = {
        Check.OUTCOME: _words(facts.outcome),
        Check.FIGURES: facts.figures / 4,
        Check.BUDGET: _half(facts.has_budget) + _half(facts.has_budget and bool(facts.budget_certainty)),
        Check.FOCUS: _half(facts.has_focus) + _half(facts.topics > 0 and not facts.focus_guessed),
        Check.MUST_HAVES: float(facts.must_haves > 0),
        Check.DECISION_DATE: float(facts.decision_on is not None and facts.decision_on >= today),
        Check.ROUTE: float(facts.procurement_route not in ("", "undecided")),
        Check.MANDATE: float(facts.mandate not in ("", "none_yet")),
        Check.DATA: float(bool(facts.data_access)),
        Check.OWNER: float(facts.is_verified),
        Check.LANGUAGES: float(facts.languages > 0),
    }
    return Readiness(tuple(Result(check, int(shares[check] * check.weight)) for check in Check))


def _half(condition: bool) -> float:
    return 0.5 if condition else 0.0


def _words(text: str) -> float:
    """A sentence of Korean, Japanese or Chinese says in half the characters what one of the others says."""
    length = sum(2 if char >= "\u1100" else 1 for char in text.strip())
    return min(1.0, length / ENOUGH_WORDS)


def facts_of(demand: Demand) -> Facts:
    """Read a demand. With ``organisation`` joined, ``requirements`` and ``topics`` prefetched no query is made."""
    stated = (
        demand.quantity or demand.people_served,
        demand.indicator,
        demand.indicator_baseline,
        demand.indicator_target,
    )
    return Facts(
        is_verified=demand.organisation is not None and demand.organisation.is_verified,
        outcome=original(demand, "outcome"),
        figures=sum(bool(value) for value in stated),
        has_budget=demand.budget_min is not None or demand.budget_max is not None,
        budget_certainty=demand.budget_certainty,
        decision_on=demand.decision_on,
        procurement_route=demand.procurement_route,
        mandate=demand.mandate,
        data_access=demand.data_access,
        must_haves=sum(item.is_mandatory for item in demand.requirements.all()),
        has_focus=demand.focus_area_id is not None,
        topics=len(demand.topics.all()),
        focus_guessed=demand.focus_guessed,
        languages=len(demand.languages),
    )
