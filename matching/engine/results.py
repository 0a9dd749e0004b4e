"""What the engine answers: codes and figures only, so that a template can write the sentence in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, Literal

Outcome = Literal["pass", "fail", "unknown"]
Band = Literal["strong", "good", "possible", "weak"]
Value = str | int | float | bool | None | tuple[str, ...]
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one gate says about a pair. `code` is "<gate>.<finding>"; `values` holds what a sentence needs."""

    gate: str
    outcome: Outcome
    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one component adds to the score.

    value: the component in [0, 1], or None when it cannot be told; `phi` the curve's value there (the neutral value
    when None). logit = weight × (phi − neutral), exactly 0 when value is None. `points` is the share of the displayed
    score; the base and all contributions add up to the displayed score exactly.
    """

    component: str
    value: float | None
    phi: float
    weight: float
    logit: float
    points: int
    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a provider could change or state to raise the pair's score, and the score it would then have.

    `would_rank` is the place (1 is first) it would then take among the ranked candidates; None when scored alone.
    """

    component: str
    code: str
    values: Values
    gain_logit: float
    probability: float
    score: int
    would_rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One scored pair.

    base_logit + Σ contributions' logit = logit (to 1e-9); probability = sigmoid(logit).
    base_points + Σ contributions' points = score (exactly), score = probability × 100 rounded half up.
    An ineligible pair keeps its score: it says how good the pair would be without the failing gate.
    `rank` is the place among the ranked candidates, 1 first; None where the pair was not ranked.
    `unknowns` are the codes of contributions and verdicts that could not be told.
    """

    demand_id: str
    demand_version: int
    solution_id: str
    solution_version: int
    eligible: bool
    verdicts: tuple[Verdict, ...]
    base_logit: float
    base_points: int
    contributions: tuple[Contribution, ...]
    logit: float
    probability: float
    score: int
    band: Band
    unknowns: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]
    rank: int | None = None
    engine_version: str
    config_id: str

    def to_json(self) -> dict[str, Any]:
        """The result as plain JSON types, to be stored beside the match and replayed later."""
        content: dict[str, Any] = _plain(self)
        return content


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A pair that fails exactly one gate: which one, and the place the solution would take without it."""

    result: Result
    gate: str
    would_rank: int


def _plain(content: Any) -> Any:
    """Records, mappings and sequences as JSON knows them, so that what is stored equals what is read back.

    ``dataclasses.asdict`` copies every string of it deeply, and a list has some twenty results of twenty parts each.
    """
    if isinstance(content, str | int | float) or content is None:
        return content
    if names := _names(content.__class__):
        return {name: _plain(getattr(content, name)) for name in names}
    if isinstance(content, Mapping):
        return {key: _plain(part) for key, part in content.items()}
    if isinstance(content, tuple | list):
        return [_plain(part) for part in content]
    return content


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a record, none of anything else."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
