"""Gates: what a pair must pass to be suggested at all.

A gate fails only on what both sides have stated; what cannot be told passes as "unknown" and is flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from matching.engine.columns import BoolColumn, CapabilityColumn
from matching.engine.profiles import DemandProfile, Requirement, SolutionProfile, Vocabulary
from matching.engine.results import Outcome, Values, Verdict
from matching.engine.wording import base_language

GATES: Final[tuple[str, ...]] = ("status", "focus", "region", "certificates", "must_haves", "language")

# Ordered so that the smallest of several outcomes is the outcome of all of them together.
FAIL: Final = 0
UNKNOWN: Final = 1
PASS: Final = 2
OUTCOMES: Final[tuple[Outcome, ...]] = ("fail", "unknown", "pass")

OutcomeColumn = npt.NDArray[np.int8]


class Sets(Protocol):
    """Which rows hold which codes; ``stated`` tells the rows that hold any."""

    @property
    def stated(self) -> BoolColumn: ...
    def holds(self, code: str | None) -> BoolColumn: ...
    def holds_any(self, codes: Iterable[str]) -> BoolColumn: ...


class Capabilities(Protocol):
    def get(self, criterion: str, /) -> CapabilityColumn | None: ...


class Offered(Protocol):
    """The columns that gates look at: those of `columns.CandidateSet`, or others of the same meaning."""

    def __len__(self) -> int: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def live(self) -> BoolColumn: ...
    @property
    def expires(self) -> npt.NDArray[Any]: ...
    @property
    def guessed(self) -> BoolColumn: ...
    @property
    def worldwide(self) -> BoolColumn: ...
    @property
    def serves_stated(self) -> BoolColumn: ...
    @property
    def areas(self) -> Sets: ...
    @property
    def topics(self) -> Sets: ...
    @property
    def countries(self) -> Sets: ...
    @property
    def languages_of_work(self) -> Sets: ...
    @property
    def capabilities(self) -> Capabilities: ...


def outcomes(demand: DemandProfile, candidates: Offered, today: int) -> npt.NDArray[np.int8]:
    """FAIL, UNKNOWN or PASS for every gate and candidate, shape (len(GATES), len(candidates)), int8."""
    certificates, must_haves = _split(demand, candidates.vocabulary)
    return np.stack(
        [
            _status(demand, candidates, today),
            _focus(demand, candidates),
            _region(demand, candidates),
            _requirements(certificates, candidates),
            _requirements(must_haves, candidates),
            _language(demand, candidates),
        ]
    )


def requirement_outcomes(requirement: Requirement, candidates: Offered) -> OutcomeColumn:
    """The outcome of one must-have or nice-to-have for every candidate."""
    column = candidates.capabilities.get(requirement.criterion)
    if column is None:
        return np.full(len(candidates), UNKNOWN, np.int8)
    comparable = ~np.isnan(column.values) & (column.is_flag == isinstance(requirement.value, bool))
    compare = {"ge": np.greater_equal, "le": np.less_equal, "eq": np.equal}[requirement.operator]
    return _outcome(comparable, compare(column.values, float(requirement.value)))


def areas_of(vocabulary: Vocabulary, focus: Iterable[str], topics: Iterable[str]) -> frozenset[str]:
    """The focus areas named, and those of the topics named."""
    return frozenset(focus) | {vocabulary.topic_area[topic] for topic in topics if topic in vocabulary.topic_area}


def _outcome(known: BoolColumn, passes: BoolColumn) -> OutcomeColumn:
    return np.where(known, np.where(passes, PASS, FAIL), UNKNOWN).astype(np.int8)


def _split(demand: DemandProfile, vocabulary: Vocabulary) -> tuple[list[Requirement], list[Requirement]]:
    certificates = [r for r in demand.must_haves if r.criterion in vocabulary.certificates]
    return certificates, [r for r in demand.must_haves if r.criterion not in vocabulary.certificates]


def _status(demand: DemandProfile, candidates: Offered, today: int) -> OutcomeColumn:
    valid = candidates.live & ~(candidates.expires < today) & demand.live
    return _outcome(np.ones(len(candidates), bool), valid)


def _focus(demand: DemandProfile, candidates: Offered) -> OutcomeColumn:
    wanted = areas_of(candidates.vocabulary, demand.focus, demand.topics)
    overlap = candidates.areas.holds_any(wanted) | candidates.topics.holds_any(demand.topics)
    certain = ~candidates.guessed & (not demand.focus_is_guessed)
    known = (candidates.areas.stated | candidates.topics.stated) & bool(wanted or demand.topics)
    return _outcome(known & (certain | overlap), overlap)


def _region(demand: DemandProfile, candidates: Offered) -> OutcomeColumn:
    served = candidates.worldwide | candidates.countries.holds(demand.city.country)
    return _outcome(candidates.serves_stated & (candidates.worldwide | (demand.city.country is not None)), served)


def _requirements(requirements: Iterable[Requirement], candidates: Offered) -> OutcomeColumn:
    worst = np.full(len(candidates), PASS, np.int8)
    for requirement in requirements:
        np.minimum(worst, requirement_outcomes(requirement, candidates), out=worst)
    return worst


def _language(demand: DemandProfile, candidates: Offered) -> OutcomeColumn:
    if not demand.working_languages:
        return np.full(len(candidates), PASS, np.int8)
    wanted = {base_language(code) for code in demand.working_languages}
    return _outcome(candidates.languages_of_work.stated, candidates.languages_of_work.holds_any(wanted))


def verdicts(
    demand: DemandProfile, solution: SolutionProfile, vocabulary: Vocabulary, found: OutcomeColumn, today: int
) -> tuple[Verdict, ...]:
    """Every gate's verdict on one pair with codes and values; a gate of several requirements gives one for each.

    `found` is the pair's column of `outcomes`.
    """
    certificates, must_haves = _split(demand, vocabulary)
    words: dict[str, Callable[[], list[Verdict]]] = {
        "status": lambda: [_status_verdict(demand, solution, found[0], today)],
        "focus": lambda: [_focus_verdict(demand, solution, vocabulary, found[1])],
        "region": lambda: [_region_verdict(demand, solution, found[2])],
        "certificates": lambda: [_requirement_verdict("certificates", r, solution) for r in certificates],
        "must_haves": lambda: [_requirement_verdict("must_haves", r, solution) for r in must_haves],
        "language": lambda: [_language_verdict(demand, solution, found[5])],
    }
    return tuple(verdict for gate in GATES for verdict in words[gate]())


def _status_verdict(demand: DemandProfile, solution: SolutionProfile, found: int, today: int) -> Verdict:
    if found == PASS:
        return Verdict("status", "pass", "status.open")
    if not demand.live:
        return Verdict("status", "fail", "status.demand_closed")
    if not solution.live:
        return Verdict("status", "fail", "status.solution_not_listed")
    return Verdict("status", "fail", "status.solution_expired", {"expires": solution.expires, "today": today})


def _focus_verdict(demand: DemandProfile, solution: SolutionProfile, vocabulary: Vocabulary, found: int) -> Verdict:
    wanted = areas_of(vocabulary, demand.focus, demand.topics)
    offered = areas_of(vocabulary, solution.focus, solution.topics)
    if found == PASS:
        return Verdict("focus", "pass", "focus.shared", {"areas": tuple(sorted(wanted & offered))})
    values: Values = {"demanded": tuple(sorted(wanted)), "offered": tuple(sorted(offered))}
    if found == FAIL:
        return Verdict("focus", "fail", "focus.no_overlap", values)
    guessed = wanted and offered
    return Verdict("focus", "unknown", "focus.only_guessed" if guessed else "focus.unknown", values)


def _region_verdict(demand: DemandProfile, solution: SolutionProfile, found: int) -> Verdict:
    values: Values = {"country": demand.city.country}
    if found == PASS:
        return Verdict("region", "pass", "region.worldwide" if solution.worldwide else "region.served", values)
    if found == FAIL:
        return Verdict("region", "fail", "region.not_served", values)
    return Verdict("region", "unknown", "region.unknown", values)


def _requirement_verdict(gate: str, requirement: Requirement, solution: SolutionProfile) -> Verdict:
    found = requirement_outcome(requirement, solution)
    capability = solution.capabilities.get(requirement.criterion)
    values: Values = {
        "criterion": requirement.criterion,
        "operator": requirement.operator,
        "demanded": requirement.value,
        "offered": capability.value if capability else None,
        "grade": capability.grade if capability else None,
    }
    finding = {"pass": "met", "fail": "not_met", "unknown": "unknown"}[found]
    return Verdict(gate, found, f"{gate}.{finding}", values)


def requirement_outcome(requirement: Requirement, solution: SolutionProfile) -> Outcome:
    """The outcome of one must-have or nice-to-have for one solution."""
    capability = solution.capabilities.get(requirement.criterion)
    if capability is None or isinstance(capability.value, bool) != isinstance(requirement.value, bool):
        return "unknown"
    offered, wanted = float(capability.value), float(requirement.value)
    met = {"ge": offered >= wanted, "le": offered <= wanted, "eq": offered == wanted}[requirement.operator]
    return "pass" if met else "fail"


def _language_verdict(demand: DemandProfile, solution: SolutionProfile, found: int) -> Verdict:
    wanted, offered = demand.working_languages, solution.languages_of_work
    if not wanted:
        return Verdict("language", "pass", "language.not_required")
    values: Values = {"demanded": tuple(sorted(wanted)), "offered": tuple(sorted(offered))}
    code = {PASS: "language.shared", FAIL: "language.none_shared", UNKNOWN: "language.unknown"}[int(found)]
    return Verdict("language", OUTCOMES[found], code, values)
