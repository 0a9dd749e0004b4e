"""The whole run: who, what, their lists, what people did with them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone, translation

from catalog.models import Solution
from cities.models import Demand
from matching.models import Match, Ranking, TextVector
from portal.audit.actions import record
from portal.audit.models import AuditEvent
from portal.embedded.generated.copying import batched, copy_rows
from portal.embedded.generated.demands import make_demands
from portal.embedded.generated.handled import Handled, event
from portal.embedded.generated.lists import make_lists
from portal.embedded.generated.people import make_bodies, make_moderators, make_providers
from portal.embedded.generated.solutions import make_solutions
from portal.embedded.generated.vectors import Meaning
from portal.embedded.generated.world import World, read_world
from portal.searches.tasks import learn_new_words, recount_every_night

Say = Callable[[str], object]
EVENTS_AT_ONCE = 5000


def generate(*, demands: int, solutions: int, seed: int, handled: int, say: Say) -> None:
    """So many records, and decisions on the matches of ``handled`` demands; each step is a transaction or several."""
    with translation.override("en"):
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        world, meaning = read_world(seed, now), Meaning(seed)
        with _step("organisations", say), transaction.atomic():
            make_moderators(world)
            make_bodies(world, max(1, demands // 8))
            make_providers(world, max(1, solutions // 5))
        with _step("solutions", say):
            make_solutions(world, solutions, meaning)
        with _step("demands", say):
            make_demands(world, demands, meaning)
        with _step("lists", say):
            pairs = make_lists(world, handled)
        with _step(f"{len(pairs)} matches and what people did with them", say):
            Handled(world).make(pairs)
        with _step("trace", say):
            _trace(world)
            record_run("records.generate", demands=demands, solutions=solutions, seed=seed)
        with _step("statistics of the planner", say):
            _tidy()
        # The search's words and meanings, made by a worker where one runs.
        recount_every_night()
        learn_new_words()
    say(f"vectors: {meaning.written}" if meaning.space else "vectors: none, the encoder is away")


@contextmanager
def _step(name: str, say: Say) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"{name}: {time.monotonic() - began:.0f} s")


def _tidy() -> None:
    """What autovacuum would do within the hour; it cannot in a transaction."""
    if connection.in_atomic_block:
        return
    tables = ", ".join(model._meta.db_table for model in (Demand, Solution, Match, Ranking, TextVector))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(f"VACUUM {tables}")


def _trace(world: World) -> None:
    """When each record came before the public."""
    by = f"user:{world.moderators[0]}"
    rows = [(f"demand:{one[0]}", "demand.publish") for one in world.live_demands]
    rows += [(f"solution:{one[0]}", "solution.list") for found in world.listed.values() for one in found]
    at: datetime = world.now - timedelta(days=1)
    for some in batched(rows, EVENTS_AT_ONCE):
        with transaction.atomic():
            copy_rows(AuditEvent, [event(at, by, action, subject) for subject, action in some])


@transaction.atomic
def record_run(action: str, **figures: int) -> None:
    record(by="system", action=action, subject="generated records", after=figures)
