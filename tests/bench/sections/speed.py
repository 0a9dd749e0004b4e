"""One world: what a demand costs every contender, what all of them cost the engine, and that it finds what is right."""

import json
import time
from collections.abc import Iterator
from contextlib import closing

from tests.bench.clock import FLOPS, Cost, Reference, measure, peak_bytes
from tests.bench.engine import KEEP, Engine, FloatingPoints, right_lists
from tests.bench.peers import Contender, contenders, servers_of
from tests.bench.peers.dense import FaissFlat
from tests.bench.rows import Row, missing, row
from tests.bench.stage import PACKAGES, prepare
from tests.bench.worlds import World, make_world

PER_DEMAND = {"pgvector exact, narrow table": "≥ 20", "qdrant-edge, filtered, exact": "≥ 15"}
LARGE = 100_000  # solutions; the goals speak of catalogues as large as that
BATCH, ONE_BY_ONE, CHECKED = 1000, 20, 20


def world(demands: int, solutions: int) -> Iterator[Row]:
    prepare()
    made = make_world(demands, solutions)
    where = f"{demands:,} × {solutions:,}: "
    yield row(f"{where}reference product, GFLOP/s", FLOPS / Reference()() / 1e9)
    with closing(Engine(made)) as engine:
        yield from snapshot(engine, where)
        yield from rightness(engine, where)
        one = one_by_one(engine)
        yield row(
            f"{where}engine, one demand, CPU ms", one.cpu * 1000, note="the list itself; gates and all components"
        )
        full = yield from everything(engine, where)
    yield row(f"{where}peak memory with the snapshot written here, MB", peak_bytes() / 1e6)
    for contender in contenders():
        if demands * solutions <= contender.most_pairs:
            yield from contend(contender, made, where, one)
    yield from dense(made, where, full)


def snapshot(engine: Engine, where: str) -> Iterator[Row]:
    solutions = engine.world.size[1]
    yield row(f"{where}snapshot written, CPU s", engine.writing)
    goal = "≤ 3" if solutions >= LARGE else ""
    yield row(f"{where}snapshot, GB a million solutions", engine.bytes / solutions / 1000, goal)


def rightness(engine: Engine, where: str) -> Iterator[Row]:
    """Lists and logits against those of the plain evaluation; laws that the tests hold, shown at this size."""
    demands = engine.demands(range(min(CHECKED, engine.world.size[0])))
    found, wanted, apart = 0, 0, 0.0
    for pairs, listed in zip(right_lists(engine.world, demands), engine.results(demands), strict=True):
        right = dict(pairs)
        found, wanted = found + len(right.keys() & dict(listed).keys()), wanted + len(right)
        apart = max([apart, *(abs(logit - right.get(one, logit)) for one, logit in listed)])
    yield row(f"{where}recall@{KEEP} against plain evaluation", found / wanted, "= 1", f"{len(demands)} demands")
    yield row(f"{where}largest difference of a score (logit)", apart, "≤ 0.00001")


def one_by_one(engine: Engine) -> Cost:
    asked = engine.demands(range(min(ONE_BY_ONE, engine.world.size[0])))
    engine.lists(asked[:1])
    return measure(lambda: [engine.lists([demand]) for demand in asked], rounds=3).per(len(asked))


def everything(engine: Engine, where: str) -> Iterator[Row]:
    """A full re-match, from a batch of the demands; returns the cost of one of them."""
    demands, solutions = engine.world.size
    asked = engine.demands(range(min(BATCH, demands)))
    with FloatingPoints() as counted:
        engine.lists(asked)
    cost = measure(lambda: engine.lists(asked), rounds=3 if solutions < LARGE else 1)
    each = cost.per(len(asked))
    note = f"from {len(asked):,} of them" if len(asked) < demands else ""
    yield row(f"{where}full re-match, CPU s", each.cpu * demands, note=note)
    yield row(f"{where}million pairs a CPU second", solutions / each.cpu / 1e6)
    goal = "≥ 0.6" if solutions >= LARGE else ""
    done = f"{counted.done / len(asked) / solutions / 2:.0f} multiplications a pair"
    yield row(f"{where}full re-match, share of the product's pace", counted.done / cost.flops, goal, done)
    few = asked[: BATCH // 5]
    told = measure(lambda: engine.explain(few), rounds=1).per(len(few))
    yield row(f"{where}the same with {KEEP} explained, CPU ms a demand", told.cpu * 1000)
    return each


def contend(contender: Contender, world: World, where: str, engine: Cost) -> Iterator[Row]:
    name = f"{where}{contender.name}, CPU ms a demand"
    goal = PER_DEMAND.get(contender.name, "") if world.size[1] >= LARGE else ""
    began = time.monotonic()
    try:
        peer = contender.make(world)
    except ImportError as error:
        yield missing(name, why_missing(error), goal)
        return
    built = time.monotonic() - began
    with closing(peer):
        asked = range(min(world.size[0], contender.demands))
        peer.search(asked[:1])
        cost = measure(lambda: peer.search(asked), rounds=3, servers=servers_of(peer)).per(len(asked))
    yield row(name, cost.cpu * 1000, note=f"built in {built:.1f} s" if built > 1 else "")
    yield row(f"{where}{contender.name} ÷ engine, one demand", cost.products / engine.products, goal)


def dense(world: World, where: str, engine: Cost) -> Iterator[Row]:
    """Pairs a second against a scan that looks at no gate, one vector a demand, in the batch it likes best."""
    name, goal = f"{where}pairs a second, engine ÷ faiss Flat dense", "≥ 8" if world.size[1] >= LARGE else ""
    try:
        index = FaissFlat(world)
    except ImportError as error:
        yield missing(name, why_missing(error), goal)
        return
    with closing(index):
        asked = range(min(world.size[0], BATCH))
        cost = measure(lambda: index.search_all(asked), rounds=3).per(len(asked))
    yield row(name, cost.products / engine.products, goal, "faiss compares one vector a demand and no gate")


def why_missing(error: ImportError) -> str:
    """What the installer said, where it is the installer's fault."""
    try:
        failures = json.loads((PACKAGES / "missing.json").read_text(encoding="utf-8"))
    except OSError:
        return "not installed; `bootstrap.py bench` does"
    return "; ".join(f"{name}: {said}" for name, said in failures.items()) or str(error)
