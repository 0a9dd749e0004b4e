"""What is measured on: the sets of this repository, the demo's own records, and public sets next to the checkout."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from matching.evaluation.labelled import LabelledSet, Text, read_set
from portal.embedded.demo import content
from portal.embedded.home import CHECKOUT

OWN = Path(__file__).parent / "sets"
SHARED = Path(os.environ.get("URBANLINK_SHARED") or CHECKOUT.parent / "shared") / "data" / "match"
SAME_FIRST_TOPIC, SHARED_TOPIC, SAME_AREA = 3.0, 2.0, 1.0
# A corpus with a column a language is read in English: the queries are in four languages.
FIELDS = {"ted_cpv_dev": "en"}


def all_sets(limit: int | None) -> Iterator[LabelledSet]:
    """Every set that is there; of the public ones the first `limit` queries."""
    yield from (read_set(folder) for folder in sorted(OWN.iterdir()) if (folder / "queries.jsonl").exists())
    yield demo_set()
    if SHARED.is_dir():
        yield from (read_set(folder, FIELDS.get(folder.name), limit) for folder in sorted(SHARED.iterdir()))


def demo_set() -> LabelledSet:
    """The demo's demands and solutions, graded by what their authors say they are about; topics are hidden."""
    demands, solutions = content_of("demands"), content_of("solutions")
    grades = {
        demand["key"]: {solution["key"]: grade for solution in solutions if (grade := _grade(demand, solution))}
        for demand in demands
    }
    queries = tuple(_text(demand, demand["title"], ("summary", "problem", "outcome")) for demand in demands)
    titles = [": ".join(filter(None, (solution["name"], solution["tagline"]))) for solution in solutions]
    documents = [_text(one, title, ("solves", "how_it_works")) for one, title in zip(solutions, titles, strict=True)]
    return LabelledSet("demo", queries, tuple(documents), grades)


def content_of(kind: str) -> list[dict[str, object]]:
    """The demo's records of one kind."""
    folder = Path(content.__file__).parent
    return [row for path in sorted(folder.glob(f"{kind}-*.json")) for row in json.loads(path.read_text("utf-8"))]


def _text(record: dict, title: str, names: tuple[str, ...]) -> Text:
    text = "\n".join(record[name] for name in names if record.get(name))
    return Text(record["key"], title, text, record["language"])


def _grade(demand: dict, solution: dict) -> float:
    asked, offered = demand["topics"], solution["topics"]
    if asked and offered and asked[0] == offered[0]:
        return SAME_FIRST_TOPIC
    if set(asked) & set(offered):
        return SHARED_TOPIC
    return SAME_AREA if demand["focus_area"] == solution["focus_area"] else 0.0
