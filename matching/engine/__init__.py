"""The matching engine: profiles in, results out. Pure Python and NumPy; no ORM, clock, settings, logging or chance.

    vocabulary = Vocabulary(topic_area={"street_lighting": "smart_energy", …}, certificates=frozenset({"iso_9001", …}))
    candidates = CandidateSet.build(solution_profiles, vocabulary)     # once; reused for many demands
    results = rank(demand, candidates, k=20, today=date.toordinal())   # the best eligible pairs, explained
    misses = near_misses(demand, candidates, k=5, today=…)             # the best that fail exactly one gate
    every = score(demand, candidates, today=…)                         # all of them, ineligible ones too
    table = evaluate(demand, candidates, today=…)                      # arrays only, no explanations
    one = explain(table, position)                                     # one row of a table as a Result

Profiles      DemandProfile, SolutionProfile, Vocabulary, CityFacts, ReferenceFacts, Requirement, Capability, Span,
              Quantity, QuantityRange
Results       Result, Verdict, Contribution, Suggestion, NearMiss (Result.to_json() gives plain JSON types)
Configuration ScoringConfig, Curve, EXPERT (the shipped weights), ENGINE_VERSION
Wording       tokens(text, language) → frozenset of lexical tokens for the profiles' `terms`; WordStatistics
Names         GATES, COMPONENTS: the codes in the order they are reported

Same input, same output, in any order of candidates and in any company: a pair's figures do not depend on the other
candidates. docs/matching.md explains the score.
"""
