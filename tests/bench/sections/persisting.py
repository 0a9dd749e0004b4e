"""Lists into the database: the portal's way, Django's bulk upsert of the same rows, and one row for every match."""

from collections.abc import Callable, Iterator

from django.db import connection, models, transaction
from django.utils import timezone

from tests.bench.clock import Cost, measure
from tests.bench.rows import Row, row
from tests.bench.stage import prepare, show_demo

TABLE = "bench_match"


class PairRow(models.Model):
    """A match as a row of its own, with what a list page shows of it. No app owns it, so no migration can."""

    demand = models.BigIntegerField()
    solution = models.BigIntegerField()
    place = models.SmallIntegerField()
    probability = models.FloatField()
    components = models.BinaryField()
    versions = models.CharField(max_length=120)
    computed_at = models.DateTimeField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = TABLE

    def __str__(self) -> str:
        return f"{self.demand}: {self.solution}"


def lists() -> Iterator[Row]:
    from matching.models import Ranking

    prepare()
    show_demo()
    stored = list(Ranking.objects.exclude(solutions=[]))
    matches = sum(len(one.solutions) for one in stored)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = [cursor.fetchone()[0]]
    ways = {
        "the portal's upsert of changed lists": changed(stored),
        "the portal's look at unchanged lists": unchanged(stored),
        "Django's bulk upsert of the same rows": bulk(stored),
        "Django's bulk upsert, a row a match": pairs(stored),
        "the same rows one by one, pipelined": piped(stored),
    }
    costs = {name: measure(way, rounds=7, servers=server).per(matches) for name, way in ways.items()}
    for name, cost in costs.items():
        yield row(f"{name}, matches a CPU second", 1 / cost.cpu, note=f"{len(stored)} lists, {matches} matches")
    yield from ratios(costs)


def ratios(costs: dict[str, Cost]) -> Iterator[Row]:
    upsert, look, same, each, pipe = (cost.products for cost in costs.values())
    yield row("persisting changed lists ÷ Django's bulk upsert, a row a match", each / upsert, "≥ 20")
    yield row("persisting changed lists ÷ Django's bulk upsert of the same rows", same / upsert)
    yield row("persisting changed lists ÷ the same rows one by one, pipelined", pipe / upsert)
    yield row("persisting unchanged lists ÷ Django's bulk upsert, a row a match", each / look)


def changed(stored: list) -> Callable[[], object]:
    from matching import lists as portal

    names = [field.column for field in stored[0]._meta.fields if field.column != "id"]
    rows = [{name: getattr(one, name) for name in names} for one in stored]

    def write() -> None:
        with transaction.atomic():
            portal._upsert(rows)

    return write


def piped(stored: list) -> Callable[[], object]:
    from matching import lists as portal

    names = [field.column for field in stored[0]._meta.fields if field.column != "id"]
    rows = [{name: getattr(one, name) for name in names} for one in stored]
    few = portal.MANY - 1
    return lambda: [portal._upsert(rows[start : start + few]) for start in range(0, len(rows), few)]


def unchanged(stored: list) -> Callable[[], object]:
    """Everything between what was found and the decision that nothing has to be written."""
    from cities.models import Demand
    from matching import lists as portal
    from matching import ranking
    from matching.configuration import active_config

    demands = list(Demand.objects.for_detail().filter(pk__in=[one.demand_id for one in stored]).order_by("pk"))
    found = list(ranking._lists(demands, active_config(), timezone.localdate()))
    portal.write_lists(found)

    def look() -> None:
        with transaction.atomic():
            portal.write_lists(found)

    return look


def bulk(stored: list) -> Callable[[], object]:
    fields = [field.name for field in stored[0]._meta.fields if field.name not in ("id", "demand")]

    def upsert() -> None:
        model = type(stored[0])
        model._default_manager.bulk_create(
            stored, update_conflicts=True, unique_fields=["demand"], update_fields=fields
        )

    return upsert


def pairs(stored: list) -> Callable[[], object]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {TABLE} (id bigserial PRIMARY KEY, demand bigint, solution bigint, place smallint,"
            " probability float8, components bytea, versions varchar(120), computed_at timestamptz,"
            " UNIQUE (demand, solution))"
        )
    rows = [
        PairRow(
            demand=one.demand_id,
            solution=solution,
            place=place,
            probability=probability,
            components=bytes(60),
            versions=f"{one.engine_version} {one.config_version} {one.backend}"[:120],
            computed_at=one.computed_at,
        )
        for one in stored
        for place, (solution, probability) in enumerate(zip(one.solutions, one.probabilities, strict=True), start=1)
    ]
    fields = ["place", "probability", "components", "versions", "computed_at"]
    unique = ["demand", "solution"]
    return lambda: PairRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=fields)
