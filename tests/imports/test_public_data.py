"""The public sets, where the optional folder of public data lies next to the checkout (URBANLINK_SHARED says where)."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from catalog.models import Solution
from cities.models import Demand
from tests.imports.conftest import Import

SHARED = Path(os.environ.get("URBANLINK_SHARED") or settings.BASE_DIR.parent / "shared") / "data"
PER_SOURCE = 50


def first_rows(file: Path, into: Path) -> tuple[Path, Counter]:
    """The first rows of each source, in a file of their own, and how many there are of each."""
    taken: Counter = Counter()
    with file.open(encoding="utf-8") as lines, into.open("w", encoding="utf-8") as some:
        for line in lines:
            source = json.loads(line)["source"]
            if taken[source] < PER_SOURCE:
                taken[source] += 1
                some.write(line)
    return into, taken


@pytest.mark.parametrize(("kind", "model"), [("demands", Demand), ("solutions", Solution)])
def test_public_set_is_taken_whole_and_a_second_time_unchanged(
    kind: str, model: type, tmp_path: Path, import_demands: Import, import_solutions: Import
) -> None:
    file = SHARED / kind / f"{kind}.jsonl"
    if not file.exists():
        pytest.skip(f"no public data at {file}; URBANLINK_SHARED may name another folder")
    rows, taken = first_rows(file, tmp_path / "rows.jsonl")
    take = {"demands": import_demands, "solutions": import_solutions}[kind]
    assert take(rows, mapping=f"public_{kind}", source="").counts == {"new": taken.total()}
    stored = Counter(model.objects.values_list("source", flat=True))
    assert stored == taken
    assert not model.objects.filter(source_licence="").exists()
    assert take(rows, mapping=f"public_{kind}", source="").counts == {"unchanged": taken.total()}
