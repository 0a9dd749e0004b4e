"""People at a desk with prepared papers: all that is left of an act is its last step, the one readers wait for."""

from typing import Any

from django.db import transaction

from catalog.enums import ReviewCriterion
from catalog.listing_actions import review_solution
from catalog.models import Claim, Solution
from catalog.writing_actions import create_solution, edit_solution, submit_solution
from cities.actions import create_demand, edit_demand, publish_demand, submit_demand
from cities.models import Demand
from matching.models import Ranking
from matching.vectors import ensure_vectors, wording_of_solution
from tests.faults.findings import unfinished
from tests.faults.load import Load
from tests.faults.stand import wait_until

LISTED_BEFORE = 40


class Desk:
    """A portal with some solutions listed, and drawers full of submitted demands and solutions."""

    def __init__(self, demands: int, solutions: int) -> None:
        self.people = Load(seed=7)
        for _ in range(LISTED_BEFORE):
            self.people.list_solution()
        # The solutions that the world is made with were put there, not listed: nobody owes them to the encoder.
        ensure_vectors([wording_of_solution(solution) for solution in Solution.objects.listed()])
        self.demands = [self._demand() for _ in range(demands)]
        # Each solution offers just what a demand asks for, so that it has to come into that demand's list.
        self.solutions = [self._solution(demand) for demand in self.demands[:solutions]]
        wait_until(lambda: not unfinished(), 120)

    def publish_demand(self) -> int:
        demand = Demand.objects.get(pk=self.demands.pop().pk)
        publish_demand(by=self.people._person("moderator"), demand=demand)
        return int(demand.pk)

    @staticmethod
    def is_listed(demand: int) -> bool:
        return Ranking.objects.filter(demand=demand).exists()

    def list_solution(self) -> int:
        solution = Solution.objects.get(pk=self.solutions.pop().pk)
        marks = dict.fromkeys(ReviewCriterion.values, 4)
        by = self.people._person("moderator")
        review_solution(by=by, solution=solution, marks=marks, comment="", approve=True)
        return int(solution.pk)

    @staticmethod
    def is_suggested(solution: int) -> bool:
        return Ranking.objects.filter(solutions__contains=[solution]).exists()

    def _demand(self) -> Demand:
        by, words = self.people._person("city_admin"), self.people._words()
        organisation = self.people.world.city.organisation
        demand = create_demand(by=by, organisation=organisation, language="en", title=words)
        texts = {"summary": words, "problem": f"{words}. We need help.", "outcome": "It works."}
        changes: dict[str, Any] = {**texts, **self.people._field(), "stage": "concept"}
        return submit_demand(by=by, demand=edit_demand(by=by, demand=demand, changes=changes))

    def _solution(self, demand: Demand) -> Solution:
        by = self.people._person("provider_admin")
        words = demand.title_en
        solution = create_solution(by=by, provider=self.people.world.provider, language="en", name=words)
        texts = dict.fromkeys(("tagline", "solves", "how_it_works", "not_suitable"), f"{words}. We need help.")
        field = {"focus_area": demand.focus_area, "topics": list(demand.topics.all())}
        solution = edit_solution(by=by, solution=solution, changes={**texts, **field})
        with transaction.atomic():
            for dimension in ("efficient", "resilient", "sustainable"):
                Claim.objects.create(solution=solution, dimension=dimension, statement="It does.")
        return submit_solution(by=by, solution=solution)
