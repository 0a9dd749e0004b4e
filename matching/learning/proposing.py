"""A proposal from the records at hand: all judgements so far, and what would change on real lists."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.adapters import demand_profiles, solution_profiles, vocabulary
from matching.configuration import active_config
from matching.engine import CandidateSet, ScoringConfig, evaluate
from matching.engine.display import displayed_score, sigmoid
from matching.learning.judgements import Judged
from matching.learning.models import Judgement
from matching.learning.report import Learned, learn
from matching.models import Ranking

LISTS = 6
PLACES = 10


def judged_pairs() -> list[Judged]:
    """Each judged pair once, with the last that was said about it."""
    rows = Judgement.objects.order_by("decision__at", "decision_id").values_list(
        "decision__match__demand_id", "decision__match__solution_id", "grade", "values", "decision__position_shown"
    )
    last = {(demand, solution): Judged(demand, solution, *rest) for demand, solution, *rest in rows.iterator()}
    return list(last.values())


def learn_from_records() -> Learned:
    """A proposal beside what is in force. Raises ValueError when there are too few judgements."""
    active = active_config()
    learned = learn(judged_pairs(), active, f"learned-{timezone.localdate():%Y%m%d}")
    return Learned(learned.config, {**learned.report, "lists": side_by_side(active, learned.config)})


def side_by_side(old: ScoringConfig, new: ScoringConfig) -> list[dict[str, Any]]:
    """The first places of some live demands under both, those judged last first.

    From what each demand has on its list and in reserve: another solution could come in only from further down.
    """
    rankings = (
        Ranking.objects.filter(demand__in=Demand.objects.live())
        .exclude(solutions=[])
        .annotate(judged=Max("demand__matches__decisions__judgement__pk"))
        .order_by("-judged", "-demand__published_at")
        .only("demand_id", "solutions", "reserve")
    )
    return [_both(ranking, old, new) for ranking in rankings[:LISTS]]


def _both(ranking: Ranking, old: ScoringConfig, new: ScoringConfig) -> dict[str, Any]:
    (demand,) = demand_profiles(Demand.objects.for_detail().filter(pk=ranking.demand_id))
    pool = [*ranking.solutions, *ranking.reserve]
    solutions = solution_profiles(Solution.objects.for_detail().filter(pk__in=pool).order_by("pk"))
    candidates, today = CandidateSet.build(solutions, vocabulary()), timezone.localdate().toordinal()

    def first(config: ScoringConfig) -> list[Sequence[int]]:
        table = evaluate(demand, candidates, today=today, config=config)
        best = table.best(table.eligible, PLACES)
        return [[int(candidates.ids[row]), displayed_score(sigmoid(float(table.logit[row])))] for row in best]

    return {"demand": ranking.demand_id, "old": first(old), "new": first(new)}
