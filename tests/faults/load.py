"""A seeded script of what people do, through the actions, with a ledger of everything that was acknowledged."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from catalog.enums import ReviewCriterion
from catalog.listing_actions import review_solution, suspend_solution
from catalog.models import Claim, FocusArea, Solution
from catalog.writing_actions import begin_revision, create_solution, edit_solution, submit_solution
from cities.actions import create_demand, edit_demand, publish_demand, submit_demand
from cities.models import Demand
from portal.accounts.models import User
from portal.jobs.actions import enqueue
from tests.conftest import World, make_world

THINGS = ("lamps", "buses", "drains", "roofs", "meters", "parks", "pumps", "wells", "bins", "bridges")
PACE = 0.2  # seconds between two acts: a busy portal, not a benchmark
TROUBLES = ("are worn out", "waste energy", "flood every spring", "break in the heat", "stand idle", "cost too much")


@dataclass
class Ledger:
    """What the database said yes to; anything that raised may or may not be in it."""

    published: set[int] = field(default_factory=set)
    edited: dict[int, int] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)
    suspended: set[int] = field(default_factory=set)
    effects: set[str] = field(default_factory=set)
    slowest: float = 0.0
    refused_by_faults: int = 0
    broken: list[str] = field(default_factory=list)


class Load:
    """Acts in a thread until told to stop; one act after the other, so that the ledger is simple to believe."""

    def __init__(self, seed: int = 1) -> None:
        self.random, self.ledger = random.Random(seed), Ledger()
        self.world: World = make_world()
        # Its demand stands there published by no act: what publishing would have owed is owed for it, too.
        enqueue(kind="matching.match_demand", subject=f"demand:{self.world.demand.pk}")
        self.areas = list(FocusArea.objects.order_by("order"))
        # Made without an action, so nobody owes a ranking yet.
        enqueue(kind="matching.match_demand", subject=f"demand:{self.world.demand.pk}")
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._count = 0

    def __enter__(self) -> "Load":
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        assert self._thread is not None
        self._thread.join(60)

    def _run(self) -> None:
        acts = [self.publish_demand] * 4 + [self.list_solution] * 2 + [self.owe_effect] * 4
        acts += [self.edit_demand] * 2 + [self.edit_solution, self.suspend_solution]
        while not self._stop.is_set():
            self.act(self.random.choice(acts))
            time.sleep(PACE)
        connection.close()

    def act(self, work: Callable[[], None]) -> None:
        """One act of a person, whose page may fail while the database is away, but must not hang."""
        began = time.monotonic()
        try:
            work()
        except (OperationalError, InterfaceError):
            self.ledger.refused_by_faults += 1
            connection.close()
            time.sleep(0.2)
        except Exception as error:
            self.ledger.broken.append(f"{work.__name__}: {type(error).__name__}: {error}")
        self.ledger.slowest = max(self.ledger.slowest, time.monotonic() - began)

    def _words(self) -> str:
        self._count += 1
        return f"The {self.random.choice(THINGS)} {self.random.choice(TROUBLES)} ({self._count})"

    def _field(self) -> dict[str, Any]:
        area = self.random.choice(self.areas)
        return {"focus_area": area, "topics": [area.topics.first()]}

    def _person(self, name: str) -> User:
        return User.objects.get(pk=self.world.users[name].pk)

    def publish_demand(self) -> None:
        by, words = self._person("city_admin"), self._words()
        demand = create_demand(by=by, organisation=self.world.city.organisation, language="en", title=words)
        texts = {"summary": words, "problem": f"{words}. We need help.", "outcome": "It works."}
        demand = edit_demand(
            by=by,
            demand=demand,
            changes={**texts, **self._field(), "stage": "concept"},
        )
        demand = submit_demand(by=by, demand=demand)
        demand = publish_demand(by=self._person("moderator"), demand=demand)
        self.ledger.published.add(demand.pk)

    def edit_demand(self) -> None:
        if self.ledger.published:
            demand = Demand.objects.get(pk=self.random.choice(sorted(self.ledger.published)))
            row = edit_demand(by=self._person("city_editor"), demand=demand, changes={"problem": self._words()})
            self.ledger.edited[row.pk] = row.version

    def list_solution(self) -> None:
        by, words = self._person("provider_admin"), self._words()
        solution = create_solution(by=by, provider=self.world.provider, language="en", name=words)
        texts = dict.fromkeys(("tagline", "solves", "how_it_works", "not_suitable"), f"{words}: repaired.")
        solution = edit_solution(
            by=by, solution=solution, changes={**texts, "focus_area": self.random.choice(self.areas)}
        )
        with transaction.atomic():
            for dimension in ("efficient", "resilient", "sustainable"):
                Claim.objects.create(solution=solution, dimension=dimension, statement="It does.")
        solution = submit_solution(by=by, solution=solution)
        self._review(solution)
        self.ledger.listed.add(solution.pk)

    def _review(self, solution: Solution) -> None:
        marks = dict.fromkeys(ReviewCriterion.values, 4)
        review_solution(by=self._person("moderator"), solution=solution, marks=marks, comment="", approve=True)

    def edit_solution(self) -> None:
        if mine := sorted(self.ledger.listed - self.ledger.suspended):
            solution = Solution.objects.get(pk=self.random.choice(mine))
            by = self._person("provider_admin")
            draft = begin_revision(by=by, solution=solution)
            draft = edit_solution(by=by, solution=draft, changes={"solves": self._words()})
            self._review(submit_solution(by=by, solution=draft))

    def suspend_solution(self) -> None:
        if len(mine := sorted(self.ledger.listed - self.ledger.suspended)) > 5:
            solution = Solution.objects.get(pk=self.random.choice(mine))
            suspend_solution(by=self._person("moderator"), solution=solution, reason="complaint")
            self.ledger.suspended.add(solution.pk)

    def owe_effect(self) -> None:
        self._count += 1
        subject = f"effect:{self._count}"
        enqueue(kind="faults.effect", subject=subject)
        self.ledger.effects.add(subject)
