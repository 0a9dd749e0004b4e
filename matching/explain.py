"""A stored result of the engine as what a page shows: the card with every point, and the summary with the reasons."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from matching import sentences
from matching.advice import raising
from matching.enums import Band
from matching.models import Match, Ranking
from matching.sentences import COMPONENT_LABELS, GATE_LABELS
from matching.sides import sides
from matching.words import Words
from portal.common.cards import Explanation, PointsRow, Raise, Verdict, VerdictRow

Result = Mapping[str, Any]

REQUIREMENTS = ("certificates", "must_haves")
OUTCOMES = {"pass": Verdict.MET, "fail": Verdict.NOT_MET, "unknown": Verdict.UNKNOWN}
REASONS_SHOWN = 3


def explain(result: Result, words: Words, *, version: str = "", computed_at: datetime | None = None) -> Explanation:
    """The whole card. ``result`` is what ``Result.to_json`` gave, fresh or read back from a row."""
    return Explanation(
        score=result["score"],
        band=Band(result["band"]),
        rows=[_base_row(result), *_rows(result, words)],
        verdicts=verdict_rows(result["verdicts"], words),
        unknowns=list(_unknowns(result, words)),
        raises=list(_raises(result, words)),
        version=version,
        computed_at=computed_at,
    )


def explain_match(match: Match, words: Words) -> Explanation:
    return explain(match.result, words, version=version_of(match), computed_at=match.computed_at)


def version_of(row: Match | Ranking) -> str:
    """What a score can be computed again from: weights, engine, encoder."""
    return f"{row.config_version} · {row.engine_version} · {row.backend}"


# --- Rows of the card ------------------------------------------------------------------------------------------------


def _base_row(result: Result) -> PointsRow:
    return PointsRow(
        label=_("Starting points"),
        points=result["base_points"],
        most=result["base_points"],
        asked=None,
        offered=None,
        detail=_("Every pair that passes the conditions starts with these."),
    )


def _rows(result: Result, words: Words) -> Iterator[PointsRow]:
    slope = _slope(result)
    for part in sorted(result["contributions"], key=lambda part: (part["value"] is None, -part["points"])):
        asked, offered = sides(part, words)
        text = sentences.finding(part, words)
        yield PointsRow(
            label=_label(part),
            points=None if part["value"] is None else part["points"],
            most=_most(part, slope),
            asked=asked,
            offered=offered,
            detail="" if asked == offered is not None or text == offered else text,
        )


def _slope(result: Result) -> float:
    """Points per unit of logit, as the engine shares them out: along the chord from the base to the score."""
    start, end = _sigmoid(result["base_logit"]), _sigmoid(result["logit"])
    if abs(result["logit"] - result["base_logit"]) < 1e-6:
        return 100 * start * (1 - start)
    return 100 * (end - start) / (result["logit"] - result["base_logit"])


def _most(part: Result, slope: float) -> float:
    """The points the criterion would have given this pair at its best, or taken at its worst where it took some."""
    weight = part["weight"]
    neutral = part["phi"] - part["logit"] / weight if weight else part["phi"]
    reach = neutral if part["points"] < 0 else 1 - neutral
    return max(math.ceil(slope * weight * reach - 1e-9), abs(part["points"]))


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def _label(part: Result) -> str:
    return str(COMPONENT_LABELS.get(part["component"], part["component"]))


# --- Conditions ------------------------------------------------------------------------------------------------------


def verdict_rows(verdicts: Iterable[Result], words: Words) -> list[VerdictRow]:
    """Must-haves each by its own name, the other gates by theirs; what is not met comes first, then what is unknown."""
    order = {Verdict.NOT_MET: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2}
    rows = [
        VerdictRow(
            label=condition(one, words),
            verdict=OUTCOMES[one["outcome"]],
            detail=sentences.verdict(one["code"], one["values"], words),
        )
        for one in verdicts
    ]
    return sorted(rows, key=lambda row: order[row.verdict])


def condition(verdict: Result, words: Words) -> str:
    """The gate in words; of a must-have, the requirement itself: "Warranty: at least 5 years"."""
    values = verdict["values"]
    if verdict["gate"] in REQUIREMENTS and values.get("criterion"):
        return words.requirement(values["criterion"], values["operator"], values["demanded"])
    return str(GATE_LABELS.get(verdict["gate"], verdict["gate"]))


def failing(result: Result, words: Words) -> list[tuple[str, str]]:
    """(condition, finding) of every verdict that keeps the pair out."""
    return [
        (condition(one, words), sentences.verdict(one["code"], one["values"], words))
        for one in result["verdicts"]
        if one["outcome"] == "fail"
    ]


def _unknowns(result: Result, words: Words) -> Iterator[str]:
    """Everything that could not be told, each once. Conditions by name: their sentence stands among the conditions."""
    for one in result["verdicts"]:
        if one["outcome"] == "unknown":
            yield condition(one, words)
    for part in result["contributions"]:
        if part["value"] is None and part["code"].endswith(".unknown"):
            yield _with_label(_label(part), sentences.finding(part, words))


def _with_label(label: str, sentence: str) -> str:
    return _("%(label)s: %(sentence)s") % {"label": label, "sentence": sentence} if sentence else label


def _raises(result: Result, words: Words) -> Iterator[Raise]:
    for one in result["suggestions"]:
        text = raising(one["code"], one["values"], words)
        if one["would_rank"] and result.get("rank") and one["would_rank"] < result["rank"]:
            places = {"now": result["rank"], "then": one["would_rank"]}
            text = f"{text} " + _("It would then stand at place %(then)s instead of %(now)s.") % places
        gain = one["score"] - result["score"]
        if text and gain > 0:
            yield Raise(text=text, points=gain)


# --- Summary ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    label: str
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The gist of a result for lists: what speaks for it, what against, and how the conditions stand.

    ``without_meaning``: a text still waits for the encoder.
    """

    score: int
    band: Band
    position: int | None
    strengths: list[Reason]
    weaknesses: list[Reason]
    met: int
    not_met: list[str]
    unknown: list[str]
    without_meaning: bool


def summarise(result: Result, words: Words, *, shown: int = REASONS_SHOWN) -> Summary:
    known = [part for part in result["contributions"] if part["value"] is not None]
    best = sorted((part for part in known if part["points"] > 0), key=lambda part: -part["points"])
    worst = sorted((part for part in known if part["points"] < 0), key=lambda part: part["points"])
    verdicts = [one for one in result["verdicts"] if one["gate"] in REQUIREMENTS or one["outcome"] != "pass"]
    return Summary(
        score=result["score"],
        band=Band(result["band"]),
        position=result.get("rank"),
        strengths=[_reason(part, words) for part in best[:shown]],
        weaknesses=[_reason(part, words) for part in worst[:shown]],
        met=sum(one["outcome"] == "pass" for one in verdicts),
        not_met=[condition(one, words) for one in verdicts if one["outcome"] == "fail"],
        unknown=[condition(one, words) for one in verdicts if one["outcome"] == "unknown"],
        without_meaning=any(part["code"] == "meaning.unknown" for part in result["contributions"]),
    )


def _reason(part: Result, words: Words) -> Reason:
    return Reason(_label(part), sentences.finding(part, words), part["points"])
