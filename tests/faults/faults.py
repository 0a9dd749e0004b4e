"""The faults of docs and design: F1 worker, F2 pool child, F3 broker, F4 database, F5 sweeper, F9 poison.

Each does harm while the load goes on, leaves every process alive again, and returns nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.jobs.actions import enqueue
from tests.faults.load import Load
from tests.faults.poison import KINDS
from tests.faults.stand import Stand


@dataclass(frozen=True, slots=True)
class Fault:
    """``goal``: seconds from the moment all processes are back until everything owed is done.

    None where other tests run beside it: what is promised then is that it comes to an end, not when.
    """

    name: str
    harm: "Callable[[Stand, Load, int], None]"
    goal: float | None
    times: int
    has_poison: bool = False


def worker_trees(stand: Stand, load: Load, times: int) -> None:
    for _time in range(times):
        stand.pause(3)
        stand.restart(stand.workers[0])


def pool_child(stand: Stand, load: Load, times: int) -> None:
    for _time in range(times):
        stand.pause(2)
        stand.kill_one_child(stand.workers[0])


def broker(stand: Stand, load: Load, times: int) -> None:
    """Killed and away for a while, flushed, then restarted in a loop."""
    stand.pause(1)
    stand.kill_valkey()
    stand.pause(3)
    stand.start_valkey()
    stand.pause(2)
    stand.flush_valkey()
    for _time in range(times):
        stand.pause(1.5)
        stand.kill_valkey()
        stand.start_valkey()
        stand.flush_valkey()


def database(stand: Stand, load: Load, times: int) -> None:
    for number in range(times):
        stand.pause(2)
        if number % 2:
            stand.terminate_backends()
        stand.stop_postgres_at_once()
        stand.pause(0.5)
        stand.start_postgres()
    stand.pause(1)
    stand.terminate_backends()


def sweepers(stand: Stand, load: Load, times: int) -> None:
    """None for a while, with every hint lost; then two at once."""
    for _time in range(times):
        for sweeper in stand.sweepers:
            stand.kill(sweeper)
        stand.pause(2)
        stand.flush_valkey()
        stand.pause(2)
        for sweeper in stand.sweepers:
            sweeper.start()
    if len(stand.sweepers) == 1:
        stand.add_sweeper()
    stand.pause(2)


def poison(stand: Stand, load: Load, times: int) -> None:
    owe_poison(times)
    stand.pause(10)


def owe_poison(times: int) -> None:
    for number in range(times):
        for kind in KINDS:
            enqueue(kind=f"poison.{kind}", subject=f"poison:{number}")


def all_at_once(stand: Stand, load: Load, times: int) -> None:
    """Everything in a seeded order, each while the last one still hurts."""
    harms = [
        lambda: stand.restart(stand.workers[0]),
        lambda: stand.kill_one_child(stand.workers[0]),
        lambda: (stand.kill_valkey(), stand.start_valkey()),
        stand.flush_valkey,
        lambda: (stand.stop_postgres_at_once(), stand.start_postgres()),
        stand.terminate_backends,
        lambda: stand.restart(stand.sweepers[0]),
    ]
    for _time in range(times):
        load.random.shuffle(harms)
        for harm in harms:
            stand.pause(load.random.uniform(0.2, 1.5))
            harm()


def everything_once(stand: Stand, load: Load, times: int) -> None:
    owe_poison(times)
    stand.pause(2)  # some of it has been tried, most is still to come while the rest is killed
    all_at_once(stand, load, times)


# The goals of docs/operations.md; the shuffle may take what the slowest of its parts may.
WHOLE = (
    Fault("F1 worker tree killed", worker_trees, 60, 5),
    Fault("F2 pool child killed", pool_child, 60, 5),
    Fault("F3 broker killed, flushed, restart loop", broker, 30, 5),
    Fault("F4 database immediate restarts, backends cut", database, 20, 5),
    Fault("F5 sweeper killed, two sweepers", sweepers, 30, 2),
    Fault("F7 all of them shuffled", all_at_once, 60, 3),
    Fault("F9 poison", poison, 120, 2, has_poison=True),
)
# What the default suite affords: every process killed once, with poison in the queue.
SMOKE = (Fault("F7 all of them once, with poison", everything_once, None, 1, has_poison=True),)
