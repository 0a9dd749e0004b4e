"""The matching engine: profiles in, results out. Pure Python and NumPy; no ORM, clock, settings, logging or chance.

    vocabulary = Vocabulary(topic_area={"street_lighting": "smart_energy", …}, certificates=frozenset({"iso_9001", …}))
    candidates = CandidateSet.build(solution_profiles, vocabulary)     # once; reused for many demands
    results = rank(demand, candidates, k=20, today=date.toordinal())   # the best eligible pairs, explained
    misses = near_misses(demand, candidates, k=5, today=…)             # the best that fail exactly one gate
    every = score(demand, candidates, today=…)                         # all of them, ineligible ones too
    table = evaluate(demand, candidates, today=…)                      # arrays only; then, without scoring again:
    rank_table(table, k); near_misses_table(table, k); explain(table, candidates.position(solution_id))

Profiles      DemandProfile, SolutionProfile, Vocabulary, CityFacts, ReferenceFacts, Requirement, Capability, Span,
              Quantity, QuantityRange
Results       Result, Verdict, Contribution, Suggestion, NearMiss (Result.to_json() gives plain JSON types)
Configuration ScoringConfig, Curve, EXPERT (the shipped weights), ENGINE_VERSION
Wording       tokens(text, language) → frozenset of lexical tokens for the profiles' `terms`
Names         GATES, COMPONENTS: the codes in the order they are reported

Same input, same output, in any order of candidates and in any company: a pair's figures do not depend on the other
candidates. docs/matching.md explains the score.
"""

from matching.engine.columns import CandidateSet
from matching.engine.config import COMPONENTS, ENGINE_VERSION, EXPERT, LIFTING, Curve, Rule, ScoringConfig
from matching.engine.gates import GATES
from matching.engine.profiles import (
    DIMENSIONS,
    GRADES,
    Capability,
    CityFacts,
    DemandProfile,
    Grade,
    Quantity,
    QuantityRange,
    ReferenceFacts,
    Requirement,
    SolutionProfile,
    Span,
    Vocabulary,
)
from matching.engine.results import Contribution, NearMiss, Result, Suggestion, Verdict
from matching.engine.scoring import explain, explain_rows, near_misses, near_misses_table, rank, rank_table, score
from matching.engine.table import ScoreTable, evaluate
from matching.engine.wording import base_language, tokens

__all__ = [
    "COMPONENTS",
    "DIMENSIONS",
    "ENGINE_VERSION",
    "EXPERT",
    "GATES",
    "GRADES",
    "LIFTING",
    "CandidateSet",
    "Capability",
    "CityFacts",
    "Contribution",
    "Curve",
    "DemandProfile",
    "Grade",
    "NearMiss",
    "Quantity",
    "QuantityRange",
    "ReferenceFacts",
    "Requirement",
    "Result",
    "Rule",
    "ScoreTable",
    "ScoringConfig",
    "SolutionProfile",
    "Span",
    "Suggestion",
    "Verdict",
    "Vocabulary",
    "base_language",
    "evaluate",
    "explain",
    "explain_rows",
    "near_misses",
    "near_misses_table",
    "rank",
    "rank_table",
    "score",
    "tokens",
]
