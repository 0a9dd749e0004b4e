"""What cards show, as plain values: the explained match, and what needs a reader. Whoever knows hands it over so.

All texts are finished sentences or labels in the reader's language; translating codes is the caller's work.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {"met": _("Met"), "not_met": _("Not met"), "unknown": _("Not known")}[self.value]

    @property
    def tone(self) -> str:
        return {"met": "success", "not_met": "danger", "unknown": "warning"}[self.value]

    @property
    def icon(self) -> str:
        return {"met": "check", "not_met": "cross", "unknown": "question"}[self.value]


@dataclass(frozen=True, slots=True)
class PointsRow:
    """One criterion: the points it gave, the most it could give, and the words it was judged on.

    ``points`` is None when nothing is known: the row says so and draws no bar. Below 0, ``most`` is the most it could
    take. An empty text means "not stated"; None, that this side has no part in it. ``detail`` says what was found.
    """

    label: str
    points: float | None
    most: float
    asked: str | None = ""
    offered: str | None = ""
    asked_language: str = ""
    offered_language: str = ""
    detail: str = ""

    @property
    def is_loss(self) -> bool:
        return self.points is not None and self.points < 0

    @property
    def size(self) -> float | None:
        return None if self.points is None else abs(self.points)


@dataclass(frozen=True, slots=True)
class VerdictRow:
    label: str
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Raise:
    """What would raise the score, and by how many points."""

    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """``score`` is out of 100 and equals the sum of the rows' points. ``band`` has a label and a tone."""

    score: float
    band: Any
    rows: list[PointsRow]
    verdicts: list[VerdictRow] = field(default_factory=list)
    unknowns: list[str] = field(default_factory=list)
    raises: list[Raise] = field(default_factory=list)
    version: str = ""
    computed_at: Any = None


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs the reader now: a sentence and the page where it is done. Tones as in the components."""

    label: str
    url: str
    tone: str = "warning"
    hint: str = ""
