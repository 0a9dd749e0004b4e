"""What fills the lists of the access world: pages are judged with twenty rows, foreign scripts, long words."""

from datetime import timedelta

from django.utils import timezone

from catalog.models import Capability, Claim, Criterion, Reference, Solution
from catalog.writing_actions import refresh_search
from cities.models import Requirement
from matching.ranking import rank_demand
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from tests.access.world import AccessWorld
from tests.factories import DemandFactory, MatchFactory, SolutionFactory

KOREAN = "이면도로 보안등 4,200개의 고효율 LED 조명 교체"
SUMMARY = "노후 나트륨 보안등 4,200개를 교체해 이면도로를 밝고 안전하게 만들고자 합니다. " * 4
LONG_WORD = "Unbreakablewordthatisverylong"
ROWS = 20


def fill(world: AccessWorld) -> None:
    _records(world)
    for _ in range(ROWS // 2):
        asked = timezone.now() - timedelta(days=1)
        DemandFactory(state="submitted", published_at=None, submitted_at=asked, title_ko=KOREAN)
        MatchFactory(demand=world.demand, solution=SolutionFactory(not_suitable="Tunnels."))
    for code, number in (("warranty_years", 5), ("energy_saving_percent", 40), ("iso_9001", None)):
        criterion = Criterion.objects.get(code=code)
        Requirement.objects.get_or_create(demand=world.demand, criterion=criterion, defaults={"number": number})
    ensure_vectors([wording_of_demand(world.demand), *map(wording_of_solution, Solution.objects.listed())])
    rank_demand(world.demand)


def _records(world: AccessWorld) -> None:
    DemandFactory.create_batch(ROWS, title_ko=KOREAN, summary_ko=SUMMARY, country="KR", is_demo=True)
    solutions = SolutionFactory.create_batch(
        ROWS, name="고효율 LED 가로등 교체와 유지관리 서비스", language="ko", cost_max=10**6, currency="EUR",
        tagline="What it does for a city. " * 7, focus_guessed=True, regions=["KR"],
    )  # fmt: skip
    world.keep(
        demand_very_long=DemandFactory(language="ko", title="가로등 " * 55, title_en=LONG_WORD * 8, is_demo=True),
        solution_very_long=SolutionFactory(language="ko", name="가로등 " * 45, name_en=LONG_WORD * 6, is_demo=True),
    )
    for solution in (world.solution, *solutions[:3], *SolutionFactory.create_batch(3, regions=["KR"])):
        prove(solution)
    for solution in solutions:
        refresh_search(solution)


def prove(solution: Solution) -> None:
    """Give a solution something in every part of its page."""
    for dimension in ("efficient", "resilient", "sustainable"):
        Claim.objects.create(
            solution=solution, dimension=dimension, statement_en=f"It is {dimension}.", indicator="kWh", value=30,
            unit="% less", method="Meters", evidence_url="https://a.example/report",
        )  # fmt: skip
    for code, number in (("warranty_years", 10), ("trl", 9)):
        Capability.objects.create(solution=solution, criterion=Criterion.objects.get(code=code), number=number)
    Capability.objects.create(solution=solution, criterion=Criterion.objects.get(code="iso_9001"), flag=True)
    Reference.objects.create(
        solution=solution, city_name="Galway", country="IE", results="Half the power", lessons="Start early",
        started_on=timezone.localdate(), status="stopped",
    )  # fmt: skip
